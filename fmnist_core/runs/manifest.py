"""`manifest.json`: SHA-256 and size of every file of a run, written last.

No format of weights or arrays notices a flipped bit by itself; the manifest does.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from fmnist_core.errors import RunError
from fmnist_core.runs import records, strict_json
from fmnist_core.runs.arrays import MOST_PREDICTIONS_BYTES, MOST_PROJECTION_BYTES
from fmnist_core.runs.disk import digest_bounded, read_bounded
from fmnist_core.runs.history import MOST_HISTORY_BYTES
from fmnist_core.runs.ids import LONGEST_RUN_ID, RUN_ID
from fmnist_core.runs.records import Count, Range, Text
from fmnist_core.runs.schema import MOST_RUN_JSON_BYTES, SCHEMA_VERSION, Digest
from fmnist_core.runs.weights import MOST_WEIGHTS_BYTES

MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 16 * 1024
MOST_MODEL_BYTES = 64 * 1024 * 1024

# Every file a run may hold, and the most bytes each may have.
REQUIRED_FILES = {
    "run.json": MOST_RUN_JSON_BYTES,
    "history.jsonl": MOST_HISTORY_BYTES,
    "predictions.npz": MOST_PREDICTIONS_BYTES,
}
OPTIONAL_FILES = {
    "projection.npz": MOST_PROJECTION_BYTES,
    "weights.safetensors": MOST_WEIGHTS_BYTES,
    "model.tflite": MOST_MODEL_BYTES,
}
RUN_FILES = REQUIRED_FILES | OPTIONAL_FILES


@dataclass(frozen=True)
class FileEntry:
    """One file as it was when the run was committed."""

    sha256: Digest
    size: Annotated[int, Range(0, MOST_WEIGHTS_BYTES)]


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` holds."""

    schema_version: Literal[1]
    run_id: Annotated[str, Text(LONGEST_RUN_ID, form=RUN_ID.pattern)]
    files: Annotated[dict[str, FileEntry], Count(len(REQUIRED_FILES), len(RUN_FILES))]


def make_manifest(run_id: str, contents: dict[str, bytes]) -> bytes:
    """Returns the bytes of the manifest for these files."""
    files = {name: {"sha256": _sha256(data), "size": len(data)} for name, data in contents.items()}
    value = {"schema_version": SCHEMA_VERSION, "run_id": run_id, "files": files}
    return strict_json.dumps(value)


def read_manifest(folder: Path) -> Manifest:
    """Returns the manifest of a run folder.

    Raises:
        RunError: it is missing, malformed, of another run, or lacks a required file.
    """
    value = strict_json.loads(
        read_bounded(folder / MANIFEST, MOST_MANIFEST_BYTES),
        MANIFEST,
        most_bytes=MOST_MANIFEST_BYTES,
    )
    manifest = records.from_json(Manifest, value, MANIFEST)
    names = manifest.files.keys()
    if not REQUIRED_FILES.keys() <= names <= RUN_FILES.keys():
        raise RunError(
            f"{MANIFEST} must list {', '.join(REQUIRED_FILES)} and no unknown file. "
            f"Received: {', '.join(sorted(names))}."
        )
    if manifest.run_id != folder.name:
        raise RunError(f"{MANIFEST} must belong to {folder.name}. Received: {manifest.run_id!r}.")
    return manifest


def read_listed(folder: Path, manifest: Manifest, name: str) -> bytes:
    """Returns the bytes of a file that are exactly the ones the manifest lists.

    Raises:
        RunError: the file is not listed, missing, or not as it was when the run was committed.
    """
    if name not in manifest.files:
        raise RunError(f"{folder.name} must hold {name} for this. It was stored without it.")
    data = read_bounded(folder / name, RUN_FILES[name])
    _compare(name, manifest.files[name], len(data), _sha256(data))
    return data


def check_listed(folder: Path, manifest: Manifest, name: str) -> None:
    """Does what `read_listed` does to a file in the list, in a small and constant memory."""
    received, size = digest_bounded(folder / name, RUN_FILES[name])
    _compare(name, manifest.files[name], size, received)


def _compare(name: str, entry: FileEntry, size: int, received: str) -> None:
    if size != entry.size:
        raise RunError(f"{name} is damaged: it must hold {entry.size:,} bytes. Received: {size:,}.")
    if received != entry.sha256:
        raise RunError(
            f"{name} is damaged: its SHA-256 must be {entry.sha256}. Received: {received}."
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
