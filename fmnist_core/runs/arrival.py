"""A run that comes from elsewhere: unpacked into staging, checked there, and then moved in."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from fmnist_core.architectures.summary import check_buildable
from fmnist_core.architectures.weight_shapes import weight_shapes
from fmnist_core.errors import LayerTextError, RunError
from fmnist_core.runs import strict_json
from fmnist_core.runs.archive_entries import ARCHIVE, open_archive
from fmnist_core.runs.contents import content_problems
from fmnist_core.runs.disk import fsync_folder, writing_to
from fmnist_core.runs.ids import check_run_id
from fmnist_core.runs.manifest import (
    MANIFEST,
    MOST_MANIFEST_BYTES,
    Manifest,
    check_listed,
    read_listed,
    read_manifest,
)
from fmnist_core.runs.plain_zip import unpacked
from fmnist_core.runs.schema import MOST_RUN_JSON_BYTES, SCHEMA_VERSION, Run, parse_run
from fmnist_core.runs.verify import verify_run
from fmnist_core.runs.write import STAGING, discard_staging

# In .staging: a run that is being unpacked and checked.
ARRIVALS = "import-"
# How far the clock of the machine that trained may be ahead of ours.
_CLOCKS_APART = timedelta(days=1)


@dataclass(frozen=True)
class Arrival:
    """A run that passed every check, still in staging.

    Attributes:
        folder: where its files lie, exactly those of the archive.
        known: the same run, with the same content, is in `root` already.
    """

    root: Path
    run_id: str
    folder: Path
    known: bool

    @property
    def model(self) -> Path | None:
        """The LiteRT model, where the run has one."""
        path = self.folder / "model.tflite"
        return path if path.exists() else None

    def commit(self) -> Path:
        """Moves the run to its place in one step and returns its folder; nothing where it is known.

        Raises:
            RunError: another run of this id appeared meanwhile, or the disk refuses.
        """
        final = self.root / self.run_id
        if self.known:
            return final
        if os.path.lexists(final):
            raise RunError(f"{self.run_id} must be new. It has come from elsewhere meanwhile.")
        with writing_to(self.root):
            fsync_folder(self.folder)
            self.folder.rename(final)
            fsync_folder(self.root)
        return final


@contextmanager
def arriving_run(root: Path, file: BinaryIO) -> Iterator[Arrival]:
    """Yields the run of an archive, checked; what was not committed is removed at the end.

    Nothing outside `root/.staging` is written before `Arrival.commit`.

    Args:
        root: the folder of runs, made when there is none.
        file: the zip file, open for reading and seekable.

    Raises:
        RunError: the archive is not exactly one whole run that agrees with itself and with its
            layers; its schema is newer than ours; a run of its id has other content; or the disk
            refuses.
    """
    staging = root / STAGING / f"{ARRIVALS}{secrets.token_hex(8)}"
    if staging.parent.is_symlink():
        raise RunError(f"{staging.parent} must be a folder, not a link.")
    try:
        folder = _unpack(staging, file)
        manifest = read_manifest(folder)
        _check_contents(folder, manifest)
        yield Arrival(root, folder.name, folder, _is_known(root, folder.name, manifest))
    finally:
        discard_staging(staging)


def _unpack(staging: Path, file: BinaryIO) -> Path:
    """Returns `staging/<run_id>`, where the files of the archive lie, each as long as it said."""
    with open_archive(file) as (archive, entries):
        stated = b"".join(unpacked(archive, entries[MANIFEST], ARCHIVE))
        run_id = _stated_id(stated)
        folder = staging / run_id
        with writing_to(staging):
            folder.mkdir(parents=True)
        for name, entry in entries.items():
            _write(folder / name, unpacked(archive, entry, ARCHIVE))
    return folder


def _stated_id(manifest: bytes) -> str:
    value = strict_json.loads(manifest, MANIFEST, most_bytes=MOST_MANIFEST_BYTES)
    _refuse_newer(MANIFEST, value)
    return check_run_id(str(value.get("run_id")) if isinstance(value, dict) else "")


def _refuse_newer(name: str, value: Any) -> None:
    """Without this, a newer schema would be refused for the first key that we do not know."""
    version = value.get("schema_version") if isinstance(value, dict) else None
    if type(version) is int and version > SCHEMA_VERSION:
        raise RunError(
            f"{name} must be of schema version {SCHEMA_VERSION} or older. Received: {version}. "
            "Import it with the newer version of this program that wrote it."
        )


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with writing_to(path), path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _check_contents(folder: Path, manifest: Manifest) -> None:
    names = {entry.name for entry in folder.iterdir()} - {MANIFEST}
    if strangers := sorted(names ^ manifest.files.keys()):
        raise RunError(
            f"{MANIFEST} must list exactly the files beside it. Received: {strangers[0]} on one "
            "side only."
        )
    record = read_listed(folder, manifest, "run.json")
    value = strict_json.loads(record, "run.json", most_bytes=MOST_RUN_JSON_BYTES)
    _refuse_newer("run.json", value)
    run = parse_run(record, folder.name)
    if datetime.fromisoformat(run.created) > datetime.now(UTC) + _CLOCKS_APART:
        raise RunError(
            "run.json: created must not lie in the future, by the clock of this machine. "
            f"Received: {run.created!r}."
        )
    for name in manifest.files:
        check_listed(folder, manifest, name)
    if problem := next(content_problems(folder, _weight_shapes(run)), ""):
        raise RunError(problem)


def _weight_shapes(run: Run) -> Mapping[str, tuple[int, ...]]:
    """Returns what the weights must be by the layers, which alone say what is built.

    The counts must be theirs too.
    """
    if not run.layers:
        return {}
    try:
        summary = check_buildable(run.layers)
    except LayerTextError as error:
        raise RunError(f"run.json: layers must be a network. Received: {error}") from None
    counts = {
        "parameters": (summary.total_params, run.params.total),
        "trainable parameters": (summary.trainable_params, run.params.trainable),
        "multiply-accumulates": (summary.macs, run.macs),
    }
    for what, (counted, stated) in counts.items():
        if counted != stated:
            raise RunError(
                f"run.json must state the {counted:,} {what} of its layers. "
                f"Received: {'none' if stated is None else f'{stated:,}'}."
            )
    return weight_shapes(summary)


def _is_known(root: Path, run_id: str, manifest: Manifest) -> bool:
    """Says whether this very run is here already; refuses another one of the same id."""
    if not os.path.lexists(root / run_id):
        return False
    if not (verification := verify_run(root, run_id)).ok:
        raise RunError(
            f"{run_id} must be new. Received: the id of a run that is here and damaged "
            f"({verification.problems[0]}) Delete that one first."
        )
    if read_manifest(root / run_id).files != manifest.files:
        raise RunError(
            f"{run_id} must be new. Received: other content than the run of this id that is here. "
            "Delete that one first."
        )
    return True
