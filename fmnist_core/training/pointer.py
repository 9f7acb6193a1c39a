"""The pointer to a training's current checkpoint; it can be read without Keras."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs.disk import read_bounded, write_durably
from fmnist_core.runs.history import MOST_HISTORY_BYTES, EpochRow
from fmnist_core.runs.write import POINTER

OTHER_DIGEST = "the digest does not match"


@dataclass(frozen=True)
class Pointer:
    """Which file holds the weights, its SHA-256, and the epochs that led to them."""

    weights: str
    sha256: str
    history: tuple[EpochRow, ...]


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Replaces the pointer in one step. Raises `RunError` when the disk refuses."""
    write_durably(folder / POINTER, json.dumps(asdict(pointer)).encode())


def read_pointer(folder: Path) -> Pointer | None:
    """The pointer of a training's work folder; None before the first whole epoch.

    Raises `RunError` when the file cannot be understood.
    """
    path = folder / POINTER
    if not path.exists():
        return None
    try:
        data = json.loads(read_bounded(path, MOST_HISTORY_BYTES))
        history = tuple(EpochRow(**row) for row in data["history"])
        return Pointer(data["weights"], data["sha256"], history)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged_checkpoint(folder, error) from error


def _weights_problem(folder: Path, pointer: Pointer) -> str:
    """Why the file that a pointer names is not the one that was written; empty where it is."""
    try:
        with (folder / pointer.weights).open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == pointer.sha256
    except OSError as error:
        return f"its weights cannot be read, {error.strerror}"
    return "" if same else OTHER_DIGEST


def checkpoint_problem(folder: Path, *, weights_too: bool) -> str:
    """Why the checkpoint in a work folder cannot be used; empty where it can, or there is none.

    Args:
        weights_too: reads all of them and compares their digest, a second for the largest.
    """
    try:
        pointer = read_pointer(folder)
    except RunError:
        return "its list of epochs cannot be read"
    return _weights_problem(folder, pointer) if pointer and weights_too else ""


def damaged_checkpoint(folder: Path, reason: object) -> RunError:
    """The error of a checkpoint whose files do not belong together."""
    return RunError(
        f"the checkpoint in {folder} must be whole. Received: {reason}. "
        "Delete that folder to start again."
    )
