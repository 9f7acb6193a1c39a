"""The kept labels are the published ones, and nothing else passes for them."""

import numpy as np
import pytest

from fmnist_core.data import find_data, known_labels, load_pool, load_test_images
from fmnist_core.errors import DataError

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


@needs_data
def test_the_kept_labels_are_those_of_the_data_files():
    np.testing.assert_array_equal(known_labels(), load_pool().labels)


@needs_data
def test_the_test_images_can_be_had_alone():
    np.testing.assert_array_equal(load_test_images(), load_pool().images[60_000:])


def changed(labels: np.ndarray) -> np.ndarray:
    return np.where(np.arange(len(labels)) == 65_000, (labels + 1) % 10, labels).astype(np.uint8)


@pytest.mark.parametrize(
    "change",
    [changed, lambda labels: labels[:-1], lambda labels: np.append(labels, np.uint8(0))],
    ids=["one other", "one missing", "one more"],
)
def test_other_labels_are_refused(change, tmp_path):
    path = tmp_path / "labels.npz"
    np.savez_compressed(path, labels=change(known_labels()))
    with pytest.raises(DataError, match=r"labels.npz must hold the labels"):
        known_labels(path)
