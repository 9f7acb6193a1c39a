"""Everything that can be refused before TensorFlow is loaded: data, split, sizes, disk."""

from dataclasses import dataclass
from pathlib import Path

from fmnist_core.data import Pool, Split, load_pool, make_split
from fmnist_core.errors import RecipeError
from fmnist_core.recipes import Recipe
from fmnist_core.runs.write import WORK, open_staging, sweep_staging
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
        RunError: the folder of runs cannot be written.
    """
    pool, recipe = load_pool(), plan.recipe
    split = make_split(
        recipe.protocol, pool.labels, recipe.seed, recipe.train_fraction, recipe.limit
    )
    check_batch_size(recipe, len(split.train))
    sweep_staging(root)
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
