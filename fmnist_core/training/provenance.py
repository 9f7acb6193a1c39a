"""Where a run comes from, and what sets it apart from what its source describes."""

import platform
from pathlib import Path

from fmnist_core.evaluation.recipe_words import departure, differing_keys, where_stated
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.budget import Share, trained_share
from fmnist_core.runs.schema import Provenance
from fmnist_core.training.plan import Plan

_DIVERGED = "The training diverged in the epoch after these, which was dropped."
_TOO_LARGE = (
    "The model would lose too much in float16 and is larger in float32 than a run may hold: it and "
    "the weights were not kept."
)


def provenance(plan: Plan, *, diverged: bool = False, too_large: bool = False) -> Provenance:
    """The source, how much of the network it states, and every departure from its recipe.

    Args:
        diverged: said in the notes, or a reader would take the run for one that a person stopped.
        too_large: likewise, or it would seem that a person did not want the weights.
    """
    remarks = (plan.notes, _DIVERGED if diverged else "", _TOO_LARGE if too_large else "")
    notes = "\n".join(filter(None, remarks))
    system = _system(plan)
    if system is None:
        return Provenance("custom", "", (), notes)
    return Provenance(system.basis, system.paper, protocol_differences(plan, system), notes)


def protocol_differences(plan: Plan, system: System) -> tuple[str, ...]:
    """One sentence for each recipe key that differs from the catalogue's recipe."""
    catalogue, ours = Recipe.from_dict(system.recipe), plan.recipe
    sentences = [
        departure(key, ours, catalogue, _whose(system, key, getattr(ours, key)))
        for key in differing_keys(ours, catalogue)
    ]
    if plan.variant is not None:
        sentences.insert(0, f"layers: the variant {plan.variant!r}.")
    return tuple(sentences)


def _whose(system: System, key: str, ours: object) -> str:
    if any(getattr(number, key, None) == ours for number in system.published):
        return "in the source's main training; it prints numbers for both"
    return where_stated(system, key)


def budget(plan: Plan, *, epochs: int, stopped: bool) -> Share:
    """What `trained_share` says of so many epochs of a plan."""
    return trained_share(plan.architecture, plan.recipe, epochs=epochs, stopped=stopped)


def processor_name() -> str:
    """The processor's model name, as the system gives it."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system(plan: Plan) -> System | None:
    return None if plan.architecture == "custom" else find_system(plan.architecture)
