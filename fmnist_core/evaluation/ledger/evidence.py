"""What the ledger needs of one run, read once: record, epochs, and scores with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data.dataset import CLASS_NAMES
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.intervals import Z95
from fmnist_core.evaluation.metrics import confusion_matrix, image_losses
from fmnist_core.papers import find_system, systems
from fmnist_core.papers.schema import System
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.index import DamagedRun, RunIndex, list_runs
from fmnist_core.runs.read import read_history, read_predictions, read_run
from fmnist_core.runs.schema import Run

# A thousand resamples give the ends of an interval to about a twentieth of its width.
RESAMPLES = 1_000
_LOSSES = {"test_loss", "val_loss"}
_CLASS_METRICS = ("precision", "recall", "f1")
_REPORT = {*_CLASS_METRICS, *(f"{m}_{s}" for m in ("macro", "weighted") for s in _CLASS_METRICS)}

Interval = tuple[float, float]
Score = tuple[float, Interval]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """One run as the ledger sees it.

    Attributes:
        scores: (metric, class name) -> value on the test images and its 95 % interval over them;
            the class name is empty for averages, and an "f1" without one is the macro average.
        test_loss_margin: half the 95 % interval of the mean loss over the test images;
            `val_loss_margin` that over the validation images. `None`, as `scores` is empty, where
            the source prints nothing to compare them with.
    """

    run: Run
    epochs: tuple[EpochRow, ...]
    scores: Mapping[tuple[str, str], Score]
    test_loss_margin: float | None
    val_loss_margin: float | None


def evidence_run_ids(index: RunIndex) -> tuple[str, ...]:
    """Returns the runs that the ledger looks at: of catalogue networks as catalogued."""
    known = {system.id for system in systems()}
    return tuple(
        row.run_id for row in index.runs if row.architecture in known and row.variant is None
    )


def read_evidence(root: Path, run_id: str) -> Evidence:
    """Returns the evidence of a stored run of a catalogue network.

    Raises:
        RunError: the run is damaged.
        UnknownNameError: there is no such run, or its network is in no source.
    """
    run, epochs = read_run(root, run_id), read_history(root, run_id)
    system = find_system(run.architecture)
    if not _wanted(system) & (_LOSSES | _REPORT):
        return Evidence(run, epochs, {}, None, None)
    return make_evidence(run, epochs, read_predictions(root, run_id))


def read_all_evidence(root: Path) -> tuple[tuple[Evidence, ...], tuple[DamagedRun, ...]]:
    """Returns the evidence of every run in `root` that can be trusted, and the damaged ones."""
    index = list_runs(root)
    evidence, damaged = [], list(index.damaged)
    for run_id in evidence_run_ids(index):
        try:
            evidence.append(read_evidence(root, run_id))
        except RunError as error:
            damaged.append(DamagedRun(run_id, str(error)))
        except UnknownNameError:
            continue  # deleted since it was listed
    return tuple(evidence), tuple(damaged)


def make_evidence(run: Run, epochs: tuple[EpochRow, ...], predictions: Predictions) -> Evidence:
    """Returns the evidence of a run with these predictions."""
    wanted = _wanted(find_system(run.architecture))
    labels, probabilities = predictions.test_labels, predictions.test_probabilities
    return Evidence(
        run,
        epochs,
        report_scores(labels, probabilities.argmax(axis=1)) if wanted & _REPORT else {},
        _margin(image_losses(probabilities, labels)),
        _margin(image_losses(predictions.validation_probabilities, predictions.validation_labels)),
    )


def report_scores(
    labels: NDArray[np.integer], predicted: NDArray[np.integer]
) -> dict[tuple[str, str], Score]:
    """Returns the numbers of a classification report, each with its 95 % interval.

    The intervals are percentiles over bootstrap samples of the images (Efron & Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapter 13). Drawing images with replacement is drawing
    the cells of the confusion matrix from a multinomial, which takes milliseconds.
    """
    counts = confusion_matrix(labels, predicted, len(CLASS_NAMES))
    rng = np.random.default_rng(0)  # the same intervals every time
    total = int(counts.sum())
    drawn = rng.multinomial(total, counts.ravel() / total, size=RESAMPLES)
    values = _report(counts[None])
    samples = _report(drawn.reshape(RESAMPLES, *counts.shape))
    scores = {}
    for key, sample in samples.items():
        low, high = np.percentile(sample, (2.5, 97.5))
        scores[key] = (float(values[key][0]), (float(low), float(high)))
    scores["f1", ""] = scores["macro_f1", ""]
    return scores


def _report(counts: NDArray[np.int64]) -> dict[tuple[str, str], Floats]:
    """Returns each number of the report, (samples,), of (samples, classes, classes) counts."""
    hits = np.diagonal(counts, axis1=1, axis2=2).astype(float)
    support, called = counts.sum(axis=2), counts.sum(axis=1)
    of_class = {
        "precision": _ratio(hits, called),
        "recall": _ratio(hits, support),
        "f1": _ratio(2 * hits, called + support),
    }
    weights = support / support.sum(axis=1, keepdims=True)
    report: dict[tuple[str, str], Floats] = {}
    for metric, scores in of_class.items():
        report |= {(metric, name): scores[:, i] for i, name in enumerate(CLASS_NAMES)}
        report[f"macro_{metric}", ""] = scores.mean(axis=1)
        report[f"weighted_{metric}", ""] = (scores * weights).sum(axis=1)
    return report


def _ratio(above: Floats, below: NDArray[np.int64]) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)


def _margin(losses: Floats) -> float | None:
    """Half the normal 95 % interval of a mean; losses are skewed, but there are thousands."""
    if len(losses) < 2:
        return None
    return float(Z95 * losses.std(ddof=1) / np.sqrt(len(losses)))


def _wanted(system: System) -> set[str]:
    return {number.metric for number in system.published if number.dataset == "fashion_mnist"}
