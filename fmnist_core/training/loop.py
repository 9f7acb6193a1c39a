"""The training loop: epochs with checkpoints, progress after every batch, and a clean stop."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import RecipeError
from fmnist_core.evaluation.metrics import accuracy, log_loss
from fmnist_core.evaluation.run_metrics import best_epoch
from fmnist_core.recipes import Recipe
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.batches import EpochBatches, Images, network_input, steps_per_epoch
from fmnist_core.training.checkpoint import (
    Arrays,
    load_checkpoint,
    save_checkpoint,
    values_of,
)
from fmnist_core.training.memory import PREDICT_BATCH
from fmnist_core.training.network import Network, compile_network

# A larger one is divergence, and more than a run's history can hold.
_LARGEST_LOSS = 1_000_000
# Plateau: the rate is divided by ten after so many epochs without a better one.
_PLATEAU_PATIENCE = 5


@dataclass(frozen=True)
class Progress:
    """Where training stands, sent after every batch and, with `row`, after every epoch.

    Attributes:
        epoch: counts from 1.
        batch: batches done in this epoch, of `batches`.
        loss: mean over the epoch so far; `accuracy` likewise, a fraction.
        row: the finished epoch's line of the history.
        validation_probabilities: (n, 10), with `row` only.
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    row: EpochRow | None = None
    validation_probabilities: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Trained:
    """Weights in the order of `keras.Model.weights`, and one row for every finished epoch.

    Attributes:
        stopped: it ended before its plan, by a stop or because it `diverged`.
    """

    weights: Arrays
    history: tuple[EpochRow, ...]
    stopped: bool
    diverged: bool


def train(
    layers: str,
    recipe: Recipe,
    train_images: Images,
    validation: Images,
    checkpoints: Path,
    *,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Trained:
    """Trains a layer text by a recipe, from the newest checkpoint in `checkpoints` if there is one.

    Same recipe, seed and thread count on one machine give the same weights, whether or not the
    training was interrupted. A stop, or a loss that diverges, drops the unfinished epoch and keeps
    all before it.

    Args:
        should_stop: asked before every epoch and after every batch.

    Raises `RecipeError` when the loss diverges in the first epoch.
    """
    network = compile_network(layers, recipe, steps_per_epoch(len(train_images), recipe.batch_size))
    loaded = load_checkpoint(checkpoints, network)
    history = list(loaded.history) if loaded else []
    best_weights = loaded.best_weights if loaded else []
    validation_input = network_input(validation.images, recipe)
    stopped = diverged = False
    while len(history) < recipe.epochs and not _stops_early(history, recipe):
        if stopped := should_stop():
            break
        epoch = len(history) + 1
        if recipe.schedule == "plateau":
            network.trained.optimizer.learning_rate = _plateau_rate(history, recipe)
        started, cpu_started = time.perf_counter(), time.process_time()
        last = _train_epoch(network, recipe, train_images, epoch, on_progress, should_stop)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
        diverged = not last.loss <= _LARGEST_LOSS  # a NaN fails every comparison
        stopped = diverged or last.batch < last.batches
        if not stopped:
            probabilities = network.classifier.predict(
                validation_input, batch_size=PREDICT_BATCH, verbose=0
            )
            # The last update can break the weights after a loss that was still fine.
            stopped = diverged = not bool(np.isfinite(probabilities).all())
        if stopped:
            break
        row = EpochRow(
            epoch=epoch,
            loss=last.loss,
            accuracy=last.accuracy,
            val_loss=log_loss(probabilities, validation.labels),
            val_accuracy=accuracy(probabilities, validation.labels),
            learning_rate=float(network.trained.optimizer.learning_rate),
            seconds=seconds,
            cpu_seconds=cpu_seconds,
        )
        history.append(row)
        if recipe.keep == "best" and best_epoch(history) == epoch:
            best_weights = values_of(network.full.weights)
        save_checkpoint(checkpoints, network, tuple(history), best_weights)
        on_progress(replace(last, row=row, validation_probabilities=probabilities))
    if diverged and not history:
        raise RecipeError(
            f"the loss must stay a number up to {_LARGEST_LOSS:,}, and the probabilities finite. "
            f"Received: a loss of {last.loss:g} in the first epoch. "
            f"Lower learning_rate, now {recipe.learning_rate:g}."
        )
    if stopped and history:
        # The unfinished epoch has changed the weights: go back to the last finished one.
        load_checkpoint(checkpoints, network)
    return Trained(
        best_weights or values_of(network.full.weights), tuple(history), stopped, diverged
    )


def _train_epoch(
    network: Network,
    recipe: Recipe,
    train_images: Images,
    epoch: int,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Progress:
    """One epoch; ends early after a stop or a loss that is not finite. Returns where it ended.

    `train_on_batch` and not `fit`: ending `fit` early can deadlock, since TensorFlow frees its
    input pipeline with Python's lock held while the pipeline's thread waits for that lock.
    """
    batches = EpochBatches(
        train_images,
        recipe,
        epoch,
        network.objective.targets,
        soft=network.soft_targets,
        label_input=network.label_input,
    )
    loss = right = 0.0
    images = 0
    for number, (inputs, targets) in enumerate(batches, start=1):
        logs = network.trained.train_on_batch(inputs, targets, return_dict=True)
        size = len(inputs["image"])
        images += size
        loss += size * float(logs["loss"])
        right += size * float(logs[network.accuracy_metric])
        progress = Progress(epoch, number, len(batches), loss / images, right / images)
        on_progress(progress)
        if not math.isfinite(progress.loss) or (number < len(batches) and should_stop()):
            break
    return progress


def _stops_early(history: Sequence[EpochRow], recipe: Recipe) -> bool:
    if not recipe.early_stopping or not history:
        return False
    return len(history) - best_epoch(history) >= recipe.early_stopping


def _plateau_rate(history: Sequence[EpochRow], recipe: Recipe) -> float:
    """Replays the history, so a resumed run needs no state of its own."""
    rate, best, waited = recipe.learning_rate, float("inf"), 0
    for row in history:
        loss = row.val_loss if row.val_loss is not None else float("inf")
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == _PLATEAU_PATIENCE:
            rate, waited = rate / 10, 0
    return rate
