import numpy as np
import pytest

from fmnist_core.recipes import Recipe
from fmnist_core.training.batches import EpochBatches, Images, network_input, steps_per_epoch


@pytest.fixture
def images():
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (50, 28, 28), dtype=np.uint8)
    return Images(pixels, (np.arange(50) % 10).astype(np.uint8))


def _labels(inputs, labels, soft):
    return {"probabilities": labels}


def test_an_epoch_shows_every_image_once_and_each_with_its_label(images):
    recipe = Recipe(batch_size=16)
    batches = list(EpochBatches(images, recipe, 1, _labels))
    assert [len(inputs["image"]) for inputs, _ in batches] == [16, 16, 16, 2]
    shown = np.concatenate([inputs["image"] for inputs, _ in batches])
    labels = np.concatenate([targets["probabilities"] for _, targets in batches])
    expected = network_input(images.images, recipe)
    where = [int(np.flatnonzero((expected == one).all(axis=(1, 2, 3)))[0]) for one in shown]
    assert sorted(where) == list(range(50))
    np.testing.assert_array_equal(labels, images.labels[where])


def test_a_batch_depends_on_seed_and_epoch_only(images):
    recipe = Recipe(batch_size=16, augmentation="rotation shift flip mixup", seed=5)

    def second(recipe, epoch):
        return EpochBatches(images, recipe, epoch, _labels, soft=True).batch(1)[0]["image"]

    np.testing.assert_array_equal(second(recipe, 3), second(recipe, 3))
    assert not np.array_equal(second(recipe, 3), second(recipe, 4))
    other_seed = Recipe(batch_size=16, augmentation="rotation shift flip mixup", seed=6)
    assert not np.array_equal(second(recipe, 3), second(other_seed, 3))


def test_standardisation_is_that_of_the_recipe():
    pixels = np.array([[[0, 255], [51, 102]]], np.uint8)
    plain = network_input(pixels, Recipe())
    np.testing.assert_allclose(plain.ravel(), [0, 1, 0.2, 0.4], rtol=1e-6)
    scaled = network_input(pixels, Recipe(pixel_mean=0.286, pixel_std=0.353))
    np.testing.assert_allclose(scaled, (plain - 0.286) / 0.353, rtol=1e-5)
    assert scaled.shape == (1, 2, 2, 1)
    assert scaled.dtype == np.float32


@pytest.mark.parametrize(
    ("images", "size", "steps"), [(48000, 512, 94), (60000, 64, 938), (1, 9, 1)]
)
def test_steps_round_up_to_the_last_partial_batch(images, size, steps):
    assert steps_per_epoch(images, size) == steps
