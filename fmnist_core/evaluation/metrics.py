"""Metrics of one network on one set of images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class ClassScore:
    """How one class is recognised. A ratio with nothing to divide by is 0, as in scikit-learn.

    Attributes:
        precision: share of the images called this class that are.
        recall: share of this class's images that are called so; the class's accuracy.
        f1: harmonic mean of the two.
        support: images of this class.
        predicted: images called this class; 0 means the precision has no meaning.
    """

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True)
class Average:
    """Precision, recall and F1 over all classes."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class ClassReport:
    """Scores class by class, in the order of the labels, and their averages.

    Attributes:
        macro: every class counts the same.
        weighted: every image counts the same.
    """

    classes: tuple[ClassScore, ...]
    macro: Average
    weighted: Average
    accuracy: float


def accuracy(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Returns the share of rows whose largest probability is at the label; 0 without rows.

    Of equal probabilities the first counts, as in `numpy.argmax`.
    """
    right = correct(probabilities, labels)
    return float(right.mean()) if right.size else 0.0


def correct(probabilities: ArrayLike, labels: ArrayLike) -> NDArray[np.bool_]:
    """Returns (n,) bool: which rows of (n, classes) have their largest value at the label."""
    right: NDArray[np.bool_] = np.asarray(probabilities).argmax(axis=1) == np.asarray(labels)
    return right


def confusion_matrix(
    labels: ArrayLike, predicted: ArrayLike, classes: int = 10
) -> NDArray[np.int64]:
    """Returns (classes, classes) counts: row = true class, column = predicted class."""
    pairs = np.asarray(labels, np.int64) * classes + np.asarray(predicted, np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def per_class_report(labels: ArrayLike, predicted: ArrayLike, classes: int = 10) -> ClassReport:
    """Returns precision, recall, F1 and support of each class, with macro and weighted averages.

    Args:
        labels: (n,) true classes.
        predicted: (n,) predicted classes.
        classes: how many classes there are, also when some do not occur.
    """
    counts = confusion_matrix(labels, predicted, classes)
    hits, support, called = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall = _ratio(hits, called), _ratio(hits, support)
    f1 = _ratio(2 * hits, called + support)
    total = support.sum()
    shares = _ratio(support, np.full(classes, total))
    rows = zip(precision, recall, f1, support, called, strict=True)
    return ClassReport(
        classes=tuple(
            ClassScore(float(p), float(r), float(f), int(s), int(c)) for p, r, f, s, c in rows
        ),
        macro=Average(float(precision.mean()), float(recall.mean()), float(f1.mean())),
        weighted=Average(float(precision @ shares), float(recall @ shares), float(f1 @ shares)),
        accuracy=float(hits.sum() / total) if total else 0.0,
    )


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Returns the mean negative log-likelihood in nats; 0 without rows."""
    losses = image_losses(probabilities, labels)
    return float(losses.mean()) if losses.size else 0.0


def image_losses(probabilities: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Returns (n,) negative log-likelihoods in nats, one for each row of (n, classes).

    Rows are scaled to add up to 1: float16 storage rounds them, and capsule lengths never did. A
    probability below float32's smallest (1e-38) counts as that, so that one 0 does not make the
    mean infinite.
    """
    smallest = float(np.finfo(np.float32).tiny)
    values = np.maximum(np.asarray(probabilities, np.float64), smallest)
    truth = np.asarray(labels, np.int64)
    if not truth.size:
        return np.zeros(0)
    losses: NDArray[np.float64] = -np.log(
        values[np.arange(len(values)), truth] / values.sum(axis=1)
    )
    return losses


def doubts(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Returns the share of all classes but the likeliest, (..., n) of (..., n, classes).

    It is 1 less the largest share, and puts images in order of surety. The largest itself does not:
    of a network that is sure of itself it rounds to 1 for most images.
    """
    values = np.array(probabilities, np.float64)
    total = values.sum(axis=-1)
    np.put_along_axis(values, values.argmax(axis=-1)[..., None], 0, axis=-1)
    # A row of zeros, which capsules may give, says nothing: each class has the same share.
    unknown = np.full(total.shape, 1 - 1 / values.shape[-1])
    shares: NDArray[np.float64] = np.divide(
        values.sum(axis=-1), total, out=unknown, where=total > 0
    )
    return shares


def _ratio(above: NDArray[np.int64], below: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros(len(above)), where=below != 0)
