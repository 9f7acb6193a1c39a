"""`predictions.npz` and `projection.npz`: numpy arrays in a zip file, read without trust.

`numpy.load` allocates what a header declares before it looks at the data, and opens a zip bomb.
Here every size is checked against the bytes that are really there, and nothing is unpickled.
"""

import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data.dataset import POOL_COUNT
from fmnist_core.errors import RunError
from fmnist_core.runs.disk import write_durably
from fmnist_core.runs.plain_zip import open_zip, unpacked
from fmnist_core.runs.tails import LOWEST, split, with_tails

MOST_PREDICTIONS_BYTES = 16 * 1024 * 1024
MOST_PROJECTION_BYTES = 16 * 1024 * 1024
CLASSES = 10
POOL_SIZE = 70_000

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Labels = NDArray[np.uint8]

_MOST_MEMBER_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class Predictions:
    """What the stored network says about every test and validation image.

    Attributes:
        test_probabilities: (n, 10) float32, read from float16 and, where they are too small for
            it, from a byte (`runs.tails`).
        test_labels: (n,) uint8, the true classes.
        test_indices: (n,) int32, which image of the pool of 70,000 (60,000.. is the official test
            set); no image twice.
        validation_probabilities: the same three for the validation images; (0, 10) without any.
    """

    test_probabilities: Floats
    test_labels: Labels
    test_indices: Indices
    validation_probabilities: Floats
    validation_labels: Labels
    validation_indices: Indices

    def __post_init__(self) -> None:
        for part in ("test", "validation"):
            probabilities = getattr(self, f"{part}_probabilities")
            labels, indices = getattr(self, f"{part}_labels"), getattr(self, f"{part}_indices")
            _check_part(part, probabilities, labels, indices)
        if not len(self.test_labels):
            raise RunError("predictions.npz: there must be test images. Received: none.")


@dataclass(frozen=True, eq=False)
class Projection:
    """Penultimate-layer features of a fixed subset of test images, reduced by PCA.

    Attributes:
        components: (n, k) float32, read from float16; column 0 has the largest variance.
        explained_variance_ratio: (k,) float32, shares of the variance of all features.
        indices: (n,) int32, which image of the pool of 70,000.
    """

    components: Floats
    explained_variance_ratio: Floats
    indices: Indices

    def __post_init__(self) -> None:
        rows, columns = self.components.shape if self.components.ndim == 2 else (-1, -1)
        ratios = self.explained_variance_ratio
        _require(rows == len(self.indices) > 0, "projection.npz", "one row for each index")
        _require(ratios.shape == (columns,), "projection.npz", "one variance share a component")
        _require(bool(np.isfinite(self.components).all()), "projection.npz", "finite components")
        # A NaN fails the first comparison; shares of a float32 sum may pass 1 in the last digits.
        shares = bool((ratios >= 0).all()) and float(ratios.sum()) <= 1.001
        _require(shares, "projection.npz", "variance shares from 0 that add up to 1 at most")
        _check_indices("projection.npz", self.indices)


def write_predictions(path: Path, predictions: Predictions) -> Predictions:
    """Writes the file and returns what a reader will get from it.

    Probabilities are kept as float16 (largest error 2.5e-4), which can turn a near tie into a tie,
    and those below 2.4e-7 to about 28 % of themselves.
    Compute every metric from the returned record, so that nobody can recompute another value.

    Raises:
        RunError: the file cannot be written.
    """
    members = {
        name: getattr(predictions, name).astype(dtype) for name, dtype in _PREDICTIONS.items()
    }
    for part in _PARTS:
        probabilities = f"{part}_probabilities"
        members[probabilities], members[f"{part}_tails"] = split(
            getattr(predictions, probabilities)
        )
    data = pack(members)
    write_durably(path, data)
    return parse_predictions(data)


def write_projection(path: Path, projection: Projection) -> Projection:
    """Writes the file and returns what a reader will get from it.

    Raises:
        RunError: the file cannot be written.
    """
    data = pack(
        {
            "components": narrow(projection.components),
            "explained_variance_ratio": projection.explained_variance_ratio.astype(np.float32),
            "indices": projection.indices.astype(np.int32),
        }
    )
    write_durably(path, data)
    return parse_projection(data)


def parse_predictions(data: bytes) -> Predictions:
    """Returns the predictions in the bytes of `predictions.npz`.

    Raises:
        RunError: an array is missing, unknown, too large, out of range or not finite.
    """
    tails = [f"{part}_tails" for part in _PARTS]
    arrays = unpack(data, "predictions.npz", (*_PREDICTIONS, *tails))
    for part in _PARTS:
        stored, small = arrays[f"{part}_probabilities"], arrays.pop(f"{part}_tails")
        _require(
            len(stored) <= POOL_COUNT  # before the tails make doubles of them
            and small.dtype == np.uint8
            and small.shape == stored.shape
            and bool((small <= LOWEST).all())
            and not stored[small > 0].any(),
            f"predictions.npz: {part}",
            f"probabilities (n, {CLASSES}) of at most {POOL_COUNT:,} images, and tails 0 to "
            f"{LOWEST}, above 0 beside a 0 alone",
        )
        arrays[f"{part}_probabilities"] = with_tails(stored, small)
    return Predictions(**arrays)


