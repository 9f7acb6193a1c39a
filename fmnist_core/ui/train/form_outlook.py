"""What a training would be before it is queued: its plan, its time and memory, its caveats."""

import contextlib
import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist_core.architectures import Summary
from fmnist_core.errors import FmnistError, RecipeError, RunError
from fmnist_core.evaluation.recipe_words import differing_keys
from fmnist_core.evaluation.run_names import named_budget
from fmnist_core.figures.train.form_words import Difference
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.budgets import BUDGETS, recipe_for
from fmnist_core.training.estimate import (
    Estimate,
    Speed,
    check_fits,
    estimate,
    folder_speed,
    image_counts,
    machine_speed,
)
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.preparation import check_batch_size
from fmnist_core.training.provenance import budget, processor_name
from fmnist_core.ui.architectures.choice import all_readings, choice_key
from fmnist_core.ui.architectures.loaders import network
from fmnist_core.ui.train.form_state import CUSTOM, LENGTH, OWN_BUDGET, Form

MOST_JOBS = 100
OWN_TITLE = "My own layers"

Changes = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Candidate:
    """A network that can be trained.

    Attributes:
        key: as the address names it.
        architecture: id of the catalogue, or `CUSTOM`.
        layers: its layer text.
    """

    key: str
    title: str
    architecture: str
    variant: str | None
    layers: str

    @property
    def own_layers(self) -> str | None:
        """The layer text, of one that is not in the catalogue."""
        return self.layers if self.architecture == CUSTOM else None

    @property
    def source_recipe(self) -> Recipe:
        """The recipe of its source; the default one for the reader's own layers."""
        own = self.architecture == CUSTOM
        return Recipe.from_dict({} if own else find_system(self.architecture).recipe)


@dataclass(frozen=True)
class Outlook:
    """One training as it would be queued, with what it will take.

    Attributes:
        budget: as `run_names.named_budget` will call its run's.
        may_be_reduced: whether early stopping can make it a reduced one.
        differences: what the recipe has unlike the source's.
        refusal: why this machine cannot train it; empty where it can.
    """

    candidate: Candidate
    plan: Plan
    summary: Summary
    estimate: Estimate
    budget: str
    may_be_reduced: bool
    differences: tuple[Difference, ...]
    refusal: str


def candidates(own_layers: str | None) -> dict[str, Candidate]:
    """Returns all that can be trained, by key; the reader's own layers first, where there are."""
    if own_layers is None:
        return catalogue()
    return {CUSTOM: Candidate(CUSTOM, OWN_TITLE, CUSTOM, None, own_layers)} | catalogue()


@st.cache_resource(show_spinner=False)
def catalogue() -> dict[str, Candidate]:
    """Returns every network of the catalogue, in every reading, by key; not to be changed."""
    found = [
        Candidate(
            choice_key(choice.system.id, choice.variant),
            choice.title,
            choice.system.id,
            choice.variant or None,
            choice.layers.strip("\n"),
        )
        for choice in all_readings()
    ]
    return {candidate.key: candidate for candidate in found}


def outlook(candidate: Candidate, form: Form, **more: Any) -> Outlook:
    """Returns what one training would be.

    Args:
        more: recipe keys that stand in place of the form's.

    Raises:
        RecipeError, LayerTextError, RunError: why it cannot be trained like this.
    """
    changes = tuple((form.changed | more).items())
    return _outlook(candidate, form.budget, changes, form.name, form.notes, runs_root())


def outlooks(chosen: Iterable[Candidate], form: Form) -> Iterator[Outlook]:
    """Yields every combination of networks, optimizers and learning rates, with the first seed.

    All rows of one network have the length that the budget leaves its slowest one: else a table of
    optimizers would compare how long each was trained.
    """
    for candidate in chosen:
        rows = [outlook(candidate, form, **way) for way in _ways(form)]
        shortest = min((row.plan.recipe for row in rows), key=_images_in_all)
        length = {key: getattr(shortest, key) for key in LENGTH}
        if any(getattr(row.plan.recipe, key) != length[key] for row in rows for key in LENGTH):
            by_hand = dataclasses.replace(form, budget=OWN_BUDGET)
            rows = [outlook(candidate, by_hand, **way, **length) for way in _ways(form)]
        yield from rows


def count_jobs(chosen: Sequence[Candidate], form: Form) -> int:
    """Returns how many jobs the form stands for, all seeds counted."""
    return len(chosen) * len(_ways(form)) * form.seeds


def _ways(form: Form) -> list[dict[str, Any]]:
    """Returns the recipe keys of each row of a grid; one way without any where there is no grid."""
    several = form.mode == "several"
    lists = {"optimizer": form.optimizers, "learning_rate": form.learning_rates} if several else {}
    given = {key: values for key, values in lists.items() if values}
    return [dict(zip(given, way, strict=True)) for way in itertools.product(*given.values())]


