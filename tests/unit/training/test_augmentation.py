import numpy as np
import pytest

from fmnist_core.training.augmentation import augment, mix_up


@pytest.fixture
def images():
    """Sixty-four 28x28 images: a bright 6x4 block at row 9, column 5."""
    batch = np.zeros((64, 28, 28), np.float32)
    batch[:, 9:15, 5:9] = 200
    return batch


def test_the_same_generator_gives_the_same_images(images):
    settings = {"rotation": 10.0, "shift": 0.1, "zoom": 0.1, "flip": 0.5, "erasing": 0.5}
    first = augment(images, settings, np.random.default_rng(3))
    second = augment(images, settings, np.random.default_rng(3))
    other = augment(images, settings, np.random.default_rng(4))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 50


def test_no_setting_changes_nothing(images):
    np.testing.assert_array_equal(augment(images, {}, np.random.default_rng(0)), images)


def test_a_flip_mirrors_about_half_of_the_images(images):
    flipped = augment(images, {"flip": 0.5}, np.random.default_rng(0))
    mirrored = (flipped == images[:, :, ::-1]).all(axis=(1, 2))
    untouched = (flipped == images).all(axis=(1, 2))
    assert (mirrored | untouched).all()
    assert 20 < mirrored.sum() < 44


def test_a_shift_moves_the_centre_of_mass_at_most_by_its_fraction(images):
    moved = augment(images, {"shift": 0.1}, np.random.default_rng(0))
    columns = np.arange(28)
    centres = (moved.sum(axis=1) @ columns) / moved.sum(axis=(1, 2))
    offsets = centres - 6.5
    assert np.abs(offsets).max() <= 2.8 + 0.05
    assert offsets.min() < -1.5
    assert offsets.max() > 1.5


def test_a_rotation_turns_about_the_centre_and_keeps_the_brightness():
    bar = np.zeros((200, 28, 28), np.float32)
    bar[:, 6:22, 13:15] = 100  # an upright bar through the centre
    turned = augment(bar, {"rotation": 30.0}, np.random.default_rng(0))
    rows, columns = np.mgrid[:28, :28] - 13.5
    tilt = (turned * rows * columns).sum(axis=(1, 2)) / (turned * rows**2).sum(axis=(1, 2))
    angles = np.degrees(np.arctan(tilt))
    assert np.abs(angles).max() <= 31
    assert angles.min() < -20
    assert angles.max() > 20
    np.testing.assert_allclose(turned.sum(axis=(1, 2)), bar.sum(axis=(1, 2)), rtol=0.05)


def test_a_zoom_of_a_tenth_changes_the_area_by_a_fifth_at_most(images):
    zoomed = augment(images, {"zoom": 0.1}, np.random.default_rng(0))
    ratio = zoomed.sum(axis=(1, 2)) / images.sum(axis=(1, 2))
    assert ratio.max() <= 1 / 0.81 + 0.02
    assert ratio.min() >= 1 / 1.21 - 0.02
    assert ratio.max() - ratio.min() > 0.15


def test_pixels_from_outside_repeat_the_edge():
    white = np.full((16, 28, 28), 255, np.float32)
    moved = augment(white, {"shift": 0.3, "rotation": 45.0}, np.random.default_rng(0))
    np.testing.assert_allclose(moved, 255, atol=1e-3)


def test_erasing_replaces_one_rectangle_of_2_to_40_per_cent(images):
    erased = augment(images, {"erasing": 1.0}, np.random.default_rng(0))
    for before, after in zip(images, erased, strict=True):
        rows, columns = np.nonzero(before != after)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert len(rows) > 0.98 * height * width  # filled: a random value seldom hits the old one
        assert 0.01 * 784 <= height * width <= 0.45 * 784
    assert erased.max() <= 255


def test_mixing_keeps_targets_distributions_and_blends_images_alike():
    images = np.arange(8, dtype=np.float32).reshape(8, 1, 1, 1) * np.ones((8, 2, 2, 1), np.float32)
    targets = np.eye(10, dtype=np.float32)[:8]
    mixed, soft = mix_up(images, targets, 0.4, np.random.default_rng(1))
    np.testing.assert_allclose(soft.sum(axis=1), 1, rtol=1e-6)
    # Image i holds the value i, so its mixture must be the mean of its target.
    np.testing.assert_allclose(mixed[:, 0, 0, 0], soft[:, :8] @ np.arange(8), rtol=1e-5)
    assert (soft.max(axis=1) < 1).any()
