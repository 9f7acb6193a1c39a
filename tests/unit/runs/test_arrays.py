"""predictions.npz and projection.npz: what was written comes back, what is hostile does not."""

import io
import pickle  # noqa: TID251 (to plant one)
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.errors import RunError
from fmnist_core.runs.arrays import (
    Predictions,
    Projection,
    parse_predictions,
    parse_projection,
    write_predictions,
    write_projection,
)


def _part(count: int, first: int, seed: int = 0):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(10), count).astype(np.float32)
    labels = generator.integers(0, 10, count).astype(np.uint8)
    return probabilities, labels, np.arange(first, first + count, dtype=np.int32)


def _npz(**changes) -> bytes:
    probabilities, labels, indices = _part(20, 60_000)
    members = {
        "test_probabilities": probabilities.astype(np.float16),
        "test_labels": labels,
        "test_indices": indices,
        "validation_probabilities": probabilities.astype(np.float16),
        "validation_labels": labels,
        "validation_indices": indices - 60_000,
    } | changes
    buffer = io.BytesIO()
    kept = {name: value for name, value in members.items() if value is not None}
    np.savez_compressed(buffer, **kept)
    return buffer.getvalue()


def _member(data: bytes, name: str, content: bytes, count: int = 1) -> bytes:
    """The npz with one member's bytes replaced (or written several times)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        for _ in range(count):
            new.writestr(name, content)
    return buffer.getvalue()


def _npy(shape: tuple[int, ...], dtype: str, data: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        buffer, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return buffer.getvalue() + data


def test_a_reader_gets_exactly_what_the_writer_returned(tmp_path):
    given_ = Predictions(*_part(50, 60_000), *_part(30, 0))
    stored = write_predictions(tmp_path / "predictions.npz", given_)
    read = parse_predictions((tmp_path / "predictions.npz").read_bytes())
    for name in vars(given_):
        assert np.array_equal(getattr(read, name), getattr(stored, name))
        assert getattr(read, name).dtype == getattr(given_, name).dtype
    assert np.abs(read.test_probabilities - given_.test_probabilities).max() < 2.5e-4
    assert np.array_equal(read.test_indices, given_.test_indices)


def test_a_run_without_validation_images_can_be_stored(tmp_path):
    empty = (np.zeros((0, 10), np.float32), np.zeros(0, np.uint8), np.zeros(0, np.int32))
    stored = write_predictions(tmp_path / "p.npz", Predictions(*_part(5, 60_000), *empty))
    assert stored.validation_probabilities.shape == (0, 10)


def test_a_projection_reads_back_and_large_features_stay_finite(tmp_path):
    scores = np.array([[1e6, 1.0], [-2e6, 0.5], [3.0, 0.25]], np.float32)
    projection = Projection(scores, np.array([0.9, 0.1], np.float32), np.arange(3, dtype=np.int32))
    stored = write_projection(tmp_path / "projection.npz", projection)
    assert np.array_equal(stored.components, scores)
    read = parse_projection((tmp_path / "projection.npz").read_bytes())
    assert np.array_equal(read.explained_variance_ratio, projection.explained_variance_ratio)


BAD_VALUES = {
    "a NaN": {"test_probabilities": np.full((20, 10), np.nan, np.float16)},
    "a probability above 1": {"test_probabilities": np.full((20, 10), 1.5, np.float16)},
    "nine classes": {"test_probabilities": np.zeros((20, 9), np.float16)},
    "one row too few": {"test_probabilities": np.zeros((19, 10), np.float16)},
    "a class 10": {"test_labels": np.full(20, 10, np.uint8)},
    "an image twice": {"test_indices": np.zeros(20, np.int32)},
    "an image outside the pool": {"test_indices": np.arange(69_990, 70_010, dtype=np.int32)},
    "a negative image": {"test_indices": np.arange(-1, 19, dtype=np.int32)},
    "float64": {"test_probabilities": np.zeros((20, 10))},
    "columns first": {"test_probabilities": np.asfortranarray(np.zeros((20, 10), np.float16))},
    "text": {"test_labels": np.array(["0"] * 20)},
    "an unknown array": {"extra": np.zeros(3, np.uint8)},
    "a missing array": {"test_labels": None},
}


@pytest.mark.parametrize("changes", BAD_VALUES.values(), ids=BAD_VALUES)
def test_arrays_that_are_no_predictions_are_refused(changes):
    with pytest.raises(RunError, match=r"predictions\.npz"):
        parse_predictions(_npz(**changes))


class _Planted:
    ran = False

    def __reduce__(self):
        return (setattr, (_Planted, "ran", True))


def test_a_pickle_in_an_array_is_not_run():
    planted = np.array([_Planted()], dtype=object)
    with pytest.raises(RunError):
        parse_predictions(_npz(test_labels=planted))
    with pytest.raises(RunError):
        parse_predictions(_member(_npz(), "test_labels.npy", pickle.dumps(_Planted())))
    assert not _Planted.ran


HOSTILE = {
    "a header that declares terabytes": _npy((4 * 10**12,), "<f4"),
    "a header that declares less than nothing": _npy((-1, -1), "|u1", b"\0"),
    "a shape that overflows": _npy((2**62, 2**62), "|u1"),
    "bytes after the array": _npy((20,), "|u1", bytes(21)),
    "too few bytes": _npy((20,), "|u1", bytes(19)),
    "no header": b"\0" * 100,
    "nothing": b"",
    "npy 2.0": b"\x93NUMPY\x02\x00" + bytes(50),
    "a header that is code": b"\x93NUMPY\x01\x00\x20\x00" + b"__import__('os').getpid()".ljust(32),
    "a deep header": b"\x93NUMPY\x01\x00\xe8\x03" + b"(" * 1000,
    "a zip bomb": bytes(100_000_000),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_member_is_refused_before_it_is_allocated(content):
    with pytest.raises(RunError, match=r"predictions\.npz"):
        parse_predictions(_member(_npz(), "test_labels.npy", content))


def test_a_member_that_comes_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = _member(_npz(), "test_labels.npy", _npy((20,), "|u1", bytes(20)), count=2)
    with pytest.raises(RunError, match="exactly the arrays"):
        parse_predictions(data)


@settings(deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_harmless(data):
    """Whatever is damaged, nothing but a RunError comes out."""
    damaged = bytearray(_npz())
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    for candidate in (bytes(damaged), bytes(damaged[:cut])):
        try:
            predictions = parse_predictions(candidate)
        except RunError:
            continue
        assert predictions.test_probabilities.shape == (20, 10)
