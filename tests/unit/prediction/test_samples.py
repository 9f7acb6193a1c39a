"""Pictures to try without a file."""

import io

import numpy as np
import pytest
from PIL import Image

from fmnist_core.data import load_pool
from fmnist_core.errors import DataError, UnknownNameError
from fmnist_core.prediction.samples import official_test_image, sample_picture, samples
from tests.shipped_runs import needs_data

IDS = [sample.id for sample in samples()]


def test_there_is_a_drawing_of_every_class():
    assert [sample.label for sample in samples()] == list(range(10))
    assert len(set(IDS)) == 10


@pytest.mark.parametrize("sample_id", IDS)
def test_a_drawing_is_a_coloured_garment_on_white(sample_id):
    with Image.open(io.BytesIO(sample_picture(sample_id))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (400, 600))
        pixels = np.asarray(image)
    borders = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    assert (borders == 255).all()
    drawn = (pixels < 250).any(axis=2)
    assert 0.08 < drawn.mean() < 0.6
    assert np.ptp(pixels[drawn].astype(int), axis=0).max() > 20  # shaded, not flat


def test_a_drawing_is_the_same_every_time():
    first = sample_picture("dress")
    sample_picture.cache_clear()
    assert sample_picture("dress") == first


def test_an_unknown_drawing_names_the_nearest():
    with pytest.raises(UnknownNameError, match="trousers"):
        sample_picture("trouser")


@needs_data
@pytest.mark.parametrize("number", [0, 9_999])
def test_a_test_image_keeps_its_values(number):
    with Image.open(io.BytesIO(official_test_image(number))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "L", (28, 28))
        assert np.array_equal(np.asarray(image), load_pool().images[60_000 + number])


@pytest.mark.parametrize("number", [-1, 10_000])
def test_there_are_ten_thousand_test_images(number):
    with pytest.raises(DataError, match="from 0 to 9,999"):
        official_test_image(number)
