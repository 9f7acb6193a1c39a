"""Whatever is killed, no whole epoch is lost and no job runs twice."""

import os
import signal
import time

import psutil
import pytest

from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_epochs, work_folder
from fmnist_core.jobs.record import ACTIVE
from fmnist_core.runs.read import read_history, read_run
from fmnist_core.runs.verify import verify_run
from tests.faults.conftest import Station, running_station, small_plan, wait_for

ACTIVE_OR_QUEUED = (*ACTIVE, "queued")
CHANGES = {"epochs": 6, "schedule": "cosine", "augmentation": "rotation=10 shift=0.1 flip"}


def _results(station: Station, run_id: str) -> tuple[str | None, list[tuple[float | None, ...]]]:
    """Weight digest and history without the timings."""
    history = read_history(station.root, run_id)
    rows = [(r.loss, r.accuracy, r.val_loss, r.val_accuracy, r.learning_rate) for r in history]
    return read_run(station.root, run_id).weight_digest, rows


@pytest.fixture(scope="module")
def uninterrupted(station):
    run_id = station.submit(small_plan(**CHANGES))
    assert station.wait_state(run_id, "done", "failed") == "done"
    return _results(station, run_id)


def _kept(count):
    return lambda station, run_id: len(read_epochs(station.root, run_id)) >= count


def _has(pattern, epochs=0):
    return lambda station, run_id: (
        any(work_folder(station.root, run_id).parent.glob(pattern))
        and len(read_epochs(station.root, run_id)) >= epochs
    )


POINTS = {
    "begun": lambda station, run_id: True,
    "planned": _has("work/plan.json"),
    "in the first epoch": lambda station, run_id: station.epoch(run_id) >= 1,
    "after the first epoch": _kept(1),
    "in a save": _has("work/.epoch-*", epochs=1),
    "after the third epoch": _kept(3),
    "in a late save": _has("work/.epoch-*", epochs=4),
    "after the last epoch": _kept(6),
    "when the weights are stored": _has("weights.safetensors"),
    "when the predictions are stored": _has("predictions.npz"),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_job_resumes_to_the_weights_and_history_of_one_that_was_not(
    station, uninterrupted, point
):
    run_id = station.submit(small_plan(**CHANGES))
    process = station.job_process(run_id)
    wait_for(lambda: POINTS[point](station, run_id), every=0.0005)
    process.kill()
    station.wait_state(run_id, "interrupted", seconds=10)
    kept = len(read_epochs(station.root, run_id))
    resumed = time.time()
    client.resume_job(station.root, run_id)
    first = wait_for(
        lambda: (
            station.epoch(run_id, since=resumed)
            or (station.state(run_id) not in ACTIVE_OR_QUEUED and 99)
        )
    )
    assert first > kept or kept == CHANGES["epochs"]  # nothing that was kept is trained again
    assert station.wait_state(run_id, "done", "failed") == "done", station.message(run_id)
    assert _results(station, run_id) == uninterrupted
    assert verify_run(station.root, run_id).ok


def test_a_job_outlives_its_service_and_the_next_one_takes_it_over(tmp_path):
    with running_station(tmp_path / "runs") as station:
        run_id = station.submit(small_plan(epochs=40))
        process = station.job_process(run_id)
        wait_for(lambda: station.epoch(run_id) >= 2)
        station.service_process().kill()
        seen = station.epoch(run_id)
        wait_for(lambda: station.epoch(run_id) > seen)
        assert client.service_status(station.root).pid is None
        second = station.submit(small_plan(epochs=1))  # wakes another service
        assert station.wait_state(run_id, "done", "failed", "interrupted") == "done"
        psutil.wait_procs([process], timeout=10)
        assert not process.is_running()
        assert station.wait_state(second, "done", "failed") == "done"
        assert client.find_job(station.root, run_id).attempt == 1


def test_when_everything_is_killed_the_job_is_interrupted_and_goes_on_afterwards(tmp_path):
    with running_station(tmp_path / "runs") as station:
        run_id = station.submit(small_plan(epochs=8))
        wait_for(lambda: len(read_epochs(station.root, run_id)) >= 2)
        station.kill_all()
        assert client.find_job(station.root, run_id).state == "interrupted"
        client.resume_job(station.root, run_id)
        assert station.wait_state(run_id, "done", "failed", "interrupted") == "done"
        assert read_run(station.root, run_id).status == "done"


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_asked_to_leave_lets_its_job_go_on(tmp_path, name):
    with running_station(tmp_path / "runs") as station:
        run_id = station.submit(small_plan(epochs=10))
        station.job_process(run_id)
        service = station.service_process()
        os.kill(service.pid, name)
        service.wait(timeout=10)
        assert station.wait_state(run_id, "done", "failed", "interrupted") == "done"
        wait_for(lambda: not station.processes())
