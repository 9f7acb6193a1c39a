"""Small pictures on the Predict page: every pixel of a small one visible, none blurred."""

import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]

# A page shows each picture at half its size, so that it is sharp with two dots a pixel as well.
_DOTS = 2
_OUTLINE = (128, 133, 148, 255)  # white pictures must end somewhere on a white page
# What speaks for a class and what against it: apart under every kind of colour blindness.
FOR, AGAINST = (255, 150, 20), (70, 150, 255)
_DIMMED = 0.6  # of the image's light, so that the colours over it are seen
_LEAST_SCALE = 0.05  # five points: what is small beside it must not look as if it mattered


def tile_png(image: Pixels, side: int) -> bytes:
    """Returns a picture, uint8 (h, w) or (h, w, 3), in the middle of a transparent square.

    Args:
        image: a small one is enlarged by whole numbers, a large one reduced.
        side: of the square on the page in pixels; the file has twice as many.
    """
    room = _DOTS * side - 2
    scale = room // max(image.shape[:2])
    if scale >= 1:
        fitted = Image.fromarray(image.repeat(scale, axis=0).repeat(scale, axis=1))
    else:
        share = room / max(image.shape[:2])
        size = (max(1, round(image.shape[1] * share)), max(1, round(image.shape[0] * share)))
        fitted = Image.fromarray(image).resize(size, Image.Resampling.BOX)
    square = Image.new("RGBA", (_DOTS * side, _DOTS * side), (0, 0, 0, 0))
    left, top = (_DOTS * side - fitted.width) // 2, (_DOTS * side - fitted.height) // 2
    framed = (left - 1, top - 1, left + fitted.width + 1, top + fitted.height + 1)
    square.paste(_OUTLINE, framed)
    square.paste(fitted, (left, top))
    return _png(square)


def occlusion_scale(maps: Iterable[NDArray[np.float64]]) -> float:
    """Returns the change of probability that gets the full colour in all of these maps."""
    return max([_LEAST_SCALE, *(float(np.abs(falls).max()) for falls in maps)])


def occlusion_picture(image: Pixels, falls: NDArray[np.float64], scale: float) -> Pixels:
    """Returns uint8 (28, 28, 3): the image, coloured where covering it changes the answer.

    Args:
        image: uint8 (28, 28).
        falls: (28, 28), by how much the probability falls when a pixel is covered.
        scale: the change that gets the full colour, as `occlusion_scale` has it.
    """
    strength = np.minimum(np.abs(falls) / scale, 1.0)[..., None]
    colour = np.where(falls[..., None] > 0, np.array(FOR), np.array(AGAINST))
    grey = _DIMMED * np.repeat(image[..., None], 3, axis=2)
    mixed: Pixels = (grey * (1 - 0.8 * strength) + colour * 0.8 * strength).astype(np.uint8)
    return mixed


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)  # a fifth larger, in a third of the time
    return file.getvalue()
