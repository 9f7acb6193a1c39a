"""Settings of a recipe in words: what each is called, and its value as a reader takes it."""

from typing import Any

from fmnist_core.data import PROTOCOLS, binding_limit
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe

# Recipes that differ in these alone are one and the same.
_NOT_TRAINING = {"seed", "threads", "fused_batchnorm"}
_NAMES = {
    "protocol": "split",
    "train_fraction": "share of the training images",
    "limit": "training images taken",
    "keep": "weights kept",
    "early_stopping": "patience of early stopping",
    "fused_batchnorm": "fused batch normalisation",
}

OPTIMIZER_TITLES = {
    "sgd": "SGD",
    "momentum": "SGD with momentum",
    "nesterov": "SGD with Nesterov momentum",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "adamax": "Adamax",
    "nadam": "Nadam",
    "lion": "Lion",
}


def setting_name(key: str) -> str:
    """Returns what a key of the recipe is called on pages and in sentences."""
    return _NAMES.get(key, key.replace("_", " "))


def setting_words(recipe: Recipe, key: str) -> str:
    """Returns the value of a key: "24,000 of 60,000", "25 %", "none"."""
    value: Any = getattr(recipe, key)
    match key:
        case "protocol":
            return PROTOCOLS[value].title
        case "train_fraction":
            return f"{100 * value:g} %"
        case "limit":
            available = round(PROTOCOLS[recipe.protocol].train * recipe.train_fraction)
            return f"{value:,} of {available:,}" if 0 < value < available else f"all {available:,}"
        case "early_stopping":
            return f"{value} epoch{'' if value == 1 else 's'}" if value else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else value or "none"


def both_words(ours: Recipe, theirs: Recipe, key: str) -> tuple[str, str]:
    """Returns two values of a key, in all their digits where four would make them look the same."""
    words = setting_words(ours, key), setting_words(theirs, key)
    return words if len(set(words)) == 2 else (str(getattr(ours, key)), str(getattr(theirs, key)))


def differing_keys(ours: Recipe, theirs: Recipe) -> list[str]:
    """Returns the keys in which two recipes train differently, in the order of the recipe."""
    other = dict(training_settings(theirs))
    return [key for key, value in training_settings(ours) if value != other[key]]


def training_settings(recipe: Recipe) -> tuple[tuple[str, Any], ...]:
    """Returns keys and values of what decides a training but for chance and the last bits.

    A limit that leaves no image out is none.
    """
    limit = binding_limit(recipe.protocol, recipe.train_fraction, recipe.limit)
    values = recipe.to_dict() | {"limit": limit}
    return tuple((k, v) for k, v in values.items() if k not in _NOT_TRAINING)


def where_stated(system: System, key: str) -> str:
    """Returns where a value of the catalogue's recipe comes from."""
    return "in the source" if key in system.stated_recipe else "in our reading of the source"


def departure(key: str, ours: Recipe, theirs: Recipe, whose: str) -> str:
    """Returns how ours departs in a key, as "epochs: 3 here, 10 in the source" with a full stop.

    Args:
        whose: where theirs stands: "in the source".
    """
    here, there = both_words(ours, theirs, key)
    return f"{setting_name(key)}: {here} here, {there} {whose}."
