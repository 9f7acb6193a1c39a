"""Fitting a baseline with scikit-learn, and what it then says of images."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from fmnist_core.training.baselines.hog import hog_features

CLASSES = 10
_SVC_C = 10.0  # the best one of the data set's own paper
_SVC_CACHE_MB = 1_000
_MOST_ITERATIONS = 1_000

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """A baseline that has learned.

    Attributes:
        scores: images (n, 28, 28) to log-probabilities, or to scores that a softmax turns into
            probabilities (n, 10).
        calibrated: whether those are log-probabilities already.
        arrays: the numbers that it learned, by name.
        macs: multiply-accumulates for one image, without its features and the exponentials.
        remark: what a reader must know of this fit; empty for nothing.
    """

    scores: Callable[[Images], Floats]
    calibrated: bool
    arrays: tuple[tuple[str, npt.NDArray[Any]], ...]
    macs: int
    remark: str = ""

    @property
    def params(self) -> int:
        """Numbers that a prediction needs."""
        return sum(values.size for _, values in self.arrays)


def fit_baseline(baseline: str, images: Images, labels: npt.NDArray[np.uint8]) -> Fitted:
    """Fits one of `definitions.BASELINES` to images (n, 28, 28) of all ten classes."""
    if baseline == "dummy":
        return _dummy(labels)
    if baseline == "logistic_regression":
        return _logistic(images, labels)
    return _svc(_hog if baseline == "greeshma_hog_svm" else _pixels, images, labels)


def softmax(scores: Floats) -> Floats:
    """Probabilities (n, 10) of scores (n, 10)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _dummy(labels: npt.NDArray[np.uint8]) -> Fitted:
    shares = np.bincount(labels, minlength=CLASSES) / len(labels)
    logarithms = np.log(shares)
    return Fitted(
        lambda images: np.tile(logarithms, (len(images), 1)),
        calibrated=True,
        arrays=(("class_shares", shares),),
        macs=0,
    )


def _logistic(images: Images, labels: npt.NDArray[np.uint8]) -> Fitted:
    model = LogisticRegression(C=1.0, max_iter=_MOST_ITERATIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the remark says it
        model.fit(_pixels(images), labels)
    iterations = int(model.n_iter_.max())
    return Fitted(
        lambda images: np.log(model.predict_proba(_pixels(images))),
        calibrated=True,
        arrays=(("coefficients", model.coef_), ("intercepts", model.intercept_)),
        macs=model.coef_.size,
        remark=""
        if iterations < _MOST_ITERATIONS
        else f"It was ended after {iterations:,} iterations, before it converged.",
    )


def _svc(
    features: Callable[[Images], Floats], images: Images, labels: npt.NDArray[np.uint8]
) -> Fitted:
    model = SVC(C=_SVC_C, kernel="rbf", gamma="scale", cache_size=_SVC_CACHE_MB)
    model.fit(features(images), labels)
    vectors, weights = model.support_vectors_, model.dual_coef_
    return Fitted(
        lambda images: model.decision_function(features(images)),
        calibrated=False,
        arrays=(
            ("support_vectors", vectors),
            ("dual_coefficients", weights),
            ("intercepts", model.intercept_),
        ),
        macs=vectors.size + weights.size,
    )


def _pixels(images: Images) -> Floats:
    return images.reshape(len(images), -1) / 255.0


def _hog(images: Images) -> Floats:
    return hog_features(images).astype(np.float64)
