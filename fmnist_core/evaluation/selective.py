"""Coverage against risk: what a network gets wrong if it may stay silent where it is unsure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.evaluation.metrics import doubts

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CoverageRisk:
    """The curve of one network, from its surest image alone to all of them.

    Attributes:
        coverage: (n,) share of the images answered: 1/n, 2/n, ... 1.
        risk: (n,) share of those answered that is wrong.
        aurc: area under the curve, the mean risk over all coverages; 0 without images.
    """

    coverage: Floats
    risk: Floats
    aurc: float


def coverage_risk(probabilities: ArrayLike, labels: ArrayLike) -> CoverageRisk:
    """Returns the risk at every coverage, the images answered in order of `metrics.doubts`.

    Y. Geifman and R. El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017;
    the area as in Y. Geifman, G. Uziel, R. El-Yaniv, "Bias-reduced uncertainty estimation for deep
    neural classifiers", ICLR 2019. Images of equal doubt are answered in random order, and
    the curve is the mean over all such orders; so it depends on no order of the images.

    Args:
        probabilities: (n, classes).
        labels: (n,) true classes.
    """
    values, truth = np.asarray(probabilities), np.asarray(labels)
    count = len(truth)
    if not count:
        return CoverageRisk(np.empty(0), np.empty(0), 0.0)
    doubt, wrong = doubts(values), values.argmax(axis=1) != truth
    order = np.argsort(doubt, kind="stable")
    doubt, wrong = doubt[order], wrong[order]
    # Ends of the groups of equal doubt, and the errors up to there; linear in between.
    ends = np.append(np.flatnonzero(np.diff(doubt)), count - 1) + 1
    answered = np.arange(1, count + 1)
    errors = np.interp(answered, np.append(0, ends), np.append(0, wrong.cumsum()[ends - 1]))
    risk = errors / answered
    return CoverageRisk(answered / count, risk, float(risk.mean()))


def risk_at(curve: CoverageRisk, coverage: float) -> float | None:
    """Returns the risk when at least this share of the images is answered; `None` without images.

    Args:
        curve: of one network.
        coverage: above 0, at most 1.
    """
    if not len(curve.coverage):
        return None
    # The last bit of k/n must not ask for one image more.
    place = int(np.searchsorted(curve.coverage, coverage - 1e-12))
    return float(curve.risk[min(place, len(curve.risk) - 1)])
