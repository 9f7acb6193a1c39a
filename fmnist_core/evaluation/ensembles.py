"""Several networks answering as one, from their cached probabilities."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.evaluation.significance import Answers, Pair, paired_tests

Method = Literal["mean", "log_mean", "vote"]
Floats = NDArray[np.float64]

METHODS: tuple[Method, ...] = get_args(Method)
ENSEMBLE = "ensemble"

_SMALLEST = float(np.finfo(np.float32).tiny)  # what a 0 counts as in a logarithm
# How much of the mean probabilities stands beside the votes: below one vote of a million, so it
# decides nothing but ties.
_TIE_BREAK = 1e-6


@dataclass(frozen=True)
class Step:
    """One run that the greedy choice takes, and the validation accuracy with it."""

    run_id: str
    val_accuracy: float


@dataclass(frozen=True, eq=False)
class EnsembleResult:
    """What the runs of a sheet do as one.

    Attributes:
        probabilities: (n, 10) float64; rows add up to 1.
        accuracy_ci95: Wilson's interval.
        best_run_id: the member that is the most accurate on these very images.
        pair: the ensemble as a against that member as b, alone: Holm's value is the plain one.
    """

    probabilities: Floats
    accuracy: float
    accuracy_ci95: tuple[float, float]
    best_run_id: str
    pair: Pair


def ensemble(probabilities: ArrayLike, method: Method) -> Floats:
    """Returns the probabilities of all networks as one, (n, 10); rows add up to 1.

    Args:
        probabilities: (runs, n, 10); rows add up to 1.
        method: "mean" averages probabilities; "log_mean" their logarithms (a geometric mean, which
            one network that is sure of itself can veto); "vote" gives each class its share of the
            networks' first choices, of equal shares the one with the larger mean probability wins.

    Raises:
        RunError: there is no network.
        UnknownNameError: there is no such method.
    """
    values = np.asarray(probabilities)
    if not len(values):
        raise RunError("an ensemble must have at least one run. Received: none.")
    total = np.zeros(values.shape[1:])
    for of_one in values:
        total += _contribution(of_one, method)
    return _finished(total, len(values), method)


def ensemble_result(sheet: Sheet, method: Method) -> EnsembleResult:
    """Returns what all runs of the sheet do as one, tested against the best of them.

    Raises as `ensemble` does.
    """
    together = ensemble(sheet.probabilities, method)
    right = together.argmax(axis=1) == sheet.labels
    best = int(sheet.correct.sum(axis=1).argmax())
    (pair,), _ = paired_tests(
        [
            Answers(ENSEMBLE, right, sheet.indices),
            Answers(sheet.run_ids[best], sheet.correct[best], sheet.indices),
        ]
    )
    interval = wilson_interval(int(right.sum()), len(right))
    return EnsembleResult(together, float(right.mean()), interval, sheet.run_ids[best], pair)


def greedy_choice(validation: Sheet, method: Method, most: int) -> tuple[Step, ...]:
    """Returns the runs in the order in which each helps those before it most.

    R. Caruana, A. Niculescu-Mizil, G. Crew, A. Ksikes, "Ensemble selection from libraries of
    models", ICML 2004, section 2: forward selection by accuracy on images that none was trained on,
    without replacement, so that each run comes at most once. Of equal accuracies the one with the
    higher mean probability at the true class wins, then the order of the runs. It goes on past
    the highest accuracy, which `best_length` finds.

    Args:
        validation: a sheet of validation images; a choice made on test images would flatter itself.
        most: steps at most; fewer when there are fewer runs.
    """
    left = {
        run_id: _contribution(row, method)
        for run_id, row in zip(validation.run_ids, validation.probabilities, strict=True)
    }
    labels = validation.labels.astype(np.int64)
    total = np.zeros(validation.probabilities.shape[1:])
    steps: list[Step] = []
    while left and len(steps) < most:
        scores = {run_id: _score(total + values, labels) for run_id, values in left.items()}
        chosen = max(scores, key=lambda run_id: scores[run_id])
        total += left.pop(chosen)
        steps.append(Step(chosen, scores[chosen][0]))
    return tuple(steps)


def best_length(steps: tuple[Step, ...]) -> int:
    """Returns how many first steps reach the highest validation accuracy, the fewest; 0 of none."""
    accuracies = [step.val_accuracy for step in steps]
    return accuracies.index(max(accuracies)) + 1 if accuracies else 0


def _contribution(values: NDArray[np.float32], method: Method) -> Floats:
    """What one network adds to a sum, (n, 10), whatever the others are."""
    if method == "mean":
        return values.astype(np.float64)
    if method == "log_mean":
        logarithms: Floats = np.log(np.maximum(values, _SMALLEST), dtype=np.float64)
        return logarithms
    if method == "vote":
        votes = values.astype(np.float64) * _TIE_BREAK
        votes[np.arange(len(values)), values.argmax(axis=1)] += 1 - _TIE_BREAK
        return votes
    raise UnknownNameError("ensemble method", method, METHODS)


def _finished(total: Floats, runs: int, method: Method) -> Floats:
    mean = total / runs
    if method == "log_mean":
        mean = np.exp(mean - mean.max(axis=1, keepdims=True))
    shares: Floats = mean / mean.sum(axis=1, keepdims=True)
    return shares


def _score(total: Floats, labels: NDArray[np.int64]) -> tuple[float, float]:
    """Accuracy, then the mean at the true class; the order of the classes needs no scaling."""
    if not len(labels):
        return 0.0, 0.0
    right = total.argmax(axis=1) == labels
    return float(right.mean()), float(total[np.arange(len(labels)), labels].mean())
