"""The equal-budget switch of the Compare page, and what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from fmnist_core.evaluation.budget import (
    Course,
    Kind,
    Reached,
    budget_choices,
    course,
    reached,
)
from fmnist_core.figures.equal_budget import (
    amount_words,
    budget_caveats,
    budget_columns,
    budget_table,
    budget_takeaway,
    budget_words,
)
from fmnist_core.figures.words import escaped
from fmnist_core.ui import loaders
from fmnist_core.ui.components import caveat, one_of, show_table, takeaway, warning_line

# The axis of the curves on which a budget is one vertical line.
_AXES: dict[Kind, str] = {"epochs": "epoch", "seconds": "cpu_elapsed", "macs": "macs"}
_KINDS: dict[Kind, str] = {
    "epochs": "Same epochs",
    "seconds": "Same training seconds",
    "macs": "Same MACs",
}


@dataclass(frozen=True)
class EqualBudget:
    """The budget that the reader chose, and where each run stood within it.

    Attributes:
        words: the budget as text.
        left_out: runs of which nothing can be said at this budget, each with the reason.
    """

    kind: Kind
    words: str
    reached: tuple[Reached, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def axis(self) -> str:
        """The name of the horizontal axis on which all curves end together."""
        return _AXES[self.kind]

    @property
    def last_epochs(self) -> dict[str, int]:
        """The epoch at which each run is cut."""
        return {run.run_id: run.epoch for run in self.reached}


def equal_budget_switch(chosen: Sequence[str]) -> EqualBudget | None:
    """Draws the choice of a budget, which lives in the address; `None` when it is off."""
    name = one_of("Equal budget", "equal", {"off": "Off"} | {kind: _KINDS[kind] for kind in _KINDS})
    kind = next((kind for kind in _KINDS if kind == name), None)
    if kind is None:
        return None
    known = {run_id: _course(run_id, kind) for run_id in chosen}
    courses = [course for course in known.values() if course]
    if not courses:
        warning_line("None of these runs states what it cost in this unit: nothing is cut.")
        return None
    amount = _amount(courses, kind)
    at_budget = {run_id: reached(run, amount) if run else None for run_id, run in known.items()}
    return EqualBudget(
        kind,
        budget_words(kind, amount),
        tuple(run for run in at_budget.values() if run),
        tuple(
            (run_id, _why_left_out(known[run_id], kind))
            for run_id, run in at_budget.items()
            if not run
        ),
    )


def show_equal_budget(rows: pd.DataFrame, baseline: str, budget: EqualBudget) -> None:
    """Draws where the runs stood at the budget, with what follows from it and what does not."""
    table = budget_table(budget.reached, rows, budget.kind, baseline)
    labels = dict(zip(rows["run_id"], rows["label"], strict=True))
    takeaway(budget_takeaway(table, budget.words, baseline))
    for run_id, reason in budget.left_out:
        caveat(f"**{escaped(labels[run_id])}** is left out: {reason}")
    show_table(
        table,
        budget_columns(budget.kind, with_baseline="val_accuracy_difference" in table),
        name="equal_budget",
        alt=f"Validation accuracy of the chosen runs at an equal budget of {budget.words}",
    )
    runs = [loaders.run_record(run.run_id) for run in budget.reached]
    for text in budget_caveats(table, runs, budget.kind, labels):
        caveat(text)


def _course(run_id: str, kind: Kind) -> Course | None:
    return course(loaders.run_record(run_id), loaders.epochs(run_id), kind)


def _amount(courses: Sequence[Course], kind: Kind) -> float:
    choices = budget_choices(courses, kind)
    if len(choices) == 1:
        st.markdown(f"Budget: {amount_words(kind, choices[0])}")
        return choices[0]
    return float(
        st.select_slider(
            "Budget of each run",
            choices,
            value=choices[-1],
            format_func=lambda amount: amount_words(kind, amount),
            key=f"at_{kind}",
            bind="query-params",
            width=320,
            help="The largest is what every chosen run has reached.",
        )
    )


def _why_left_out(run: Course | None, kind: Kind) -> str:
    if run is None:
        return "it has no epochs, or does not state their cost."
    return f"its first epoch alone costs {amount_words(kind, run.spent[0])}."
