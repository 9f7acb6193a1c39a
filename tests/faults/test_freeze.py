"""What a kill would leave on the disk, at two hundred moments of training and saving."""

import hashlib
import random
import shutil
import time

import psutil

from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_confusion, read_live, work_folder
from fmnist_core.runs.index import list_runs
from fmnist_core.training.pointer import read_pointer
from tests.faults.conftest import small_plan, wait_for
from tests.fixture_runs import FixtureRun, write_fixture_run

FREEZES, INSIDE_SAVES = 200, 50
# Saves of eight megabytes take long enough to be met.
WIDE = "flatten\ndense 800 relu\ndense 10 softmax"


def _check(copy, run_id):
    pointer = read_pointer(work_folder(copy, run_id))
    if pointer is not None:
        payload = (work_folder(copy, run_id) / pointer.weights).read_bytes()
        assert hashlib.sha256(payload).hexdigest() == pointer.sha256
        assert [row.epoch for row in pointer.history] == list(range(1, len(pointer.history) + 1))
    index = list_runs(copy)
    assert [run.run_id for run in index.runs] == [FixtureRun().run_id]
    assert index.damaged == ()
    assert client.find_job(copy, run_id).state in ("starting", "running", "interrupted")
    live = read_live(copy, run_id)
    assert live is None or live.epoch <= live.epochs
    confusion = read_confusion(copy, run_id)
    assert confusion is None or len(confusion.counts) == 10


def test_every_frozen_moment_leaves_a_whole_checkpoint_and_whole_lists(station, tmp_path):
    write_fixture_run(station.root, FixtureRun())
    run_id = station.submit(small_plan(WIDE, epochs=5000, limit=500, batch_size=250))
    process = station.job_process(run_id)
    work = work_folder(station.root, run_id)
    wait_for(lambda: (work / "checkpoint.json").exists())
    frozen = [process, station.service_process()]
    inside = 0
    moments = random.Random(0)
    for number in range(FREEZES):
        if number % 2:
            wait_for(lambda: any(work.glob(".epoch-*")), every=0)
        else:
            time.sleep(moments.uniform(0, 0.2))
        for each in frozen:
            each.suspend()
        wait_for(lambda: all(each.status() == psutil.STATUS_STOPPED for each in frozen))
        inside += any(work.glob(".epoch-*"))
        copy = tmp_path / f"copy{number}"
        shutil.copytree(station.root, copy)
        for each in frozen:
            each.resume()
        _check(copy, run_id)
        shutil.rmtree(copy)
    client.stop_job(station.root, run_id)
    station.wait_state(run_id, "stopped")
    assert inside >= INSIDE_SAVES
