"""Several runs beside each other: accuracies with intervals, and every pair tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.metrics import correct
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.evaluation.significance import Answers, Pair, UntestedPair, paired_tests
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.read import read_predictions, read_run


@dataclass(frozen=True)
class ComparedRun:
    """The accuracy of one run on its own test images, with Wilson's 95 % interval."""

    run_id: str
    test_images: int
    test_accuracy: float
    test_accuracy_ci95: tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """Runs in the order given, and their pairs: first with second, first with third, ..."""

    runs: tuple[ComparedRun, ...]
    pairs: tuple[Pair, ...]
    untested: tuple[UntestedPair, ...]

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """Returns `{"runs": [...], "pairs": [...], "untested": [...]}`, the fields as keys."""
        groups = {"runs": self.runs, "pairs": self.pairs, "untested": self.untested}
        return {name: [dict(vars(row)) for row in rows] for name, rows in groups.items()}


def compare_runs(root: Path, run_ids: Sequence[str]) -> Comparison:
    """Returns the comparison of stored runs, from their cached predictions.

    Raises:
        RunError: a run is damaged, or comes twice.
        UnknownNameError: there is no such run.
    """
    return compare_answers([read_answers(root, run_id) for run_id in run_ids])


def read_answers(root: Path, run_id: str) -> Answers:
    """Returns which test images a stored run gets right. Raises as `compare_runs` does."""
    protocol = read_run(root, run_id).protocol
    return answers(run_id, read_predictions(root, run_id), protocol)


def answers(run_id: str, predictions: Predictions, protocol: str) -> Answers:
    """Returns which test images these predictions get right."""
    return Answers(
        run_id,
        correct(predictions.test_probabilities, predictions.test_labels),
        predictions.test_indices,
        selected_on_test=protocol == TEST_SEEN_PROTOCOL,
    )


def compare_answers(runs: Sequence[Answers]) -> Comparison:
    """Returns accuracies and paired tests; p-values are adjusted over all pairs that can be tested.

    Raises:
        RunError: a run comes twice.
    """
    pairs, untested = paired_tests(runs)
    return Comparison(tuple(map(_compared_run, runs)), pairs, untested)


def _compared_run(run: Answers) -> ComparedRun:
    count, hits = len(run.correct), int(run.correct.sum())
    share = hits / count if count else 0.0
    return ComparedRun(run.run_id, count, share, wilson_interval(hits, count))
