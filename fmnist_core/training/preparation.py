"""Everything that can be refused before TensorFlow is loaded: data, split, sizes, disk."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.architectures import summarize
from fmnist_core.data import Pool, Split, load_pool, make_split
from fmnist_core.errors import DiskError, RecipeError
from fmnist_core.recipes import Recipe
from fmnist_core.runs.write import STAGING, WORK, discard_staging, open_staging, sweep_staging
from fmnist_core.training.cost import FLOAT32_BYTES, OPTIMIZER_SLOTS
from fmnist_core.training.plan import PLAN, Plan, save_plan


@dataclass(frozen=True)
class Prepared:
    """A plan with the folder it is written to and the images it trains on."""

    plan: Plan
    staging: Path
    pool: Pool
    split: Split

    @property
    def work(self) -> Path:
        """Where checkpoints live while the training runs."""
        return self.staging / WORK


def prepare(root: Path, plan: Plan) -> Prepared:
    """Loads and splits the data, and opens the run's staging folder with the plan in it.

    Can be called again for the same plan: an interrupted training goes on in the same folder.

    Raises:
        DataError: the data is missing or damaged.
        RecipeError: a batch is larger than the training set.
        RunError: the folder of runs cannot be written, or has no room for two checkpoints.
    """
    pool, recipe = load_pool(), plan.recipe
    split = make_split(
        recipe.protocol, pool.labels, recipe.seed, recipe.train_fraction, recipe.limit
    )
    check_batch_size(recipe, len(split.train))
    sweep_staging(root)
    prepared = Prepared(plan, _open_with_room(root, plan), pool, split)
    prepared.work.mkdir(exist_ok=True)
    if not (prepared.work / PLAN).exists():
        save_plan(prepared.work, plan)
    return prepared


def check_batch_size(recipe: Recipe, images: int) -> None:
    """Makes sure that there is a whole batch. Raises `RecipeError` where there is none."""
    if recipe.batch_size > images:
        raise RecipeError(
            f"batch_size must be at most the number of training images, {images:,}. "
            f"Received: {recipe.batch_size:,}."
        )


def _open_with_room(root: Path, plan: Plan) -> Path:
    """Opens the staging folder; a new one goes again where there is no room."""
    new = not (root / STAGING / plan.run_id).exists()
    staging = open_staging(root, plan.run_id)
    try:
        check_room(staging, plan)
    except DiskError:
        if new:
            discard_staging(staging)
        raise
    return staging


def check_room(staging: Path, plan: Plan) -> None:
    """Makes sure that checkpoints find room: the old one goes when the new one is written.

    Else a training would lose its first epoch to a full disk, and each one queued behind it too.

    Raises:
        DiskError: there is less room than two checkpoints take.
    """
    copies = 1 + OPTIMIZER_SLOTS[plan.recipe.optimizer] + (plan.recipe.keep == "best")
    needed = 2 * copies * FLOAT32_BYTES * summarize(plan.layers).total_params
    written = sum(path.stat().st_size for path in (staging / WORK).glob("epoch-*.safetensors"))
    room = shutil.disk_usage(staging).free + written
    if room < needed:
        raise DiskError(
            f"the disk of {staging.parent.parent} must have room for two checkpoints, "
            f"{needed / 1e6:,.1f} MB. Received: {room / 1e6:,.1f} MB. Free some space, or name "
            "another folder in FMNIST_RUNS_DIR."
        )
