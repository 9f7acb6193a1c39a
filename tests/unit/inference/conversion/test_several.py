"""Two things that touch are told from one garment with a narrow place."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist_core.data.locations import find_data
from fmnist_core.data.pool import load_pool
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.conversion.several import touch_each_other
from tests.unit.inference.garments import SHAPES, floor_of, mask_of, picture_of

SHOE = [(10, 60), (25, 52), (45, 30), (60, 28), (84, 55), (92, 66), (88, 70), (14, 70)]


def two_shoes(gap: int) -> np.ndarray:
    """Where two shoes stand side by side, bool (240, 600); a negative gap lets them overlap."""
    image = Image.new("1", (600, 240))
    for left in (100, 100 + 164 + gap):
        points = [(left + 2 * (x - 10), 2 * y) for x, y in SHOE]
        ImageDraw.Draw(image).polygon(points, fill=1)
    return np.asarray(image)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_garment_is_one_thing(shape):
    assert not touch_each_other(mask_of(shape))


def test_nothing_is_not_two_things():
    assert not touch_each_other(np.zeros((40, 60), bool))
    assert not touch_each_other(np.ones((40, 60), bool))


@pytest.mark.parametrize("gap", [-1, -3])
def test_two_shoes_that_touch_are_two(gap):
    assert touch_each_other(two_shoes(gap))


@pytest.mark.parametrize("floor", ["paper", "carpet"])
@pytest.mark.parametrize("gap", [-2, 60])
def test_a_picture_of_two_shoes_gets_a_warning(floor, gap):
    ground = floor_of(floor, (600, 240))
    shoes = np.where(two_shoes(gap)[..., None], [150, 30, 30], ground)
    warnings = convert(picture_of(shoes.clip(0, 255).astype(np.uint8))).warnings
    assert any("several things" in words for words in warnings)


@pytest.mark.skipif(find_data() is None, reason="needs Fashion-MNIST: make data")
def test_hardly_any_test_image_is_called_two():
    images = load_pool().images[60_000::20]
    large = [np.asarray(Image.fromarray(image).resize((112, 112))) for image in images]
    assert np.mean([touch_each_other(image > 12) for image in large]) <= 0.01
