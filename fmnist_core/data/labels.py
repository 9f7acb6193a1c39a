"""The labels of all 70,000 images, kept beside this file.

They say which images a split holds and whether a run names their classes truly, on a machine
without the images too. `labels.npz` holds the labels of `load_pool()`.
"""

import functools
import hashlib
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data.dataset import DATA_FILES, POOL_COUNT, TRAIN_COUNT
from fmnist_core.errors import DataError

LABELS_FILE = Path(__file__).with_name("labels.npz")

# How a published file of labels begins (IDX): bytes in one dimension, and how many.
_HEADER = struct.Struct(">LL")
_MAGIC = 0x0801


@functools.cache
def known_labels(path: Path = LABELS_FILE) -> NDArray[np.uint8]:
    """Returns the labels of the whole pool, (70000,) uint8, read-only.

    Raises:
        DataError: they are not those of the published files, byte by byte.
    """
    with np.load(path, allow_pickle=False) as stored:
        labels: NDArray[np.uint8] = stored["labels"]
    _, train_file, _, test_file = DATA_FILES
    for file, part in ((train_file, labels[:TRAIN_COUNT]), (test_file, labels[TRAIN_COUNT:])):
        content = _HEADER.pack(_MAGIC, len(part)) + part.tobytes()
        if hashlib.sha256(content).hexdigest() != file.sha256 or len(labels) != POOL_COUNT:
            raise DataError(
                f"{path.name} must hold the labels of Fashion-MNIST's {file.name}. "
                "Received: others. Take the file from the project again."
            )
    labels.flags.writeable = False
    return labels
