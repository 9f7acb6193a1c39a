"""What apps and terminals do with training jobs. Every change is on the disk when it returns."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fmnist_core.errors import JobError
from fmnist_core.jobs.announcement import read_announcement, want
from fmnist_core.jobs.live import read_epochs, work_folder
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.queue_file import JOBS
from fmnist_core.jobs.record import ACTIVE, DamagedJob, Job
from fmnist_core.jobs.settle import is_whole, settle_dead
from fmnist_core.runs.ids import check_run_id, is_run_id
from fmnist_core.runs.write import STAGING, discard_staging
from fmnist_core.training.estimate import image_counts
from fmnist_core.training.lock import check_no_trainer
from fmnist_core.training.plan import Plan
from fmnist_core.training.preparation import check_batch_size

MOST_JOBS_AT_ONCE = 1000
_LOG = "service.log"
_LONGEST_LOG = 1024**2
# So long a service that was just started may take until it announces itself.
_START_SECONDS = 5.0
_PROJECT = Path(__file__).parents[2]

_started_at: dict[Path, float] = {}


@dataclass(frozen=True)
class ServiceStatus:
    """Whether the training service of a runs folder runs, and has TensorFlow loaded."""

    state: Literal["asleep", "warming", "ready"]
    pid: int | None


def submit(root: Path, plans: Sequence[Plan], batch: str = "") -> tuple[Job, ...]:
    """Queues all plans or none, and wakes the service.

    Args:
        batch: label that plans of one grid share.

    Raises:
        JobError: there are too many, the queue cannot be written, or this system has no `fork`.
        RecipeError: the batches of one are larger than its training set.
    """
    if not 0 < len(plans) <= MOST_JOBS_AT_ONCE:
        raise JobError(
            f"between 1 and {MOST_JOBS_AT_ONCE:,} jobs must be queued at once. "
            f"Received: {len(plans):,}."
        )
    _check_system()
    for plan in plans:
        check_batch_size(plan.recipe, image_counts(plan.recipe).train)
    queue = Queue(root)
    queue.keep_reserve()
    queue.add(plans, batch)
    warm_up(root)
    return tuple(queue.job(plan.run_id) for plan in plans)


def list_jobs(root: Path, most_ended: int = -1) -> tuple[Job, ...]:
    """Active jobs, then the queue in its order, then at most so many ended ones, newest first."""
    queue = Queue(root)
    settle_dead(root, queue)
    return queue.jobs(most_ended)


def damaged_jobs(root: Path) -> tuple[DamagedJob, ...]:
    """What stands in the queue and cannot be read, each with the reason; it can be deleted."""
    return Queue(root).damaged()


def find_job(root: Path, run_id: str) -> Job:
    """One job. Raises `UnknownNameError` with the nearest ids."""
    queue = Queue(root)
    settle_dead(root, queue)
    return queue.job(run_id)


def stop_job(root: Path, run_id: str) -> Job:
    """Ends a job within seconds and keeps its whole epochs; one that has ended stays as it is."""
    queue = Queue(root)
    queue.state(run_id)  # must be known
    queue.ask_to_stop(run_id)
    settle_dead(root, queue)
    if queue.holders():
        warm_up(root)  # a service has to see to a process that does not answer
    return queue.job(run_id)


def resume_job(root: Path, run_id: str) -> Job:
    """Queues a stopped, failed or interrupted job again; it goes on after its last whole epoch.

    Raises `RunError`, as `restart_job` and `keep_job` do, when a terminal trains it now.
    """
    return _requeue(root, run_id, keep=False)


def restart_job(root: Path, run_id: str) -> Job:
    """Queues a stopped, failed or interrupted job anew, without what it has learned so far."""
    return _requeue(root, run_id, keep=False, forget=True)


def keep_job(root: Path, run_id: str) -> Job:
    """Queues a job that has ended early once more, to turn its whole epochs into a stopped run.

    Raises `JobError` when it has no whole epoch.
    """
    if not read_epochs(root, check_run_id(run_id)):
        raise JobError(
            f"a run must have at least one whole epoch to be kept. Received: {run_id} with none. "
            "Resume it, or delete it."
        )
    return _requeue(root, run_id, keep=True)


def move_job(root: Path, run_id: str, places: int) -> None:
    """Moves a queued job by so many places, -1 for one earlier."""
    queue = Queue(root)
    if not queue.move(run_id, places):
        raise JobError(
            "only a job that waits in the queue can be moved. "
            f"Received: {run_id}, which is {queue.job(run_id).state}."
        )


def delete_job(root: Path, run_id: str) -> None:
    """Removes a job that no process works on, with its checkpoints; a whole run stays.

    Raises:
        JobError: it is active.
        RunError: a terminal trains it now.
    """
    queue = Queue(root)
    settle_dead(root, queue)
    state = queue.state(run_id)
    named = is_run_id(run_id)  # a damaged one may bear anything as its name
    if named and state not in ACTIVE:
        check_no_trainer(work_folder(root, run_id))
    if not queue.remove(run_id):
        raise JobError(
            f"a job must have ended to be deleted. Received: {run_id}, which is {state}. "
            "Stop it first."
        )
    if named:
        discard_staging(root / STAGING / run_id)


def warm_up(root: Path) -> ServiceStatus:
    """Says that the service is wanted, starts it where it sleeps, and returns at once.

    Raises `JobError` when this system has no `fork`, or the service cannot be started.
    """
    _check_system()
    try:
        want(root)
        status = service_status(root)
        if status.state == "asleep":
            _start_service(root)
            return ServiceStatus("warming", None)
    except OSError as error:
        raise JobError(
            f"{root} must be writable for the training service. "
            f"Received: {error.strerror or error}. Free some space, or name another folder in "
            "FMNIST_RUNS_DIR."
        ) from error
    return status


def _check_system() -> None:
    """Refuses a system without `fork`; asked before anything is queued that would never run."""
    if os.name != "posix":
        raise JobError(
            "training from a form needs Linux or macOS. Received: another system. "
            "`python -m fmnist_core train` works here too."
        )


def service_status(root: Path) -> ServiceStatus:
    """Whether the service runs; reads one small file."""
    said = read_announcement(root)
    if said is not None:
        return ServiceStatus("ready" if said.ready else "warming", said.pid)
    if time.monotonic() - _started_at.get(root.resolve(), -_START_SECONDS) < _START_SECONDS:
        return ServiceStatus("warming", None)
    return ServiceStatus("asleep", None)


def _start_service(root: Path) -> None:
    """Starts it in a session of its own, so that it outlives the app; a second one leaves."""
    log = root / JOBS / _LOG
    longer = log.exists() and log.stat().st_size > _LONGEST_LOG
    with log.open("wb" if longer else "ab") as output:
        service = subprocess.Popen(
            [sys.executable, "-m", "fmnist_core.jobs"],
            cwd=_PROJECT,
            env=os.environ | {"FMNIST_RUNS_DIR": str(root.resolve()), "TF_CPP_MIN_LOG_LEVEL": "2"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _started_at[root.resolve()] = time.monotonic()
    # Reaps it when it leaves: a dead child that is not waited for looks alive.
    threading.Thread(target=service.wait, name="service reaper", daemon=True).start()


def _requeue(root: Path, run_id: str, *, keep: bool, forget: bool = False) -> Job:
    queue = Queue(root)
    settle_dead(root, queue)
    job = queue.job(run_id)
    if is_whole(root, run_id):
        return job
    _check_system()
    if job.resumable:
        check_no_trainer(work_folder(root, run_id))
        if forget:
            discard_staging(root / STAGING / run_id)
    if queue.requeue(run_id, keep=keep):
        warm_up(root)
    else:
        raise JobError(
            "only a stopped, failed or interrupted job can go on. "
            f"Received: {run_id}, which is {job.state}."
        )
    return queue.job(run_id)
