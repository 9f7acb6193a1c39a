"""What the training service has at hand before a job comes; importing it takes ten seconds."""

import contextlib

import fmnist_core.training.session  # noqa: F401
from fmnist_core.data import load_pool
from fmnist_core.errors import DataError

# Without the images a job says so itself.
with contextlib.suppress(DataError):
    load_pool()
