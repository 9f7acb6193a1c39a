"""Reading a run: every file is compared with the manifest before it is understood."""

import os
import stat
from pathlib import Path

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.runs.arrays import (
    Floats,
    Predictions,
    Projection,
    parse_predictions,
    parse_projection,
)
from fmnist_core.runs.history import EpochRow, parse_history
from fmnist_core.runs.ids import check_run_id, is_run_id
from fmnist_core.runs.manifest import read_listed, read_manifest
from fmnist_core.runs.schema import Run, parse_run
from fmnist_core.runs.weights import parse_weights


def run_ids(root: Path) -> list[str]:
    """Returns the ids of the folders in `root` that are named like runs, in order.

    A root that does not exist yet has no runs.
    """
    try:
        with os.scandir(root) as entries:
            return sorted(
                entry.name
                for entry in entries
                if is_run_id(entry.name) and entry.is_dir(follow_symlinks=False)
            )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{root} must be readable. Received: {error.strerror}.") from error


def find_run(root: Path, run_id: str) -> Path:
    """Returns the folder of a run.

    Raises:
        RunError: the id is malformed (nothing on the disk is touched then), or its folder is a
            link.
        UnknownNameError: there is no such run; the nearest ids are offered.
    """
    folder = root / check_run_id(run_id)
    try:
        mode = folder.lstat().st_mode
    except OSError:
        raise UnknownNameError("run", run_id, run_ids(root)) from None
    if not stat.S_ISDIR(mode):
        raise RunError(f"a run must be a folder, not a file or a link. Received: {run_id}.")
    return folder


def read_run(root: Path, run_id: str) -> Run:
    """Returns the record of a run. Raises `RunError` when it is damaged, as all readers here."""
    return parse_run(read_file(root, run_id, "run.json"), run_id)


def read_history(root: Path, run_id: str) -> tuple[EpochRow, ...]:
    """Returns one row an epoch."""
    return parse_history(read_file(root, run_id, "history.jsonl"))


def read_predictions(root: Path, run_id: str) -> Predictions:
    """Returns the class probabilities of every test and validation image."""
    return parse_predictions(read_file(root, run_id, "predictions.npz"))


def read_projection(root: Path, run_id: str) -> Projection:
    """Returns the reduced features of the fixed test subset."""
    return parse_projection(read_file(root, run_id, "projection.npz"))


def read_stored_weights(root: Path, run_id: str) -> dict[str, Floats]:
    """Returns the tensors by name as float32."""
    return parse_weights(read_file(root, run_id, "weights.safetensors"))


def read_file(root: Path, run_id: str, name: str) -> bytes:
    """Returns a file of a run, `"model.tflite"` for instance, as it was committed.

    Raises:
        RunError: the file is missing or damaged, or the run was stored without it.
        UnknownNameError: there is no such run.
    """
    folder = find_run(root, run_id)
    return read_listed(folder, read_manifest(folder), name)
