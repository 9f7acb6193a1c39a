"""The pool holds the genuine images in the documented numbering, and is read once."""

import threading

import numpy as np
import pytest

from fmnist_core.data import CLASS_NAMES, DATASET_SHA256, find_data, load_image, load_pool
from fmnist_core.data import pool as pool_module


def test_training_images_come_first_and_test_images_after_them(
    empty_machine, put_tiny_data, tiny_contents
):
    put_tiny_data(empty_machine / "debian")
    pool = load_pool()
    assert pool.images.shape == (50, 28, 28)
    assert pool.images[:30].tobytes() == tiny_contents["train-images-idx3-ubyte"][16:]
    assert pool.images[30:].tobytes() == tiny_contents["t10k-images-idx3-ubyte"][16:]
    assert pool.labels[:30].tobytes() == tiny_contents["train-labels-idx1-ubyte"][8:]
    assert pool.labels[30:].tobytes() == tiny_contents["t10k-labels-idx1-ubyte"][8:]


def test_the_arrays_cannot_be_written_to(empty_machine, put_tiny_data):
    put_tiny_data(empty_machine / "debian")
    pool = load_pool()
    for array in (pool.images, pool.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_test_image_is_there_without_the_training_images(
    empty_machine, put_tiny_data, monkeypatch
):
    put_tiny_data(empty_machine / "debian")
    monkeypatch.setattr(pool_module.dataset, "TRAIN_COUNT", 30)
    last = load_image(49)
    assert pool_module._load.cache_info().currsize == 0
    assert np.array_equal(last, load_pool().images[49])
    assert np.array_equal(load_image(29), load_pool().images[29])


def test_threads_that_ask_at_once_share_one_reading(empty_machine, put_tiny_data, monkeypatch):
    put_tiny_data(empty_machine / "debian")
    read, readings, pools = pool_module.read_verified, [], []
    monkeypatch.setattr(pool_module, "read_verified", lambda *a: (readings.append(a), read(*a))[1])
    threads = [threading.Thread(target=lambda: pools.append(load_pool())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(readings) == 4
    assert all(pool is pools[0] for pool in pools)


def test_data_mended_after_a_refusal_is_read(empty_machine, put_tiny_data):
    folder = put_tiny_data(empty_machine / "debian")
    path = folder / "train-labels-idx1-ubyte.gz"
    path.write_bytes(b"damaged")
    with pytest.raises(pool_module.DataError):
        load_pool()
    put_tiny_data(folder)
    assert len(load_pool().labels) == 50


@pytest.mark.skipif(find_data() is None, reason="needs Fashion-MNIST: make data")
def test_the_real_data_is_the_cleaned_release():
    pool = load_pool()
    assert pool.images.shape == (70_000, 28, 28)
    assert np.bincount(pool.labels[:60_000]).tolist() == [6_000] * 10
    assert np.bincount(pool.labels[60_000:]).tolist() == [1_000] * 10
    assert pool.images[:60_000].mean() == pytest.approx(72.9404, abs=1e-4)
    assert pool.images[60_000:].mean() == pytest.approx(73.1466, abs=1e-4)
    distinct = {image.tobytes() for image in pool.images}
    assert len(distinct) == 70_000  # the release of before 31 August 2017 has duplicates


def test_there_are_ten_classes_and_four_files():
    assert len(set(CLASS_NAMES)) == 10
    assert len(DATASET_SHA256) == 4
    assert all(len(digest) == 64 for digest in DATASET_SHA256.values())
