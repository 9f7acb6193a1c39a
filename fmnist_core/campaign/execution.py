"""Training what a campaign lacks, one run after the other; it can be ended at any time."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.architectures import summarize
from fmnist_core.campaign.entries import Entry
from fmnist_core.campaign.standing import Standing, finished_runs, standings
from fmnist_core.errors import DataError, DiskError, FmnistError, RecipeError
from fmnist_core.runs.disk import writing_to
from fmnist_core.runs.write import STAGING
from fmnist_core.training.baselines.definitions import BaselinePlan
from fmnist_core.training.estimate import check_fits, estimate, image_counts, machine_speed
from fmnist_core.training.lock import only_holder
from fmnist_core.training.plan import Plan
from fmnist_core.training.provenance import processor_name

if TYPE_CHECKING:
    from fmnist_core.training.loop import Progress

_LOCK = "campaign.lock"


@dataclass(frozen=True)
class Watcher:
    """Who is told what happens.

    Attributes:
        on_start: before a training, with its plan and what is left of the campaign: this training
            first, then the others.
        on_progress: after every batch and every epoch of a network.
        on_end: with the folder of the committed run.
        on_failure: with the reason; the campaign goes on with the next.
    """

    on_start: Callable[[Plan | BaselinePlan, Sequence[Standing]], None]
    on_progress: Callable[["Progress"], None]
    on_end: Callable[[Entry, Path], None]
    on_failure: Callable[[Entry, FmnistError], None]


@dataclass
class Outcome:
    """What a call of `run_campaign` did, by entry id.

    Attributes:
        elsewhere: another process trains them.
        out_of_time: whether the time was up before the campaign was.
    """

    trained: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    out_of_time: bool = False


class _TimeUpError(Exception):
    """Raised after an epoch's checkpoint, to leave a training as it is."""


def run_campaign(
    root: Path, entries: Sequence[Entry], watcher: Watcher, *, hours: float | None = None
) -> Outcome:
    """Trains the entries that have no run yet, in their order.

    A training that was interrupted goes on after its last whole epoch. `KeyboardInterrupt` leaves
    the current one to the next call, and never makes a run of less than was wanted. The folder is
    looked at again before each training, so a run that has come meanwhile is not trained again.

    Args:
        hours: begin no training, and no further epoch, after so long. Baselines have no epochs.

    Raises:
        RecipeError: hours that are no length of time.
        RunError: another campaign works on this folder, or it cannot be read.
        DiskError: it cannot be written, or its disk is full.
        DataError: the data is missing or damaged.
    """
    if hours is not None and not (math.isfinite(hours) and hours >= 0):
        raise RecipeError(f"hours must be a finite number, at least 0. Received: {hours}.")
    deadline = float("inf") if hours is None else time.monotonic() + 3600 * hours
    outcome = Outcome()
    staging = root / STAGING
    with writing_to(root):
        staging.mkdir(parents=True, exist_ok=True)
    refusal = (
        "a campaign must be run by one process at a time. Received: another one at work in "
        f"{root.name}. Wait for it, or stop it first."
    )
    with only_holder(staging / _LOCK, refusal):
        for position in range(len(entries)):
            if time.monotonic() > deadline:
                outcome.out_of_time = True
                break
            _train_entry(root, entries[position:], watcher, deadline, outcome)
            if outcome.out_of_time:
                break
    return outcome


def _train_entry(
    root: Path, rest: Sequence[Entry], watcher: Watcher, deadline: float, outcome: Outcome
) -> None:
    """Trains the first of the entries, unless that is done or under way."""
    runs = finished_runs(root)
    left = standings(root, rest, runs, speed := machine_speed(runs, processor_name()))
    standing, entry = left[0], rest[0]
    if standing.state == "done":
        return
    if standing.state == "running":
        outcome.elsewhere.append(entry.id)
        return
    plan = standing.unfinished.plan if standing.unfinished else entry.new_plan()
    watcher.on_start(plan, left)
    try:
        if isinstance(plan, BaselinePlan):
            folder = _fit(root, plan)
        else:
            images = image_counts(plan.recipe)
            check_fits(estimate(summarize(plan.layers), plan.recipe, images, speed))
            folder = _train(root, plan, entry.keep_weights, watcher, deadline)
    except (DataError, DiskError):
        raise  # the next one would need them too
    except FmnistError as error:
        outcome.failed.append(entry.id)
        watcher.on_failure(entry, error)
    except _TimeUpError:
        outcome.out_of_time = True
    else:
        outcome.trained.append(entry.id)
        watcher.on_end(entry, folder)


def _fit(root: Path, plan: BaselinePlan) -> Path:
    from fmnist_core.training.baselines.session import (  # noqa: PLC0415  # scikit-learn, 1 s
        run_baseline,
    )

    return run_baseline(root, plan)


def _train(root: Path, plan: Plan, keep_weights: bool, watcher: Watcher, deadline: float) -> Path:
    from fmnist_core.training.session import run_plan  # noqa: PLC0415  # loads TensorFlow, 10 s

    def report(progress: "Progress") -> None:
        watcher.on_progress(progress)
        # With a row, the epoch's checkpoint is written. The last epoch leaves only the evaluation.
        if progress.row and progress.epoch < plan.recipe.epochs and time.monotonic() > deadline:
            raise _TimeUpError

    return run_plan(root, plan, on_progress=report, keep_weights=keep_weights)
