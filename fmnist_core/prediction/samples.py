"""Pictures to try without a file: test images, and drawings of garments made here."""

import functools
import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from fmnist_core.data import load_test_images
from fmnist_core.data.dataset import TEST_COUNT
from fmnist_core.errors import DataError, UnknownNameError
from fmnist_core.prediction import garments
from fmnist_core.prediction.drawing import Page


@dataclass(frozen=True)
class Sample:
    """A drawing to choose: its name in addresses, its title, and the class it is meant to be."""

    id: str
    title: str
    label: int


def official_test_image(number: int) -> bytes:
    """Returns a test image, 0 to 9,999, as a 28 x 28 grey PNG with exactly its values.

    Raises:
        DataError: there is no such image, or the data are not on this machine.
    """
    if not 0 <= number < TEST_COUNT:
        raise DataError(
            f"a test image must be a number from 0 to {TEST_COUNT - 1:,}. Received: {number}."
        )
    return _png(Image.fromarray(load_test_images()[number]))


def samples() -> tuple[Sample, ...]:
    """Returns the drawings there are, in the order of the classes."""
    return tuple(sample for sample, _ in _DRAWINGS)


@functools.cache
def sample_picture(sample_id: str) -> bytes:
    """Returns a drawing as a PNG of 400 x 600 on white. Raises `UnknownNameError`."""
    for sample, draw in _DRAWINGS:
        if sample.id == sample_id:
            page = Page()
            draw(page)
            return _png(page.picture())
    raise UnknownNameError("sample picture", sample_id, [sample.id for sample in samples()])


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


_DRAWINGS: tuple[tuple[Sample, Callable[[Page], None]], ...] = (
    (Sample("t-shirt", "T-shirt", 0), garments.draw_t_shirt),
    (Sample("trousers", "Trousers", 1), garments.draw_trousers),
    (Sample("pullover", "Pullover", 2), garments.draw_pullover),
    (Sample("dress", "Dress", 3), garments.draw_dress),
    (Sample("coat", "Coat", 4), garments.draw_coat),
    (Sample("sandal", "Sandal", 5), garments.draw_sandal),
    (Sample("shirt", "Shirt", 6), garments.draw_shirt),
    (Sample("sneaker", "Sneaker", 7), garments.draw_sneaker),
    (Sample("bag", "Bag", 8), garments.draw_bag),
    (Sample("ankle-boot", "Ankle boot", 9), garments.draw_ankle_boot),
)
