"""`weights.safetensors`: names, shapes and numbers, and nothing that could run.

safetensors refuses malformed files by itself, but accepts NaN, a 100 MB header and 300,000 tensors
(4 s and 570 MB), so those are bounded here before it sees the file.
"""

import hashlib
import math
import mmap
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load, save

from fmnist_core.errors import RunError
from fmnist_core.runs import strict_json
from fmnist_core.runs.arrays import Floats, narrow
from fmnist_core.runs.disk import read_bounded, write_durably

MOST_WEIGHTS_BYTES = 64 * 1024 * 1024
MOST_HEADER_BYTES = 1024 * 1024
MOST_TENSORS = 1000
# The product of unbounded sizes takes seconds, and has more digits than Python prints.
_MOST_AXES = 8

_ITEM_BYTES = {"F16": 2, "F32": 4}
_DTYPES = {"F16": "<f2", "F32": "<f4"}
_PIECE_BYTES = 1024 * 1024


def write_weights(path: Path, tensors: Sequence[tuple[str, NDArray[Any]]]) -> None:
    """Writes named tensors as float16; one with a value beyond 65,504 stays float32.

    Read them back for evaluation: the metrics of a run are those of the stored weights.

    Raises:
        RunError: a name comes twice, a value is not finite, there is too much for one file, or the
            file cannot be written.
    """
    names = [name for name, _ in tensors]
    if len(set(names)) != len(names) or len(names) > MOST_TENSORS:
        raise RunError(
            f"weights must be at most {MOST_TENSORS} tensors of different names. "
            f"Received: {len(names)} tensors, {len(set(names))} names."
        )
    for name, values in tensors:
        _check_finite(name, values)
    try:
        data = save({name: np.ascontiguousarray(narrow(values)) for name, values in tensors})
    except SafetensorError as error:
        raise RunError(f"weights must be storable as safetensors. Received: {error}.") from error
    if len(data) > MOST_WEIGHTS_BYTES:
        raise RunError(
            f"weights must fit into {MOST_WEIGHTS_BYTES:,} bytes. Received: {len(data):,}."
        )
    write_durably(path, data)


def read_weights(path: Path) -> dict[str, Floats]:
    """Returns the tensors by name as float32.

    Raises:
        RunError: the file is missing, too large, malformed, or holds a value that is not finite.
    """
    return parse_weights(read_bounded(path, MOST_WEIGHTS_BYTES))


def parse_weights(data: bytes) -> dict[str, Floats]:
    """Returns the tensors in the bytes of a safetensors file, as `read_weights` does."""
    _check_header(data)
    try:
        tensors = load(data)
    except (SafetensorError, ValueError) as error:
        raise RunError(f"weights.safetensors must be readable. Received: {error}.") from None
    for name, values in tensors.items():
        _check_finite(name, values)
    return {name: values.astype(np.float32) for name, values in tensors.items()}


def check_weights(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> None:
    """Makes sure that a file holds finite tensors, of exactly these names and shapes where given.

    The file is mapped and looked at piece by piece, so that a large wrong one costs no memory.

    Raises:
        RunError: it does not, or is too large or malformed.
    """
    if not 0 < path.stat().st_size <= MOST_WEIGHTS_BYTES:
        raise RunError(f"{path.name} must hold 1 to {MOST_WEIGHTS_BYTES:,} bytes.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        entries = _check_header(data)
        found = {name: tuple(entry["shape"]) for name, entry in entries.items()}
        if shapes is not None and found != shapes:
            name = min(
                name for name in found.keys() | shapes if found.get(name) != shapes.get(name)
            )
            raise RunError(
                f"{path.name} must hold the weights of the run's layers: {name[:80]!r} with shape "
                f"{shapes.get(name)}. Received: {found.get(name)}."
            )
        _check_offsets(path)
        start = 8 + int(struct.unpack("<Q", data[:8])[0])
        for name, entry in entries.items():
            first, end = (start + offset for offset in entry["data_offsets"])
            for piece in range(first, end, _PIECE_BYTES):
                values = np.frombuffer(
                    data[piece : min(end, piece + _PIECE_BYTES)], _DTYPES[entry["dtype"]]
                )
                _check_finite(name, values)


def weight_digest(tensors: Sequence[tuple[str, NDArray[Any]]]) -> str:
    """Returns the SHA-256 of names, shapes and float32 values, in the order given."""
    digest = hashlib.sha256()
    for name, values in tensors:
        digest.update(f"{name} {tuple(values.shape)}\n".encode())
        digest.update(np.ascontiguousarray(values, dtype="<f4").tobytes())
    return digest.hexdigest()


def _check_header(data: bytes | mmap.mmap) -> dict[str, Any]:
    """Returns name -> dtype, shape, data_offsets: the JSON object after 8 bytes of length."""
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    if not 2 <= length <= min(MOST_HEADER_BYTES, len(data) - 8):
        raise RunError(
            f"weights.safetensors must have a header of at most {MOST_HEADER_BYTES:,} bytes. "
            f"Received: {length:,} in a file of {len(data):,}."
        )
    what = "the header of weights.safetensors"
    header = strict_json.loads(data[8 : 8 + length], what, most_bytes=MOST_HEADER_BYTES)
    entries = header if isinstance(header, dict) else {}
    tensors = {name: entry for name, entry in entries.items() if name != "__metadata__"}
    if not 1 <= len(tensors) <= MOST_TENSORS:
        raise RunError(f"{what} must name 1 to {MOST_TENSORS} tensors. Received: {len(tensors)}.")
    declared = sum(_declared_bytes(name, entry) for name, entry in tensors.items())
    if declared != len(data) - 8 - length:
        raise RunError(
            f"{what} must declare the {len(data) - 8 - length:,} bytes that follow it. "
            f"Received: {declared:,}."
        )
    return tensors


def _check_offsets(path: Path) -> None:
    """Opening a file has safetensors check where each tensor lies, without reading any."""
    try:
        with safe_open(path, framework="numpy"):
            pass
    except (SafetensorError, ValueError) as error:
        raise RunError(f"{path.name} must be readable. Received: {error}.") from None


def _declared_bytes(name: str, entry: Any) -> int:
    known = entry if isinstance(entry, dict) else {}
    kind, shape = known.get("dtype"), known.get("shape")
    sizes = shape if isinstance(shape, list) and len(shape) <= _MOST_AXES else [-1]
    bounded = all(type(size) is int and 0 <= size <= MOST_WEIGHTS_BYTES for size in sizes)
    if not isinstance(kind, str) or kind not in _ITEM_BYTES or not bounded:
        raise RunError(
            f"weights.safetensors: tensor {name[:80]!r} must be F16 or F32 with a shape of at most "
            f"{_MOST_AXES} axes, none longer than {MOST_WEIGHTS_BYTES:,}. "
            f"Received: {str(entry)[:80]}."
        )
    return math.prod(sizes) * _ITEM_BYTES[kind]


def _check_finite(name: str, values: NDArray[Any]) -> None:
    if not np.isfinite(values).all():
        raise RunError(f"weights must be finite numbers. Received: NaN or infinity in {name!r}.")
