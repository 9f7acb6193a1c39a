"""How much of its source's training a run saw."""

from dataclasses import replace
from typing import Literal

from fmnist_core.data import binding_limit
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe

Share = Literal["full", "reduced", "stopped"]


def trained_share(architecture: str, recipe: Recipe, *, epochs: int, stopped: bool) -> Share:
    """Returns whether a training saw all the epochs and images that its source's recipe has.

    Args:
        architecture: a catalogue id, or "custom", whose source is its own recipe on all images.
        epochs: trained. Fewer than the source's are a reduced budget, unless the source stops early
            itself.

    Raises:
        UnknownNameError: an unknown architecture.
    """
    if stopped:
        return "stopped"
    if architecture == "custom":
        source = replace(recipe, train_fraction=1.0)  # a share is no more its own than a limit is
    else:
        source = Recipe.from_dict(find_system(architecture).recipe)
    limit = binding_limit(recipe.protocol, recipe.train_fraction, recipe.limit)
    fewer_epochs = (recipe.epochs if source.early_stopping else epochs) < source.epochs
    fewer_images = recipe.train_fraction < source.train_fraction or limit > 0
    return "reduced" if fewer_epochs or fewer_images else "full"
