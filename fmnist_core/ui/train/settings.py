"""How a job trains, in words: what tells it from other jobs, and what its source does otherwise."""

from collections.abc import Callable
from typing import Any

from fmnist_core.data import PROTOCOLS, binding_limit
from fmnist_core.errors import UnknownNameError
from fmnist_core.evaluation.run_names import badges, named_budget
from fmnist_core.jobs.record import Job
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.unsettled import count_steps, unsettled_after
from fmnist_core.training.estimate import image_counts
from fmnist_core.training.plan import Plan
from fmnist_core.training.provenance import budget, protocol_differences

# Recipe key -> how its value is said, where the source has another one. Images, epochs, optimizer,
# rate and batches are said of every job.
_DEPARTURES: dict[str, Callable[[Any], str]] = {
    "protocol": lambda name: PROTOCOLS[name].title,
    "train_fraction": lambda share: f"{100 * share:g} % of the training images",
    "schedule": lambda name: f"{name.replace('_', '-')} schedule",
    "weight_decay": lambda rate: f"weight decay {rate:g}" if rate else "no weight decay",
    "label_smoothing": lambda share: f"label smoothing {share:g}" if share else "hard labels",
    "augmentation": lambda words: words or "not augmented",
    "early_stopping": lambda epochs: (
        f"early stopping after {epochs}" if epochs else "no early stopping"
    ),
    "keep": lambda which: f"weights of the {which} epoch",
    "precision": str,
    "pixel_mean": lambda mean: f"pixel mean {mean:g}",
    "pixel_std": lambda deviation: f"pixel deviation {deviation:g}",
}


def network_name(plan: Plan) -> str:
    """Returns the architecture's title, with the reading where it is not the first one."""
    system = _system(plan)
    return system.reading(plan.variant) if system else "Own layers"


def recipe_words(plan: Plan) -> str:
    """Returns the recipe in the few words that tell jobs of one network apart."""
    recipe, source = plan.recipe, _source_recipe(plan)
    words = [
        f"{recipe.epochs} {'epoch' if recipe.epochs == 1 else 'epochs'}",
        f"{recipe.optimizer} at {recipe.learning_rate:g}",
        f"batches of {recipe.batch_size}",
        f"seed {recipe.seed}",
    ]
    if limit := binding_limit(recipe.protocol, recipe.train_fraction, recipe.limit):
        words.insert(1, f"{limit:,} images")
    words += [
        say(value)
        for key, say in _DEPARTURES.items()
        if (value := getattr(recipe, key)) != getattr(source, key)
        or (key == "augmentation" and value)
    ]
    return " · ".join(words)


def headline(plan: Plan) -> str:
    """Returns what a job trains and how; the network only where the job's name does not say it."""
    network = network_name(plan)
    recipe = recipe_words(plan)
    return recipe if network == plan.name else f"{network} · {recipe}"


def planned_labels(job: Job) -> list[str]:
    """Returns what will stand beside the numbers of the job's run, before there are any."""
    plan, system = job.plan, _system(job.plan)
    if system is None and plan.architecture != "custom":
        return plan_badges(plan, "")  # of a catalogue entry that has gone
    differences = protocol_differences(plan, system) if system else ()
    trained = budget(plan, epochs=plan.recipe.epochs, stopped=job.keep)
    settings = len(differences) - (plan.variant is not None)
    return plan_badges(plan, named_budget(trained, plan.architecture, settings))


def plan_badges(plan: Plan, named: str) -> list[str]:
    """Returns what will stand beside the numbers of a training, if all its epochs are trained.

    Args:
        named: its budget, as `run_names.named_budget` calls it.
    """
    recipe = plan.recipe
    steps = count_steps(recipe.epochs, image_counts(recipe).train, recipe.batch_size)
    return badges(recipe.protocol, named, unsettled_after(plan.layers, steps))


def _source_recipe(plan: Plan) -> Recipe:
    system = _system(plan)
    return Recipe.from_dict(system.recipe if system else {})


def _system(plan: Plan) -> System | None:
    try:
        return find_system(plan.architecture)
    except UnknownNameError:
        return None
