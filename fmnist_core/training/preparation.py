"""Everything that can be refused before TensorFlow is loaded: data, split, sizes, disk."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.architectures import summarize
from fmnist_core.data import Pool, Split, load_pool, make_split
from fmnist_core.errors import DiskError, RecipeError
from fmnist_core.recipes import Recipe
from fmnist_core.runs.write import STAGING, WORK, open_staging, sweep_staging
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
    check_room(root, plan)
    prepared = Prepared(plan, open_staging(root, plan.run_id), pool, split)
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


def check_room(root: Path, plan: Plan) -> None:
    """Makes sure that checkpoints find room: the old one goes when the new one is written.

    Else a training would lose its first epoch to a full disk, and each one queued behind it too.

    Raises:
        DiskError: there is less room than two checkpoints take.
    """
    copies = 1 + OPTIMIZER_SLOTS[plan.recipe.optimizer] + (plan.recipe.keep == "best")
    needed = 2 * copies * FLOAT32_BYTES * summarize(plan.layers).total_params
    written = (root / STAGING / plan.run_id / WORK).glob("epoch-*.safetensors")
    room = _free_bytes(root) + sum(path.stat().st_size for path in written)
    if room < needed:
        raise DiskError(
            f"the disk of {root} must have room for two checkpoints, {needed / 1e6:,.1f} MB. "
            f"Received: {room / 1e6:,.1f} MB. Free some space, or name another folder in "
            "FMNIST_RUNS_DIR."
        )


def _free_bytes(folder: Path) -> int:
    """Returns what is free on the disk where a folder is, or would be made."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free
