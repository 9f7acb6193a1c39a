"""Which runs stand beside a published number: chosen by their recipe, never by their result."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.ledger.evidence import Evidence
from fmnist_core.evaluation.ledger.verdicts import Budget
from fmnist_core.evaluation.recipe_words import (
    departure,
    differing_keys,
    training_settings,
    where_stated,
)
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run

# Less of these is the same recipe on a smaller budget.
_BUDGET = {"epochs", "limit", "train_fraction"}
# No source states it, and weights are stored in float32 whichever it was.
_HARMLESS = {"precision"}
# What Keras gives an optimizer unasked where the source names another one without its rate.
_KERAS_RATES = {"sgd": 0.01}
_KERAS_RATE = 0.001


@dataclass(frozen=True)
class Choice:
    """Runs that differ in nothing but the seed.

    Attributes:
        evidence: one a seed, ascending.
        departures: how their recipe differs from the one that the number needs, in sentences.
    """

    evidence: tuple[Evidence, ...]
    budget: Budget
    departures: tuple[str, ...]


def needed_recipe(system: System, optimizer: str = "", train_fraction: float = 1.0) -> Recipe:
    """Returns the recipe behind a published number.

    The catalogue's, with the row's own optimizer and share of the data. An optimizer that is not
    the catalogue's comes with Keras' own learning rate, since no source prints one.
    """
    values = dict(system.recipe)
    if optimizer and optimizer != Recipe.from_dict(values).optimizer:
        rate = _KERAS_RATES.get(optimizer, _KERAS_RATE)
        values |= {"optimizer": optimizer, "learning_rate": rate}
    if train_fraction != 1:
        values["train_fraction"] = train_fraction
    return Recipe.from_dict(values)


def choose_runs(system: System, needed: Recipe, evidence: Sequence[Evidence]) -> Choice | None:
    """Returns the runs of a system that a number is held against; `None` where there are none.

    In this order: runs at the needed recipe; at it but in another precision; on a smaller budget;
    by another recipe with the same optimizer. Among several of one kind the one with the most
    training goes first, then the one with the fewest departures, then by name. Of one seed trained
    twice the newest run counts. No accuracy is looked at. The recipe of a baseline that is not
    trained by epochs is its split and how many images it learned from.
    """
    groups: dict[Hashable, dict[int, Evidence]] = defaultdict(dict)
    for item in sorted(evidence, key=lambda e: (e.run.created, e.run.run_id)):
        run = item.run
        catalogued = (run.architecture, run.variant, run.layers) == (system.id, None, system.layers)
        # No recipe vouches for the split that a baseline names.
        if run.protocol not in PROTOCOLS:
            continue
        if catalogued and (run.recipe is None or run.recipe.optimizer == needed.optimizer):
            groups[_group_key(run)][run.seed] = item
    if not groups:
        return None
    ranked = sorted(groups.items(), key=lambda entry: _rank(entry, needed))
    members = tuple(item for _, item in sorted(ranked[0][1].items()))
    run = members[0].run
    return Choice(members, _budget(run, needed), _departures(run, needed, system))


def _group_key(run: Run) -> Hashable:
    if run.recipe is None:
        return (run.protocol, run.images.train)
    # Two trainings that were stopped at different epochs are no two seeds of one thing.
    return (training_settings(run.recipe), run.epochs if run.status == "stopped" else 0)


def _rank(entry: tuple[Hashable, dict[int, Evidence]], needed: Recipe) -> tuple[Any, ...]:
    key, members = entry
    run = next(iter(members.values())).run
    kind = ("full", "reduced", "stopped", "other recipe").index(_budget(run, needed))
    different = _differing(run, needed)
    return (
        kind,
        len(different) if kind == 0 else 0,
        -max(run.epochs, 1) * run.images.train,  # a baseline has no epochs
        len(different),
        str(key),
    )


def _budget(run: Run, needed: Recipe) -> Budget:
    recipe, different = _recipe(run, needed), set(_differing(run, needed)) - _HARMLESS
    if different - _BUDGET:
        return "other recipe"
    if run.status == "stopped":
        return "stopped"
    if not different:
        return "full"
    more = recipe.epochs > needed.epochs or recipe.train_fraction > needed.train_fraction
    return "other recipe" if more else "reduced"


def _recipe(run: Run, needed: Recipe) -> Recipe:
    """The run's recipe; for a baseline without one, the needed one on the images it learned from.

    A limit takes the very images that a share of them would.
    """
    if run.recipe is not None:
        return run.recipe
    return replace(needed, protocol=run.protocol, train_fraction=1.0, limit=run.images.train)


def _differing(run: Run, needed: Recipe) -> list[str]:
    return differing_keys(_recipe(run, needed), needed)


def _departures(run: Run, needed: Recipe, system: System) -> tuple[str, ...]:
    sentences = [
        departure(key, _recipe(run, needed), needed, where_stated(system, key))
        for key in _differing(run, needed)
    ]
    if run.status == "stopped":
        sentences.append(f"epochs: stopped after {run.epochs} of {run.epochs_planned}.")
    return tuple(sentences)
