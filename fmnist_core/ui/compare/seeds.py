"""The part of the Compare page that says what another training seed does."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.seed_command import seed_command
from fmnist_core.evaluation.seeds import SeedGroup, seed_groups
from fmnist_core.evaluation.sentences import seed_sentences
from fmnist_core.figures.comparison import bold_names
from fmnist_core.figures.curves import CLOCKS, METRICS, long_curves
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.seed_bands import (
    BAND_COLUMNS,
    SEED_COLUMNS,
    SEEDS_NOTE,
    band_chart,
    band_frame,
    band_takeaway,
    group_names,
    seed_table,
    several,
)
from fmnist_core.figures.training_loss import learning_curves_caveat
from fmnist_core.runs.schema import Run
from fmnist_core.ui import loaders
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    next_page,
    one_of,
    show_chart,
    show_table,
    takeaway,
)
from fmnist_core.ui.runs import MOST_CHOSEN, split_caveats
from fmnist_core.ui.selection import choose_runs

# Columns in which runs of one recipe are alike; their records are read only then.
_ALIKE = ["architecture", "protocol", "params", "budget"]
_MOST_READ = 60


def show_seeds(rows: pd.DataFrame, board: loaders.Leaderboard) -> None:
    """Draws what seeds do to the chosen recipes, or says how to fill this part.

    Args:
        rows: leaderboard rows of the chosen runs.
        board: all runs, among which other seeds of the chosen recipes may stand.
    """
    st.header("What would another seed do?", anchor=False)
    chosen = [loaders.run_record(run_id) for run_id in rows["run_id"]]
    groups = seed_groups(chosen)
    others = _other_seeds(chosen, rows, board)
    _offer(others, rows)
    if not several(groups):
        _say_how_to_fill(chosen, others)
        return
    names = group_names(groups, board.labels)
    for sentence in seed_sentences(several(groups), bold_names(names)):
        takeaway(sentence)
    show_table(
        seed_table(groups, names, rows),
        SEED_COLUMNS,
        name="seeds",
        alt="Test accuracy over training seeds, for each recipe that ran more than once",
    )
    caveat(SEEDS_NOTE)
    split_caveats(rows)
    single = sum(len(group.seeds) == 1 for group in groups)
    if single:
        them = "it" if single == 1 else "they"
        caveat(f"Of {_recipes(single)} one seed is chosen: {them} cannot be judged by this.")
    _show_bands(rows, several(groups), names)


def _recipes(count: int) -> str:
    return "1 recipe" if count == 1 else f"{count} recipes"


def _say_how_to_fill(chosen: Sequence[Run], others: Sequence[Run]) -> None:
    """Says how a second seed comes here.

    Args:
        others: the other seeds of these recipes that there are.
    """
    alone, one = len(chosen) == 1, "it" if len(chosen) == 1 else "one of them"
    which = "Of this recipe one seed is chosen." if alone else "Of each recipe one seed is chosen."
    if not others:
        which = "This recipe was trained once." if alone else "Each of these was trained once."
    how = "Choose the others above, or train" if others else "Train"
    unused = 1 + max(run.seed for run in (*chosen, *others))
    commands = (seed_command(run, unused) for run in chosen)
    command = next(filter(None, commands), "")
    terminal = ", or from the terminal:" if command else "."
    empty_state(
        which,
        f"{how} {one} again with other seeds, and its mean, standard deviation and a band around "
        "its curve stand here: on the Train page set *Trainings with different seeds* to 3 or "
        f"more{terminal}",
        command,
        icon=":material/casino:",
    )
    next_page("pages/train.py", "Train with several seeds")


def _other_seeds(
    chosen: Sequence[Run], rows: pd.DataFrame, board: loaders.Leaderboard
) -> list[Run]:
    """Returns the runs of these recipes that are not chosen."""
    others = board.frame[~board.frame["run_id"].isin(rows["run_id"])]
    alike = others.merge(rows[_ALIKE].drop_duplicates(), on=_ALIKE)["run_id"].head(_MOST_READ)
    ids = {run.run_id for run in chosen}
    there = {run.run_id: run for run in _readable(list(alike))}
    known = {
        run_id
        for group in seed_groups([*chosen, *there.values()])
        if ids & set(group.run_ids)
        for run_id in group.run_ids
    }
    return [there[run_id] for run_id in sorted(known - ids)]


def _offer(others: Sequence[Run], rows: pd.DataFrame) -> None:
    """Offers to choose the other seeds as well, where there are any."""
    more = [run.run_id for run in others][: MOST_CHOSEN - len(rows)]
    if more:
        runs = "run" if len(more) == 1 else "runs"
        recipes = "this recipe" if len(rows) == 1 else "these recipes"
        st.button(
            f"Also choose {len(more)} other {runs} of {recipes}",
            icon=":material/casino:",
            key="choose_seeds",
            on_click=choose_runs,
            args=([*rows["run_id"], *more],),
        )


def _readable(run_ids: Sequence[str]) -> list[Run]:
    runs = []
    for run_id in run_ids:
        try:
            runs.append(loaders.run_record(run_id))
        except FmnistError:
            continue  # damaged, which the end of the page says, or just deleted
    return runs


def _show_bands(rows: pd.DataFrame, groups: Sequence[SeedGroup], names: dict[str, str]) -> None:
    st.header("Curves over seeds", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        metric_name = one_of("Metric", "metric", {key: m.title for key, m in METRICS.items()})
        clock = one_of("Horizontal axis", "x", {key: c.short for key, c in CLOCKS.items()})
    metric = METRICS[metric_name]
    shown = [run_id for group in groups for run_id in group.run_ids]
    chosen = rows.set_index("run_id", drop=False).loc[shown]
    histories = loaders.histories(tuple(shown)).merge(
        chosen[["run_id", "label"]].reset_index(drop=True), on="run_id"
    )
    long = long_curves(histories, metric, 0.0).dropna(subset=clock)
    if long.empty:
        empty_state(
            "These runs did not record this.",
            f"None of them has {metric.title.lower()} over {CLOCKS[clock].title.lower()}: choose "
            "another metric or axis.",
        )
        return
    first = chosen.loc[[group.run_ids[0] for group in groups]]
    colors, _ = run_colors(first["run_id"].map(names), first["architecture"])
    bands = band_frame(long, names, clock)
    firsts = {names[run_id]: loaders.run_record(run_id) for run_id in first["run_id"]}
    show_chart(
        band_chart(bands, long, metric, clock, colors, names),
        says=band_takeaway(bands, metric),
        data=bands,
        columns=BAND_COLUMNS,
        name=f"seeds_{metric_name}_over_{clock}",
        limits=(
            "Thick line: mean over seeds; band: one standard deviation to either side; thin lines: "
            f"the single runs. {learning_curves_caveat(metric_name, firsts)}"
        ),
    )
