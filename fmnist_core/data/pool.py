"""The 70,000 images and labels as two arrays."""

import functools
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data import dataset
from fmnist_core.data.dataset import DataFile
from fmnist_core.data.locations import find_data, how_to_get_the_data
from fmnist_core.data.verify import locate_file, read_verified
from fmnist_core.errors import DataError

IMAGE_HEADER_BYTES = 16  # IDX: magic number and three sizes, four bytes each
LABEL_HEADER_BYTES = 8  # IDX: magic number and one size


@dataclass(frozen=True)
class Pool:
    """All images in one numbering: 0..59999 official training set, 60000..69999 official test set.

    Attributes:
        images: uint8, shape (70000, 28, 28), 0 is background; read-only.
        labels: uint8, shape (70000,), 0..9 in the order of `CLASS_NAMES`; read-only.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


_loading = threading.Lock()


def load_pool() -> Pool:
    """Returns the verified data, read once per process (0.3 s for the compressed files).

    Raises:
        DataError: no place holds the data, or the place that does holds a damaged file.
    """
    folder = find_data()
    if folder is None:
        raise _missing()
    with _loading:  # two pages opened at once must not read it twice
        return _load(folder)


def load_test_images() -> NDArray[np.uint8]:
    """Returns the official test images alone, (10000, 28, 28): 8 MB instead of the pool's 55.

    Raises `DataError` as `load_pool` does.
    """
    folder = find_data()
    if folder is None:
        raise _missing()
    with _loading:
        return _test_images(folder)


def load_image(index: int) -> NDArray[np.uint8]:
    """Returns one image of the pool, (28, 28); for a test image, no training image is read.

    Raises `DataError` as `load_pool` does.
    """
    if index >= dataset.TRAIN_COUNT:
        image: NDArray[np.uint8] = load_test_images()[index - dataset.TRAIN_COUNT]
    else:
        image = load_pool().images[index]
    return image


@functools.lru_cache(maxsize=1)
def _test_images(folder: Path) -> NDArray[np.uint8]:
    return _images(folder, dataset.DATA_FILES[2])


@functools.lru_cache(maxsize=1)
def _load(folder: Path) -> Pool:
    train_images, train_labels, _, test_labels = dataset.DATA_FILES
    images = np.concatenate([_images(folder, train_images), _test_images(folder)])
    labels = np.concatenate(
        [_values(folder, file, LABEL_HEADER_BYTES) for file in (train_labels, test_labels)]
    )
    images.flags.writeable = False
    labels.flags.writeable = False
    return Pool(images, labels)


def _images(folder: Path, file: DataFile) -> NDArray[np.uint8]:
    return _values(folder, file, IMAGE_HEADER_BYTES).reshape(-1, *dataset.IMAGE_SHAPE)


def _values(folder: Path, file: DataFile, header_bytes: int) -> NDArray[np.uint8]:
    path = locate_file(folder, file)
    if path is None:  # removed since the search
        raise _missing()
    return np.frombuffer(read_verified(path, file), np.uint8, offset=header_bytes)


def _missing() -> DataError:
    return DataError(
        "All four files of Fashion-MNIST must be in one folder. Received: no such folder. "
        f"Run `python -m fmnist_core data fetch`. {how_to_get_the_data()}"
    )
