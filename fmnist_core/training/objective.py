"""What a network minimises: cross-entropy, auxiliary heads, or a capsule network's margin loss."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fmnist_core.recipes import Recipe, parse_augmentation

CLASSES = 10

# Sabour et al. 2017, arXiv:1710.09829: margins 0.9 and 0.1, down-weighting 0.5,
# reconstruction 0.0005 per pixel, i.e. 0.0005 * 784 on the mean squared error.
_MARGIN_IN, _MARGIN_OUT, _ABSENT_WEIGHT = 0.9, 0.1, 0.5
_RECONSTRUCTION_WEIGHT = 0.392

# Coarse labels of the ten classes for auxiliary heads, after Seo & Shin 2019: clothes or goods;
# tops, bottoms, dresses, outers, shoes, accessories.
COARSE_LABELS: dict[str, tuple[int, ...]] = {
    "clothes_goods": (0, 0, 0, 0, 0, 1, 0, 1, 1, 1),
    "garment_group": (0, 1, 0, 2, 3, 4, 0, 4, 5, 4),
}

Array = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Objective:
    """Losses and their weights by output name, as `keras.Model.compile` takes them."""

    outputs: tuple[str, ...]
    losses: dict[str, Any]
    weights: dict[str, float]

    def targets(
        self, inputs: Array, labels: Array, soft: npt.NDArray[np.float32] | None
    ) -> dict[str, Array]:
        """Targets of one batch by output name.

        Args:
            inputs: (batch, 28, 28, 1), the reconstruction's target.
            labels: (batch,) classes.
            soft: (batch, 10) distributions over the classes, where the losses need them.
        """
        named: dict[str, Array] = {}
        for name in self.outputs:
            if name == "probabilities":
                named[name] = soft if soft is not None else labels.astype(np.int32)
            elif name == "reconstruction":
                named[name] = inputs
            elif soft is not None:
                named[name] = soft @ _coarse_members(name)
            else:
                named[name] = np.asarray(COARSE_LABELS[name], np.int32)[labels]
        return named


def margin_loss(targets: Any, lengths: Any) -> Any:
    """Margin loss of capsule lengths; one-hot targets, both (batch, classes); gives (batch,)."""
    ops = keras.ops
    present = targets * ops.square(ops.relu(_MARGIN_IN - lengths))
    absent = (1 - targets) * ops.square(ops.relu(lengths - _MARGIN_OUT))
    return ops.sum(present + _ABSENT_WEIGHT * absent, axis=-1)


def make_objective(
    outputs: tuple[str, ...], head_weights: dict[str, float], recipe: Recipe, *, capsules: bool
) -> Objective:
    """The objective of a network with these outputs.

    Args:
        outputs: names among "probabilities", "reconstruction" and the auxiliary heads.
        head_weights: loss weight of each auxiliary head.
        capsules: whether "probabilities" are capsule lengths, trained by the margin loss.
    """
    soft = needs_soft_targets(recipe, capsules=capsules)
    losses: dict[str, Any] = {}
    weights: dict[str, float] = {}
    for name in outputs:
        weights[name] = head_weights.get(name, 1.0)
        if name == "reconstruction":
            losses[name] = "mean_squared_error"
            weights[name] = _RECONSTRUCTION_WEIGHT
        elif name == "probabilities" and capsules:
            losses[name] = margin_loss
        elif soft:
            losses[name] = keras.losses.CategoricalCrossentropy(
                label_smoothing=recipe.label_smoothing
            )
        else:
            losses[name] = keras.losses.SparseCategoricalCrossentropy()
    return Objective(outputs, losses, weights)


def needs_soft_targets(recipe: Recipe, *, capsules: bool) -> bool:
    """Whether targets are distributions over the classes and not single labels."""
    mixes = "mixup" in parse_augmentation(recipe.augmentation)
    return capsules or mixes or recipe.label_smoothing > 0


def _coarse_members(name: str) -> npt.NDArray[np.float32]:
    """Which coarse class each of the ten belongs to: (10, coarse classes) of 0 and 1."""
    labels = np.asarray(COARSE_LABELS[name])
    return np.eye(labels.max() + 1, dtype=np.float32)[labels]
