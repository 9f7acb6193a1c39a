"""A full disk, a job that hangs, and a network that needs more memory than there is."""

import os
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from fmnist_core.architectures import summarize
from fmnist_core.errors import FmnistError, RecipeError
from fmnist_core.jobs import client
from fmnist_core.jobs.live import is_responding, log_tail, read_epochs, read_live
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.runs.index import list_runs
from fmnist_core.training.estimate import check_fits, estimate, image_counts, machine_speed
from tests.faults.conftest import running_station, serving, small_plan, wait_for
from tests.fixture_runs import FixtureRun, write_fixture_run

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="jobs need a POSIX system")
SMALL_DISK = "5m"
SMALL_SERVICE = Path(__file__).with_name("small_service.py")
# Few parameters; ten times 2,048 maps of 28x28, kept for the backward pass: 50 GB for a batch.
HUGE = (
    "conv 2048 1x1 same relu\n"
    + "depthwise_conv 3x3 same relu\n" * 10
    + ("global_avgpool\ndense 10 softmax")
)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of five megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", folder], check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def _full(disk):
    """Fills the last byte, and gives it back."""
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        yield
    finally:
        filler.unlink()


def _contents(root):
    return {
        path: path.read_bytes()
        for folder in root.iterdir()
        if RUN_ID.fullmatch(folder.name)
        for path in folder.iterdir()
    }


def _submit_many(station):
    """Until the bytes that the queue keeps back are used up."""
    for seed in range(200):
        station.submit(small_plan(epochs=1, seed=seed))


def test_a_full_disk_fails_the_job_in_words_and_harms_no_other_run(small_disk):
    root = small_disk / "runs"
    root.mkdir()
    write_fixture_run(root, FixtureRun())
    before = _contents(root)
    with running_station(root) as station:
        with _full(small_disk), pytest.raises(FmnistError, match=r"room on its disk|writable"):
            _submit_many(station)  # at the start
        for job in client.list_jobs(root):
            client.stop_job(root, job.run_id)
            station.wait_state(job.run_id, "stopped", "failed", "done", "interrupted")
            client.delete_job(root, job.run_id)

        for reached in ("training", "evaluating"):  # in the middle, and at the finish
            run_id = station.submit(small_plan(epochs=500 if reached == "training" else 3))
            wait_for(
                lambda: (
                    (live := read_live(root, run_id))  # noqa: B023  # called at once
                    and live.phase == reached  # noqa: B023
                    and live.epoch > 1
                ),
                every=0.001,
            )
            with _full(small_disk):
                state = station.wait_state(run_id, "failed", "done", "interrupted")
                message = station.message(run_id)
                assert state == "failed", (reached, message, log_tail(root, run_id))
                assert "room on its disk" in message
                assert "No space left" in message
            kept = len(read_epochs(root, run_id))
            assert kept >= 1
            client.delete_job(root, run_id)

        assert _contents(root) == before
        assert list_runs(root).damaged == ()
        run_id = station.submit(small_plan(epochs=1))
        assert station.wait_state(run_id, "done", "failed") == "done"


def test_a_job_that_hangs_is_seen_and_can_be_stopped(station, figures):
    run_id = station.submit(small_plan(epochs=500))
    process = station.job_process(run_id)
    wait_for(lambda: station.epoch(run_id) >= 1)
    process.suspend()
    hung = time.monotonic()
    wait_for(lambda: not is_responding(read_live(station.root, run_id), time.time()), every=0.5)
    figures["a hung job until it is called not responding"].append(time.monotonic() - hung)
    time.sleep(max(0.0, 60 - (time.monotonic() - hung)))
    assert station.state(run_id) == "running"
    asked = time.monotonic()
    client.stop_job(station.root, run_id)
    station.wait_state(run_id, "stopped")
    figures["stop of a hung job"].append(time.monotonic() - asked)
    psutil.wait_procs([process], timeout=10)
    assert not process.is_running()


def _needed(plan):
    speed = machine_speed([], "unknown")
    return estimate(summarize(plan.layers), plan.recipe, image_counts(plan.recipe), speed)


def test_a_network_that_needs_too_much_memory_is_refused_and_fails_alone_when_forced(tmp_path):
    plan = small_plan(HUGE, epochs=1, batch_size=512)
    assert _needed(plan).memory_bytes > 50e9
    with pytest.raises(RecipeError, match="GB of memory"):
        check_fits(_needed(plan))
    with (
        running_station(tmp_path / "runs", warm=False) as station,
        serving(SMALL_SERVICE, station.root),
    ):
        run_id = station.submit(plan)
        station.wait_state(run_id, "failed", "done", "interrupted", seconds=200)
        assert station.state(run_id) == "failed"
        assert "out of memory" in station.message(run_id)
        assert client.service_status(station.root).state == "ready"
        after = station.submit(small_plan(epochs=1))
        assert station.wait_state(after, "done", "failed") == "done"
