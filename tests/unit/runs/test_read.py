"""Readers trust the manifest, and nothing but files."""

import os

import numpy as np
import pytest

from fmnist_core.bench.example_run import EPOCHS, TEST_IMAGES, VALIDATION_IMAGES
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.runs.read import (
    find_run,
    read_file,
    read_history,
    read_predictions,
    read_projection,
    read_run,
    read_stored_weights,
    run_ids,
)

READERS = {
    "run.json": read_run,
    "history.jsonl": read_history,
    "predictions.npz": read_predictions,
    "projection.npz": read_projection,
    "weights.safetensors": read_stored_weights,
}


def test_every_part_of_a_run_reads_back(stored):
    where = (stored.root, stored.run.run_id)
    assert read_run(*where) == stored.run
    assert [row.epoch for row in read_history(*where)] == list(range(1, EPOCHS + 1))
    predictions = read_predictions(*where)
    assert predictions.test_probabilities.shape == (TEST_IMAGES, 10)
    assert predictions.validation_labels.shape == (VALIDATION_IMAGES,)
    assert np.isin(read_projection(*where).indices, predictions.test_indices).all()
    assert set(read_stored_weights(*where)) == {"dense/kernel", "dense/bias"}


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_was_changed_after_the_commit_is_refused_by_name(stored, name):
    path = stored.folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(RunError, match=f"{name} is damaged: its SHA-256 must be"):
        READERS[name](stored.root, stored.run.run_id)


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_shorter_or_missing_is_refused_by_name(stored, name):
    path = stored.folder / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RunError, match=f"{name} is damaged: it must hold"):
        READERS[name](stored.root, stored.run.run_id)
    path.unlink()
    with pytest.raises(RunError, match=f"{name} is missing"):
        READERS[name](stored.root, stored.run.run_id)


@pytest.mark.parametrize("name", READERS)
def test_a_link_or_a_pipe_in_the_place_of_a_file_is_refused(stored, name):
    path = stored.folder / name
    elsewhere = path.rename(stored.root / name)
    path.symlink_to(elsewhere)
    with pytest.raises(RunError, match=f"{name} must be"):
        READERS[name](stored.root, stored.run.run_id)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(RunError, match=f"{name} must be a regular file"):
        READERS[name](stored.root, stored.run.run_id)


def test_a_run_that_was_stored_without_a_model_says_so(stored):
    with pytest.raises(RunError, match=r"must hold model\.tflite"):
        read_file(stored.root, stored.run.run_id, "model.tflite")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "manifest.json"])
def test_only_files_of_the_run_can_be_read(stored, name):
    (stored.root / "secret").write_text("")
    with pytest.raises(RunError):
        read_file(stored.root, stored.run.run_id, name)


def test_an_unknown_run_is_answered_with_the_nearest_ids(stored):
    with pytest.raises(UnknownNameError, match=f"Nearest: {stored.run.run_id}"):
        find_run(stored.root, "exampel-20250131-235959-00000a")


@pytest.mark.parametrize("run_id", ["../runs", "..", "", "example"])
def test_a_malformed_id_touches_no_file(run_id):
    with pytest.raises(RunError, match="a run id must look like"):
        find_run(None, run_id)  # type: ignore[arg-type]  # a folder that cannot be touched


def test_a_linked_run_folder_is_refused(stored):
    link = "linked-20250131-235959-00000c"
    (stored.root / link).symlink_to(stored.folder)
    with pytest.raises(RunError, match="not a file or a link"):
        read_run(stored.root, link)
    assert run_ids(stored.root) == [stored.run.run_id]


def test_a_renamed_run_is_refused(stored):
    other = "other-20250131-235959-00000a"
    stored.folder.rename(stored.root / other)
    with pytest.raises(RunError, match=f"must belong to {other}"):
        read_run(stored.root, other)


def test_a_folder_that_is_not_there_holds_no_runs(tmp_path):
    assert run_ids(tmp_path / "nowhere") == []
    with pytest.raises(UnknownNameError):
        find_run(tmp_path / "nowhere", "x-20250131-235959-00000a")
