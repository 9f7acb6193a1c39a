"""Whether a run is the one that was wanted: told by what was trained, never by its name."""

from collections.abc import Hashable
from typing import Any

from fmnist_core.data import binding_limit
from fmnist_core.runs.schema import Run
from fmnist_core.training.baselines.definitions import BaselinePlan
from fmnist_core.training.plan import Plan

# They move the last bits of the weights, or nothing.
_SAME_TRAINING = {"threads", "fused_batchnorm"}


def training_key(training: Run | Plan | BaselinePlan) -> Hashable:
    """Equal for two trainings of the same layers by the same recipe, seed included."""
    if isinstance(training, BaselinePlan):
        return _baseline_key(training, training.train_images)
    if training.recipe is None:
        return _baseline_key(training, training.images.train)
    given = training.recipe
    limit = binding_limit(given.protocol, given.train_fraction, given.limit)
    recipe: dict[str, Any] = given.to_dict() | {"limit": limit}
    settings = frozenset((key, recipe[key]) for key in recipe.keys() - _SAME_TRAINING)
    return (training.architecture, training.variant, training.layers, settings)


def _baseline_key(training: Run | BaselinePlan, images: int) -> Hashable:
    return (training.architecture, training.protocol, training.seed, images)
