"""A run appears whole or not at all."""

import hashlib
import json
import os
import resource
import signal
import sys
import time
from contextlib import contextmanager

import numpy as np
import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import RunError
from fmnist_core.runs.manifest import MANIFEST
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.runs.verify import verify_run
from fmnist_core.runs.weights import write_weights
from fmnist_core.runs.write import (
    POINTER,
    STAGING,
    TRASH,
    WORK,
    commit_run,
    discard_staging,
    open_staging,
    staged_run,
    sweep_staging,
)

OTHER = "other-20250131-235959-00000b"


def _restage(stored):
    """Moves the committed run back to where it was before its commit."""
    staging = stored.root / STAGING / stored.run.run_id
    stored.folder.rename(staging)
    (staging / "manifest.json").unlink()
    return staging


def _days_old(folder, days):
    when = time.time() - days * 86_400
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (when, when))


def test_a_committed_run_is_listed_in_a_manifest_of_all_its_files(stored):
    manifest = json.loads((stored.folder / "manifest.json").read_text())
    files = {path.name: path.read_bytes() for path in stored.folder.iterdir()}
    del files["manifest.json"]
    assert manifest["run_id"] == stored.run.run_id
    assert manifest["files"] == {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
    }
    assert not any((stored.root / STAGING).iterdir())


def test_others_may_read_what_was_written(stored):
    (stored.folder / "weights.safetensors").chmod(0o600)
    commit_run(_restage(stored))
    assert {path.stat().st_mode & 0o777 for path in stored.folder.iterdir()} == {0o644}


def test_a_writer_killed_at_any_moment_leaves_a_whole_run_or_none(stored):
    """A child is killed at its 1st, 2nd, ... file operation, and the next one tries again."""
    staging = _restage(stored)
    outcomes = []
    for moment in range(1, 200):
        (staging / WORK).mkdir(exist_ok=True)
        (staging / WORK / "checkpoint").write_bytes(b"123")
        child = os.fork()
        if child == 0:
            _commit_until(staging, moment)
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL)
        whole = run_ids(stored.root) == [stored.run.run_id]
        outcomes.append(whole)
        if whole:
            assert verify_run(stored.root, stored.run.run_id).ok
            if status == 0:
                break
            staging = _restage(stored)
        else:
            assert staging.is_dir()
    assert outcomes.count(True) >= 2, "killed after the move as well"
    assert outcomes.count(False) > 10


def _commit_until(staging, moment: int) -> None:
    """Commits in this process, which ends either way: killed at that operation, or with 0."""
    seen = 0

    def count(event: str, arguments: object) -> None:
        nonlocal seen
        if event in ("open", "os.rename", "os.chmod", "os.remove", "os.rmdir", "os.listdir"):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(count)
        commit_run(staging)
        os._exit(0)
    finally:
        os._exit(1)


def test_what_training_needs_only_meanwhile_is_dropped(stored):
    staging = _restage(stored)
    (staging / WORK).mkdir()
    (staging / WORK / "checkpoint.safetensors").write_bytes(b"123")
    assert commit_run(staging) == stored.folder
    assert not (stored.folder / WORK).exists()
    assert verify_run(stored.root, stored.run.run_id).ok


@pytest.mark.parametrize("name", ["run.json", "history.jsonl", "predictions.npz"])
def test_a_run_without_a_required_file_is_not_committed(stored, name):
    staging = _restage(stored)
    (staging / name).unlink()
    with pytest.raises(RunError, match=f"{name} missing"):
        commit_run(staging)
    assert run_ids(stored.root) == []


@pytest.mark.parametrize("name", ["model.h5", "weights.pkl", ".run.json.abc"])
def test_a_file_that_is_not_part_of_a_run_is_not_committed(stored, name):
    staging = _restage(stored)
    (staging / name).write_bytes(b"")
    with pytest.raises(RunError, match="known files only"):
        commit_run(staging)


def test_a_run_that_contradicts_itself_is_not_committed(stored):
    staging = _restage(stored)
    (staging / "history.jsonl").write_bytes(b"")
    (staging / "model.tflite").write_bytes(b"no model")
    with pytest.raises(RunError, match="3 epochs") as error:
        commit_run(staging)
    assert "LiteRT" in str(error.value)
    assert "8 bytes" in str(error.value)
    assert staging.is_dir()


