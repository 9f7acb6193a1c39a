"""The heartbeat of a job: writes where it stands, and ends it when it is asked to stop."""

import os
import threading
import time
from collections import deque
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fmnist_core.data import CLASS_NAMES, load_pool, make_split
from fmnist_core.errors import JobError, RunError
from fmnist_core.jobs.live import (
    Confusion,
    Live,
    attempt_words,
    log_line,
    read_epochs,
    work_folder,
    write_confusion,
    write_live,
)
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.record import Job
from fmnist_core.jobs.settle import is_whole
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.schedule import scheduled_rate

if TYPE_CHECKING:
    from fmnist_core.training.loop import Progress

_LOOK_SECONDS = 0.25
_BEATS_EVERY = 2  # looks
_SPEED_OVER_SECONDS = 5.0


class Reporter:
    """Runs beside a training, in a thread of its own, for the length of a `with` block.

    A stop ends the process where it stands: checkpoints survive a kill at any moment, so nothing
    is gained by waiting for the batch, or for a network that is still being built.
    """

    def __init__(self, root: Path, queue: Queue, job: Job) -> None:
        self.job = job
        self._root, self._queue = root, queue
        self._work = work_folder(root, job.run_id)
        self._live = Live(
            phase="evaluating" if job.keep else "starting",
            epoch=0,
            epochs=job.plan.recipe.epochs,
            batch=0,
            batches=0,
            loss=None,
            accuracy=None,
            learning_rate=None,
            images_per_second=None,
            seconds_left=None,
            written=time.time(),
            attempt=job.attempt,
        )
        self._ticks: deque[tuple[float, int]] = deque()  # when, and images trained by then
        self._images = 0
        self._validation_seconds = 0.0
        self._trained_at = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "Reporter":
        write_live(self._work, self._live)  # that of the last attempt is out of date
        log_line(self._work, self._starting_words())
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def progress(self, progress: "Progress") -> None:
        """Takes what the training says after each batch and each epoch."""
        now = time.monotonic()
        recipe = self.job.plan.recipe
        if progress.row is None:
            self._trained_at = now
            self._images += recipe.batch_size
            self._ticks.append((now, self._images))
            while now - self._ticks[0][0] > _SPEED_OVER_SECONDS and len(self._ticks) > 2:
                self._ticks.popleft()
        else:
            self._validation_seconds = now - self._trained_at
            self._ticks.clear()
            self._write_confusion(progress)
            log_line(self._work, _epoch_words(progress.row, recipe.epochs))
        whole = progress.batch == progress.batches
        step = (progress.epoch - 1) * progress.batches + progress.batch
        rate = scheduled_rate(recipe, step - 1, recipe.epochs * progress.batches)
        if recipe.schedule == "plateau" and progress.row is not None:
            rate = progress.row.learning_rate
        elif recipe.schedule == "plateau" and self._live.learning_rate is not None:
            rate = self._live.learning_rate
        self._live = Live(
            phase="validating" if whole and progress.row is None else "training",
            epoch=progress.epoch,
            epochs=recipe.epochs,
            batch=progress.batch,
            batches=progress.batches,
            loss=progress.loss,
            accuracy=progress.accuracy,
            learning_rate=rate,
            images_per_second=self._speed() or self._live.images_per_second,
            seconds_left=self._seconds_left(progress),
            written=time.time(),
            attempt=self.job.attempt,
        )

    def finishing(self) -> None:
        """Takes note that only the evaluation is left."""
        self._live = replace(self._live, phase="evaluating", seconds_left=None)
        log_line(self._work, "evaluation on the test images")

    def _starting_words(self) -> str:
        try:
            kept = len(read_epochs(self._root, self.job.run_id))
        except RunError:
            kept = 0  # the training itself says what is wrong with its checkpoint
        return attempt_words(self.job.attempt, kept, self.job.plan.recipe.epochs)

    def _speed(self) -> float | None:
        if len(self._ticks) < 2:
            return None
        (first, before), (last, by_then) = self._ticks[0], self._ticks[-1]
        return (by_then - before) / max(last - first, 1e-6)

    def _seconds_left(self, progress: "Progress") -> float | None:
        speed = self._speed() or self._live.images_per_second
        if not speed:
            return None
        epochs_left = self.job.plan.recipe.epochs - progress.epoch
        batches = epochs_left * progress.batches + progress.batches - progress.batch
        seconds = batches * self.job.plan.recipe.batch_size / speed
        return seconds + (epochs_left + (progress.row is None)) * self._validation_seconds

    def _write_confusion(self, progress: "Progress") -> None:
        if progress.validation_probabilities is not None:
            predicted = progress.validation_probabilities.argmax(axis=1)
            counts: Any = np.zeros((len(CLASS_NAMES), len(CLASS_NAMES)), dtype=int)
            np.add.at(counts, (self._validation_labels, predicted), 1)
            rows = tuple(map(tuple, counts.tolist()))
            write_confusion(self._work, Confusion(progress.epoch, rows))

    @cached_property
    def _validation_labels(self) -> npt.NDArray[np.uint8]:
        recipe, labels = self.job.plan.recipe, load_pool().labels
        split = make_split(
            recipe.protocol, labels, recipe.seed, recipe.train_fraction, recipe.limit
        )
        return labels[split.validation]

    def _beat(self) -> None:
        looks = 0
        while not self._over.wait(_LOOK_SECONDS):
            looks += 1
            if looks % _BEATS_EVERY == 0:
                write_live(self._work, replace(self._live, written=time.time()))
            try:
                if self._queue.is_stopping(self.job.run_id, self.job.attempt):
                    self._stop()
            except JobError:
                continue  # a queue that cannot be read for a moment stops nothing

    def _stop(self) -> None:
        whole = is_whole(self._root, self.job.run_id)
        log_line(self._work, "stopped")
        self._queue.end(self.job.run_id, self.job.attempt, "done" if whole else "stopped")
        os._exit(0)


def _epoch_words(row: EpochRow, planned: int) -> str:
    """Says what an epoch reached, once its checkpoint is written."""
    values = (
        ("loss", row.loss, ".4f"),
        ("accuracy", row.accuracy, ".4f"),
        ("val_loss", row.val_loss, ".4f"),
        ("val_accuracy", row.val_accuracy, ".4f"),
        ("learning_rate", row.learning_rate, ".3g"),
    )
    known = " ".join(f"{name} {value:{form}}" for name, value, form in values if value is not None)
    return f"epoch {row.epoch} of {planned}: {known}, {row.seconds:.1f} s, checkpoint written"
