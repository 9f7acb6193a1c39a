"""What a training needs before it starts, and is refused without."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from fmnist_core.errors import DiskError
from fmnist_core.runs.write import STAGING, WORK
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.preparation import check_room

PARAMS = 784 * 100 + 100 + 100 * 10 + 10
ADAM = 3  # a weight and its two moments
TWO_CHECKPOINTS = 2 * ADAM * 4 * PARAMS


@pytest.fixture
def plan() -> Plan:
    layers = "flatten\ndense 100 relu\ndense 10 softmax"
    return plan_run("custom", {"optimizer": "adam"}, layers=layers)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Sets how many bytes are free on every disk, and remembers which folder was asked about."""
    disk = SimpleNamespace(free=0, asked=[])
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk.asked.append(path) or disk)
    return disk


def test_a_training_whose_checkpoints_find_no_room_is_refused_before_its_first_epoch(
    tmp_path: Path, plan: Plan, free: SimpleNamespace
) -> None:
    free.free = TWO_CHECKPOINTS - 1
    wanted = r"room for two checkpoints, 1\.9 MB\. Received: 1\.9 MB\. Free some space"
    with pytest.raises(DiskError, match=wanted):
        check_room(tmp_path / "new" / "runs", plan)
    assert free.asked == [tmp_path]  # the folders are not there yet
    assert list(tmp_path.iterdir()) == []
    free.free = TWO_CHECKPOINTS
    check_room(tmp_path, plan)


def test_an_optimizer_without_moments_and_weights_kept_apart_count_as_what_they_are(
    tmp_path: Path, free: SimpleNamespace
) -> None:
    layers = "flatten\ndense 100 relu\ndense 10 softmax"
    free.free = 2 * 4 * PARAMS
    check_room(tmp_path, plan_run("custom", {"optimizer": "sgd"}, layers=layers))
    best = {"optimizer": "sgd", "keep": "best"}
    with pytest.raises(DiskError):
        check_room(tmp_path, plan_run("custom", best, layers=layers))


def test_the_checkpoint_of_an_interrupted_training_is_room_already_had(
    tmp_path: Path, plan: Plan, free: SimpleNamespace
) -> None:
    free.free = TWO_CHECKPOINTS // 2
    with pytest.raises(DiskError):
        check_room(tmp_path, plan)
    work = tmp_path / STAGING / plan.run_id / WORK
    work.mkdir(parents=True)
    (work / "epoch-00003.safetensors").write_bytes(b"\0" * (TWO_CHECKPOINTS // 2))
    check_room(tmp_path, plan)
