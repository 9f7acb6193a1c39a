"""The parts of the Overview page: filters, findings and the table that starts a comparison."""

import dataclasses
from dataclasses import dataclass
from typing import cast

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.findings import findings, ranked_group, runs_to_test
from fmnist_core.figures.leaderboard import COLUMNS, with_ranks
from fmnist_core.ui import loaders
from fmnist_core.ui.components import empty_state, error_line, name_unknown_choices, show_table
from fmnist_core.ui.selection import choose_runs, chosen_runs

_TICKS = "leaderboard_ticks"
# The budgets of `run_names.budget_of`, and the further seeds of full ones.
_TRAININGS = {
    "full": "Full",
    "seed": "Further seeds",
    "varied": "Varied",
    "reduced": "Reduced",
    "stopped": "Stopped early",
    "yardstick": "Yardsticks",
}


def filter_runs(frame: pd.DataFrame) -> pd.DataFrame:
    """Draws the filters and returns the rows they leave, with their ranks.

    Until the reader asks, splits that saw the test set are left out, and runs that were not trained
    in full as their source says have no rank.
    """
    splits = dict(zip(frame["protocol"], frame["protocol_title"], strict=True))
    held_out = [name for name in splits if name != TEST_SEEN_PROTOCOL]
    known_sources = sorted(frame["source"].unique())
    name_unknown_choices("split", splits.values(), held_out or list(splits))
    name_unknown_choices("source", known_sources, [])
    with st.container(border=True), st.container(horizontal=True, gap="medium"):
        chosen_splits = st.pills(
            "Split",
            list(splits),
            format_func=lambda name: splits.get(name, name),
            selection_mode="multi",
            default=held_out or list(splits),
            key="split",
            bind="query-params",
            help="Runs that used the test set for validation are left out until chosen.",
            wrap=True,
        )
        chosen_trainings, rank_all = _training_filter(set(_training(frame)))
        sources = st.multiselect(
            "Source",
            known_sources,
            key="source",
            bind="query-params",
            placeholder="All sources",
            width=220,
        )
        text = st.text_input(
            "Name",
            key="find",
            bind="query-params",
            placeholder="Part of a name",
            icon=":material/search:",
            max_chars=80,
            width=200,
        )
    if rank_all:
        frame = with_ranks(frame, every_budget=True)
    keep = _training(frame).isin(chosen_trainings)
    if sources:
        keep &= frame["source"].isin(sources)
    if text.strip():
        names = frame["label"] + " " + frame["run_id"]
        keep &= names.str.contains(text.strip(), case=False, regex=False)
    of_splits = frame["protocol"].isin(chosen_splits)
    seen = keep & ~of_splits & (frame["protocol"] == TEST_SEEN_PROTOCOL)
    keep &= of_splits
    st.caption(_left_out(frame, keep, seen=int(seen.sum()), rank_all=rank_all))
    return frame[keep].reset_index(drop=True)


def _training(frame: pd.DataFrame) -> "pd.Series[str]":
    return frame["budget"].mask(frame["further_seed"], "seed")


def _training_filter(present: set[str]) -> tuple[list[str], bool]:
    """Draws which trainings are shown, and whether all of them are ranked."""
    trainings = [name for name in _TRAININGS if name in present]
    name_unknown_choices("budget", [_TRAININGS[name] for name in trainings], trainings)
    chosen = trainings
    if len(trainings) > 1:
        chosen = st.pills(
            "Training",
            trainings,
            format_func=lambda name: _TRAININGS[name],
            selection_mode="multi",
            default=trainings,
            key="budget",
            bind="query-params",
            help="Full: all epochs and images of the source. Further seeds: the same once more, "
            "from other initial weights; or from the same ones, where a newer run stands. "
            "Varied: as long, with other layers or settings. "
            "Yardsticks: classifiers that no source names. Only full ones are ranked until you "
            "ask.",
            wrap=True,
        )
    if trainings == ["full"]:
        return chosen, False
    rank_all = st.toggle(
        "Rank all of these",
        key="rankall",
        bind="query-params",
        help="Also runs that were reduced, stopped early or varied, whose numbers say as much "
        "about how they were trained as about the network; further seeds, the best of which wins "
        "by luck; and yardsticks.",
    )
    return chosen, rank_all


