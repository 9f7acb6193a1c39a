"""All runs of a folder, whole or damaged, fast enough to ask on every page.

Reading and checking 10,000 records takes about a second, so what was read is kept in `root/.index`
beside a stamp of the files it was read from. The cache is never the truth: a run whose stamp has
changed is read again, and a cache that is missing, torn or of another version is made anew.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import secrets
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmnist_core.errors import RunError
from fmnist_core.runs.ids import is_run_id
from fmnist_core.runs.manifest import MANIFEST, RUN_FILES, Manifest, read_listed, read_manifest
from fmnist_core.runs.schema import parse_run
from fmnist_core.runs.summary import RunSummary, summarize_run

INDEX = ".index"

# Part of the cache: another list of fields, or another meaning of one, makes it worthless.
_VERSION = 1
_FIELDS = [field.name for field in dataclasses.fields(RunSummary)]
# A file changed again within one tick of the file system's clock (up to 10 ms) keeps its stamp, so
# what changed so shortly before it was read is read again next time.
_UNSETTLED_SECONDS = 0.1

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class DamagedRun:
    """A run that cannot be trusted, and why."""

    run_id: str
    reason: str


@dataclass(frozen=True)
class RunIndex:
    """The runs of a folder, newest first, and the damaged ones beside them."""

    runs: tuple[RunSummary, ...]
    damaged: tuple[DamagedRun, ...]


def list_runs(root: Path) -> RunIndex:
    """Returns every run in `root`; one that is damaged hides no other.

    Looks at `run.json` (content against the manifest, schema) and at the presence and size of the
    other files. A flipped bit in those is found by whatever reads them, and by `verify_run`. With
    a warm cache, only a change of `run.json` or of the names in a run's folder is noticed.

    Raises:
        RunError: the folder itself cannot be read. One that does not exist has no runs.
    """
    cached = _read_cache(root)
    keep: dict[str, tuple[Stamp, RunSummary]] = {}
    rows: list[RunSummary] = []
    damaged: list[DamagedRun] = []
    settled = time.time_ns() - int(_UNSETTLED_SECONDS * 1e9)
    for run_id in _names(root):
        stamp = _stamp(f"{root}/{run_id}")
        known = cached.get(run_id)
        if known and known[0] == stamp:
            keep[run_id] = known
            rows.append(known[1])
            continue
        try:
            row = _read_summary(root / run_id)
        except (RunError, OSError) as error:
            # Deleted between the listing and the look is not damaged.
            if os.path.lexists(root / run_id):
                damaged.append(DamagedRun(run_id, str(error)))
            continue
        rows.append(row)
        if max(stamp[0], stamp[2]) < settled:
            keep[run_id] = (stamp, row)
    if keep.keys() != cached.keys() or any(keep[name] is not cached[name] for name in keep):
        _write_cache(root, keep)
    rows.sort(key=lambda row: (row.created, row.run_id), reverse=True)
    return RunIndex(tuple(rows), tuple(damaged))


def content_stamp(root: Path, run_id: str) -> Stamp:
    """Returns numbers that change with what a run's files hold.

    When they changed last, and their sizes: none of them is opened. Zeros stand for what is
    not there; nothing on the disk is touched for what is no run id.
    """
    stamp: list[int] = []
    if not is_run_id(run_id):
        return ()
    for name in ("", MANIFEST, *RUN_FILES):
        try:
            found = os.lstat(f"{root}/{run_id}/{name}")
        except OSError:
            stamp += (0, 0, 0, 0)
            continue
        stamp += (found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino)
    return tuple(stamp)


def _names(root: Path) -> list[str]:
    """Everything that is named like a run, links and files too: those are reported, not hidden."""
    try:
        return sorted(filter(is_run_id, os.listdir(root)))  # noqa: PTH208 (10,000 paths are slow to make)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{root} must be readable. Received: {error.strerror}.") from error


def _stamp(folder: str) -> Stamp:
    """When the folder's names and `run.json` changed last; zeros where there is nothing.

    Change times cannot be set by hand, as modification times can; Windows has only the latter.
    """
    try:
        inside, record = os.lstat(folder), os.lstat(folder + "/run.json")
    except OSError:
        return (0, 0, 0, 0, 0, 0)
    return (
        inside.st_ctime_ns,
        inside.st_mtime_ns,
        record.st_ctime_ns,
        record.st_mtime_ns,
        record.st_size,
        record.st_ino,
    )


def _read_summary(folder: Path) -> RunSummary:
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise RunError("a run must be a folder, not a file or a link.")
    manifest = read_manifest(folder)
    run = parse_run(read_listed(folder, manifest, "run.json"), folder.name)
    _check_sizes(folder, manifest)
    return summarize_run(run, frozenset(manifest.files))


def _check_sizes(folder: Path, manifest: Manifest) -> None:
    for name, entry in manifest.files.items():
        try:
            size = os.lstat(f"{folder}/{name}").st_size
        except OSError:
            raise RunError(f"{name} is missing.") from None
        if size != entry.size:
            raise RunError(
                f"{name} is damaged: it must hold {entry.size:,} bytes. Received: {size:,}."
            )


def _read_cache(root: Path) -> dict[str, tuple[Stamp, RunSummary]]:
    """Returns what is known by run id; nothing when the cache is not whole."""
    try:
        digest, _, body = (root / INDEX).read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(body).hexdigest():
            return {}
        cache = json.loads(body)
        if (cache["version"], cache["fields"]) != (_VERSION, _FIELDS):
            return {}
        columns = cache["columns"]
        columns["test_accuracy_ci95"] = map(tuple, columns["test_accuracy_ci95"])
        summaries = map(RunSummary, *(columns[field] for field in _FIELDS))
        stamps = map(tuple, cache["stamps"])
        return dict(zip(columns["run_id"], zip(stamps, summaries, strict=True), strict=True))
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_cache(root: Path, entries: dict[str, tuple[Stamp, RunSummary]]) -> None:
    stamps, summaries = (
        [stamp for stamp, _ in entries.values()],
        [row for _, row in entries.values()],
    )
    cache = {
        "version": _VERSION,
        "fields": _FIELDS,
        "stamps": stamps,
        # Column by column, which reads back twice as fast as 10,000 objects.
        "columns": {field: _column(summaries, field) for field in _FIELDS},
    }
    body = json.dumps(cache, separators=(",", ":")).encode()
    temporary = root / f"{INDEX}.{secrets.token_hex(4)}"
    # A folder that cannot be written is listed all the same, only slower. Several processes may
    # write at once: each replaces the whole file, and the stamps correct whichever comes last.
    with contextlib.suppress(OSError):
        try:
            temporary.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            temporary.replace(root / INDEX)
        finally:
            temporary.unlink(missing_ok=True)


def _column(summaries: Iterable[RunSummary], field: str) -> list[Any]:
    return [getattr(summary, field) for summary in summaries]
