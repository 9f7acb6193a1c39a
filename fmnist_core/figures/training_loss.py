"""What the two kinds of learning curves are, wherever they share an axis."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from fmnist_core.architectures import summarize
from fmnist_core.architectures.layers import Regularizer
from fmnist_core.errors import LayerTextError
from fmnist_core.evaluation.run_names import stand_in_words
from fmnist_core.figures.words import escaped
from fmnist_core.listing import listed, some
from fmnist_core.recipes import Recipe, parse_augmentation

WHILE_TRAINING = "Training curves are measured while training, with dropout and augmentation on."


class Training(Protocol):
    """A run, or the plan of one."""

    @property
    def layers(self) -> str:
        """Its layer text."""

    @property
    def recipe(self) -> Recipe | None:
        """How it is trained; `None` for a baseline that is not trained by epochs."""


def learning_curves_caveat(metric: str, trainings: Mapping[str, Training]) -> str:
    """Returns what tells the training curves from those of validation, and what these are of.

    As Markdown.

    Args:
        metric: a key of `curves.METRICS`.
        trainings: by the name that each has in the chart.
    """
    note = training_loss_note(trainings) if metric == "loss" else ""
    recipes = [training.recipe for training in trainings.values()]
    stand_in = stand_in_words(recipe.protocol for recipe in recipes if recipe)
    return " ".join(filter(None, [WHILE_TRAINING, note, stand_in]))


def training_loss_note(trainings: Mapping[str, Training]) -> str:
    """Says which training losses are no plain cross-entropy, as Markdown; empty where all are.

    Validation loss always is, so that the two then differ in more than their images.
    """
    named = defaultdict(list)
    for label, training in trainings.items():
        terms = _beyond_cross_entropy(training.layers, training.recipe)
        named[terms].append(f"**{escaped(label)}**")
    parts = [
        f"with {listed(terms)}{f' ({some(labels)})' if len(named) > 1 else ''}"
        for terms, labels in named.items()
        if terms
    ]
    if not parts:
        return ""
    return (
        "Validation loss is plain cross-entropy; training loss is what was minimised, here "
        f"{'; '.join(parts)}: the heights of the two lines do not compare."
    )


@lru_cache(maxsize=256)
def _beyond_cross_entropy(layers: str, recipe: Recipe | None) -> tuple[str, ...]:
    """Names what a training minimises beside or instead of the cross-entropy of its classes."""
    try:
        summary = summarize(layers)
    except LayerTextError:  # a run of another version: its own page says so
        return ()
    values = [value for row in summary.layers for value in row.arguments.values()]
    terms = {
        "the margin loss of capsules": any(row.type == "CapsuleLength" for row in summary.layers),
        "the reconstruction of images": summary.reconstruction_layer is not None,
        "auxiliary heads": bool(summary.heads),
        "weight penalties": any(isinstance(value, Regularizer) for value in values),
        "smoothed labels": recipe is not None and recipe.label_smoothing > 0,
        "mixed labels": recipe is not None and "mixup" in parse_augmentation(recipe.augmentation),
    }
    return tuple(term for term, holds in terms.items() if holds)
