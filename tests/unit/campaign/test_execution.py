"""Small campaigns on real images, each in a process of its own that can be ended."""

import multiprocessing
import os
import signal
import time
from collections import Counter

import pytest

from fmnist_core.campaign import execution
from fmnist_core.campaign.entries import read_campaign
from fmnist_core.campaign.execution import Watcher, run_campaign
from fmnist_core.campaign.matching import training_key
from fmnist_core.campaign.standing import campaign_view, finished_runs
from fmnist_core.data import find_data
from fmnist_core.errors import DiskError
from fmnist_core.runs.disk import write_durably
from fmnist_core.runs.read import find_run
from fmnist_core.runs.verify import verify_run

pytestmark = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")

LIST = """
[[groups]]
id = "impossible"
title = "A batch larger than its images"
why = "Fails before it starts."
architectures = ["kadam_a1"]
levels = [{ id = "impossible", recipe = { limit = 100, batch_size = 200 } }]

[[groups]]
id = "small"
title = "Two seeds of Kadam's first architecture"
why = "Small."
architectures = ["kadam_a1"]
seeds = [0, 1]
keep_weights = false
levels = [{ id = "small", recipe = { epochs = 4, limit = 4000, batch_size = 16 } }]

[[groups]]
id = "baseline"
title = "One that is no network"
why = "Small."
architectures = ["dummy"]
"""
WANTED = 3

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["fmnist_core.training.session"])


@pytest.fixture
def campaign_file(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text(LIST)
    return path


def _nothing(*told):
    """Told of a campaign's progress; a function of the module, so that it can be sent."""


def _silent() -> Watcher:
    return Watcher(_nothing, _nothing, _nothing, _nothing)


def _work(root, path):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    outcome = run_campaign(root, read_campaign(path), _silent())
    assert outcome.failed == ["kadam_a1-impossible"]


def _train_for(root, entries, hours):
    outcome = run_campaign(root, entries, _silent(), hours=hours)
    assert outcome.out_of_time


def _start(root, path):
    process = processes.Process(target=_work, args=(root, path))
    process.start()
    return process


def _progress(root, path) -> int:
    """Whole epochs and runs so far."""
    view = campaign_view(root, read_campaign(path))
    return sum(standing.epochs for standing in view.standings) + view.count("done")


def _results(root):
    """What was trained, with the digest of its weights; each run once."""
    runs = finished_runs(root)
    assert all(verify_run(root, run.run_id).ok for run in runs)
    return Counter((training_key(run), run.weight_digest) for run in runs)


@pytest.mark.slow
def test_a_campaign_ended_three_times_makes_the_runs_of_one_that_was_not(tmp_path, campaign_file):
    ended, whole = tmp_path / "ended", tmp_path / "whole"
    for _ in range(3):
        before = _progress(ended, campaign_file)
        process = _start(ended, campaign_file)
        deadline = time.monotonic() + 120
        while _progress(ended, campaign_file) < before + 2:
            assert process.is_alive(), "it ended before it was stopped"
            assert time.monotonic() < deadline
        os.kill(process.pid, signal.SIGINT)
        process.join(60)
        assert process.exitcode == 1  # KeyboardInterrupt
    assert all(run.status == "done" for run in finished_runs(ended))
    for root in (ended, whole):
        process = _start(root, campaign_file)
        process.join(180)
        assert process.exitcode == 0
    assert len(_results(whole)) == WANTED
    assert _results(ended) == _results(whole)
    assert not [path for path in (ended / ".staging").iterdir() if path.is_dir()]
    # Nothing is left to do, and doing it again changes nothing.
    view = campaign_view(ended, read_campaign(campaign_file))
    assert [standing.state for standing in view.standings] == ["missing", *["done"] * WANTED]
    again = run_campaign(ended, read_campaign(campaign_file)[1:], _silent())
    assert (again.trained, again.failed) == ([], [])


@pytest.mark.slow
def test_two_campaigns_at_once_train_nothing_twice(tmp_path, campaign_file):
    root = tmp_path / "runs"
    pair = [_start(root, campaign_file) for _ in range(2)]
    for process in pair:
        process.join(180)
    assert sorted(process.exitcode for process in pair) == [0, 1]
    results = _results(root)
    assert len(results) == WANTED
    assert set(results.values()) == {1}


@pytest.mark.slow
def test_a_campaign_out_of_time_leaves_a_checkpoint_and_no_run(tmp_path, campaign_file):
    root = tmp_path / "runs"
    small = read_campaign(campaign_file)[1:]
    process = processes.Process(target=_train_for, args=(root, small, 0.3 / 3600))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    first = campaign_view(root, small).standings[0]
    assert (first.state, first.epochs, first.planned) == ("partly", 1, 4)
    assert not finished_runs(root)
    assert run_campaign(root, small, _silent(), hours=0).out_of_time


def test_a_disk_that_takes_no_file_ends_the_campaign(tmp_path, campaign_file, monkeypatch):
    begun = []

    def train(root, plan, *told):
        begun.append(plan.run_id)
        write_durably(root / "no folder" / "checkpoint", b"")

    monkeypatch.setattr(execution, "_train", train)
    with pytest.raises(DiskError, match="Free some space"):
        run_campaign(tmp_path / "runs", read_campaign(campaign_file)[1:], _silent())
    assert len(begun) == 1


@pytest.mark.slow
def test_a_run_without_weights_has_its_record_and_predictions(tmp_path, campaign_file):
    root = tmp_path / "runs"
    only = [entry for entry in read_campaign(campaign_file) if entry.id == "kadam_a1-small-s1"]
    process = processes.Process(target=run_campaign, args=(root, only, _silent()))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    (run,) = finished_runs(root)
    names = {path.name for path in find_run(root, run.run_id).iterdir()}
    assert names == {"run.json", "history.jsonl", "predictions.npz", "manifest.json"}
    assert run.budget == "reduced"
    assert run.latency_ms is not None  # measured before the model was dropped
    assert run.size_bytes is not None
    assert run.metrics.test_accuracy > 0.7
