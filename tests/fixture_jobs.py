"""Jobs in every state, through the queue's own methods, without a training.

What a training would write of itself is made up: these are fixture data, and live in temporary
folders only. The process that writes them stands in for the service and for the training.
"""

import hashlib
import time
from pathlib import Path

import numpy as np

from fmnist_core.jobs.announcement import Announcement, announce
from fmnist_core.jobs.live import Confusion, Live, work_folder, write_confusion, write_live
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.queue_file import JOBS
from fmnist_core.jobs.record import State
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.pointer import Pointer, write_pointer


def ready_service(root: Path) -> None:
    """Makes this process pass for the service, so that no real one is started."""
    me = this_process()
    (root / JOBS).mkdir(parents=True, exist_ok=True)
    announce(root, Announcement(me.pid, me.born, ready=True))


def queued(root: Path, *plans: Plan, batch: str = "") -> list[str]:
    """Queues plans and returns their ids."""
    Queue(root).add(plans, batch)
    return [plan.run_id for plan in plans]


def plan(architecture: str = "awasthi_enhanced", name: str = "", **recipe: object) -> Plan:
    """A plan of a catalogue network."""
    return plan_run(architecture, recipe, name=name)


def running(root: Path, wanted: Plan, **live: object) -> str:
    """Queues a plan and makes it the running job of this process; `live` as its heartbeat."""
    (run_id,) = queued(root, wanted)
    start(root)
    beat(root, run_id, epochs=wanted.recipe.epochs, **live)
    return run_id


def start(root: Path) -> str:
    """Takes the first job of the queue as the service does, and begins it."""
    queue, me = Queue(root), this_process()
    job = queue.claim(me)
    assert job is not None
    assert queue.begin(job.run_id, job.attempt, me)
    work_folder(root, job.run_id).mkdir(parents=True, exist_ok=True)
    return job.run_id


def beat(root: Path, run_id: str, **values: object) -> None:
    """Writes a heartbeat."""
    live = {
        "phase": "training",
        "epoch": 1,
        "epochs": 10,
        "batch": 30,
        "batches": 94,
        "loss": 0.5123,
        "accuracy": 0.8123,
        "learning_rate": 1e-3,
        "images_per_second": 3_456.7,
        "seconds_left": 83.0,
        "written": time.time(),
        "attempt": Queue(root).job(run_id).attempt,
    }
    write_live(work_folder(root, run_id), Live(**(live | values)))  # type: ignore[arg-type]


def trained(root: Path, run_id: str, epochs: int) -> None:
    """Writes the checkpoint's history and the confusion of so many whole epochs."""
    work = work_folder(root, run_id)
    work.mkdir(parents=True, exist_ok=True)
    rows = tuple(_row(epoch) for epoch in range(1, epochs + 1))
    weights = work / f"epoch-{epochs:05d}.safetensors"
    weights.write_bytes(b"fixture")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    write_pointer(work, Pointer(weights.name, digest, rows))
    write_confusion(work, Confusion(epochs, _counts(epochs)))


def ended(root: Path, run_id: str, state: State, message: str = "") -> None:
    """Ends the running job."""
    job = Queue(root).job(run_id)
    Queue(root).end(run_id, job.attempt, state, message)


def _row(epoch: int) -> EpochRow:
    reached = 0.93 - 0.2 * 0.7**epoch
    return EpochRow(epoch, 0.6 * 0.8**epoch, reached + 0.004 * epoch, 0.3, reached, 1e-3, 9, 17)


def _counts(epoch: int) -> tuple[tuple[int, ...], ...]:
    """1,200 images a class; shirts are taken for T-shirts, and for fewer as epochs go by."""
    counts = np.eye(10, dtype=int) * 1_100 + 10
    counts[6, 6] -= 300
    counts[6, 0] += 300 - 10 * epoch
    counts[6, 4] += 10 * epoch
    return tuple(tuple(map(int, row)) for row in counts)
