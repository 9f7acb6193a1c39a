"""How far probabilities can be believed: calibration error, Brier score, temperature scaling.

The negative log-likelihood is `metrics.log_loss`. As there, rows are scaled to add up to 1: float16
storage rounds them, and capsule lengths never did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = 15
# Limits of a fitted temperature. A network that is right about every image asks for 0, one that
# knows nothing for infinity.
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 0.05, 20.0

_SMALLEST = float(np.finfo(np.float32).tiny)  # what a 0 counts as in a logarithm
_CLOSE_ENOUGH = 1e-7  # of 1 / temperature; the step before was the square root of that
_MOST_STEPS = 60


@dataclass(frozen=True)
class ReliabilityBin:
    """The images whose largest probability lies in one interval, `low` excluded, `high` included.

    Attributes:
        images: how many there are.
        confidence: their mean largest probability; `None` without images.
        accuracy: the share of them that is right; `None` without images.
    """

    low: float
    high: float
    images: int
    confidence: float | None
    accuracy: float | None


def brier_score(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Returns the mean squared distance from the true outcome, from 0 to 2; 0 without rows.

    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review 78, 1950, in its own form: summed over all classes.
    """
    shares, truth = _shares(probabilities), np.asarray(labels, np.int64)
    if not len(truth):
        return 0.0
    shares[np.arange(len(truth)), truth] -= 1
    return float((shares**2).sum(axis=1).mean())


def reliability_bins(
    probabilities: ArrayLike, labels: ArrayLike, bins: int = BINS, *, adaptive: bool = False
) -> tuple[ReliabilityBin, ...]:
    """Returns the images in bins by their largest probability, smallest first.

    Args:
        probabilities: (n, classes).
        labels: (n,) true classes.
        bins: how many.
        adaptive: bins of equally many images (Nixon et al. 2019, arXiv:1904.01685) from their
            smallest to their largest confidence, instead of bins of equal width from 0 to 1 (Guo
            et al. 2017, arXiv:1706.04599). There are fewer bins then if there are fewer images.
    """
    shares, truth = _shares(probabilities), np.asarray(labels, np.int64)
    confidence, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    if adaptive:
        order = np.argsort(confidence, kind="stable")
        groups = [group for group in np.array_split(order, bins) if group.size]
        return tuple(
            _bin(float(confidence[g[0]]), float(confidence[g[-1]]), confidence[g], right[g])
            for g in groups
        )
    edges = np.linspace(0, 1, bins + 1)
    # The bin that ends at an edge owns it; rounding may lift a confidence above 1 by a last bit.
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    return tuple(
        _bin(float(edges[i]), float(edges[i + 1]), confidence[place == i], right[place == i])
        for i in range(bins)
    )


def expected_calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, bins: int = BINS, *, adaptive: bool = False
) -> float:
    """Returns how far confidence and accuracy lie apart on average, 0 to 1; 0 without rows.

    The mean over `reliability_bins`, each counting by its images.
    """
    return calibration_error(reliability_bins(probabilities, labels, bins, adaptive=adaptive))


def calibration_error(table: Sequence[ReliabilityBin]) -> float:
    """Returns `expected_calibration_error` of a table of bins that is already there."""
    images = sum(row.images for row in table)
    gaps = (
        row.images * abs(row.accuracy - row.confidence)
        for row in table
        if row.accuracy is not None and row.confidence is not None
    )
    return sum(gaps) / images if images else 0.0


def fit_temperature(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Returns the temperature T that makes softmax(log(p) / T) most likely on these images.

    Guo et al. 2017 (arXiv:1706.04599), section 4.2; above 1 the network was too sure of itself. The
    negative log-likelihood is convex in 1 / T, so Newton's steps, kept between bounds that close
    in, find the one minimum in about six passes: 5 ms for 12,000 images, where importing SciPy's
    minimiser alone takes a second and 50 MB. A temperature at either limit means that there is no
    minimum in between.

    Args:
        probabilities: (n, classes) of images that the network was neither trained nor tested on.
        labels: (n,) true classes.

    Returns:
        `LOWEST_TEMPERATURE` to `HIGHEST_TEMPERATURE`; 1 where every temperature is as good.
    """
    logits, truth = np.log(_shares(probabilities)), np.asarray(labels, np.int64)
    logits -= logits.max(axis=1, keepdims=True)
    if not logits.any():
        return 1.0
    target = float(logits[np.arange(len(truth)), truth].mean())
    columns = np.ascontiguousarray(logits.T)  # sums over ten long rows are five times as fast
    low, high = 1 / HIGHEST_TEMPERATURE, 1 / LOWEST_TEMPERATURE
    if _slope(columns, target, high)[0] <= 0:
        return LOWEST_TEMPERATURE
    if _slope(columns, target, low)[0] >= 0:
        return HIGHEST_TEMPERATURE
    inverse = 1.0
    for _ in range(_MOST_STEPS):
        slope, curvature = _slope(columns, target, inverse)
        if slope > 0:
            high = inverse
        else:
            low = inverse
        newton = inverse - slope / curvature if curvature > 0 else low
        before, inverse = inverse, newton if low < newton < high else (low + high) / 2
        if abs(inverse - before) < _CLOSE_ENOUGH:
            break
    return 1 / inverse


def apply_temperature(probabilities: ArrayLike, temperature: float) -> Floats:
    """Returns softmax(log(p) / temperature), (n, classes) float64; rows add up to 1.

    The order of the classes stays as it is. A temperature of 1 only scales rows to add up to 1.
    """
    return _soften(np.log(_shares(probabilities)), 1 / temperature)


def _shares(probabilities: ArrayLike) -> Floats:
    values = np.maximum(np.asarray(probabilities, np.float64), _SMALLEST)
    shares: Floats = values / values.sum(axis=1, keepdims=True)
    return shares


def _soften(logits: Floats, inverse: float) -> Floats:
    powers = np.exp(inverse * (logits - logits.max(axis=1, keepdims=True)))
    softened: Floats = powers / powers.sum(axis=1, keepdims=True)
    return softened


def _slope(columns: Floats, target: float, inverse: float) -> tuple[float, float]:
    """First and second derivative of the negative log-likelihood by 1 / T; columns (classes, n)."""
    powers = np.exp(inverse * columns)
    total = powers.sum(axis=0)
    weighted = powers * columns
    mean = weighted.sum(axis=0) / total
    spread = (weighted * columns).sum(axis=0) / total - mean**2
    return float(mean.mean()) - target, float(spread.mean())


def _bin(low: float, high: float, confidence: Floats, right: NDArray[np.bool_]) -> ReliabilityBin:
    if not confidence.size:
        return ReliabilityBin(low, high, 0, None, None)
    return ReliabilityBin(low, high, len(confidence), float(confidence.mean()), float(right.mean()))
