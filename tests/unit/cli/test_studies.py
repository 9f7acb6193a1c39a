"""`studies list` and `show`, as a script and as a person read them."""

import argparse
import json

import pytest

from fmnist_core.cli import studies
from fmnist_core.errors import UnknownNameError
from fmnist_core.runs.read import run_ids
from tests.fixture_studies import setups, write_level_run


@pytest.fixture
def printed(tmp_path, monkeypatch, capsys):
    """Runs a handler over three runs of the batch size study; returns what it printed."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    asks = setups("batch_size", "s003_enhanced")
    write_level_run(tmp_path, asks["64"], 0.90, number=1)
    write_level_run(tmp_path, asks["32"], 0.95, number=2)
    write_level_run(tmp_path, asks["64"], 0.80, number=3, learning_rate=0.1)

    def run(handler, **options):
        assert handler(argparse.Namespace(**{"json": True, **options})) == 0
        text = capsys.readouterr().out
        return json.loads(text) if options.get("json", True) else text

    return run


def test_every_study_is_listed_with_what_is_trained_of_it(printed):
    listed = {entry["id"]: entry for entry in printed(studies.list_all)}
    assert (listed["batch_size"]["trained"], listed["batch_size"]["levels"]) == (2, 3)
    assert (
        "the one effect is more than the choice of test images" in listed["batch_size"]["headline"]
    )
    assert listed["depth"]["headline"] == "nothing to compare yet"
    own = [entry for entry in listed.values() if entry["own"]]
    assert [entry["factors"] for entry in own] == [["learning_rate"]]
    assert "batch_size" in printed(studies.list_all, json=False)


def test_a_study_is_shown_with_levels_effects_and_the_command_for_what_is_missing(printed):
    record = printed(studies.show, id="batch_size")
    (series,) = record["series"]
    assert [level["test_accuracy"] for level in series["levels"]] == [0.95, 0.9, None]
    (effect,) = series["effects"]
    assert (effect["level"], effect["base"], effect["separated"]) == ("32", "64", True)
    assert effect["difference"] == pytest.approx(0.05)
    command = series["levels"][2]["command"]
    assert command == "python -m fmnist_core train s003_enhanced --recipe batch_size=128"
    text = printed(studies.show, id="batch_size", json=False)
    assert command in text
    assert "Each of the 2 trained levels has one seed" in text


def test_a_sweep_is_shown_by_the_id_that_the_list_gives(printed):
    own = next(entry for entry in printed(studies.list_all) if entry["own"])
    record = printed(studies.show, id=own["id"])
    assert record["series"][0]["effects"][0]["difference"] == pytest.approx(-0.1)


def test_a_run_that_is_deleted_while_they_are_read_counts_as_missing(printed, monkeypatch):
    monkeypatch.setattr(
        studies, "run_ids", lambda root: [*run_ids(root), "kadam_a1-20250101-000009-000009"]
    )
    listed = {entry["id"]: entry for entry in printed(studies.list_all)}
    assert listed["batch_size"]["trained"] == 2


def test_an_unknown_study_is_refused_with_the_nearest(printed):
    with pytest.raises(UnknownNameError, match="Nearest: batch_size"):
        printed(studies.show, id="batchsize")