def parse_projection(data: bytes) -> Projection:
    """Returns the projection in the bytes of `projection.npz`. Raises `RunError` as above."""
    names = ("components", "explained_variance_ratio", "indices")
    return Projection(**unpack(data, "projection.npz", names))


def narrow(values: NDArray[Any]) -> NDArray[Any]:
    """Returns float16, or float32 where a value would overflow float16 (above 65,504)."""
    if values.size and float(np.abs(values).max()) > float(np.finfo(np.float16).max):
        return values.astype(np.float32)
    return values.astype(np.float16)


_PARTS = ("test", "validation")
_PREDICTIONS: dict[str, type] = {
    "test_probabilities": np.float16,
    "test_labels": np.uint8,
    "test_indices": np.int32,
    "validation_probabilities": np.float16,
    "validation_labels": np.uint8,
    "validation_indices": np.int32,
}
# Kinds a member may be stored as, and what a reader gets.
_READ_AS: dict[str, type] = {"<f2": np.float32, "<f4": np.float32, "<i4": np.int32, "|u1": np.uint8}
# The start of an npy file, version 1.0, in the one form that numpy writes. numpy's own reader gives
# the header to Python's parser, which answers a damaged one with a dozen kinds of exception.
_NPY_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00(?P<length>[\s\S]{2})(?P<header>"
    rb"\{'descr': '(?P<dtype><f2|<f4|<i4|\|u1)', 'fortran_order': False, "
    rb"'shape': \((?P<shape>[0-9]{1,9},(?: [0-9]{1,9})?)\), \} *\n)"
)


def pack(members: dict[str, NDArray[Any]]) -> bytes:
    """Returns arrays as the bytes of a compressed npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **members)
    return buffer.getvalue()


def unpack(data: bytes, what: str, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Returns exactly these arrays of an npz file called `what`, floats as float32.

    Raises `RunError` where it is damaged, holds anything else, or is larger than a run's may be.
    """
    with open_zip(io.BytesIO(data), what, most_entries=len(names)) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        _require(
            sorted(archive.namelist()) == sorted(f"{name}.npy" for name in names),
            what,
            f"exactly the arrays {', '.join(names)}",
        )
        _require(
            sum(entry.file_size for entry in entries.values()) <= _MOST_MEMBER_BYTES,
            what,
            f"at most {_MOST_MEMBER_BYTES:,} bytes of arrays",
        )
        members = {name: unpacked(archive, entries[f"{name}.npy"], what) for name in names}
        return {name: _array(b"".join(pieces), what, name) for name, pieces in members.items()}


def _array(data: bytes, what: str, name: str) -> NDArray[Any]:
    """Returns one array from the bytes of an npy file whose data is exactly as long as declared."""
    header = _NPY_HEADER.match(data)
    if header is None:
        raise RunError(f"{what} must hold {name} as a plain array of a known number format.")
    length, dtype = int.from_bytes(header["length"], "little"), np.dtype(header["dtype"].decode())
    shape = tuple(int(size) for size in header["shape"].split(b",") if size.strip())
    _require(
        length == len(header["header"])
        and math.prod(shape) * dtype.itemsize == len(data) - header.end(),
        what,
        f"{name} as long as its header says",
    )
    array = np.frombuffer(data, dtype, offset=header.end()).reshape(shape)
    return array.astype(_READ_AS[dtype.str])


def _check_part(part: str, probabilities: Floats, labels: Labels, indices: Indices) -> None:
    what = f"predictions.npz: {part}"
    count = len(labels)
    shapes = probabilities.shape == (count, CLASSES) and labels.shape == indices.shape == (count,)
    _require(shapes, what, f"probabilities (n, {CLASSES}), labels (n,) and indices (n,)")
    # Capsule lengths count as probabilities here, so rows need not add up to 1.
    inside = bool(((probabilities >= 0) & (probabilities <= 1)).all())
    _require(inside, what, "probabilities from 0 to 1, none of them NaN")
    _require(bool((labels < CLASSES).all()), what, f"labels below {CLASSES}")
    _check_indices(what, indices)


def _check_indices(what: str, indices: Indices) -> None:
    inside = bool(((indices >= 0) & (indices < POOL_SIZE)).all())
    _require(inside, what, f"indices from 0 to {POOL_SIZE - 1:,}")
    # Counting takes 0.1 ms for 10,000 images; sorting them for numpy.unique takes 3 ms.
    once = not indices.size or int(np.bincount(indices).max()) == 1
    _require(once, what, "each image at most once")


def _require(holds: bool, what: str, must: str) -> None:
    if not holds:
        raise RunError(f"{what} must hold {must}.")
