"""What the images are like, in whole numbers: counted once, and kept beside this file.

Counting needs all 70,000 images; reading the counts needs none and takes milliseconds. Everything
that is shown of the data set as a whole is computed from them. `python -m fmnist_core data describe
--measure` counts anew, and a test holds the kept counts against the images.
"""

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data.dataset import CLASS_NAMES, DATASET_SHA256, TRAIN_COUNT
from fmnist_core.data.pool import Pool
from fmnist_core.data.splits import PROTOCOLS, make_split
from fmnist_core.errors import DataError

Part = Literal["train", "test", "all"]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

PARTS: dict[Part, slice] = {"train": slice(0, 1), "test": slice(1, 2), "all": slice(0, 2)}
LEVELS = 256
STATISTICS_FILE = Path(__file__).with_name("statistics.npz")

_SIDE = 28
_CLASSES = len(CLASS_NAMES)


@dataclass(frozen=True, eq=False)
class Statistics:
    """Counts of the two official parts, training (0) and test (1); int64, read-only.

    Attributes:
        level_counts: (2, 10, 256), pixels of each grey level by part and class.
        pixel_sums: (2, 10, 28, 28), sums over the images of a part and class, pixel by pixel.
        pixel_squares: (2, 10, 28, 28), sums of the squares.
        box_counts: (2, 10, 28, 28), images by height - 1 and width - 1 of the smallest box that
            holds every pixel above 0.
        copies: (3,), images with exactly the pixels of an earlier one: within the training set,
            within the test set, and test images with exactly the pixels of a training image.
        split_counts: (protocols, 3, 10), images of each class for training, validation and test
            under each of `PROTOCOLS`, seed 0.
    """

    level_counts: Counts
    pixel_sums: Counts
    pixel_squares: Counts
    box_counts: Counts
    copies: Counts
    split_counts: Counts

    def class_counts(self, part: Part) -> Counts:
        """Returns the images of each class, (10,)."""
        return _total(self.box_counts[PARTS[part]], (0, 2, 3))

    def levels(self, part: Part, label: int | None = None) -> Counts:
        """Returns the pixels of each grey level, (256,), of one class or of all."""
        return _total(self.level_counts[PARTS[part], _classes(label)], (0, 1))

    def boxes(self, part: Part, label: int | None = None) -> Counts:
        """Returns the images by height - 1 and width - 1 of their box, (28, 28)."""
        return _total(self.box_counts[PARTS[part], _classes(label)], (0, 1))

    def mean_images(self, part: Part) -> Floats:
        """Returns the mean image of each class, (10, 28, 28), 0..255."""
        sums = _total(self.pixel_sums[PARTS[part]], (0,))
        means: Floats = sums / self.class_counts(part)[:, None, None]
        return means

    def variance_images(self, part: Part) -> Floats:
        """Returns the variance of each pixel over the images of a class, (10, 28, 28)."""
        squares = _total(self.pixel_squares[PARTS[part]], (0,))
        mean_squares = squares / self.class_counts(part)[:, None, None]
        variances: Floats = np.maximum(mean_squares - self.mean_images(part) ** 2, 0.0)
        return variances


@dataclass(frozen=True)
class LevelSummary:
    """A distribution of grey levels, 0 (background) to 255; shares are fractions.

    Attributes:
        std: population standard deviation.
        black: exactly 0.
        dark: below 10.
        white: exactly 255.
        middle: 115 to 135.
        visible_mean: of the pixels above 0.
        visible_median: of the pixels above 0.
    """

    mean: float
    std: float
    median: float
    black: float
    dark: float
    white: float
    middle: float
    visible_mean: float
    visible_median: float


def summarise_levels(counts: Counts) -> LevelSummary:
    """Summarises pixels counted by grey level, (256,); there must be some above 0."""
    levels, pixels = np.arange(LEVELS), float(counts.sum())
    mean = float(counts @ levels) / pixels
    visible = counts.copy()
    visible[0] = 0
    return LevelSummary(
        mean=mean,
        std=float(np.sqrt(counts @ (levels - mean) ** 2 / pixels)),
        median=quantile(counts, 0.5),
        black=float(counts[0]) / pixels,
        dark=float(counts[:10].sum()) / pixels,
        white=float(counts[255]) / pixels,
        middle=float(counts[115:136].sum()) / pixels,
        visible_mean=float(counts @ levels) / float(visible.sum()),
        visible_median=quantile(visible, 0.5),
    )


