"""What comparing many runs costs once their files are in memory, as a page does it."""

import itertools
from collections.abc import Callable
from pathlib import Path

from fmnist_core.bench.example_clock import best_seconds
from fmnist_core.errors import RunError
from fmnist_core.evaluation.agreement import agreement_matrix, error_overlap, wrong_counts
from fmnist_core.evaluation.calibration_report import calibration_report
from fmnist_core.evaluation.compare import answers, compare_answers
from fmnist_core.evaluation.ensembles import METHODS, ensemble_result, greedy_choice
from fmnist_core.evaluation.label_errors import ranking_without, suspected_errors
from fmnist_core.evaluation.metrics import confusion_matrix, per_class_report
from fmnist_core.evaluation.ranking_metrics import class_rankings
from fmnist_core.evaluation.selective import coverage_risk
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.evaluation.tie_groups import tie_groups
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_predictions

RUNS, MEMBERS = 24, 8
PROTOCOL = "holdout-80-20"
# Seconds that they may take.
SHEET, SIGNIFICANCE, CLASSES, ENSEMBLE = 0.5, 0.5, 0.3, 0.2

Named = list[tuple[str, Predictions, str]]


def run() -> dict[str, float | str]:
    """Returns processor seconds of 24 runs side by side, each the best of five.

    The runs are the shipped ones with a validation set of their own and the official test images,
    over and over until there are 24: the most images that they can share. Other work on the machine
    lengthens the wall clock, which stands beside the figures that a page waits for.

    Raises:
        RunError: there is no such run.
    """
    root, run_ids = runs_root(), _run_ids()
    runs = _read(root, run_ids)
    sheet = make_sheet(runs)
    validation = make_sheet(runs[:MEMBERS], "validation")
    of_sheet = best_seconds(lambda: make_sheet(_read(root, run_ids)))
    of_tests = best_seconds(_tests(runs))
    of_classes = best_seconds(lambda: _classes(sheet))
    of_ensemble = best_seconds(lambda: _ensembles(runs))
    timed: dict[str, Callable[[], object]] = {
        "rankings": lambda: [
            class_rankings(values, sheet.labels) for values in sheet.probabilities
        ],
        "agreement": lambda: _agreement(sheet),
        "calibration": lambda: [calibration_report(given, name) for _, given, name in runs],
        "coverage": lambda: [coverage_risk(values, sheet.labels) for values in sheet.probabilities],
        "label_errors": lambda: ranking_without(sheet, suspected_errors(sheet).positions),
        "greedy_choice": lambda: greedy_choice(validation, "mean", MEMBERS),
    }
    holds = (
        of_sheet[1] <= SHEET
        and of_tests[1] <= SIGNIFICANCE
        and of_classes[1] <= CLASSES
        and of_ensemble[1] <= ENSEMBLE
    )
    return {
        "runs": len(runs),
        "images": len(sheet.labels),
        "sheet_seconds": of_sheet[0],
        "sheet_cpu_seconds": of_sheet[1],
        "significance_seconds": of_tests[0],
        "significance_cpu_seconds": of_tests[1],
        "confusion_and_classes_seconds": of_classes[0],
        "confusion_and_classes_cpu_seconds": of_classes[1],
        "ensemble_of_8_seconds": of_ensemble[0],
        "ensemble_of_8_cpu_seconds": of_ensemble[1],
        **{f"{name}_cpu_seconds": best_seconds(work)[1] for name, work in timed.items()},
        "holds": str(holds),
    }


def _run_ids() -> list[str]:
    known = [run.run_id for run in list_runs(runs_root()).runs if run.protocol == PROTOCOL]
    if not known:
        raise RunError(
            f"there must be a run of the split {PROTOCOL} to measure with. Received: none. "
            "Train one, or set FMNIST_RUNS_DIR to a folder that has some."
        )
    return list(itertools.islice(itertools.cycle(known), RUNS))


def _read(root: Path, run_ids: list[str]) -> Named:
    """Reads every file, also one that comes again, under a name of its own."""
    return [
        (f"{place}-{run_id}", read_predictions(root, run_id), PROTOCOL)
        for place, run_id in enumerate(run_ids)
    ]


def _tests(runs: Named) -> Callable[[], object]:
    right = [answers(*run) for run in runs]
    return lambda: tie_groups(compare_answers(right))


def _classes(sheet: Sheet) -> None:
    for predicted in sheet.predicted:
        confusion_matrix(sheet.labels, predicted)
        per_class_report(sheet.labels, predicted)


def _ensembles(runs: Named) -> None:
    """All three ways to put eight runs together: three times what one choice costs."""
    sheet = make_sheet(runs[:MEMBERS])
    for method in METHODS:
        ensemble_result(sheet, method)


def _agreement(sheet: Sheet) -> None:
    agreement_matrix(sheet)
    error_overlap(sheet)
    wrong_counts(sheet)
