"""What a training run is to be, before it starts: kept beside its checkpoints, so it can resume."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fmnist_core.architectures import Summary, check_buildable
from fmnist_core.architectures.weight_shapes import weight_shapes
from fmnist_core.errors import LayerTextError, RecipeError, UnknownNameError
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import System
from fmnist_core.recipes import Recipe, parse_augmentation
from fmnist_core.runs import records, strict_json
from fmnist_core.runs.disk import read_bounded, write_durably
from fmnist_core.runs.ids import LONGEST_RUN_ID, RUN_ID, check_run_id, new_run_id
from fmnist_core.runs.manifest import MANIFEST
from fmnist_core.runs.records import Text
from fmnist_core.runs.schema import MOST_RUN_JSON_BYTES, Name, Word, parse_run
from fmnist_core.runs.weights import MOST_TENSORS
from fmnist_core.runs.write import STAGING, WORK

PLAN = "plan.json"
# Stored as float16, they and the LiteRT model must each fit into 64 MiB (`runs.manifest`). Whether
# the model must be float32 only the trained numbers say; one that is too large is then left out.
MOST_PARAMS = 30_000_000
LONGEST_NOTES = 4_500  # characters: a run holds more, since the training may add a sentence


@dataclass(frozen=True)
class Plan:
    """A run to be trained; `architecture` is a catalogue id, or "custom".

    What `run.json` would refuse is refused here, and not after hours of training.
    """

    run_id: Annotated[str, Text(LONGEST_RUN_ID, form=RUN_ID.pattern)]
    name: Word
    architecture: Name
    variant: Name | None
    layers: Annotated[str, Text(100_000, lines=True)]
    recipe: Recipe
    notes: Annotated[str, Text(LONGEST_NOTES, lines=True)] = ""


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
        layers: a layer text to train instead of the catalogue's; it has no variants.

    Raises:
        UnknownNameError: an unknown architecture, variant or recipe key.
        RecipeError, LayerTextError: a recipe or text that cannot be followed.
        RunError: a name or notes that a run cannot hold.
    """
    custom = layers is not None
    system = None if architecture == "custom" else find_system(architecture)
    if layers is None:
        layers = _catalogue_layers(architecture, system, variant)
    elif variant is not None:
        raise RecipeError(
            f"a layer text of one's own must come without a variant. Received: {variant!r}."
        )
    summary = check_trainable(layers)
    recipe = Recipe.from_dict({**(system.recipe if system else {}), **changes})
    _check_capsules(summary, recipe)
    known = "custom" if custom else architecture
    title = system.reading(variant) if system and not custom else "Custom network"
    plan = Plan(new_run_id(known), name or title, known, variant, layers, recipe, notes)
    records.to_json(plan, what="")  # refuses what a run cannot hold
    return plan


def check_trainable(network: str | Summary) -> Summary:
    """Makes sure that a network can be built, and stored once it is trained; returns its summary.

    Raises `LayerTextError` where it cannot.
    """
    summary = check_buildable(network)
    if summary.total_params > MOST_PARAMS:
        raise LayerTextError(
            0,
            f"a network to train may have at most {MOST_PARAMS:,} parameters, to be stored as a "
            f"run. Received: {summary.total_params:,}. Use fewer filters or units.",
        )
    if (tensors := len(weight_shapes(summary))) > MOST_TENSORS:
        raise LayerTextError(
            0,
            f"a network to train may have at most {MOST_TENSORS:,} tensors of weights, to be "
            f"stored as a run. Received: {tensors:,}. Repeat fewer layers.",
        )
    return summary


def save_plan(folder: Path, plan: Plan) -> None:
    """Writes `plan.json` into an existing folder."""
    write_durably(folder / PLAN, strict_json.dumps(records.to_json(plan)))


def unfinished_plan(root: Path, run_id: str) -> Plan:
    """The plan of a training in `root` that was interrupted.

    Raises:
        UnknownNameError: no such training; the nearest are offered.
        RunError: the id is malformed or the plan is damaged.
    """
    staging = root / STAGING / check_run_id(run_id)
    if (staging / MANIFEST).is_file():
        return _finished_plan(staging)
    path = staging / WORK / PLAN
    if not path.is_file():
        waiting = [plan.parts[-3] for plan in (root / STAGING).glob(f"*/{WORK}/{PLAN}")]
        raise UnknownNameError("interrupted training", run_id, waiting)
    data = strict_json.loads(
        read_bounded(path, MOST_RUN_JSON_BYTES), PLAN, most_bytes=MOST_RUN_JSON_BYTES
    )
    return records.from_json(Plan, data, PLAN)


def _finished_plan(staging: Path) -> Plan:
    """The plan of a run that only lacks its move into place: its work folder may be gone."""
    run = parse_run(read_bounded(staging / "run.json", MOST_RUN_JSON_BYTES), staging.name)
    assert run.recipe is not None  # only what is trained by epochs has a plan
    return Plan(run.run_id, run.name, run.architecture, run.variant, run.layers, run.recipe)


def _check_capsules(summary: Summary, recipe: Recipe) -> None:
    """Refuses what their losses would silently ignore or turn into nonsense."""
    capsules = any(row.type == "CapsuleLength" for row in summary.layers)
    if capsules and recipe.label_smoothing:
        raise RecipeError(
            "label_smoothing must be 0 for capsules, since the margin loss has none. "
            f"Received: {recipe.label_smoothing:g}."
        )
    if summary.reconstruction_layer and "mixup" in parse_augmentation(recipe.augmentation):
        raise RecipeError(
            "augmentation must not mix images for a decoder, which reconstructs the image of one "
            f"class. Received: {recipe.augmentation!r}. Leave mixup out."
        )


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