def quantile(counts: Counts, share: float) -> float:
    """Returns a quantile of the values 0, 1, 2 ... that occur `counts` times.

    Interpolates between neighbours as `numpy.quantile` does by default.
    """
    ends = np.cumsum(counts)
    place = share * (int(ends[-1]) - 1)
    low, high = np.searchsorted(ends, [np.floor(place), np.ceil(place)], side="right")
    return float(low + (high - low) * (place - np.floor(place)))


def measure_statistics(pool: Pool) -> Statistics:
    """Counts all 70,000 images; under a second of processor time."""
    parts = [(pool.images[part], pool.labels[part]) for part in _official_parts()]
    by_class = [[images[labels == label] for label in range(_CLASSES)] for images, labels in parts]
    return Statistics(
        level_counts=_each(by_class, lambda i: np.bincount(i.ravel(), minlength=LEVELS)),
        pixel_sums=_each(by_class, lambda images: images.sum(axis=0, dtype=np.int64)),
        pixel_squares=_each(by_class, lambda images: _squares(images).sum(axis=0, dtype=np.int64)),
        box_counts=_each(by_class, _count_boxes),
        copies=_count_copies(*(images for images, _ in parts)),
        split_counts=_count_splits(pool.labels),
    )


def measure_boxes(images: NDArray[np.uint8]) -> tuple[Counts, Counts]:
    """Returns heights and widths, each (n,), of the boxes that hold every pixel above 0.

    Args:
        images: uint8 (n, 28, 28); one without a pixel above 0 has a box of 0 x 0.
    """
    rows: NDArray[np.bool_] = images.max(axis=2) > 0
    columns: NDArray[np.bool_] = images.max(axis=1) > 0
    return _extents(rows), _extents(columns)


def write_statistics(statistics: Statistics, path: Path = STATISTICS_FILE) -> None:
    """Writes the counts with the digests of the files that they were taken from."""
    arrays = {field.name: getattr(statistics, field.name) for field in fields(statistics)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, sha256=np.array(list(DATASET_SHA256.values())), **arrays)
    path.write_bytes(buffer.getvalue())


@functools.cache
def read_statistics(path: Path = STATISTICS_FILE) -> Statistics:
    """Returns the kept counts.

    Raises:
        DataError: they were taken from other files than those this program verifies.
    """
    with np.load(path, allow_pickle=False) as stored:
        if list(stored["sha256"]) != list(DATASET_SHA256.values()):
            raise DataError(
                f"{path.name} must hold counts of the files with the known digests. Received: "
                "others. Run `python -m fmnist_core data describe --measure`."
            )
        arrays = {field.name: stored[field.name] for field in fields(Statistics)}
    for array in arrays.values():
        array.flags.writeable = False
    return Statistics(**arrays)


def _official_parts() -> tuple[slice, slice]:
    return slice(None, TRAIN_COUNT), slice(TRAIN_COUNT, None)


def _total(counts: Counts, axes: tuple[int, ...]) -> Counts:
    total: Counts = counts.sum(axis=axes)
    return total


def _classes(label: int | None) -> slice:
    return slice(None) if label is None else slice(label, label + 1)


def _each(
    by_class: list[list[NDArray[np.uint8]]], count: Callable[[NDArray[np.uint8]], Counts]
) -> Counts:
    return np.array([[count(images) for images in part] for part in by_class], np.int64)


def _squares(images: NDArray[np.uint8]) -> NDArray[np.uint16]:
    wide = images.astype(np.uint16)  # 255 * 255 fits
    return wide * wide


def _count_boxes(images: NDArray[np.uint8]) -> Counts:
    heights, widths = measure_boxes(images)
    counts = np.zeros((_SIDE, _SIDE), np.int64)
    np.add.at(counts, (heights - 1, widths - 1), 1)
    return counts


def _extents(lines: NDArray[np.bool_]) -> Counts:
    """From the first to the last true of each row of (n, 28)."""
    first, behind = lines.argmax(axis=1), lines[:, ::-1].argmax(axis=1)
    extents: Counts = np.where(lines.any(axis=1), lines.shape[1] - first - behind, 0)
    return extents


def _count_copies(train: NDArray[np.uint8], test: NDArray[np.uint8]) -> Counts:
    """The pixels themselves are compared, so that no two digests can fall together."""
    known, fresh = ({image.tobytes() for image in images} for images in (train, test))
    across = sum(image.tobytes() in known for image in test)
    return np.array([len(train) - len(known), len(test) - len(fresh), across], np.int64)


def _count_splits(labels: NDArray[np.uint8]) -> Counts:
    counts = []
    for protocol in PROTOCOLS:
        split = make_split(protocol, labels, seed=0)
        parts = (split.train, split.validation, split.test)
        counts.append([np.bincount(labels[part], minlength=_CLASSES) for part in parts])
    return np.array(counts, np.int64)
