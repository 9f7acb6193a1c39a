"""`train` as it is typed: what it prints, what it keeps, and a Ctrl-C in between."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist_core.data import find_data
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.runs.verify import verify_run

pytestmark = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")

PROJECT = Path(__file__).parents[3]
OURS = ("Training ", "epoch ", "Stopping ", "INFO: Created TensorFlow Lite")


def start_training(root: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "fmnist_core", "train", "kadam_a1", "--limit", "600", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=os.environ | {"FMNIST_RUNS_DIR": str(root)},
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def test_a_training_prints_its_epochs_and_its_run_and_nothing_else(root: Path) -> None:
    process = start_training(root, "--epochs", "2", "--json")
    said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    (run_id,) = run_ids(root)
    assert json.loads(said)["run_id"] == run_id
    assert "epoch   2: loss" in told
    assert [line for line in told.splitlines() if line and not line.startswith(OURS)] == []
    assert verify_run(root, run_id).problems == ()


def test_a_name_in_brackets_is_printed_as_it_is(root: Path) -> None:
    process = start_training(root, "--name", "net [/x] :smile:", "--epochs", "1")
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "Training net [/x] :smile: as kadam_a1-" in told


def test_ctrl_c_keeps_the_whole_epochs_as_a_run_that_says_so(root: Path) -> None:
    process = start_training(root, "--epochs", "5000")
    assert process.stderr
    for line in process.stderr:
        if line.startswith("epoch   1:"):
            process.send_signal(signal.SIGINT)
            break
    said, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert "Stopping after this batch" in told
    (run_id,) = run_ids(root)
    run = read_run(root, run_id)
    assert run.status == "stopped"
    assert 1 <= run.epochs < 5000
    assert f"{run_id}: stopped after {run.epochs} of 5000 epochs" in said
    assert "80/20 of the training set, 600 training images" in said
    assert "stopped early" in said