def test_an_exception_while_writing_leaves_nothing(tmp_path):
    def write_and_fail():
        with staged_run(tmp_path, OTHER) as staging:
            (staging / "run.json").write_text("{}")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert [path.name for path in tmp_path.rglob("*")] == [STAGING]


def test_two_runs_cannot_have_one_id(stored):
    with pytest.raises(RunError, match="id of its own"):
        open_staging(stored.root, stored.run.run_id)


def test_a_killed_training_finds_its_folder_again(tmp_path):
    first = open_staging(tmp_path, OTHER)
    (first / "history.jsonl").write_text("")
    assert (open_staging(tmp_path, OTHER) / "history.jsonl").exists()


@pytest.mark.parametrize("run_id", ["../x", "x", "a/b-20250131-235959-00000b"])
def test_nothing_is_made_under_a_malformed_id(tmp_path, run_id):
    with pytest.raises(RunError, match="a run id must look like"):
        open_staging(tmp_path / "runs", run_id)
    assert not (tmp_path / "runs").exists()


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RunError, match="must be writable") as error:
        open_staging(tmp_path / "file", OTHER)
    assert str(tmp_path / "file") in str(error.value)
    assert "FMNIST_RUNS_DIR" in str(error.value)


@contextmanager
def small_files_only():
    """The system refuses to write more than 10,000 bytes into a file, as a full disk would.

    Not a fixture: the report of a test is written before its fixtures end, perhaps into a file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_when_the_disk_refuses_nothing_half_written_stays(tmp_path):
    path = tmp_path / "weights.safetensors"
    write_weights(path, [("a", np.zeros(10))])
    before = path.read_bytes()
    full = pytest.raises(RunError, match="must be writable, with room on its disk")
    with full, small_files_only():
        write_weights(path, [("a", np.zeros(100_000))])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_only_what_nobody_writes_any_more_is_swept(tmp_path):
    stale, live, trash = (
        open_staging(tmp_path, f"{name}-20250131-235959-00000b") for name in ("old", "new", "gone")
    )
    for folder in (stale, live, trash):
        (folder / "history.jsonl").write_text("")
    trash = trash.rename(trash.with_name(f"{TRASH}{trash.name}"))
    _days_old(stale, 31)
    _days_old(live, 31)
    (live / WORK).mkdir()
    (live / WORK / "checkpoint").write_bytes(b"")  # a long epoch, but something was written
    assert sweep_staging(tmp_path) == [stale.name, trash.name]
    assert [path.name for path in (tmp_path / STAGING).iterdir()] == [live.name]


@pytest.mark.parametrize("file", [f"{WORK}/{POINTER}", MANIFEST])
def test_whole_epochs_are_not_swept_however_old(tmp_path, file):
    stopped = open_staging(tmp_path, OTHER)
    (stopped / WORK).mkdir()
    (stopped / file).write_text("{}")
    _days_old(stopped, 400)
    assert sweep_staging(tmp_path) == []
    assert (stopped / file).exists()


def test_the_sweep_touches_no_committed_run_and_needs_no_staging(stored):
    _days_old(stored.folder, 1000)
    assert sweep_staging(stored.root) == []
    assert sweep_staging(stored.root / "nowhere") == []
    assert read_run(stored.root, stored.run.run_id) == stored.run


def test_only_staging_folders_can_be_discarded(stored):
    with pytest.raises(RunError, match="can be discarded"):
        discard_staging(stored.folder)
    outside = stored.root.parent / "outside"
    outside.mkdir()
    link = stored.root / STAGING / OTHER
    link.symlink_to(outside)
    with pytest.raises(RunError, match="can be discarded"):
        discard_staging(link)
    assert outside.is_dir()


def test_a_light_run_is_a_whole_run(tmp_path):
    run = write_example(tmp_path, OTHER, light=True)
    files = sorted(path.name for path in (tmp_path / OTHER).iterdir())
    assert files == ["history.jsonl", "manifest.json", "predictions.npz", "run.json"]
    assert verify_run(tmp_path, run.run_id).ok
