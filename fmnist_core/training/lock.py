"""One training, one process: a lock that ends with its holder, however that ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fmnist_core.errors import RunError
from fmnist_core.runs.disk import writing_to

LOCK = "lock"


@contextmanager
def only_trainer(work: Path) -> Iterator[None]:
    """Holds the lock of a training's work folder.

    Raises `RunError` when another process holds it, or the folder cannot be written.
    """
    with writing_to(work):
        descriptor = os.open(work / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not try_lock(descriptor):
            raise RunError(
                "a training must be run by one process at a time. Received: "
                f"{work.parent.name}, which another one is training now. Stop that one first."
            )
        yield
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