def _images_in_all(recipe: Recipe) -> int:
    return recipe.epochs * image_counts(recipe).train


def plans(rows: Iterable[Outlook], seeds: int) -> list[Plan]:
    """Returns the plans to be queued, each with a run id of its own."""
    return [
        plan_run(
            row.plan.architecture,
            row.plan.recipe.to_dict() | {"seed": row.plan.recipe.seed + number},
            variant=row.plan.variant,
            layers=row.candidate.own_layers,
            name=row.plan.name,
            notes=row.plan.notes,
        )
        for row in rows
        for number in range(seeds)
    ]


def base_recipe(candidate: Candidate, form: Form) -> Recipe:
    """Returns the recipe that the form's fields show where the reader set nothing.

    It is that of the source, with epochs and images as the chosen budget has them.
    """
    source = candidate.source_recipe
    if form.budget == OWN_BUDGET:
        return source
    for tried in (sound_form(form), dataclasses.replace(form, changes=())):
        with contextlib.suppress(FmnistError):
            planned = outlook(candidate, tried).plan.recipe
            length = {key: getattr(planned, key) for key in LENGTH}
            return dataclasses.replace(source, **length)
    return source


def sound_form(form: Form) -> Form:
    """Returns the form without what is wrong in itself, so that the rest can be shown."""
    return dataclasses.replace(
        form,
        changes=tuple(change for change in form.changes if not problem_of(*change)),
        learning_rates=tuple(
            rate for rate in form.learning_rates if not problem_of("learning_rate", rate)
        ),
        name="",
        notes="",
    )


def problem_of(key: str, value: Any) -> str:
    """Returns what must hold for this recipe key; empty where it does."""
    try:
        Recipe.from_dict({key: value})
    except FmnistError as error:
        return str(error)
    return ""


@st.cache_resource(max_entries=512, ttl=60, show_spinner=False)
def _outlook(
    candidate: Candidate, budget_id: str, changes: Changes, name: str, notes: str, root: Path
) -> Outlook:
    """Keeps small records only; a minute, since every finished run corrects the estimates."""
    plan = plan_run(
        candidate.architecture,
        dict(changes),
        variant=candidate.variant,
        layers=candidate.own_layers,
        name=name,
        notes=notes,
    )
    # What time and memory do not depend on is left out, so that a grid asks once.
    kind = dataclasses.replace(plan.recipe, learning_rate=1.0, seed=0)
    length, takes, refusal = _length_and_estimate(plan.layers, kind, budget_id, root)
    plan = dataclasses.replace(plan, recipe=dataclasses.replace(plan.recipe, **length))
    counts = image_counts(plan.recipe)
    check_batch_size(plan.recipe, counts.train)
    differences = _differences(plan)
    epochs, patience = plan.recipe.epochs, plan.recipe.early_stopping
    trained = budget(plan, epochs=epochs, stopped=False)
    fewest = min(epochs, patience + 1) if patience else epochs
    return Outlook(
        candidate,
        plan,
        network(plan.layers).summary,
        takes,
        named_budget(trained, plan.architecture, len(differences)),
        budget(plan, epochs=fewest, stopped=False) != trained,
        differences,
        refusal,
    )


@st.cache_resource(max_entries=512, ttl=60, show_spinner=False)
def _length_and_estimate(
    layers: str, recipe: Recipe, budget_id: str, root: Path
) -> tuple[dict[str, Any], Estimate, str]:
    """Returns the epochs and images that a budget leaves, what it then takes, and any refusal."""
    summary, speed = network(layers).summary, _speed(root)
    budgets = {known.id: known for known in BUDGETS}
    length: dict[str, Any] = {}
    if budget_id in budgets:
        length = recipe_for(budgets[budget_id], recipe, summary, image_counts, speed)
    shorter = dataclasses.replace(recipe, **length)
    takes = estimate(summary, shorter, image_counts(shorter), speed)
    return length, takes, _refusal(takes)


def _refusal(takes: Estimate) -> str:
    try:
        check_fits(takes)
    except RecipeError as error:
        return str(error)
    return ""


def _differences(plan: Plan) -> tuple[Difference, ...]:
    if plan.architecture == CUSTOM:
        return ()
    system = find_system(plan.architecture)
    ours, theirs = plan.recipe, Recipe.from_dict(system.recipe)
    return tuple(
        Difference(key, getattr(ours, key), getattr(theirs, key), key in system.stated_recipe)
        for key in differing_keys(ours, theirs)
    )


@st.cache_resource(max_entries=4, ttl=60, show_spinner=False)
def _speed(root: Path) -> Speed:
    """How fast this machine trains, from the runs that it has."""
    try:
        return folder_speed(root, processor_name())
    except RunError:  # the other pages say what is wrong with the folder
        return machine_speed((), processor_name())
