"""Deleting a run, and nothing else."""

import secrets
import shutil
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs.disk import fsync_folder, writing_to
from fmnist_core.runs.read import find_run
from fmnist_core.runs.tsne_file import FOLDER
from fmnist_core.runs.write import STAGING, TRASH


def delete_run(root: Path, run_id: str) -> None:
    """Removes a run, damaged or not: out of the list in one step, then from the disk.

    Raises:
        RunError: the id is malformed, the folder is a link or does not lie in `root`, or the disk
            refuses.
        UnknownNameError: there is no such run.
    """
    folder = find_run(root, run_id)
    if folder.resolve().parent != root.resolve():
        raise RunError(f"only a run in {root} can be deleted. Received: {run_id}.")
    staging = root / STAGING
    trash = staging / f"{TRASH}{run_id}-{secrets.token_hex(4)}"
    with writing_to(root):
        staging.mkdir(exist_ok=True)
        if staging.is_symlink():
            raise RunError(f"{staging} must be a folder, not a link.")
        folder.rename(trash)
        fsync_folder(root)
        (root / FOLDER / f"{run_id}.npz").unlink(missing_ok=True)
    # What cannot be removed now is removed by the next sweep.
    shutil.rmtree(trash, ignore_errors=True)
