"""Which baselines there are, and the plan of a run of one. Imports no scikit-learn."""

from dataclasses import dataclass
from typing import Any

from fmnist_core.data import CLASS_NAMES, PROTOCOLS
from fmnist_core.errors import RecipeError, UnknownNameError
from fmnist_core.recipes import Recipe
from fmnist_core.runs.ids import new_run_id

# The keys of a recipe that mean something without epochs.
_KEYS = ("protocol", "seed", "train_fraction", "limit")


@dataclass(frozen=True)
class Baseline:
    """A classifier of scikit-learn with its features.

    Attributes:
        paper: id of the source that names it; empty for a yardstick of ours.
        method: one sentence, kept with the run.
        minutes: that 48,000 images take on one core of an AMD EPYC (Zen 4), evaluation included.
    """

    id: str
    title: str
    paper: str
    method: str
    minutes: float


_SCORES = (
    "Its probabilities are the softmax of its one-against-rest scores, divided by a temperature "
    "that was fitted on the validation images where there are any of its own; "
    "the predicted class is that of the largest score."
)
BASELINES = {
    baseline.id: baseline
    for baseline in (
        Baseline(
            "greeshma_hog_svm",
            "HOG and SVM (Greeshma & Sreekumar)",
            "001",
            "Histograms of oriented gradients (nine directions, cells of 4x4 pixels, blocks of 2x2 "
            "cells: 1,296 numbers), then a support vector machine with a radial kernel, C = 10 and "
            f"gamma = 1 / (1,296 times the variance). {_SCORES}",
            minutes=15.0,
        ),
        Baseline(
            "svc",
            "Support vector machine on pixels",
            "001",
            "Pixels divided by 255, then a support vector machine with a radial kernel, C = 10 and "
            f"gamma = 1 / (784 times the variance). {_SCORES}",
            minutes=6.0,
        ),
        Baseline(
            "logistic_regression",
            "Logistic regression on pixels",
            "",
            "Pixels divided by 255, multinomial, L2 penalty with C = 1, L-BFGS.",
            minutes=4.0,
        ),
        Baseline(
            "dummy",
            "Always the most frequent class",
            "",
            "Answers every image with the shares of the classes among the training images, so it "
            "predicts the most frequent of them, and of equal ones the first.",
            minutes=0.1,
        ),
    )
}


@dataclass(frozen=True)
class BaselinePlan:
    """A baseline to be fitted; the four settings are those of `Recipe`."""

    run_id: str
    architecture: str
    protocol: str
    seed: int
    train_fraction: float
    limit: int
    notes: str = ""

    @property
    def name(self) -> str:
        """How the run is called."""
        return BASELINES[self.architecture].title

    @property
    def train_images(self) -> int:
        """How many images it learns from."""
        share = max(1, round(PROTOCOLS[self.protocol].train * self.train_fraction))
        return min(share, self.limit or share)


def plan_baseline(baseline: str, changes: dict[str, Any], notes: str = "") -> BaselinePlan:
    """A plan with a new run id.

    Args:
        changes: values, or words, for protocol, seed, train_fraction and limit.

    Raises:
        UnknownNameError: no such baseline.
        RecipeError: another key, a value that cannot be followed, or too few training images.
    """
    if baseline not in BASELINES:
        raise UnknownNameError("baseline", baseline, BASELINES)
    if strange := sorted(changes.keys() - set(_KEYS)):
        raise RecipeError(
            f"a baseline is not trained by epochs and takes {', '.join(_KEYS)} alone. "
            f"Received: {', '.join(strange)}."
        )
    recipe = Recipe.from_dict(changes)
    settings = {key: getattr(recipe, key) for key in _KEYS}
    plan = BaselinePlan(new_run_id(baseline), baseline, notes=notes, **settings)
    if plan.train_images < len(CLASS_NAMES):  # ten have one of each, since splits are stratified
        raise RecipeError(
            f"a baseline must learn from all classes, so from {len(CLASS_NAMES)} training images "
            f"or more. Received: {plan.train_images}. Raise limit or train_fraction."
        )
    return plan