def _left_out(frame: pd.DataFrame, keep: "pd.Series[bool]", *, seen: int, rank_all: bool) -> str:
    """Returns how many runs are shown, and what of them or of the others must be known.

    Args:
        seen: how many that saw their test images pass every filter but that of the splits.
    """
    text = f"{int(keep.sum())} of {len(frame)} runs shown."
    if seen:
        which = "its" if seen == 1 else "their"
        text += (
            f" {seen} left out used {which} test images for validation: choose that split above."
        )
    further = int((keep & frame["further_seed"]).sum())
    short = int((keep & (frame["budget"] != "full")).sum())
    unranked = []
    if short:
        were = "was" if short == 1 else "were"
        unranked.append(f"{short} {were} not trained in full as a source says")
    if further:
        are = "is a further training" if further == 1 else "are further trainings"
        unranked.append(f"{further} {are} of a network that is ranked by its first seed")
    if unranked:
        how = "ranked among the others, as you asked" if rank_all else "shown without a rank"
        text += f" {' and '.join(unranked)}: {how}."
    return text


def show_findings(shown: pd.DataFrame) -> None:
    """Draws what the ranked ones of the shown runs say, in words computed from them."""
    if ranked_group(shown).empty:
        empty_state(
            "None of these runs has a rank.",
            "Findings are drawn from runs that were trained in full, as their source says, with "
            "their first seed. Turn on "
            "*Rank all of these* above to rank these among themselves.",
            icon=":material/leaderboard:",
        )
        return
    try:
        pairs = loaders.comparison(tuple(runs_to_test(ranked_group(shown)))).pairs
    except FmnistError as error:
        error_line(str(error))
        pairs = ()
    with st.grid(4, min_column_width=215):
        for finding in findings(shown, pairs):
            with st.container(border=True, height="stretch"):
                st.metric(finding.title, finding.figure)
                st.markdown(finding.text)
                if finding.caveat:
                    st.caption(f":material/info: {finding.caveat}")


def draw_unranked(points: pd.DataFrame) -> bool:
    """Draws the choice whether a chart holds the runs without a rank too, where there are both."""
    if points["rank"].isna().nunique() < 2:
        return False
    return st.toggle(
        "Runs without a rank too",
        key="unranked",
        bind="query-params",
        help="Further seeds, reduced, varied and stopped trainings, and yardsticks, as hollow "
        "points. Those far below the ranked ones stand at the axis' edge.",
    )


def show_leaderboard(shown: pd.DataFrame) -> None:
    """Draws the table of runs; its ticks are the chosen runs."""
    run_ids = list(shown["run_id"])
    ticks = _ticks(run_ids)
    show_table(
        shown,
        COLUMNS,
        name="leaderboard",
        alt="Leaderboard: one row for each run, grouped by split, best first",
        key=ticks.key,
        on_select=lambda: _choose_ticked(run_ids, ticks.key),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": list(ticks.rows)}},
    )
    chosen = len(chosen_runs())
    runs = "run" if chosen == 1 else "runs"
    label = f"Compare the {chosen} chosen {runs}" if chosen else "Tick rows above to compare them"
    icon = ":material/compare_arrows:"
    st.page_link("pages/compare.py", label=label, icon=icon, disabled=not chosen)


@dataclass(frozen=True)
class _Ticks:
    """The ticks of one drawn table: rows ticked at first, and the key that it keeps meanwhile.

    A table with a key keeps its ticks as row numbers. So it gets another key, and its ticks anew,
    whenever other rows are shown or the choice was changed by anything but its own ticks.
    """

    run_ids: tuple[str, ...]
    chosen: tuple[str, ...]
    rows: tuple[int, ...]
    key: str


def _ticks(run_ids: list[str]) -> _Ticks:
    chosen = tuple(chosen_runs())
    last: _Ticks | None = st.session_state.get(_TICKS)
    if last and (last.run_ids, last.chosen) == (tuple(run_ids), chosen):
        return last
    rows = tuple(row for row, run_id in enumerate(run_ids) if run_id in chosen)
    number = int(last.key.rpartition("_")[2]) + 1 if last else 0
    st.session_state[_TICKS] = _Ticks(tuple(run_ids), chosen, rows, f"leaderboard_{number}")
    return cast(_Ticks, st.session_state[_TICKS])


def _choose_ticked(run_ids: list[str], key: str) -> None:
    ticked = [run_ids[row] for row in st.session_state[key].selection.rows if row < len(run_ids)]
    shown = set(run_ids)
    # Runs that the filters hide stay chosen; those that are shown keep the order they came in.
    kept = [name for name in chosen_runs() if name not in shown or name in ticked]
    choose_runs([*kept, *ticked])
    last: _Ticks = st.session_state[_TICKS]
    st.session_state[_TICKS] = dataclasses.replace(last, chosen=tuple(chosen_runs()))
