"""One training, one process: a lock that ends with its holder, however that ends."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs.disk import writing_to

LOCK = "lock"
# `is_held` holds a lock for microseconds: who comes just then asks again.
_TRIES, _PAUSE_SECONDS = 3, 0.05
# A process that has said that it ended gives its gigabytes back first, and its locks last.
_ENDING_SECONDS = 2.0


@contextmanager
def only_trainer(work: Path) -> Iterator[None]:
    """Holds the lock of a training's work folder.

    Raises `RunError` when another process holds it, or the folder cannot be written.
    """
    with only_holder(work / LOCK, _refusal(work)):
        yield


def check_no_trainer(work: Path) -> None:
    """Raises `RunError` when a process holds the lock of a training's work folder, and keeps it."""
    deadline = time.monotonic() + _ENDING_SECONDS
    while is_held(work / LOCK):
        if time.monotonic() > deadline:
            raise RunError(_refusal(work))
        time.sleep(_PAUSE_SECONDS)


def _refusal(work: Path) -> str:
    return (
        "a training must be run by one process at a time. Received: "
        f"{work.parent.name}, which another one is training now. Stop that one first."
    )


@contextmanager
def only_holder(path: Path, refusal: str) -> Iterator[None]:
    """Holds the lock of a file, which is made when there is none.

    Raises `RunError` with the text of `refusal` when another process holds it, or when the file
    cannot be written.
    """
    with writing_to(path.parent):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        for left in reversed(range(_TRIES)):
            if try_lock(descriptor):
                break
            if not left:
                raise RunError(refusal)
            time.sleep(_PAUSE_SECONDS)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock of a file; one that is not there is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Takes the lock of an open file, which the system frees when its holder ends, killed or not.

    False when another process holds it. Where the system has no such lock, it is always granted.
    """
    try:
        import fcntl  # noqa: PLC0415  # Windows has none
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
