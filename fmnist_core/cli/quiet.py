"""Standard error is for our own lines; some libraries greet there and have no option against it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def libraries_silenced() -> Iterator[None]:
    """Drops what is written on standard error meanwhile; errors are raised as ever."""
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def load_training() -> None:
    """Imports what trains networks; TensorFlow takes about ten seconds and greets in four lines."""
    with libraries_silenced():
        import fmnist_core.training.session  # noqa: F401, PLC0415
