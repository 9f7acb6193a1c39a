"""Reading and writing files so that a power cut, a full disk or a planted link cannot mislead."""

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fmnist_core.errors import DiskError, RunError

UNFINISHED = ".part"  # how the name of a file ends that a killed writer left behind

_PIECE_BYTES = 256 * 1024


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turns what the system says about a folder or a full disk into the line of a `DiskError`."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{path} must be writable, with room on its disk. "
            f"Received: {error.strerror or error}. Free some space, or name another folder in "
            "FMNIST_RUNS_DIR."
        ) from error


def write_durably(path: Path, data: bytes) -> None:
    """Writes a whole file or leaves the old one: temporary file, fsync, rename, fsync the folder.

    Raises:
        DiskError: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    with writing_to(path):
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, as fsync on a file does for its content."""
    if os.name == "nt":  # Windows has no way to open a folder for this, and needs none.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Returns the content of a regular file of at most `most_bytes`.

    Raises:
        RunError: the file is missing, is a link or a device, is too long, or cannot be read.
    """
    with _opened(path, most_bytes) as (descriptor, size):
        return b"".join(_pieces(descriptor, size))


def digest_bounded(path: Path, most_bytes: int) -> tuple[str, int]:
    """Returns SHA-256 and length of a file piece by piece. Raises as `read_bounded` does."""
    digest, length = hashlib.sha256(), 0
    with _opened(path, most_bytes) as (descriptor, size):
        for piece in _pieces(descriptor, size):
            digest.update(piece)
            length += len(piece)
    return digest.hexdigest(), length


@contextmanager
def _opened(path: Path, most_bytes: int) -> Iterator[tuple[int, int]]:
    """Yields the descriptor and the size of a regular file."""
    try:
        # O_NONBLOCK: opening a planted named pipe would otherwise wait for ever.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise RunError(f"{path.name} must be a regular file.")
            if status.st_size > most_bytes:
                raise RunError(
                    f"{path.name} must hold at most {most_bytes:,} bytes. "
                    f"Received: {status.st_size:,}."
                )
            yield descriptor, status.st_size
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise RunError(f"{path.name} is missing.") from None
    except OSError as error:
        raise RunError(f"{path.name} must be readable. Received: {error.strerror}.") from error


def _pieces(descriptor: int, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := os.read(descriptor, min(size, _PIECE_BYTES))):
        yield piece
        size -= len(piece)
