import hashlib

import pytest

from fmnist_core.runs.history import EpochRow
from fmnist_core.training.pointer import Pointer, checkpoint_problem, write_pointer

ROW = EpochRow(1, 0.5, 0.8, 0.4, 0.85, 1e-3, 12.0, 20.0)


@pytest.fixture
def work(tmp_path):
    weights = tmp_path / "epoch-00001.safetensors"
    weights.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    write_pointer(tmp_path, Pointer(weights.name, digest, (ROW,)))
    return tmp_path


def _problem(work):
    return checkpoint_problem(work, weights_too=True)


def test_a_whole_checkpoint_and_none_at_all_have_no_problem(work, tmp_path):
    assert _problem(work) == ""
    assert _problem(tmp_path / "none") == ""


def test_flipped_and_missing_weights_are_found_when_they_are_looked_at(work):
    weights = work / "epoch-00001.safetensors"
    weights.write_bytes(b"Weights")
    assert _problem(work) == "the digest does not match"
    assert checkpoint_problem(work, weights_too=False) == ""
    weights.unlink()
    assert _problem(work) == "its weights cannot be read, No such file or directory"


def test_a_pointer_that_cannot_be_read_is_a_problem_at_once(work):
    (work / "checkpoint.json").write_text("{")
    assert checkpoint_problem(work, weights_too=False) == "its list of epochs cannot be read"
