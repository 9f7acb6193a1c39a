"""Nearest training images are exact, and the verdict tells strangers from the data."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist_core.data.locations import find_data
from fmnist_core.data.pool import load_pool
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.files.decode import decode
from fmnist_core.inference.likeness import BANDS, Reference, likeness, make_reference
from fmnist_core.inference.neighbours import make_neighbours
from fmnist_core.inference.training_distances import distance_quantiles, training_distances
from fmnist_core.prediction.samples import sample_picture, samples

FARTHEST = 51_163  # of the training images, from its nearest other


def blobs(count: int, seed: int) -> np.ndarray:
    """Images of soft blobs, so that near and far exist."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[:28, :28]
    centres = generator.uniform(4, 24, (count, 2, 1, 1))
    spread = generator.uniform(20, 90, (count, 1, 1))
    squares = (y - centres[:, 0]) ** 2 + (x - centres[:, 1]) ** 2
    return (255 * np.exp(-squares / spread)).astype(np.uint8)


@pytest.mark.parametrize("count", [1, 7, 900])
@pytest.mark.parametrize("kind", ["blob", "noise"])
def test_the_nearest_images_are_those_of_a_full_search(count, kind):
    images = blobs(12_000, 0)
    noise = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
    query = blobs(1, 1)[0] if kind == "blob" else noise
    indices, distances = make_neighbours(images).nearest(query, count)
    squares = ((images.astype(np.int64) - query) ** 2).sum(axis=(1, 2))
    expected = np.argsort(squares, kind="stable")[:count]
    assert (indices == expected).all()
    np.testing.assert_allclose(distances, np.sqrt(squares[expected]), rtol=1e-6)


def test_no_more_images_are_found_than_there_are():
    indices, distances = make_neighbours(blobs(3, 0)).nearest(blobs(3, 0)[1], 10)
    assert indices[0] == 1
    assert distances[0] == 0
    assert len(indices) == 3


@pytest.fixture(scope="module")
def reference() -> Reference:
    if find_data() is None:
        pytest.skip("needs Fashion-MNIST: make data")
    pool = load_pool()
    return make_reference(make_neighbours(pool.images[:60_000]), pool.labels[:60_000])


def test_the_distances_are_quantiles_of_those_to_the_nearest_other_image():
    images = blobs(200, 0)
    flat = images.reshape(200, -1).astype(float)
    between = np.sqrt(((flat[:, None] - flat) ** 2).sum(axis=2))
    np.fill_diagonal(between, np.inf)
    expected = np.quantile(between.min(axis=1), np.linspace(0, 1, 1_001))
    np.testing.assert_allclose(distance_quantiles(make_neighbours(images)), expected, rtol=1e-5)


def test_the_stored_distances_are_those_of_the_training_images(reference):
    def to_nearest_other(index: int) -> float:
        return float(reference.neighbours.nearest(reference.neighbours.images[index], 2)[1][-1])

    stored = training_distances()
    assert to_nearest_other(FARTHEST) == stored[-1]
    some = np.sort([to_nearest_other(index) for index in range(0, 60_000, 600)])
    places = np.searchsorted(stored, some) / len(stored)
    assert np.abs(places - np.linspace(0, 1, len(some))).max() < 0.12


def test_a_distance_exceeds_all_only_where_it_exceeds_the_largest(reference):
    found = likeness(load_pool().images[60_314], reference)
    assert found.nearest_distance == pytest.approx(2_048, abs=1)
    assert 99.8 < found.distance_percentile < 100


def test_few_test_images_are_doubted_and_one_in_four_lies_at_an_edge(reference):
    found = [likeness(image, reference) for image in load_pool().images[60_000::25]]
    assert np.mean([one.doubtful for one in found]) < 0.05
    assert np.mean([one.verdict == "unlike" for one in found]) < 0.02
    assert 0.2 < np.mean([one.verdict != "nothing unusual" for one in found]) < 0.3


def test_what_leaves_one_of_the_bands_is_said_to_lie_at_the_edge(reference):
    for image in load_pool().images[60_000:60_200]:
        found = likeness(image, reference)
        places = (
            found.box_percentile,
            found.intensity_percentile,
            found.border_percentile,
            found.distance_percentile,
        )
        outside = [
            name
            for (name, (low, high)), place in zip(BANDS.items(), places, strict=True)
            if not low <= place <= high
        ]
        if not found.doubtful:
            assert (found.verdict == "at the edge") == bool(outside)
            assert all(name in found.words for name in outside)


def test_a_smiley_is_not_said_to_look_like_a_garment(reference):
    face = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(face)
    draw.ellipse((60, 60, 340, 340), (250, 210, 60))
    for left in (140, 230):
        draw.ellipse((left, 150, left + 31, 191), "black")
    draw.arc((131, 190, 269, 290), 10, 170, "black", 9)
    file = io.BytesIO()
    face.save(file, "PNG")
    found = likeness(convert(decode(file.getvalue(), "smiley.png")).image, reference)
    assert found.verdict == "at the edge"
    assert found.words == "In its distance it lies beyond most training images."


def test_strangers_do_not(reference):
    image = load_pool().images[60_001]
    noise = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    empty = np.zeros((28, 28), np.uint8)
    small = np.pad(image[::2, ::2], 7)
    for stranger in (255 - image, noise, empty, small):
        found = likeness(stranger, reference)
        assert found.verdict == "unlike"
        assert found.words.startswith("It does not look like the training data")
    assert "14 pixels long" in likeness(small, reference).words


def test_garments_that_fill_their_picture_are_judged_among_their_like(reference):
    pool = load_pool()
    bags = pool.images[60_000:][pool.labels[60_000:] == 8][:100]
    verdicts = [likeness(image, reference).verdict for image in bags]
    assert verdicts.count("nothing unusual") + verdicts.count("at the edge") >= 88
    assert verdicts.count("unlike") <= 4
    drawn = [convert(decode(sample_picture(one.id), one.title)).image for one in samples()]
    assert "unlike" not in [likeness(image, reference).verdict for image in drawn]


def test_a_training_image_is_its_own_nearest(reference):
    images = load_pool().images
    found = likeness(images[123], reference)
    assert found.nearest_distance == 0
    assert max(found.box_height, found.box_width) >= 26
    assert found.mean_intensity == pytest.approx(images[123].mean(), rel=1e-6)
    indices, _ = reference.neighbours.nearest(images[123], 5)
    assert indices[0] == 123


def test_an_image_is_placed_among_the_classes_that_judge_it(reference):
    pool = load_pool()
    index = 60_000 + int(np.flatnonzero(pool.labels[60_000:] == 8)[0])
    found = likeness(pool.images[index], reference)
    assert sum(one.nearest for one in found.peers) == 10
    images, labels = pool.images[:60_000], pool.labels[:60_000]
    darker = images.mean(axis=(1, 2), dtype=np.float32) < found.mean_intensity
    by_hand = sum(one.nearest * darker[labels == one.label].mean() for one in found.peers) / 10
    assert found.intensity_percentile == pytest.approx(100 * by_hand, abs=0.05)
