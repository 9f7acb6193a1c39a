"""Where the campaign stands in a folder of runs: what is done, what is begun, what is left."""

import contextlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fmnist_core.architectures import summarize
from fmnist_core.campaign.entries import Entry
from fmnist_core.campaign.matching import training_key
from fmnist_core.errors import FmnistError
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import find_run, read_run
from fmnist_core.runs.schema import Run
from fmnist_core.runs.write import STAGING, WORK
from fmnist_core.training.baselines.definitions import BASELINES, BaselinePlan
from fmnist_core.training.estimate import Speed, estimate, image_counts, machine_speed
from fmnist_core.training.lock import LOCK, is_held
from fmnist_core.training.plan import Plan, unfinished_plan
from fmnist_core.training.pointer import read_pointer
from fmnist_core.training.provenance import processor_name

State = Literal["done", "running", "partly", "missing"]

# What all committed runs together may take, so that the project can be fetched.
MOST_COMMITTED_BYTES = 150_000_000


@dataclass(frozen=True)
class Unfinished:
    """A training in the staging area.

    Attributes:
        epochs: whole ones, in its checkpoint.
        running: a process trains it now.
    """

    plan: Plan
    epochs: int
    running: bool


@dataclass(frozen=True)
class Standing:
    """Where one entry stands.

    Attributes:
        run_id: of the run, or of the training that was begun; None where nothing was.
        epochs: trained so far, of `planned`; both 0 for baselines.
        seconds_left: on otherwise idle cores; 0 when it is done.
        unfinished: the training to go on with.
    """

    entry: Entry
    state: State
    run_id: str | None
    epochs: int
    planned: int
    seconds_left: float
    unfinished: Unfinished | None = None


@dataclass(frozen=True)
class View:
    """Where the whole campaign stands.

    Attributes:
        basis: one sentence on what the times come from.
        stored_bytes: of all runs in the folder, those of the campaign and others.
    """

    standings: tuple[Standing, ...]
    basis: str
    stored_bytes: int

    def count(self, state: State) -> int:
        """How many entries are in a state."""
        return sum(standing.state == state for standing in self.standings)

    @property
    def seconds_left(self) -> float:
        """Of all entries together, one after the other."""
        return sum(standing.seconds_left for standing in self.standings)


def campaign_view(root: Path, entries: Sequence[Entry]) -> View:
    """Compares a campaign with a folder of runs. Raises `RunError` when it cannot be read."""
    runs = finished_runs(root)
    speed = machine_speed(runs, processor_name())
    return View(
        standings=standings(root, entries, runs, speed),
        basis=speed.basis,
        stored_bytes=sum(_folder_bytes(root, run.run_id) for run in runs),
    )


def standings(
    root: Path, entries: Sequence[Entry], runs: Sequence[Run], speed: Speed
) -> tuple[Standing, ...]:
    """Where each entry stands, in their order.

    Args:
        runs: as `finished_runs` reads them.
    """
    found: dict[Hashable, Run] = {}
    for run in runs:
        if run.status == "done":  # what was ended early is not what was wanted
            found.setdefault(training_key(run), run)
    begun = _unfinished_trainings(root)
    return tuple(_standing(entry, found, begun, speed) for entry in entries)


def finished_runs(root: Path) -> tuple[Run, ...]:
    """All whole runs of a folder, newest first; damaged ones are left out.

    Raises `RunError` when the folder itself cannot be read.
    """
    runs = []
    for row in list_runs(root).runs:
        with contextlib.suppress(FmnistError):  # deleted or damaged since it was listed
            runs.append(read_run(root, row.run_id))
    return tuple(runs)


def _standing(
    entry: Entry,
    found: dict[Hashable, Run],
    begun: dict[Hashable, list[Unfinished]],
    speed: Speed,
) -> Standing:
    key = training_key(entry.plan)
    planned = entry.plan.recipe.epochs if isinstance(entry.plan, Plan) else 0
    if run := found.get(key):
        return Standing(entry, "done", run.run_id, run.epochs, planned, 0.0)
    # The one that another process trains, or the one that is furthest.
    best = max(begun.get(key, ()), key=lambda one: (one.running, one.epochs), default=None)
    if best is None:
        return Standing(entry, "missing", None, 0, planned, seconds_left(entry, 0, speed))
    left = seconds_left(entry, best.epochs, speed)
    state: State = "running" if best.running else "partly"
    return Standing(entry, state, best.plan.run_id, best.epochs, planned, left, best)


def seconds_left(entry: Entry, epochs: int, speed: Speed) -> float:
    """What an entry still takes after so many epochs, its evaluation included."""
    plan = entry.plan
    if isinstance(plan, BaselinePlan):
        return 60 * BASELINES[plan.architecture].minutes
    needed = estimate(summarize(plan.layers), plan.recipe, image_counts(plan.recipe), speed)
    return needed.seconds - epochs * needed.seconds_per_epoch


def _unfinished_trainings(root: Path) -> dict[Hashable, list[Unfinished]]:
    """The trainings of the staging area that can go on; what is damaged there is left alone."""
    begun = defaultdict(list)
    for folder in sorted((root / STAGING).glob("*")):
        work = folder / WORK
        with contextlib.suppress(FmnistError):
            plan = unfinished_plan(root, folder.name)
            pointer = read_pointer(work)
            epochs = len(pointer.history) if pointer else 0
            begun[training_key(plan)].append(Unfinished(plan, epochs, is_held(work / LOCK)))
    return begun


def _folder_bytes(root: Path, run_id: str) -> int:
    with contextlib.suppress(FmnistError, OSError):
        return sum(path.stat().st_size for path in find_run(root, run_id).iterdir())
    return 0
