"""Files of a run that must be refused whatever lists them, each with a word of its refusal."""

import io
import json
import struct
import zipfile

import numpy as np

_ARRAYS = [
    f"{part}_{kind}"
    for part in ("test", "validation")
    for kind in ("probabilities", "tails", "labels", "indices")
]


def predictions(good: bytes) -> dict[str, tuple[bytes, str]]:
    """What is wrong -> a `predictions.npz`, and what its refusal must say."""
    return {
        "predictions of nine classes": (_nine_classes(good), "(n, 10)"),
        "pickled predictions": (_pickled(good), "plain array"),
        "a bomb within the predictions": (bomb(), "bytes of arrays"),
        "a bomb that says it is small": (_lying(zipfile.ZIP_DEFLATED), "be whole"),
        "a bomb of another compression": (_lying(zipfile.ZIP_BZIP2), "stored or deflated"),
        "a directory of 300,000 arrays": (_long_directory(300_000), "at most 8 files"),
        "a directory that says it is short": (_long_directory(300_000, says=8), "a directory of"),
    }


def weights(good: bytes) -> dict[str, tuple[bytes, str]]:
    """What is wrong -> a `weights.safetensors`, and what its refusal must say."""
    return {
        "weights that are none": (b"\x80\x04K\x01.", "header"),
        "weights that overlap": (_overlapping_tensors(good), "readable"),
        "weights of 6,000 digits": (_shaped([10**2999] * 2), "with a shape"),
        "weights of 100,000 axes": (_shaped([10**7] * 100_000), "with a shape"),
    }


def bomb() -> bytes:
    """A `predictions.npz` of 100 MB."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **dict.fromkeys(_ARRAYS, np.zeros(12 << 20, np.uint8)))
    return buffer.getvalue()


def _nine_classes(good: bytes) -> bytes:
    arrays = dict(np.load(io.BytesIO(good)))
    arrays["test_probabilities"] = arrays["test_probabilities"][:, :9]
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _pickled(good: bytes) -> bytes:
    arrays = dict(np.load(io.BytesIO(good)))
    arrays["test_labels"] = np.array([print], dtype=object)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _lying(method: int) -> bytes:
    """The directory states 1,000 bytes of an array that unpacks to 200 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in _ARRAYS:
            content = bytes(200 << 20 if name == _ARRAYS[0] else 1)
            archive.writestr(f"{name}.npy", content, compress_type=method)
    data = bytearray(buffer.getvalue())
    place = data.index(b"PK\1\2") + 24
    data[place : place + 4] = struct.pack("<L", 1000)
    return bytes(data)


def _long_directory(count: int, *, says: int | None = None) -> bytes:
    """A zip file that is nothing but its directory."""
    entry = struct.pack("<4s24xH16x", b"PK\1\2", 1) + b"a"
    told = says or min(count, 65_535)
    end = struct.pack("<4s4x2H2L2x", b"PK\5\6", told, told, count * len(entry), 4)
    return b"PK\3\4" + count * entry + end


def _overlapping_tensors(good: bytes) -> bytes:
    length = struct.unpack("<Q", good[:8])[0]
    header = json.loads(good[8 : 8 + length])
    first, second = sorted(header, key=lambda name: header[name]["data_offsets"])[:2]
    size = header[second]["data_offsets"][1] - header[second]["data_offsets"][0]
    header[second]["data_offsets"] = [0, size]
    header[first]["data_offsets"] = [0, header[first]["data_offsets"][1]]
    return _with_header(header) + good[8 + length :]


def _shaped(shape: list[int]) -> bytes:
    return _with_header({"a": {"dtype": "F16", "shape": shape, "data_offsets": [0, 0]}})


def _with_header(header: object) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text
