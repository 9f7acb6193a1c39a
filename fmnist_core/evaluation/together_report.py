"""What several runs do together, and where they stood at equal cost: the numbers of a report."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fmnist_core.evaluation.budget import KINDS, Kind, course, largest_common_budget, reached
from fmnist_core.evaluation.ensembles import METHODS, EnsembleResult, Method, ensemble_result
from fmnist_core.evaluation.member_choice import Choice
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run


def ensembles(sheet: Sheet | None) -> dict[Method, EnsembleResult]:
    """Returns what all runs of the sheet do as one, by method; nothing for fewer than two."""
    if sheet is None or len(sheet.run_ids) < 2:
        return {}
    return {method: ensemble_result(sheet, method) for method in METHODS}


def ensembles_json(results: Mapping[Method, EnsembleResult]) -> list[dict[str, Any]]:
    """Returns one row a method: its accuracy, and its test against the best member."""
    return [
        {
            "method": method,
            "accuracy": result.accuracy,
            "accuracy_ci95": result.accuracy_ci95,
            "best_run_id": result.best_run_id,
            "pair": asdict(result.pair),
        }
        for method, result in results.items()
    ]


def choice_json(choice: Choice) -> dict[str, Any]:
    """Returns the greedy choice of members, those it keeps and those it leaves out."""
    return {
        "validation_images": choice.images,
        "steps": [asdict(step) for step in choice.steps],
        "kept": choice.kept,
        "left_out": [*choice.seen, *choice.apart],
    }


def equal_budgets_json(
    runs: Sequence[Run], histories: Mapping[str, Sequence[EpochRow]]
) -> list[dict[str, Any]]:
    """Returns for each kind of cost where the runs stood at the most that all of them had spent.

    Args:
        histories: run id -> its epochs.
    """
    return [_equal_budget(runs, histories, kind) for kind in KINDS]


def _equal_budget(
    runs: Sequence[Run], histories: Mapping[str, Sequence[EpochRow]], kind: Kind
) -> dict[str, Any]:
    known = {run.run_id: course(run, histories[run.run_id], kind) for run in runs}
    courses = [one for one in known.values() if one]
    budget = largest_common_budget(courses) if courses else None
    at = [reached(one, budget) for one in courses] if budget is not None else []
    there = [asdict(run) for run in at if run]
    missing = set(known) - {row["run_id"] for row in there}
    return {
        "kind": kind,
        "budget": budget,
        "reached": there,
        "left_out": [run.run_id for run in runs if run.run_id in missing],
    }
