"""The data is found in a fixed order of places, and every place is told apart."""

import json

import pytest

from fmnist_core.data import data_status, find_data, load_pool
from fmnist_core.errors import DataError


def places(machine, monkeypatch):
    """Returns the folders in the order of the search, the first one named by the variable."""
    monkeypatch.setenv("FMNIST_DATA_DIR", str(machine / "chosen"))
    return [
        machine / "chosen",
        machine / "project" / "data",
        machine / "debian",
        machine / "keras" / "datasets" / "fashion-mnist",
    ]


def test_each_place_is_found_and_an_earlier_one_comes_first(
    empty_machine, put_tiny_data, monkeypatch
):
    folders = places(empty_machine, monkeypatch)
    assert find_data() is None
    for folder in reversed(folders):
        put_tiny_data(folder)
        assert find_data() == folder
    assert [place.folder for place in data_status().places] == folders


def test_the_keras_cache_lies_in_the_home_folder_unless_keras_home_says_otherwise(
    empty_machine, put_tiny_data, monkeypatch
):
    monkeypatch.delenv("KERAS_HOME")
    folder = empty_machine / "home" / ".keras" / "datasets" / "fashion-mnist"
    put_tiny_data(folder)
    assert find_data() == folder


def test_an_incomplete_folder_is_passed_over_and_named(empty_machine, put_tiny_data, monkeypatch):
    chosen, project, *_ = places(empty_machine, monkeypatch)
    put_tiny_data(chosen, leave_out="t10k-labels-idx1-ubyte")
    put_tiny_data(project, compressed=False)
    status = data_status()
    assert find_data() == project
    assert status.used.folder == project
    assert status.good
    assert [place.state for place in status.places] == ["incomplete", "good", "missing", "missing"]


def test_a_damaged_folder_is_refused_rather_than_replaced_by_another(
    empty_machine, put_tiny_data, monkeypatch
):
    chosen, project, *_ = places(empty_machine, monkeypatch)
    put_tiny_data(chosen)
    put_tiny_data(project)
    (chosen / "train-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    status = data_status()
    assert not status.good
    assert status.used.state == "damaged"
    assert len(status.used.problems) == 1
    assert "train-labels-idx1-ubyte" in status.used.problems[0]
    with pytest.raises(DataError, match="train-labels-idx1-ubyte"):
        load_pool()


def test_without_data_the_error_names_every_place_and_what_helps(empty_machine, monkeypatch):
    folders = places(empty_machine, monkeypatch)
    with pytest.raises(DataError) as caught:
        load_pool()
    for folder in folders:
        assert str(folder) in str(caught.value)
    assert "sudo apt-get install dataset-fashion-mnist" in str(caught.value)
    assert "https://" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_status_becomes_json(empty_machine, put_tiny_data, monkeypatch):
    chosen, *_ = places(empty_machine, monkeypatch)
    put_tiny_data(chosen)
    status = json.loads(json.dumps(data_status().to_dict()))
    assert status["good"] is True
    assert status["folder"] == str(chosen)
    assert [place["state"] for place in status["places"]] == ["good", *["missing"] * 3]
    assert (
        status["places"][0]["files"][0]["sha256"]
        == (status["places"][0]["files"][0]["expected_sha256"])
    )
