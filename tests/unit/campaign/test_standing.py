"""Where a campaign stands, told from the files alone."""

import argparse
import json
import multiprocessing
import signal
from dataclasses import replace

import pytest

from fmnist_core.campaign.entries import read_campaign
from fmnist_core.campaign.standing import campaign_view
from fmnist_core.cli.campaign import campaign
from fmnist_core.data import find_data
from fmnist_core.errors import FmnistError
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.write import STAGING, WORK
from fmnist_core.training.lock import only_trainer
from fmnist_core.training.plan import Plan, save_plan
from fmnist_core.training.pointer import Pointer, write_pointer
from tests.fixture_runs import FixtureRun, write_fixture_run

LIST = """
[[groups]]
id = "small"
title = "Three seeds"
why = "Fixture."
architectures = ["kadam_a1"]
seeds = [0, 1, 2]
levels = [{ id = "six", recipe = { epochs = 6 } }]
"""


@pytest.fixture
def entries(tmp_path):
    path = tmp_path / "campaign.toml"
    path.write_text(LIST)
    return read_campaign(path)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "runs"


def _begin(root, plan: Plan, epochs: int):
    """A training as a kill leaves it, with so many epochs in its checkpoint."""
    work = root / STAGING / plan.run_id / WORK
    work.mkdir(parents=True)
    save_plan(work, plan)
    row = EpochRow(1, 0.5, 0.8, 0.5, 0.8, 0.001, 1.0, 1.0)
    history = tuple(replace(row, epoch=epoch) for epoch in range(1, epochs + 1))
    write_pointer(work, Pointer("none", "", history))
    return work


def test_what_was_trained_counts_and_what_was_stopped_or_differs_does_not(root, entries):
    done = write_fixture_run(root, FixtureRun("kadam_a1", epochs=6, seed=0, number=1))
    write_fixture_run(root, FixtureRun("kadam_a1", epochs=4, seed=1, number=2, budget="stopped"))
    write_fixture_run(root, FixtureRun("kadam_a1", epochs=6, seed=2, number=3, optimizer="sgd"))
    view = campaign_view(root, entries)
    assert [standing.state for standing in view.standings] == ["done", "missing", "missing"]
    assert [standing.run_id for standing in view.standings] == [done, None, None]
    assert view.standings[0].seconds_left == 0
    assert view.seconds_left == pytest.approx(2 * view.standings[1].seconds_left)
    assert view.stored_bytes > 0


def test_a_training_that_was_begun_leaves_less_to_do(root, entries):
    _begin(root, entries[0].new_plan(), 2)
    further = entries[0].new_plan()
    _begin(root, further, 4)
    first, second, _ = campaign_view(root, entries).standings
    assert (first.state, first.run_id, first.epochs) == ("partly", further.run_id, 4)
    assert 0 < first.seconds_left < second.seconds_left


def _hold(work, held):
    with only_trainer(work):
        held.set()
        signal.pause()


def test_a_training_that_a_process_works_on_is_running(root, entries):
    work = _begin(root, entries[0].new_plan(), 1)
    processes = multiprocessing.get_context("spawn")
    held = processes.Event()
    holder = processes.Process(target=_hold, args=(work, held))
    holder.start()
    try:
        assert held.wait(30)
        assert campaign_view(root, entries).standings[0].state == "running"
    finally:
        holder.kill()
        holder.join()
    assert campaign_view(root, entries).standings[0].state == "partly"


def _options(tmp_path, **given):
    default = {"file": tmp_path / "campaign.toml", "only": [], "run": False, "hours": None}
    return argparse.Namespace(**{**default, "json": True, **given})


def test_the_command_tells_the_hours_that_are_left(root, entries, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(root))
    write_fixture_run(root, FixtureRun("kadam_a1", epochs=6, seed=0, number=1))
    assert campaign(_options(tmp_path)) == 0
    view = json.loads(capsys.readouterr().out)
    assert (view["total"], view["done"], view["missing"]) == (3, 1, 2)
    left = [entry["hours_left"] for entry in view["entries"]]
    assert left[0] == 0
    assert view["hours_left"] == pytest.approx(sum(left))
    assert view["hours_left"] > 0
    assert campaign(_options(tmp_path, only=["kadam_a1-six-s2"], json=False)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["kadam_a1-six-s2", "missing", "0/6"]
    assert "1 run: 0 done, 0 running, 0 partly, 1 missing. About 0.0 hours left." in lines


@pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")
def test_the_command_trains_what_is_named_and_says_where_it_lies(
    root, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(root))
    shipped = {"file": None, "only": ["dummy"]}
    assert campaign(_options(tmp_path, run=True, **shipped)) == 0
    told = capsys.readouterr()
    (entry,) = json.loads(told.out)["entries"]
    assert (entry["state"], json.loads(told.out)["outcome"]["trained"]) == ("done", ["dummy"])
    assert f"dummy: stored as {entry['run_id']}." in told.err
    assert campaign(_options(tmp_path, run=True, **shipped)) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["outcome"]["trained"], again["entries"][0]["run_id"]) == ([], entry["run_id"])


def test_the_command_refuses_unknown_entries_and_hours_without_a_run(
    root, entries, tmp_path, monkeypatch
):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(root))
    with pytest.raises(FmnistError, match="kadam_a1-six-s2"):
        campaign(_options(tmp_path, only=["kadam_a1-six-s3"]))
    with pytest.raises(FmnistError, match="needs --run"):
        campaign(_options(tmp_path, hours=1.0))
