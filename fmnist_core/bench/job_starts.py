"""How soon a queued training shows progress, cold and warm, and how long a quick look takes."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from fmnist_core.architectures import summarize
from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_live
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.budgets import QUICK, recipe_for
from fmnist_core.training.estimate import folder_speed, image_counts
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.provenance import processor_name

WARM_STARTS = 5
_LOOK_SECONDS = 0.01
_LONGEST_WAIT = 600.0
QUICK_LOOK = "awasthi_enhanced"


def run() -> dict[str, float | str]:
    """Returns seconds from the submission to each sign of life, in a runs folder of its own.

    The heartbeat is written twice a second, so a first batch is seen up to half a second late.
    """
    with tempfile.TemporaryDirectory(prefix="job-starts-") as folder:
        root = Path(folder)
        try:
            cold_starting, _, cold_batch = _start(root)
            warm = [_start(root) for _ in range(WARM_STARTS)]
            quick = _quick_look()
            whole = _timed(root, quick)
        finally:
            end_service(root)
    return {
        "cold_starting_seconds": cold_starting,
        "cold_first_batch_seconds": cold_batch,
        "warm_running_seconds": statistics.median(running for _, running, _ in warm),
        "warm_first_batch_seconds": statistics.median(batch for _, _, batch in warm),
        "warm_first_batch_worst_seconds": max(batch for _, _, batch in warm),
        "quick_look": f"{quick.recipe.epochs} epochs of {quick.recipe.limit:,} images",
        "quick_look_seconds": whole,
    }


def _start(root: Path) -> tuple[float, float, float]:
    """Seconds until a job is starting, until it runs, and until its first batch is reported."""
    plan = plan_run(QUICK_LOOK, {"epochs": 1})
    started = time.perf_counter()
    client.submit(root, [plan])
    starting = _until(lambda: _state(root, plan) != "queued", started)
    running = _until(lambda: _state(root, plan) == "running", started)
    batch = _until(lambda: (live := read_live(root, plan.run_id)) and live.batch > 0, started)
    client.stop_job(root, plan.run_id)
    _until(lambda: not client.find_job(root, plan.run_id).active, started)
    return starting, running, batch


def _timed(root: Path, plan: Plan) -> float:
    started = time.perf_counter()
    client.submit(root, [plan])
    seconds = _until(lambda: _state(root, plan) in ("done", "failed"), started)
    if _state(root, plan) != "done":
        raise AssertionError(client.find_job(root, plan.run_id).message)
    return seconds


def _quick_look() -> Plan:
    """As the form plans it, from what this machine's runs say of its speed."""
    plan = plan_run(QUICK_LOOK, {})
    speed = folder_speed(runs_root(), processor_name())
    changes = recipe_for(QUICK, plan.recipe, summarize(plan.layers), image_counts, speed)
    return plan_run(QUICK_LOOK, changes)


def _state(root: Path, plan: Plan) -> str:
    return client.find_job(root, plan.run_id).state


def _until(holds: Callable[[], object], started: float) -> float:
    while not holds():
        if time.perf_counter() - started > _LONGEST_WAIT:
            raise TimeoutError("the job did not get on")
        time.sleep(_LOOK_SECONDS)
    return time.perf_counter() - started


def end_service(root: Path) -> None:
    """Ends the jobs and the service of a runs folder, before the folder goes."""
    for job in client.list_jobs(root, 0):
        client.stop_job(root, job.run_id)
        while client.find_job(root, job.run_id).active:
            time.sleep(_LOOK_SECONDS)
    pid = client.service_status(root).pid
    if pid is not None:
        service = psutil.Process(pid)
        service.terminate()
        service.wait(timeout=30)
