"""What a training needs before it starts, and is refused without."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from fmnist_core.data import find_data
from fmnist_core.errors import DiskError
from fmnist_core.runs.write import STAGING, WORK
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.preparation import check_room, prepare

LAYERS = "flatten\ndense 100 relu\ndense 10 softmax"
PARAMS = 784 * 100 + 100 + 100 * 10 + 10
ADAM = 3  # a weight and its two moments
TWO_CHECKPOINTS = 2 * ADAM * 4 * PARAMS


def _plan(**changes: object) -> Plan:
    return plan_run("custom", {"optimizer": "adam", **changes}, layers=LAYERS)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Every disk; `free` is what is free on it."""
    disk = SimpleNamespace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: disk)
    return disk


@pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")
def test_a_training_whose_checkpoints_find_no_room_is_refused_before_its_first_epoch(
    tmp_path: Path, disk: SimpleNamespace
) -> None:
    plan, root = _plan(), tmp_path / "new" / "runs"
    disk.free = TWO_CHECKPOINTS - 1
    wanted = r"new/runs must have room for two checkpoints, 1\.9 MB\. Received: 1\.9 MB\. Free some"
    with pytest.raises(DiskError, match=wanted):
        prepare(root, plan)
    assert list((root / STAGING).iterdir()) == []
    disk.free = TWO_CHECKPOINTS
    staging = prepare(root, plan).staging
    disk.free = 0
    with pytest.raises(DiskError):
        prepare(root, plan)  # goes on with a training
    assert staging.exists()


def test_an_optimizer_without_moments_and_weights_kept_apart_count_as_what_they_are(
    tmp_path: Path, disk: SimpleNamespace
) -> None:
    disk.free = 2 * 4 * PARAMS
    check_room(tmp_path, _plan(optimizer="sgd"))
    with pytest.raises(DiskError):
        check_room(tmp_path, _plan(optimizer="sgd", keep="best"))


def test_the_checkpoint_of_an_interrupted_training_is_room_already_had(
    tmp_path: Path, disk: SimpleNamespace
) -> None:
    plan = _plan()
    disk.free = TWO_CHECKPOINTS // 2
    with pytest.raises(DiskError):
        check_room(tmp_path, plan)
    (tmp_path / WORK).mkdir()
    checkpoint = tmp_path / WORK / "epoch-00003.safetensors"
    checkpoint.write_bytes(b"\0" * (TWO_CHECKPOINTS // 2))
    check_room(tmp_path, plan)
