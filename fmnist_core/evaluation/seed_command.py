"""The command that trains a run again under another seed, and in nothing else unlike it."""

from typing import Any

from fmnist_core.data import PROTOCOLS
from fmnist_core.errors import UnknownNameError
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run
from fmnist_core.studies.setup import train_command


def seed_command(run: Run, seed: int) -> str:
    """Returns the command line; empty where none leads to the same training.

    That is so for a training which was ended by hand, and for a network that this catalogue does
    not have.
    """
    if run.status == "stopped":
        return ""
    custom = run.architecture == "custom"
    try:
        changes = _changes(run, custom=custom)
    except UnknownNameError:
        return ""
    layers = run.layers if custom else ""
    return f"{train_command(run.architecture, run.variant or '', layers, changes)} --seed {seed}"


def _changes(run: Run, *, custom: bool) -> dict[str, Any]:
    """Returns the settings unlike those that the command takes unasked, but for the seed."""
    if run.recipe is None:
        return _changes_of_baseline(run)
    source = Recipe() if custom else Recipe.from_dict(find_system(run.architecture).recipe)
    unasked = source.to_dict()
    return {
        key: value
        for key, value in run.recipe.to_dict().items()
        if key != "seed" and value != unasked[key]
    }


def _changes_of_baseline(run: Run) -> dict[str, Any]:
    """A baseline's record has no recipe; a limit takes the very images that a fraction would."""
    changes: dict[str, Any] = {}
    if run.protocol != Recipe().protocol:
        changes["protocol"] = run.protocol
    if run.protocol in PROTOCOLS and run.images.train < PROTOCOLS[run.protocol].train:
        changes["limit"] = run.images.train
    return changes
