"""The byte beside a probability that float16 cannot keep."""

import numpy as np
import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs import arrays
from fmnist_core.runs.arrays import Predictions, parse_predictions, write_predictions
from fmnist_core.runs.tails import BELOW, LOWEST, as_stored, tails_of


def test_what_float16_keeps_has_no_tail() -> None:
    values = np.array([1, 0.3, 1e-5, BELOW], np.float32)
    assert not tails_of(values).any()
    assert np.array_equal(as_stored(values), values.astype(np.float16).astype(np.float32))


def test_small_probabilities_keep_their_logarithm_to_a_quarter() -> None:
    values = np.geomspace(2e-38, 0.999 * BELOW, 5_000).astype(np.float32)
    off = np.log(as_stored(values).astype(float)) - np.log(values.astype(float))
    assert np.abs(off).max() <= 0.2501
    assert abs(off.mean()) < 0.01


def test_what_float32_cannot_keep_either_is_the_lowest_and_not_0() -> None:
    values = np.array([0, 1e-45, 1e-38], np.float32)
    assert list(tails_of(values)) == [LOWEST] * 3
    assert as_stored(values).min() > np.finfo(np.float32).tiny


def test_what_was_read_is_written_the_same_again(tmp_path) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(0, 12, (500, 10))
    values = np.exp(logits - logits.max(axis=1, keepdims=True))
    values = (values / values.sum(axis=1, keepdims=True)).astype(np.float32)
    once = write_predictions(tmp_path / "a.npz", predictions(values))
    twice = write_predictions(tmp_path / "b.npz", once)
    assert np.array_equal(once.test_probabilities, twice.test_probabilities)
    assert np.array_equal(once.test_probabilities, as_stored(values))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    lost = np.log(values.astype(float)) - np.log(once.test_probabilities.astype(float))
    assert np.abs(lost).max() < 0.3


@pytest.mark.parametrize(
    ("probability", "tail"), [(0.1, 3), (0.0, LOWEST + 1)], ids=["not small", "no such tail"]
)
def test_a_tail_that_contradicts_its_probability_is_refused(
    tmp_path, monkeypatch, probability, tail
):
    values = np.full((3, 10), 0.1, np.float32)
    values[1, 4] = probability
    wrong = np.zeros((3, 10), np.uint8)
    wrong[1, 4] = tail
    pack = arrays.pack
    monkeypatch.setattr(arrays, "pack", lambda members: pack(members | {"test_tails": wrong}))
    with pytest.raises(RunError, match="and tails 0 to 144"):
        write_predictions(tmp_path / "p.npz", predictions(values))
    with pytest.raises(RunError, match="and tails 0 to 144"):
        parse_predictions((tmp_path / "p.npz").read_bytes())


def test_more_images_than_there_are_are_refused_before_they_are_unfolded(tmp_path, monkeypatch):
    monkeypatch.setattr(arrays, "POOL_COUNT", 3)
    monkeypatch.setattr(arrays, "with_tails", lambda *_: pytest.fail("unfolded"))
    with pytest.raises(RunError, match="of at most 3 images"):
        write_predictions(tmp_path / "p.npz", predictions(np.full((4, 10), 0.1, np.float32)))


def predictions(values: np.ndarray) -> Predictions:
    count = len(values)
    return Predictions(
        test_probabilities=values,
        test_labels=np.zeros(count, np.uint8),
        test_indices=np.arange(60_000, 60_000 + count, dtype=np.int32),
        validation_probabilities=np.zeros((0, 10), np.float32),
        validation_labels=np.zeros(0, np.uint8),
        validation_indices=np.zeros(0, np.int32),
    )
