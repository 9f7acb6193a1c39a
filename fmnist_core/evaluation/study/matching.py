"""Which runs belong to a level, and at which length of training levels can be compared."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fmnist_core.data import PROTOCOLS, binding_limit
from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.seeds import newest_by_seed
from fmnist_core.papers import systems
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run
from fmnist_core.studies.setup import Setup, canonical_layers, settings

Length = tuple[int, int]  # epochs, and limit of images


def by_network(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Returns the runs by the canonical text of their layers; baselines are left out."""
    networks: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.recipe and (network := _network(run)):
            networks[network].append(run)
    return networks


def _network(run: Run) -> str:
    try:
        return canonical_layers(run.layers)
    except FmnistError:  # a baseline without layers, or a text of another version
        return ""


def runs_of(setup: Setup, runs: Sequence[Run], lengths: frozenset[str] | set[str]) -> list[Run]:
    """Returns the runs whose recipe is the level's, but for the keys of `lengths`."""
    wanted = _without(settings(setup.recipe), lengths)
    return [run for run in runs if run.recipe and _without(settings(run.recipe), lengths) == wanted]


def by_length(runs: Sequence[Run]) -> dict[Length, dict[int, Run]]:
    """Returns the runs of a level by how long they were trained, and then by seed."""
    found: dict[Length, list[Run]] = defaultdict(list)
    for run in runs:
        found[_length(as_trained(run))].append(run)
    return {length: newest_by_seed(of_length) for length, of_length in found.items()}


def _without(values: dict[str, Any], keys: frozenset[str] | set[str]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def wanted_length(setup: Setup) -> Length:
    """Returns the length that a level asks for."""
    return _length(setup.recipe)


def _length(recipe: Recipe) -> Length:
    """A limit that leaves no image out would make the same training one of another length."""
    limit = binding_limit(recipe.protocol, recipe.train_fraction, recipe.limit)
    return recipe.epochs, limit


def common_lengths(
    found: Mapping[str, Mapping[Length, object]], full: Mapping[str, Length]
) -> dict[str, Length]:
    """Returns the length at which each level of a series is taken, as `study.study_result` says."""
    trained = {
        label: [length for length in lengths if _within(length, full[label])]
        for label, lengths in found.items()
    }
    if sum(full[label] in lengths for label, lengths in trained.items()) >= 2:
        return dict(full)
    counts: dict[Length, int] = defaultdict(int)
    for lengths in trained.values():
        for length in lengths:
            counts[length] += 1
    shared = [length for length, count in counts.items() if count >= 2]
    if shared:
        common = max(shared, key=lambda length: (counts[length], _amount(length)))
        return dict.fromkeys(trained, common)
    return {
        label: max(lengths, key=_amount, default=full[label]) for label, lengths in trained.items()
    }


def _within(length: Length, full: Length) -> bool:
    return all(own <= most for own, most in zip(_amount(length), _amount(full), strict=True))


def _amount(length: Length) -> tuple[int, float]:
    epochs, limit = length
    return epochs, limit or float("inf")


def as_trained(run: Run) -> Recipe:
    """Returns the recipe of a run with the epochs there were: it may have been ended before."""
    assert run.recipe is not None  # only runs with one match a level
    return run.recipe if run.status == "done" else replace(run.recipe, epochs=run.epochs)


def reduced_words(trained: Recipe, wanted: Recipe) -> str:
    """Returns how much shorter a training is than another of its kind; empty where it is not."""
    parts = []
    if trained.epochs < wanted.epochs:
        parts.append(f"{trained.epochs} of {wanted.epochs} epochs")
    images, of = _images(trained), _images(wanted)
    if images < of:
        parts.append(f"{images:,} of {of:,} images")
    return ", ".join(parts)


def _images(recipe: Recipe) -> int:
    available = round(PROTOCOLS[recipe.protocol].train * recipe.train_fraction)
    return min(recipe.limit or available, available)


def source_recipe(run: Run) -> Recipe | None:
    """Returns the catalogue's recipe of a run's network; `None` for one that is not in it."""
    system = next((one for one in systems() if one.id == run.architecture), None)
    return Recipe.from_dict(system.recipe) if system else None


def shorter_than_source(run: Run, varied: Collection[str]) -> str:
    """Returns how much shorter a run was trained than its source asks; empty where it is not.

    What stopped early on its own is shorter too, unless its source stops early itself. A network of
    the reader's own has its recipe for a source, on all images.

    Args:
        varied: keys of the recipe that a study varies, which are no shortening.
    """
    assert run.recipe is not None  # only runs with one match a level
    source = source_recipe(run) or replace(run.recipe, train_fraction=1.0, limit=0)
    early = run.status != "done" or (run.recipe.early_stopping and not source.early_stopping)
    epochs = run.epochs if early else run.recipe.epochs
    asked = {key: getattr(source, key) for key in ("epochs", "limit", "train_fraction")}
    wanted = replace(run.recipe, **{key: v for key, v in asked.items() if key not in varied})
    return reduced_words(replace(run.recipe, epochs=epochs), wanted)
