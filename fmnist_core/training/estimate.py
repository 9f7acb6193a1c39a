"""What a training will take, before it starts: time from this machine's own runs, and memory.

Imports nothing of Keras: pages ask here.
"""

from dataclasses import dataclass

from fmnist_core.architectures import Summary
from fmnist_core.data import PROTOCOLS
from fmnist_core.errors import RecipeError
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import ImageCounts
from fmnist_core.training.cost import (
    checkpoint_columns,
    epoch_columns,
    finish_columns,
    prediction_work,
    start_columns,
    training_work,
)
from fmnist_core.training.memory import memory_limit, peak_memory
from fmnist_core.training.speed import Speed, folder_speed, machine_speed

__all__ = [
    "Estimate",
    "Speed",
    "check_fits",
    "estimate",
    "folder_speed",
    "image_counts",
    "machine_speed",
    "memory_limit",
]

# Seconds until a job of a warm training service has its data split and its process ready.
_START_SECONDS = 2.5


@dataclass(frozen=True)
class Estimate:
    """What one training takes on otherwise idle cores.

    Attributes:
        seconds: the whole job, by the clock: start, all epochs of the recipe (early stopping may
            save some), validation after each, and the final evaluation.
        seconds_per_epoch: one epoch with its validation and checkpoint.
        low_seconds: the job should take at least so long, and at most `high_seconds`.
        memory_bytes: of the training process at its peak.
        basis: one sentence on what the time comes from.
    """

    seconds: float
    seconds_per_epoch: float
    low_seconds: float
    high_seconds: float
    memory_bytes: int
    basis: str


def estimate(summary: Summary, recipe: Recipe, images: ImageCounts, speed: Speed) -> Estimate:
    """What the training of a network takes; below a millisecond.

    Args:
        images: as `image_counts` gives them.
        speed: as `machine_speed` fits it.
    """
    training, prediction = training_work(summary), prediction_work(summary)
    threads = recipe.threads
    per_epoch = speed.wall_seconds(
        epoch_columns(training, prediction, recipe, images), threads
    ) + speed.wall_seconds(checkpoint_columns(training, recipe), threads)
    once = (
        _START_SECONDS
        + speed.wall_seconds(start_columns(training), threads)
        + speed.wall_seconds(finish_columns(training, prediction, recipe, images), threads)
    )
    seconds = once + recipe.epochs * per_epoch
    return Estimate(
        seconds=seconds,
        seconds_per_epoch=per_epoch,
        low_seconds=seconds / speed.factor,
        high_seconds=seconds * speed.factor,
        memory_bytes=peak_memory(summary, recipe, images),
        basis=speed.basis,
    )


def image_counts(recipe: Recipe) -> ImageCounts:
    """How many images each part of the recipe's split will hold, without reading any data."""
    protocol = PROTOCOLS[recipe.protocol]
    train = max(1, round(protocol.train * recipe.train_fraction))
    return ImageCounts(min(train, recipe.limit or train), protocol.validation, protocol.test)


def check_fits(needed: Estimate) -> None:
    """Makes sure that one training fits into this machine's memory.

    Raises `RecipeError` where it does not.
    """
    limit = memory_limit()
    if needed.memory_bytes > limit:
        raise RecipeError(
            f"a training must fit into {limit / 1e9:.1f} GB of memory, what one may use on this "
            f"machine. Received: one of about {needed.memory_bytes / 1e9:.1f} GB. "
            "Use a smaller batch_size or fewer filters."
        )
