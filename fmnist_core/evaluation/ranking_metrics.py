"""How well a network's probabilities rank the images of one class before all others.

scikit-learn's definitions in numpy: importing it takes a second and 60 MB of the web process.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ClassRanking:
    """One class against the rest; `None` where the class, or the rest, has no image."""

    average_precision: float | None
    roc_auc: float | None


@dataclass(frozen=True, eq=False)
class RocCurve:
    """True against false positive rate, from (0, 0) to (1, 1).

    Attributes:
        false_positive_rate: (k,) share of the other images at or above each threshold.
        true_positive_rate: (k,) share of the class's images at or above it.
        thresholds: (k,) falling; the first is infinite: nothing is called.
    """

    false_positive_rate: Floats
    true_positive_rate: Floats
    thresholds: Floats


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """Precision and recall at each different score, from the highest; recall ascends to 1.

    Attributes:
        precision: (k,) share of the images at or above each threshold that are of the class.
        recall: (k,) share of the class's images at or above it.
        thresholds: (k,) falling.
    """

    precision: Floats
    recall: Floats
    thresholds: Floats


def class_odds(probabilities: ArrayLike) -> Floats:
    """Returns each class's probability over that of all others together, (n, classes) float64.

    In the order of the probabilities, but for those which float32 rounds to 1: hundreds of images
    share that, and the others' probabilities still tell them apart.

    Args:
        probabilities: (n, classes); rows add up to 1.
    """
    values = np.asarray(probabilities, np.float64)
    others = values @ (1 - np.eye(values.shape[1]))  # 1 - p would lose what small ones say
    odds: Floats = values / np.maximum(others, np.finfo(np.float64).tiny)
    return odds


def class_rankings(scores: ArrayLike, labels: ArrayLike) -> tuple[ClassRanking, ...]:
    """Returns average precision and area under the ROC curve of each class against the rest.

    Args:
        scores: (n, classes), larger where the class is likelier: `class_odds`, or probabilities.
        labels: (n,) true classes.
    """
    values, truth = np.asarray(scores), np.asarray(labels)
    rankings = []
    for label in range(values.shape[1]):
        hits, called = _cumulated(truth == label, values[:, label])[:2]
        rankings.append(ClassRanking(_average_precision(hits, called), _area(hits, called)))
    return tuple(rankings)


def average_precision(truth: ArrayLike, scores: ArrayLike) -> float | None:
    """Returns the mean precision over the recalls gained, threshold by threshold.

    The sum of (R_n - R_(n-1)) P_n, without interpolation, as scikit-learn's
    `average_precision_score`; `None` when no image is of the class.

    Args:
        truth: (n,) bool, whether the image is of the class.
        scores: (n,) its probability.
    """
    hits, called, _ = _cumulated(np.asarray(truth, np.bool_), np.asarray(scores))
    return _average_precision(hits, called)


def roc_auc(truth: ArrayLike, scores: ArrayLike) -> float | None:
    """Returns the chance that an image of the class scores above another one, ties counting half.

    The trapezoidal area as scikit-learn's `roc_auc_score`; `None` when there are not both kinds.
    """
    hits, called, _ = _cumulated(np.asarray(truth, np.bool_), np.asarray(scores))
    return _area(hits, called)


def roc_curve(truth: ArrayLike, scores: ArrayLike) -> RocCurve | None:
    """Returns the curve as scikit-learn's `roc_curve` does; `None` when there are not both kinds.

    Points on the line between their neighbours are left out, which changes no drawing.
    """
    hits, called, thresholds = _cumulated(np.asarray(truth, np.bool_), np.asarray(scores))
    if not _both_kinds(hits, called):
        return None
    misses = called - hits
    bends = np.ones(len(hits), np.bool_)
    bends[1:-1] = (np.diff(hits, 2) != 0) | (np.diff(misses, 2) != 0)
    hits, misses, thresholds = hits[bends], misses[bends], thresholds[bends]
    return RocCurve(
        np.append(0, misses / misses[-1]),
        np.append(0, hits / hits[-1]),
        np.append(np.inf, thresholds),
    )


def precision_recall_curve(truth: ArrayLike, scores: ArrayLike) -> PrecisionRecall | None:
    """Returns the points of scikit-learn's `precision_recall_curve`, from the highest threshold.

    Without the point (recall 0, precision 1) that it adds; `None` when there are not both kinds.
    """
    hits, called, thresholds = _cumulated(np.asarray(truth, np.bool_), np.asarray(scores))
    if not _both_kinds(hits, called):
        return None
    return PrecisionRecall(hits / called, hits / hits[-1], thresholds)


def _cumulated(
    truth: NDArray[np.bool_], scores: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Returns, at each different score from the highest: images of the class, images, score."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores = scores[order]
    last = np.append(np.flatnonzero(np.diff(sorted_scores)), len(scores) - 1)
    last = last[last >= 0]
    hits = truth[order].cumsum(dtype=np.int64)[last]
    return hits, last + 1, sorted_scores[last].astype(np.float64)


def _both_kinds(hits: NDArray[np.int64], called: NDArray[np.int64]) -> bool:
    return len(hits) > 0 and 0 < hits[-1] < called[-1]


def _average_precision(hits: NDArray[np.int64], called: NDArray[np.int64]) -> float | None:
    if not len(hits) or not hits[-1]:
        return None
    gained = np.diff(hits, prepend=0)
    return float((gained * (hits / called)).sum() / hits[-1])


def _area(hits: NDArray[np.int64], called: NDArray[np.int64]) -> float | None:
    if not _both_kinds(hits, called):
        return None
    misses = called - hits
    # Whole numbers up to the division: exact.
    before = np.append(0, hits[:-1])
    twice = int((np.diff(misses, prepend=0) * (hits + before)).sum())
    return twice / (2 * int(hits[-1]) * int(misses[-1]))
