"""Writing a run: into a staging folder, checked, fsynced, and renamed into place in one step.

A reader sees a whole run or none, whenever the writer is killed.
"""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs import strict_json
from fmnist_core.runs.contents import content_problems
from fmnist_core.runs.disk import (
    UNFINISHED,
    fsync_folder,
    read_bounded,
    write_durably,
    writing_to,
)
from fmnist_core.runs.ids import check_run_id
from fmnist_core.runs.manifest import MANIFEST, REQUIRED_FILES, RUN_FILES, make_manifest
from fmnist_core.runs.schema import Run

STAGING = ".staging"
TRASH = "trash-"  # in .staging: the remains of a deleted run
# For what a training needs only while it runs (checkpoints, a log); gone from the committed run.
WORK = "work"
# In work/: names the checkpoint that a training goes on from, and holds its whole epochs.
POINTER = "checkpoint.json"


def open_staging(root: Path, run_id: str) -> Path:
    """Returns the folder to write a run into, `root/.staging/<run_id>`, made when there is none.

    It stays until `commit_run` or `discard_staging`, so that a killed training can go on in it.

    Raises:
        RunError: the id is malformed, the run exists already, or the folder cannot be made.
    """
    check_run_id(run_id)
    if os.path.lexists(root / run_id):
        raise RunError(f"a run must have an id of its own. Received: {run_id}, which exists.")
    staging = root / STAGING / run_id
    with writing_to(root):
        staging.mkdir(parents=True, exist_ok=True)
        # Ask by writing: permission bits say nothing about a read-only file system or root.
        probe = staging / f".probe{UNFINISHED}"
        probe.touch()
        probe.unlink()
    return staging


@contextmanager
def staged_run(root: Path, run_id: str) -> Iterator[Path]:
    """Yields a staging folder that is committed at the end of the block.

    After an exception it is discarded instead.
    """
    staging = open_staging(root, run_id)
    try:
        yield staging
        commit_run(staging)
    except BaseException:
        discard_staging(staging)
        raise


def write_run(staging: Path, run: Run) -> None:
    """Writes `run.json`. Raises `RunError` when a value is out of range or the disk refuses."""
    write_durably(staging / "run.json", strict_json.dumps(run.to_json()))


def commit_run(staging: Path) -> Path:
    """Checks the files, writes the manifest last, and moves the folder to `root/<run_id>`.

    Files and folders are made durable before the move and the root after it. `work/` is dropped.
    Can be called again after it was interrupted.

    Returns:
        The folder of the committed run.

    Raises:
        RunError: a file is missing, unknown or wrong, or the disk refuses; the staging folder is
            then left as it is.
    """
    root, run_id = staging.parent.parent, check_run_id(staging.name)
    contents = _read_staged(staging)
    if problems := " ".join(content_problems(staging)):
        raise RunError(f"{run_id} cannot be stored: {problems}")
    final = root / run_id
    if os.path.lexists(final):
        raise RunError(f"a run must have an id of its own. Received: {run_id}, which exists.")
    with writing_to(root):
        for name in contents:
            _fsync_file(staging / name)
        write_durably(staging / MANIFEST, make_manifest(run_id, contents))
        # Only now: until the manifest is there, an interrupted training still needs its checkpoint.
        if (staging / WORK).is_dir():
            shutil.rmtree(staging / WORK)
        for left in staging.glob(f"*{UNFINISHED}"):
            left.unlink()
        fsync_folder(staging)
        staging.rename(final)
        fsync_folder(root)
        fsync_folder(staging.parent)
    return final


def discard_staging(staging: Path) -> None:
    """Removes a staging folder and all that is in it; one that is gone already is fine."""
    if staging.parent.name != STAGING or staging.is_symlink():
        raise RunError(f"only a folder in {STAGING} can be discarded. Received: {staging}.")
    shutil.rmtree(staging, ignore_errors=True)


def sweep_staging(root: Path, *, older_than_days: float = 30) -> list[str]:
    """Removes what killed writers and deleters left behind, and returns the names removed.

    A staging folder goes when nothing in it was written for so many days, unless it holds whole
    epochs: those stay until someone goes on with them or deletes them. The remains of a deleted run
    go at once.
    """
    removed = []
    oldest = time.time() - older_than_days * 86_400
    for folder in sorted((root / STAGING).glob("*")):
        if folder.is_dir() and not folder.is_symlink():
            trash = folder.name.startswith(TRASH)
            if trash or (not _holds_epochs(folder) and _last_written(folder) < oldest):
                discard_staging(folder)
                removed.append(folder.name)
    return removed


def _holds_epochs(folder: Path) -> bool:
    """Whether a training can go on here, or has only its rename before it."""
    return (folder / WORK / POINTER).exists() or (folder / MANIFEST).exists()


def _last_written(folder: Path) -> float:
    newest = 0.0
    for path in (folder, *folder.rglob("*")):
        # A live writer may rename or remove a file between the listing and the look.
        try:
            newest = max(newest, path.lstat().st_mtime)
        except FileNotFoundError:
            continue
    return newest


def _read_staged(staging: Path) -> dict[str, bytes]:
    if not staging.is_dir():
        raise RunError(f"{staging.name} has no staging folder to commit.")
    names = {entry.name for entry in staging.iterdir() if entry.suffix != UNFINISHED}
    names -= {WORK, MANIFEST}
    if missing := sorted(REQUIRED_FILES.keys() - names):
        raise RunError(f"{staging.name} cannot be stored: {', '.join(missing)} missing.")
    if unknown := sorted(names - RUN_FILES.keys()):
        raise RunError(
            f"{staging.name} cannot be stored: a run must hold known files only. "
            f"Received: {', '.join(unknown)}. Keep others in {WORK}/."
        )
    return {name: read_bounded(staging / name, RUN_FILES[name]) for name in sorted(names)}


def _fsync_file(path: Path) -> None:
    # Some libraries write 0600; a shared folder of runs is readable by those who may enter it.
    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
