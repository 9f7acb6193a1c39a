"""Reading one data file, and refusing it unless it is exactly the published one."""

import gzip
import hashlib
import io
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fmnist_core.data import dataset
from fmnist_core.data.dataset import DataFile
from fmnist_core.errors import DataError

FileState = Literal["good", "damaged", "missing"]
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class FileStatus:
    """What was found where one data file should be.

    Attributes:
        path: the file that was looked at; None when there is none.
        size_bytes: decompressed bytes that could be read, at most one more than expected.
        sha256: digest of those bytes; empty when missing or unreadable.
        problem: one sentence for a damaged file, naming it and both digests; else empty.
    """

    name: str
    path: Path | None
    state: FileState
    size_bytes: int
    sha256: str
    expected_sha256: str
    problem: str


def locate_file(folder: Path, file: DataFile) -> Path | None:
    """Returns the compressed file if there is one, else the decompressed one, else None.

    The compressed one comes first because that is what a fetch writes: fetching therefore mends
    a folder that holds a damaged decompressed file.
    """
    for name in (f"{file.name}.gz", file.name):
        path = folder / name
        if os.path.isfile(path):  # noqa: PTH113 - False where a folder may not be entered
            return path
    return None


def read_verified(path: Path, file: DataFile) -> bytes:
    """Returns the decompressed bytes of `path`.

    Raises:
        DataError: the bytes are not those that were published as `file`.
    """
    content, status = _read(path, file)
    if status.problem:
        raise DataError(status.problem)
    return content


def check_file(folder: Path, file: DataFile) -> FileStatus:
    """Says whether `folder` holds `file`, and whether its bytes are the published ones."""
    path = locate_file(folder, file)
    if path is None:
        return FileStatus(file.name, None, "missing", 0, "", file.sha256, "")
    return _read(path, file)[1]


def _read(path: Path, file: DataFile) -> tuple[bytes, FileStatus]:
    content, reading_error = _read_bounded(path, file.size_bytes + 1)
    digest = hashlib.sha256(content).hexdigest()
    damaged = digest != file.sha256 or bool(reading_error)
    problem = _problem(path, file, content, digest, reading_error) if damaged else ""
    state: FileState = "damaged" if damaged else "good"
    status = FileStatus(file.name, path, state, len(content), digest, file.sha256, problem)
    return content, status


def _read_bounded(path: Path, limit: int) -> tuple[bytes, str]:
    """Reads at most `limit` decompressed bytes, so that a gzip bomb costs no more than the data."""
    content = bytearray()
    try:
        with _open(path) as stream:
            while len(content) < limit:
                chunk = stream.read(min(CHUNK_BYTES, limit - len(content)))
                if not chunk:
                    break
                content += chunk
    except (OSError, EOFError, zlib.error) as error:
        return bytes(content), str(error)
    return bytes(content), ""


def _open(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _problem(path: Path, file: DataFile, content: bytes, digest: str, reading_error: str) -> str:
    swapped = [other.name for other in dataset.DATA_FILES if other.sha256 == digest]
    if swapped:
        what = f"the bytes of {swapped[0]}"
    elif len(content) > file.size_bytes:
        what = f"more than {file.size_bytes:,} bytes"
    elif len(content) < file.size_bytes:
        what = f"{len(content):,} of {file.size_bytes:,} bytes"
    else:
        what = "changed bytes"
    if reading_error:
        what += f" ({reading_error})"
    return (
        f"{path} must hold Fashion-MNIST's {file.name}, SHA-256 {file.sha256}. "
        f"Received: {what}, SHA-256 {digest}. "
        "Remove the file, or run `python -m fmnist_core data fetch`."
    )
