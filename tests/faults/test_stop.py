"""A stop at any moment ends the process within seconds and keeps every whole epoch."""

import time

import psutil
import pytest

from fmnist_core.jobs import client
from fmnist_core.jobs.live import log_tail, read_epochs, read_live, work_folder
from tests.faults.conftest import Station, small_plan, wait_for

TRIES = 8  # of each of seven moments


def _starting(station: Station, run_id: str) -> bool:
    return station.state(run_id) in ("starting", "running")


def _first_batch(station: Station, run_id: str) -> bool:
    return station.epoch(run_id) == 1


def _mid_epoch(station: Station, run_id: str) -> bool:
    live = read_live(station.root, run_id)
    return live is not None and live.epoch > 1 and 0 < live.batch < live.batches


def _saving(station: Station, run_id: str) -> bool:
    return any(work_folder(station.root, run_id).glob(".epoch-*"))


def _evaluating(station: Station, run_id: str) -> bool:
    live = read_live(station.root, run_id)
    return live is not None and live.phase == "evaluating"


# The moment, and the epochs of a job that is to meet it.
MOMENTS = {
    "queued": (lambda station, run_id: True, 500),
    "starting": (_starting, 500),
    "first batch": (_first_batch, 500),
    "mid-epoch": (_mid_epoch, 500),
    "while saving": (_saving, 500),
    "just finished": (_evaluating, 2),
    "twice": (_mid_epoch, 500),
}


@pytest.mark.parametrize("number", range(TRIES))
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_stopped_job_is_gone_and_keeps_its_epochs(station, figures, moment, number):
    reached, epochs = MOMENTS[moment]
    before = station.submit(small_plan(epochs=500)) if moment == "queued" else None
    run_id = station.submit(small_plan(epochs=epochs, seed=number))
    wait_for(lambda: reached(station, run_id), every=0.001)
    pids = [holder.process.pid for holder in station.queue.holders() if holder.run_id == run_id]
    service = station.service_process().pid
    kept = len(read_epochs(station.root, run_id))

    asked = time.monotonic()
    job = client.stop_job(station.root, run_id)
    if moment == "twice":
        job = client.stop_job(station.root, run_id)
    figures["stop acknowledged"].append(time.monotonic() - asked)
    assert job.state in ("stopping", "stopped")
    station.wait_state(run_id, "stopped", "done", seconds=30)
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids if pid != service))
    figures["stop until the process is gone"].append(time.monotonic() - asked)

    job = client.find_job(station.root, run_id)
    if job.state == "stopped":
        assert len(read_epochs(station.root, run_id)) >= kept
        assert len(read_epochs(station.root, run_id)) <= kept + 1
    if before:
        client.stop_job(station.root, before)
        station.wait_state(before, "stopped")
    expected = {"fmnist_core.jobs", "forkserver", "resource_tracker"}
    left = [" ".join(process.cmdline()) for process in station.processes()]
    assert all(any(word in line for word in expected) for line in left), left
    assert len(left) <= 3, left


def test_what_was_stopped_can_be_kept_as_a_run_that_says_so(station):
    run_id = station.submit(small_plan(epochs=500))
    wait_for(lambda: len(read_epochs(station.root, run_id)) >= 2)
    client.stop_job(station.root, run_id)
    station.wait_state(run_id, "stopped")
    kept = len(read_epochs(station.root, run_id))
    # The last one may have been killed between its checkpoint and its line.
    assert f"epoch {kept - 1} of 500: loss" in log_tail(station.root, run_id)
    client.keep_job(station.root, run_id)
    assert station.wait_state(run_id, "done", "failed") == "done"
    from fmnist_core.runs.read import read_history, read_run

    run = read_run(station.root, run_id)
    assert (run.status, run.budget, run.epochs) == ("stopped", "stopped", kept)
    assert len(read_history(station.root, run_id)) == kept
