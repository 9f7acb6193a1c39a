"""Whole trainings of a tiny network on real images, each in a process of its own."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from fmnist_core.data import find_data
from fmnist_core.runs.read import read_history, read_run
from fmnist_core.runs.verify import verify_run
from fmnist_core.training.plan import Plan, plan_run, unfinished_plan
from fmnist_core.training.session import run_plan

pytestmark = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")

# Everything with a state of its own: batch normalisation, dropout, a schedule, best weights.
LAYERS = """
conv 8 3x3 strides 2 relu
batchnorm
maxpool 2
dropout 0.3
flatten
dense 32 relu
dropout 0.5
dense 10 softmax
"""
RECIPE = {
    "epochs": 5,
    "batch_size": 32,
    "limit": 2000,
    "optimizer": "adamw",
    "schedule": "cosine",
    "keep": "best",
    "augmentation": "rotation=10 shift=0.1 flip mixup=0.2",
}

# A server that has loaded TensorFlow forks each training, so that one starts in milliseconds.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["fmnist_core.training.session"])


def _plan(**changes: object) -> Plan:
    return plan_run("custom", {**RECIPE, **changes}, layers=LAYERS)


def _start(root: Path, plan: Plan) -> multiprocessing.Process:
    process = processes.Process(target=run_plan, args=(root, plan))
    process.start()
    return process


def _train(root: Path, plan: Plan) -> None:
    process = _start(root, plan)
    process.join(timeout=120)
    assert process.exitcode == 0


def _results(root: Path, run_id: str) -> tuple[str | None, list[tuple[float | None, ...]]]:
    """Weight digest and history without the timings."""
    history = read_history(root, run_id)
    rows = [(r.loss, r.accuracy, r.val_loss, r.val_accuracy, r.learning_rate) for r in history]
    return read_run(root, run_id).weight_digest, rows


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("runs")
    plan = _plan()
    _train(root, plan)
    return root, plan.run_id


def test_the_same_recipe_seed_and_threads_give_the_same_weights_and_history(uninterrupted):
    root, run_id = uninterrupted
    again, other_seed = _plan(), _plan(seed=1)
    _train(root, again)
    _train(root, other_seed)
    assert _results(root, again.run_id) == _results(root, run_id)
    assert _results(root, other_seed.run_id)[0] != _results(root, run_id)[0]


# What is on the disk at the moment of the kill, from before the first checkpoint to the end.
MOMENTS = {
    "before the first checkpoint": lambda staging: (staging / "work" / "plan.json").exists(),
    "after the first checkpoint": lambda staging: _epochs(staging) >= 1,
    "while a checkpoint is written": lambda staging: (
        _epochs(staging) >= 2 and bool(list((staging / "work").glob(".epoch-*")))
    ),
    "before the last epoch": lambda staging: _epochs(staging) >= 4,
    "while the run is finished": lambda staging: (staging / "weights.safetensors").exists(),
}


def _epochs(staging: Path) -> int:
    pointer = staging / "work" / "checkpoint.json"
    return len(json.loads(pointer.read_bytes())["history"]) if pointer.exists() else 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_training_resumes_to_the_same_weights_and_history(uninterrupted, moment):
    root, run_id = uninterrupted
    plan = _plan()
    staging = root / ".staging" / plan.run_id
    process = _start(root, plan)
    deadline = time.monotonic() + 90
    while not MOMENTS[moment](staging):
        assert process.is_alive(), "it ended before the moment came"
        assert time.monotonic() < deadline
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert not (root / plan.run_id).exists()
    _train(root, unfinished_plan(root, plan.run_id))
    assert _results(root, plan.run_id) == _results(root, run_id)
    assert verify_run(root, plan.run_id).ok
    assert not staging.exists()


HEADS = """
conv 4 3x3 strides 2 relu
batchnorm
maxpool 2
head clothes_goods 2 weight 0.3
  flatten
head garment_group 6 weight 0.2
  flatten
  dense 8 relu
attention 2 4
squeeze_excite 2
flatten
dense 10 softmax
"""
CAPSULES = """
conv 8 9x9 strides 2 relu
primary_capsules 2 4 3x3 strides 2
capsules 10 4 routing 2
decoder 16
capsule_length
"""


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("layers", [LAYERS, HEADS, CAPSULES], ids=["plain", "heads", "capsules"])
def test_every_kind_of_network_becomes_a_whole_run_of_the_weights_that_were_trained(
    tmp_path, layers, precision
):
    recipe = {"batch_size": 50, "limit": 300, "epochs": 2, "precision": precision}
    plan = plan_run("custom", recipe, layers=layers)
    _train(tmp_path, plan)
    assert verify_run(tmp_path, plan.run_id).ok
    run, history = read_run(tmp_path, plan.run_id), read_history(tmp_path, plan.run_id)
    # The history was seen by the network in training, the metrics by the stored LiteRT model.
    assert run.metrics.val_accuracy == pytest.approx(history[-1].val_accuracy, abs=0.01)
    assert run.metrics.val_loss == pytest.approx(history[-1].val_loss, rel=0.01)
