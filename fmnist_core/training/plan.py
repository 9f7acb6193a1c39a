"""What a training run is to be, before it starts: kept beside its checkpoints, so it can resume."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fmnist_core.architectures import check_buildable
from fmnist_core.errors import RecipeError, RunError, UnknownNameError
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe
from fmnist_core.runs import strict_json
from fmnist_core.runs.disk import read_bounded, write_durably
from fmnist_core.runs.ids import check_run_id, new_run_id
from fmnist_core.runs.write import STAGING, WORK

PLAN = "plan.json"
_MOST_PLAN_BYTES = 256 * 1024


@dataclass(frozen=True)
class Plan:
    """A run to be trained; `architecture` is a catalogue id, or "custom"."""

    run_id: str
    name: str
    architecture: str
    variant: str | None
    layers: str
    recipe: Recipe
    notes: str = ""


def plan_run(
    architecture: str,
    changes: dict[str, Any],
    *,
    variant: str | None = None,
    layers: str | None = None,
    name: str = "",
    notes: str = "",
) -> Plan:
    """A plan with a new run id: the catalogue's recipe with `changes`, or the default recipe.

    Args:
        architecture: a catalogue id; with `layers`, the id whose recipe is used, or "custom".
        changes: recipe keys and values, as words or numbers.
        layers: a layer text to train instead of the catalogue's.

    Raises:
        UnknownNameError: an unknown architecture, variant or recipe key.
        RecipeError, LayerTextError: a recipe or text that cannot be followed.
    """
    custom = layers is not None
    system = None if architecture == "custom" else find_system(architecture)
    if layers is None:
        layers = _catalogue_layers(architecture, system, variant)
    check_buildable(layers)
    recipe = Recipe.from_dict({**(system.recipe if system else {}), **changes})
    known = "custom" if custom else architecture
    title = name or (system.title if system and not custom else "Custom network")
    return Plan(new_run_id(known), title, known, variant, layers, recipe, notes)


def save_plan(folder: Path, plan: Plan) -> None:
    """Writes `plan.json` into an existing folder."""
    write_durably(folder / PLAN, strict_json.dumps(asdict(plan)))


def unfinished_plan(root: Path, run_id: str) -> Plan:
    """The plan of a training in `root` that was interrupted.

    Raises:
        UnknownNameError: no such training; the nearest are offered.
        RunError: the id is malformed or the plan is damaged.
    """
    path = root / STAGING / check_run_id(run_id) / WORK / PLAN
    if not path.is_file():
        waiting = [plan.parts[-3] for plan in (root / STAGING).glob(f"*/{WORK}/{PLAN}")]
        raise UnknownNameError("interrupted training", run_id, waiting)
    data = strict_json.loads(
        read_bounded(path, _MOST_PLAN_BYTES), PLAN, most_bytes=_MOST_PLAN_BYTES
    )
    try:
        return Plan(**{**data, "recipe": Recipe.from_dict(data["recipe"])})
    except (KeyError, TypeError) as error:
        raise RunError(f"{PLAN} must hold a training plan. Received: {error}.") from error


def _catalogue_layers(architecture: str, system: System | None, variant: str | None) -> str:
    if system is None:
        raise RecipeError("a custom network must come with a layer text. Received: none.")
    if not system.layers:
        raise RecipeError(
            f"{architecture} must have layers to be trained as a network. Received: a baseline "
            "without any."
        )
    if variant is None:
        return system.layers
    layers = {candidate.id: candidate.layers for candidate in system.variants}
    if variant not in layers:
        raise UnknownNameError("variant", variant, layers)
    return layers[variant]
