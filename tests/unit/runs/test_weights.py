"""weights.safetensors: numbers only, and only so many."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from fmnist_core.errors import RunError
from fmnist_core.runs.weights import (
    MOST_HEADER_BYTES,
    MOST_TENSORS,
    parse_weights,
    read_weights,
    weight_digest,
    write_weights,
)


def _file(header: dict, data: bytes = b"", length: int | None = None) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def test_weights_come_back_by_name_to_float16_precision(tmp_path):
    kernel = np.random.default_rng(0).normal(size=(3, 3, 1, 8)).astype(np.float32)
    tensors = [("conv2d/kernel", kernel), ("conv2d/bias", np.zeros(8)), ("scalar", np.float32(3))]
    write_weights(tmp_path / "w", [(name, np.asarray(value)) for name, value in tensors])
    read = read_weights(tmp_path / "w")
    assert set(read) == {"conv2d/kernel", "conv2d/bias", "scalar"}
    assert np.array_equal(read["conv2d/kernel"], kernel.astype(np.float16).astype(np.float32))
    assert all(values.dtype == np.float32 for values in read.values())


def test_a_value_too_large_for_float16_is_kept(tmp_path):
    variance = np.array([1e5, 2e-3], np.float32)
    write_weights(tmp_path / "w", [("moving_variance", variance)])
    assert np.array_equal(read_weights(tmp_path / "w")["moving_variance"], variance)


def test_weights_in_any_memory_layout_keep_their_values(tmp_path):
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    write_weights(tmp_path / "w", [("turned", values.T), ("stepped", values[:, ::2])])
    read = read_weights(tmp_path / "w")
    assert np.array_equal(read["turned"], values.T)
    assert np.array_equal(read["stepped"], values[:, ::2])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_neither_written_nor_read(tmp_path, value):
    bad = np.array([1.0, value], np.float32)
    with pytest.raises(RunError, match=r"finite numbers.*'layer'"):
        write_weights(tmp_path / "w", [("layer", bad)])
    assert not (tmp_path / "w").exists()
    with pytest.raises(RunError, match=r"finite numbers.*'layer'"):
        parse_weights(save({"layer": bad}))


def test_a_name_that_comes_twice_is_refused(tmp_path):
    with pytest.raises(RunError, match="different names"):
        write_weights(tmp_path / "w", [("a", np.zeros(1)), ("a", np.ones(1))])


F32 = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}

HOSTILE = {
    "nothing": b"",
    "seven bytes": bytes(7),
    "an empty header": _file({}),
    "a header of 2^63 bytes": _file({}, length=2**63),
    "a header longer than the file": _file({}, length=500),
    "a header above the limit": _file({"a" * (MOST_HEADER_BYTES + 1): F32}, bytes(4)),
    "a header that is no JSON": struct.pack("<Q", 4) + b"{{{{",
    "a header that is a list": struct.pack("<Q", 2) + b"[]",
    "a tensor that comes twice": struct.pack("<Q", 15) + b'{"a":{},"a":{}}',
    "too many tensors": _file(dict.fromkeys(map(str, range(MOST_TENSORS + 1)), F32), bytes(4)),
    "whole numbers": _file({"a": F32 | {"dtype": "I64"}}, bytes(8)),
    "a shape that is a bomb": _file({"a": F32 | {"shape": [2**40]}}, bytes(4)),
    "a shape that overflows": _file({"a": F32 | {"shape": [2**62, 4]}}, bytes(4)),
    "a shape of many digits": _file({"a": F32 | {"shape": [10**2999, 10**2999]}}, bytes(4)),
    "a shape of many axes": _file({"a": F32 | {"shape": [10**8] * 9}}, bytes(4)),
    "a type that is a list": _file({"a": F32 | {"dtype": []}}, bytes(4)),
    "a shape below nothing": _file({"a": F32 | {"shape": [-1]}}, bytes(4)),
    "a shape that is a word": _file({"a": F32 | {"shape": "1"}}, bytes(4)),
    "no shape": _file({"a": {}}, bytes(4)),
    "trailing bytes": _file({"a": F32}, bytes(8)),
    "missing bytes": _file({"a": F32}, bytes(3)),
    "overlapping tensors": _file({"a": F32, "b": F32}, bytes(8)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data):
    with pytest.raises(RunError, match=r"weights\.safetensors"):
        parse_weights(data)


@settings(deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_harmless(data):
    damaged = bytearray(save({"a": np.ones((2, 3), np.float16), "b": np.zeros(4, np.float32)}))
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] = data.draw(st.integers(0, 255))
    try:
        tensors = parse_weights(bytes(damaged))
    except RunError:
        return
    assert all(np.isfinite(values).all() for values in tensors.values())


def test_a_file_above_the_limit_is_not_read(tmp_path):
    path = tmp_path / "w"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)  # sparse
    with pytest.raises(RunError, match="at most 67,108,864 bytes"):
        read_weights(path)


def test_the_digest_depends_on_every_name_shape_order_and_bit():
    values = np.arange(6, dtype=np.float32)
    base = [("a", values), ("b", values)]
    other = values.copy()
    other[3] = np.nextafter(other[3], np.float32(9))
    variants = [
        base,
        [("a", values), ("c", values)],
        [("a", values), ("b", values.reshape(2, 3))],
        [("b", values), ("a", values)],
        [("a", values), ("b", other)],
        [("a", values)],
    ]
    assert len({weight_digest(tensors) for tensors in variants}) == len(variants)
    assert weight_digest(base) == weight_digest([("a", values.copy()), ("b", values.copy())])
