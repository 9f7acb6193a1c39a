"""What a level asks for, worked out: layers, recipe, and the command that trains it."""

import functools
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fmnist_core.architectures import format_layers, parse
from fmnist_core.data import binding_limit
from fmnist_core.errors import RecipeError, UnknownNameError
from fmnist_core.papers import find_system, systems
from fmnist_core.recipes import Recipe, parse_augmentation
from fmnist_core.studies.schema import Level, Series

# Two runs that differ in these only are the same level: the last digits of the sums, and the seed.
SAME_LEVEL = frozenset({"seed", "threads", "fused_batchnorm"})
# How long a training is. A shorter one belongs to the level too, marked as reduced.
LENGTH = frozenset({"epochs", "limit"})


@dataclass(frozen=True)
class Setup:
    """A training that a level asks for.

    Attributes:
        architecture: a catalogue id, or "custom" without one.
        layers: the layer text as written; `network` is its canonical form, by which runs are found.
        own_layers: `layers` are not the catalogue's for this architecture and variant.
        changes: recipe keys unlike the catalogue's, as `train --recipe` takes them.
        recipe: all of it.
    """

    architecture: str
    variant: str
    layers: str
    network: str
    own_layers: bool
    changes: dict[str, Any]
    recipe: Recipe

    @property
    def command(self) -> str:
        """The command line that trains it; layers of its own come through a pipe."""
        layers = self.layers if self.own_layers else ""
        return train_command(self.architecture, self.variant, layers, self.changes)


def train_command(
    architecture: str, variant: str, own_layers: str, changes: Mapping[str, Any]
) -> str:
    """Returns the command line of a training; layers of its own come through a pipe.

    Args:
        architecture: a catalogue id, a baseline's, or "custom".
        variant: of the catalogue; "" for none.
        own_layers: a layer text; "" for the catalogue's.
        changes: recipe keys and values unlike the catalogue's.
    """
    words = ["python -m fmnist_core train", architecture]
    if variant:
        words += ["--variant", variant]
    if own_layers:
        words += ["--layers", "-"]
    if changes:
        settings = [shlex.quote(f"{key}={_word(v)}") for key, v in changes.items()]
        words += ["--recipe", *settings]
    command = " ".join(words)
    if not own_layers:
        return command
    lines = " ".join(shlex.quote(line) for line in own_layers.strip().splitlines())
    return f"printf '%s\\n' {lines} | {command}"


def setup_of(series: Series, level: Level) -> Setup:
    """Returns what a level asks for.

    Raises:
        UnknownNameError: an architecture, variant, recipe key or value that there is not.
        RecipeError, LayerTextError: a recipe or text that cannot be followed.
    """
    architecture = level.architecture or series.architecture or "custom"
    system = None if architecture == "custom" else find_system(architecture)
    layers = level.layers
    if system and not layers:
        readings = {variant.id: variant.layers for variant in system.variants} | {"": system.layers}
        if level.variant not in readings:
            raise UnknownNameError(f"variant of {architecture}", level.variant, readings)
        layers = readings[level.variant]
    if not layers:
        raise RecipeError(
            "a level must have an architecture with layers, or layers of its own. "
            f"Received: {architecture!r}."
        )
    given = dict(system.recipe) if system else {}
    recipe = Recipe.from_dict(given | series.recipe | level.recipe)
    source = Recipe.from_dict(given).to_dict()
    network = canonical_layers(layers)
    return Setup(
        architecture=architecture,
        variant=level.variant,
        layers=layers,
        network=network,
        own_layers=bool(level.layers),
        changes={key: v for key, v in recipe.to_dict().items() if v != source[key]},
        recipe=recipe,
    )


def belongs(setup: Setup, layers: str, recipe: Recipe) -> bool:
    """Says whether a training is of this level, in full or shorter, with any seed.

    Args:
        layers: a layer text that can be read.
    """
    if canonical_layers(layers) != setup.network:
        return False
    wanted, given = settings(setup.recipe), settings(recipe)
    return all(wanted[key] == given[key] for key in wanted if key not in LENGTH)


@functools.lru_cache(maxsize=4096)
def canonical_layers(text: str) -> str:
    """Returns the canonical form of a layer text: equal for texts that say the same.

    Raises:
        LayerTextError: the text cannot be read.
    """
    return format_layers(parse(text))


def catalogue_network(architecture: str, variant: str | None) -> str | None:
    """Returns the canonical layers of a reading of a system; empty for a baseline without any.

    `None` where the catalogue does not have the architecture or the variant.
    """
    system = next((one for one in systems() if one.id == architecture), None)
    if system is None:
        return None
    readings = {None: system.layers} | {one.id: one.layers for one in system.variants}
    layers = readings.get(variant)
    return canonical_layers(layers) if layers else layers


def settings(recipe: Recipe) -> dict[str, Any]:
    """Returns the keys of a recipe that tell levels apart, length included.

    Words of the augmentation count in any order, with their defaults filled in; a limit that leaves
    no image out is none.
    """
    values = {key: v for key, v in recipe.to_dict().items() if key not in SAME_LEVEL}
    augmentation = sorted(parse_augmentation(recipe.augmentation).items())
    return values | {
        "augmentation": " ".join(f"{name}={v:g}" for name, v in augmentation),
        "limit": binding_limit(recipe.protocol, recipe.train_fraction, recipe.limit),
    }


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}"
