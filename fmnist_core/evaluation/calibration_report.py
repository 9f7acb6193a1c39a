"""How far a run's test probabilities can be believed, before and after temperature scaling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fmnist_core.evaluation.calibration import (
    ReliabilityBin,
    apply_temperature,
    brier_score,
    calibration_error,
    fit_temperature,
    reliability_bins,
)
from fmnist_core.evaluation.metrics import log_loss
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.runs.arrays import Predictions


@dataclass(frozen=True)
class Calibration:
    """Scores of one set of probabilities on one set of images; all are 0 without images.

    Attributes:
        nll: mean negative log-likelihood, nats.
        brier: mean squared distance from the truth over all classes, 0 to 2.
        ece: expected calibration error over 15 bins of equal width, 0 to 1.
        adaptive_ece: the same over 15 bins of equally many images.
        bins: those of equal width, which a reliability diagram draws.
        adaptive_bins: those of equally many images.
    """

    images: int
    nll: float
    brier: float
    ece: float
    adaptive_ece: float
    bins: tuple[ReliabilityBin, ...]
    adaptive_bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True)
class CalibrationReport:
    """A run on its test images, as it answers and with the temperature that validation asks for.

    Attributes:
        before: as the network answers.
        temperature: fitted on the validation images, never on test images; `None` without any.
        after: the test images again, with that temperature; `None` as above.
        says: a sentence or two with the numbers, and why there is no temperature if there is none.
    """

    before: Calibration
    temperature: float | None
    after: Calibration | None
    says: str


def calibration_report(predictions: Predictions, protocol: str) -> CalibrationReport:
    """Returns how a run is calibrated on its test images.

    Temperature scaling is Guo et al. 2017 (arXiv:1706.04599), section 4.2. It changes no answer.

    Args:
        predictions: of the run.
        protocol: its split.
    """
    before = calibration_scores(predictions.test_probabilities, predictions.test_labels)
    reason = why_no_temperature(predictions, protocol)
    if reason:
        return CalibrationReport(before, None, None, f"{_as_answered(before)} {reason}")
    temperature = fit_temperature(
        predictions.validation_probabilities, predictions.validation_labels
    )
    after = calibration_scores(
        apply_temperature(predictions.test_probabilities, temperature), predictions.test_labels
    )
    says = f"{_as_answered(before)} {_as_scaled(before, temperature, after)}"
    return CalibrationReport(before, temperature, after, says)


def calibration_scores(probabilities: ArrayLike, labels: ArrayLike) -> Calibration:
    """Returns all scores of these probabilities, (n, classes), for the true classes, (n,)."""
    bins = reliability_bins(probabilities, labels)
    adaptive_bins = reliability_bins(probabilities, labels, adaptive=True)
    return Calibration(
        images=sum(row.images for row in bins),
        nll=log_loss(probabilities, labels),
        brier=brier_score(probabilities, labels),
        ece=calibration_error(bins),
        adaptive_ece=calibration_error(adaptive_bins),
        bins=bins,
        adaptive_bins=adaptive_bins,
    )


def why_no_temperature(predictions: Predictions, protocol: str) -> str:
    """Returns why no temperature may be fitted on a run's validation images; empty if one may."""
    if protocol == TEST_SEEN_PROTOCOL:
        return (
            "Not calibrated: its validation images are its test images, and nothing may be fitted "
            "on those."
        )
    if not len(predictions.validation_labels):
        return "Not calibrated: it was trained without validation images."
    if np.isin(predictions.validation_indices, predictions.test_indices).any():
        return "Not calibrated: some of its validation images are test images."
    return ""


def _as_answered(scores: Calibration) -> str:
    known = [row for row in scores.bins if row.accuracy is not None and row.confidence is not None]
    # The signed mean over the bins: what all images together claim, against what they reach.
    claimed = sum(row.images * (row.confidence or 0) for row in known) / max(1, scores.images)
    reached = sum(row.images * (row.accuracy or 0) for row in known) / max(1, scores.images)
    points = abs(claimed - reached) * 100
    side = "too sure" if claimed > reached else "not sure enough"
    verdict = f"{points:.1f} points {side}" if points >= 0.05 else "as sure as it may be"
    return (
        f"Its largest probability is {100 * claimed:.1f} % on average and right "
        f"{100 * reached:.1f} % of the time: {verdict} (expected calibration error "
        f"{100 * scores.ece:.1f} %)."
    )


def _as_scaled(before: Calibration, temperature: float, after: Calibration) -> str:
    verb = "falls" if after.ece < before.ece else "rises" if after.ece > before.ece else "stays"
    return (
        f"With a temperature of {temperature:.2f}, fitted on validation images, the error {verb} "
        f"{'at' if verb == 'stays' else 'to'} {100 * after.ece:.1f} %."
    )
