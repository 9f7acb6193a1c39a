"""The parts of the Compare page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.fit import run_fit
from fmnist_core.figures.comparison import (
    PAIR_COLUMNS,
    TESTS_NOTE,
    has_short_runs,
    number_columns,
    numbers_table,
    numbers_takeaway,
    pairs_table,
    pairs_takeaway,
    settings_columns,
    settings_table,
    settings_takeaway,
    short_runs_caveat,
)
from fmnist_core.figures.curves import (
    CLOCKS,
    CURVE_COLUMNS,
    METRICS,
    curves_chart,
    curves_takeaway,
    long_curves,
)
from fmnist_core.figures.findings import ranked_group
from fmnist_core.figures.fit_verdicts import (
    FIT_COLUMNS,
    fit_limits,
    fit_table,
    fit_takeaway,
)
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.training_loss import learning_curves_caveat
from fmnist_core.ui import loaders
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    error_line,
    one_of,
    show_chart,
    show_table,
    takeaway,
)
from fmnist_core.ui.equal_budget import EqualBudget
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.runs import split_caveats
from fmnist_core.ui.selection import choose_baseline, choose_runs, chosen_baseline


def offer_first_choice(board: loaders.Leaderboard) -> None:
    """Says that nothing is chosen, and offers the best ranked runs as a start."""
    empty_state(
        "No run chosen yet.",
        "Choose two or more above, or tick rows on the Overview page.",
        icon=":material/checklist:",
    )
    best = list(ranked_group(board.frame)["run_id"].head(3))
    if best:
        st.button(
            f"Compare the best {len(best)}",
            icon=":material/trophy:",
            type="primary",
            key="compare_best",
            on_click=choose_runs,
            args=(best,),
        )


def readable_runs(run_ids: Sequence[str]) -> list[str]:
    """Returns the runs whose files can be read; each other one is named with its reason."""
    readable = []
    for run_id in run_ids:
        try:
            loaders.run_record(run_id)
            loaders.epochs(run_id)
            loaders.comparison((run_id,))
        except FmnistError as error:
            error_line(f"{run_id} is left out: {error}")
        else:
            readable.append(run_id)
    return readable


def baseline_picker(board: loaders.Leaderboard, chosen: Sequence[str]) -> str:
    """Draws the choice of the run that the others are compared with; returns its id or ""."""
    current = chosen_baseline() if chosen_baseline() in chosen else ""
    options = ["", *chosen]
    st.selectbox(
        "Baseline",
        options,
        options.index(current),
        format_func=lambda run_id: board.labels.get(run_id, "None"),
        help="Every number gets its signed difference to this run.",
        width=420,
        **mirrored("baseline_picker", current, choose_baseline),
    )
    return current


def show_curves(rows: pd.DataFrame, budget: EqualBudget | None = None) -> None:
    """Draws the learning curves with their controls, which live in the address.

    Args:
        budget: where the curves are cut; `None` draws them whole.
    """
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        metric_name = one_of("Metric", "metric", {key: m.title for key, m in METRICS.items()})
        clock = one_of("Horizontal axis", "x", {key: c.short for key, c in CLOCKS.items()})
        smoothing = st.slider(
            "Smoothing",
            0.0,
            0.95,
            0.0,
            0.05,
            key="smoothing",
            bind="query-params",
            width=220,
            help="Weight of the past in a running mean; the raw line stays, faded.",
        )
        whole_range = st.toggle(
            "Whole range",
            key="whole",
            bind="query-params",
            help="Also the steep first epochs, which take most of the axis.",
        )
    metric = METRICS[metric_name]
    histories = _labelled_histories(rows)
    if budget:
        last = histories["run_id"].map(budget.last_epochs)
        histories = histories[histories["epoch"] <= last]  # a run left out has none
    long = long_curves(histories, metric, smoothing).dropna(subset=clock)
    if long.empty:
        empty_state(
            "These runs did not record this.",
            f"None of them has {metric.title.lower()} over {CLOCKS[clock].title.lower()}: choose "
            "another metric or axis.",
        )
        return
    colors, thin = run_colors(rows["label"], rows["architecture"])
    drawn = set(long["label"])
    colors = {label: color for label, color in colors.items() if label in drawn}
    run_ids = zip(rows["label"], rows["run_id"], strict=True)
    runs = {label: loaders.run_record(run_id) for label, run_id in run_ids if label in drawn}
    limits = learning_curves_caveat(metric_name, runs)
    if budget and clock != budget.axis:
        limits += f" Cut at {budget.words}: over *{CLOCKS[budget.axis].short}*, all end together."
    show_chart(
        curves_chart(
            long, metric, clock, colors, thin=thin, smoothing=smoothing, whole_range=whole_range
        ),
        says=curves_takeaway(long, metric, splits=rows["protocol"].nunique())
        + (f" Cut at {budget.words}." if budget else ""),
        data=long,
        columns=CURVE_COLUMNS,
        name=f"{metric_name}_over_{clock}",
        limits=limits,
    )


def show_numbers(rows: pd.DataFrame, baseline: str) -> None:
    """Draws the final numbers; with a baseline, each difference coloured by its direction."""
    takeaway(numbers_takeaway(rows, baseline))
    show_table(
        numbers_table(rows, baseline),
        number_columns(with_baseline=bool(baseline)),
        name="numbers",
        alt="Final numbers of the chosen runs",
    )
    show_short_runs(rows, "*Equal budget* above compares all at the same cost.")
    split_caveats(rows)


def show_fit(rows: pd.DataFrame) -> None:
    """Draws whether each run fits its data too little, well or too closely, with the numbers."""
    labels: dict[str, str] = dict(zip(rows["run_id"], rows["label"], strict=True))
    runs = {label: loaders.run_record(run_id) for run_id, label in labels.items()}
    verdicts = {label: run_fit(run, loaders.epochs(run.run_id)) for label, run in runs.items()}
    takeaway(fit_takeaway(verdicts))
    show_table(
        fit_table(verdicts),
        FIT_COLUMNS,
        name="fit",
        alt="Underfit, good fit or overfit: verdict of each chosen run and its numbers",
    )
    for limit in fit_limits(runs):
        caveat(limit)


def show_settings(chosen: Sequence[str], labels: dict[str, str]) -> None:
    """Draws the settings in which the chosen runs differ, and says it where there are none."""
    if len(chosen) < 2:
        empty_state("One run differs from nothing.", "Choose a second run above.")
        return
    table = settings_table([loaders.run_record(run_id) for run_id in chosen])
    takeaway(settings_takeaway(table))
    if table.empty:
        return
    show_table(
        table,
        settings_columns(chosen, labels),
        name="settings",
        alt="Settings in which the chosen runs differ",
    )


def show_tests(rows: pd.DataFrame) -> None:
    """Draws the paired test of every two chosen runs, in words and as a table."""
    if len(rows) < 2:
        empty_state("A test needs two runs.", "Choose a second run above.")
        return
    labels = dict(zip(rows["run_id"], rows["label"], strict=True))
    comparison = loaders.comparison(tuple(rows["run_id"]))
    takeaway(pairs_takeaway(comparison, labels))
    show_table(
        pairs_table(comparison, labels),
        PAIR_COLUMNS,
        name="paired_tests",
        alt="Paired test of every two chosen runs on the test images they share",
    )
    caveat(TESTS_NOTE)
    show_short_runs(rows)


def show_short_runs(rows: pd.DataFrame, remedy: str = "") -> None:
    """Names the runs trained unlike their source, where others stand beside them.

    Args:
        remedy: a sentence for where some were trained less, which an equal budget mends.
    """
    if text := short_runs_caveat(rows):
        caveat(f"{text} {remedy if has_short_runs(rows) else ''}".rstrip())


def _labelled_histories(rows: pd.DataFrame) -> pd.DataFrame:
    histories = loaders.histories(tuple(rows["run_id"]))
    return histories.merge(rows[["run_id", "label"]], on="run_id")
