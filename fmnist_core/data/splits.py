"""Which images train, validate and test: stratified, and the same for the same protocol and seed.

| protocol             | training | validation | test   | test images                         |
|----------------------|----------|------------|--------|-------------------------------------|
| `holdout-80-20`      | 48,000   | 12,000     | 10,000 | the official test set               |
| `pooled-60-20-20`    | 42,000   | 14,000     | 14,000 | drawn from all 70,000               |
| `test-as-validation` | 60,000   | 10,000     | 10,000 | the official test set, used as both |

Every class has exactly a tenth of each part.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data.dataset import POOL_COUNT, TRAIN_COUNT
from fmnist_core.errors import DataError, RecipeError, UnknownNameError


@dataclass(frozen=True)
class Protocol:
    """A way to split, with the number of images in each part.

    Attributes:
        warning: what a reader must know before trusting a number of this protocol, or None.
    """

    name: str
    title: str
    train: int
    validation: int
    test: int
    warning: str | None


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol("holdout-80-20", "80/20 of the training set", 48_000, 12_000, 10_000, None),
        Protocol(
            "pooled-60-20-20",
            "60/20/20 of all 70,000",
            42_000,
            14_000,
            14_000,
            "The test images are drawn from all 70,000, so the accuracy is not one on the official "
            "test set; a paired test beside runs on that takes the few images that both had.",
        ),
        Protocol(
            "test-as-validation",
            "test set as validation",
            60_000,
            10_000,
            10_000,
            "The test set served as validation set: anything chosen on it makes the test accuracy "
            "look better than it is.",
        ),
    )
}


@dataclass(frozen=True)
class Split:
    """Pool indices of each part, int32.

    Attributes:
        train: in an order whose every prefix is stratified.
        validation: ascending.
        test: ascending.
        test_is_validation: the validation images are the test images.
        description: the split in words.
    """

    protocol: str
    seed: int
    train: NDArray[np.int32]
    validation: NDArray[np.int32]
    test: NDArray[np.int32]
    test_is_validation: bool
    description: str


def make_split(
    protocol: str,
    labels: NDArray[np.uint8],
    seed: int,
    train_fraction: float = 1.0,
    limit: int = 0,
) -> Split:
    """Splits the pool.

    A smaller `train_fraction` or `limit` takes a prefix of the same order, so its images are a
    subset of those of a larger one; validation and test stay as they are.

    Args:
        protocol: a name of `PROTOCOLS`.
        labels: the labels of the whole pool, shape (70000,).
        seed: 0 or more.
        train_fraction: share of the training images used, above 0 and at most 1.
        limit: at most so many training images; 0 for no limit.

    Raises:
        UnknownNameError: no such protocol.
        DataError: the labels are not those of the whole pool.
        RecipeError: a fraction or limit out of range.
    """
    counts = _find_protocol(protocol)
    if labels.shape != (POOL_COUNT,):
        raise DataError(f"labels must have shape ({POOL_COUNT},). Received: {labels.shape}.")
    official_test = np.arange(TRAIN_COUNT, POOL_COUNT, dtype=np.int32)
    candidates = labels if protocol == "pooled-60-20-20" else labels[:TRAIN_COUNT]
    order = _stratified_order(candidates, protocol, seed)
    train, rest = order[: counts.train], order[counts.train :]
    if protocol == "holdout-80-20":
        validation, test = np.sort(rest), official_test
    elif protocol == "pooled-60-20-20":
        validation = np.sort(rest[: counts.validation])
        test = np.sort(rest[counts.validation :])
    else:
        validation = test = official_test
    train = train[: _train_count(len(train), train_fraction, limit)]
    for part in (train, validation, test):
        part.flags.writeable = False
    test_is_validation = validation is test
    description = describe_split(protocol, len(train), seed)
    return Split(protocol, seed, train, validation, test, test_is_validation, description)


def binding_limit(protocol: str, train_fraction: float, limit: int) -> int:
    """Returns a limit of training images; 0, as for none, where it leaves no image out.

    Raises as `make_split` does.
    """
    available = _train_count(_find_protocol(protocol).train, train_fraction, limit=0)
    return limit if limit < available else 0


def describe_split(protocol: str, train_count: int, seed: int) -> str:
    """Returns in words what a run with so many training images was split into, with the warning.

    Raises:
        UnknownNameError: no such protocol.
    """
    counts = _find_protocol(protocol)
    shortened = f" of {counts.train:,}" if train_count < counts.train else ""
    if protocol == "test-as-validation":
        parts = (
            f"{train_count:,}{shortened} training images; the official {counts.test:,} test "
            "images serve as validation and as test set"
        )
    else:
        source = "official" if protocol == "holdout-80-20" else "pooled"
        parts = (
            f"{train_count:,}{shortened} training, {counts.validation:,} validation and "
            f"{counts.test:,} {source} test images"
        )
    sentence = f"{parts}; stratified by class, seed {seed}."
    return f"{sentence} {counts.warning}" if counts.warning else sentence


def _find_protocol(name: str) -> Protocol:
    if name not in PROTOCOLS:
        raise UnknownNameError("protocol", name, PROTOCOLS)
    return PROTOCOLS[name]


def _train_count(available: int, train_fraction: float, limit: int) -> int:
    if not 0 < train_fraction <= 1:
        raise RecipeError(
            f"train_fraction must be above 0 and at most 1. Received: {train_fraction}."
        )
    if limit < 0:
        raise RecipeError(f"limit must be 0 (no limit) or more. Received: {limit}.")
    count = max(1, round(available * train_fraction))
    return min(count, limit) if limit else count


def _stratified_order(labels: NDArray[np.uint8], protocol: str, seed: int) -> NDArray[np.int32]:
    """Returns a shuffled order of the indices whose every prefix is stratified.

    Each class is shuffled and spread evenly over the order: its k-th of n images stands at
    (k + 1/2) / n. A prefix thus misses a class's share by less than one image.
    """
    # The raw bits of PCG64: NumPy keeps their stream from version to version, but not the
    # streams of Generator.permutation or shuffle.
    bits = np.random.PCG64([zlib.crc32(protocol.encode()), seed]).random_raw(len(labels))
    position = np.empty(len(labels))
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        shuffled = members[np.argsort(bits[members], kind="stable")]
        position[shuffled] = (np.arange(len(members)) + 0.5) / len(members)
    return np.lexsort((bits, position)).astype(np.int32)
