"""The kept counts of the data set: against the images, and against what is known of them."""

import hashlib
from dataclasses import fields

import numpy as np
import pytest

from fmnist_core.data import CLASS_NAMES, PROTOCOLS, find_data, load_pool
from fmnist_core.data import statistics as statistics_module
from fmnist_core.data.statistics import (
    PARTS,
    Statistics,
    measure_boxes,
    measure_statistics,
    quantile,
    read_statistics,
    summarise_levels,
    write_statistics,
)
from fmnist_core.errors import DataError

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


@pytest.fixture(scope="module")
def kept() -> Statistics:
    return read_statistics()


@needs_data
def test_the_kept_counts_are_those_of_the_images(kept: Statistics) -> None:
    counted = measure_statistics(load_pool())
    for field in fields(Statistics):
        assert np.array_equal(getattr(counted, field.name), getattr(kept, field.name)), field.name


@needs_data
def test_levels_and_images_summarise_as_numpy_does(kept: Statistics) -> None:
    pool = load_pool()
    for part, where in (("train", slice(0, 60_000)), ("test", slice(60_000, None))):
        images, labels = pool.images[where], pool.labels[where]
        summary = summarise_levels(kept.levels(part))
        assert summary.mean == pytest.approx(images.mean(), abs=1e-9)
        assert summary.std == pytest.approx(images.std(), abs=1e-9)
        assert summary.median == np.median(images)
        assert summary.visible_median == np.median(images[images > 0])
        assert summary.black == (images == 0).mean()
        assert summary.middle == ((images >= 115) & (images <= 135)).mean()
        coats = images[labels == 4]
        assert kept.mean_images(part)[4] == pytest.approx(coats.mean(axis=0), abs=1e-9)
        assert kept.variance_images(part)[4] == pytest.approx(coats.var(axis=0), abs=1e-6)


@needs_data
def test_copies_are_found_by_digest_as_well(kept: Statistics) -> None:
    digests = [hashlib.sha256(image.tobytes()).digest() for image in load_pool().images]
    assert len(set(digests)) == 70_000 - kept.copies.sum()


def test_the_known_figures_of_the_data_set(kept: Statistics) -> None:
    train = summarise_levels(kept.levels("train"))
    assert [round(value, 4) for value in (train.mean, train.std)] == [72.9404, 90.0212]
    assert [round(value / 255, 5) for value in (train.mean, train.std)] == [0.28604, 0.35302]
    assert (train.median, train.visible_median) == (0, 164)
    assert [round(100 * share, 2) for share in (train.black, train.middle, train.white)] == [
        50.21,
        3.35,
        0.81,
    ]
    sixteenths = kept.levels("train").reshape(16, 16).sum(axis=1) / kept.levels("train").sum()
    assert [round(100 * share, 2) for share in sixteenths[[0, 1, 13, 15]]] == [
        53.81,
        1.66,
        5.7,
        2.73,
    ]
    means = [summarise_levels(kept.levels("train", label)).mean for label in range(10)]
    assert [round(mean, 1) for mean in means] == [
        *(83.0, 56.8, 96.1, 66.0, 98.3),
        *(34.9, 84.6, 42.8, 90.2, 76.8),
    ]


def test_the_known_boxes_of_the_data_set(kept: Statistics) -> None:
    medians = [
        tuple(quantile(kept.boxes("train", label).sum(axis=axis), 0.5) + 1 for axis in (1, 0))
        for label in range(10)
    ]
    assert medians == [
        *((28, 22), (28, 11), (28, 21), (28, 15), (28, 20)),
        *((15, 28), (28, 21), (13, 28), (26, 28), (21, 28)),
    ]
    boxes = kept.boxes("train")
    full = boxes[-1].sum() + boxes[:, -1].sum() - boxes[-1, -1]
    assert round(100 * full / boxes.sum(), 1) == 98.3
    assert round(100 * boxes[-1].sum() / boxes.sum(), 1) == 63.3
    assert round(100 * boxes[:, -1].sum() / boxes.sum(), 1) == 35.7


def test_no_image_comes_twice_and_every_class_is_as_large(kept: Statistics) -> None:
    assert kept.copies.tolist() == [0, 0, 0]
    assert {part: set(kept.class_counts(part).tolist()) for part in PARTS} == {
        "train": {6_000},
        "test": {1_000},
        "all": {7_000},
    }


def test_every_split_gives_each_class_a_tenth(kept: Statistics) -> None:
    for counts, protocol in zip(kept.split_counts, PROTOCOLS.values(), strict=True):
        sizes = (protocol.train, protocol.validation, protocol.test)
        assert counts.tolist() == [[size // 10] * len(CLASS_NAMES) for size in sizes]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.5, 0.75, 0.99, 1.0])
def test_a_quantile_of_counts_is_numpys_of_the_values(share: float) -> None:
    for seed in range(20):
        values = np.random.default_rng(seed).integers(0, 30, size=1 + 7 * seed)
        counts = np.bincount(values, minlength=30)
        assert quantile(counts, share) == pytest.approx(np.quantile(values, share))


def test_a_box_holds_every_pixel_above_zero() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 3, 5] = 1
    images[1, 0, 0] = images[1, 27, 9] = 200
    heights, widths = measure_boxes(images)
    assert heights.tolist() == [1, 28, 0]
    assert widths.tolist() == [1, 10, 0]


def test_counts_are_read_as_they_were_written(tmp_path, kept: Statistics) -> None:
    write_statistics(kept, tmp_path / "counts.npz")
    again = read_statistics(tmp_path / "counts.npz")
    assert all(
        np.array_equal(getattr(again, field.name), getattr(kept, field.name))
        for field in fields(Statistics)
    )
    with pytest.raises(ValueError, match="read-only"):
        again.copies[0] = 1


def test_counts_of_other_files_are_refused(
    tmp_path, kept: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_statistics(kept, tmp_path / "counts.npz")
    monkeypatch.setattr(statistics_module, "DATASET_SHA256", {"train-images-idx3-ubyte": "0" * 64})
    with pytest.raises(DataError, match="describe --measure"):
        read_statistics(tmp_path / "counts.npz")
