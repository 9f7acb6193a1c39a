"""Zalando's own steps from a picture on white to 28x28 (arXiv 1708.07747, section 2).

What the paper leaves open was measured on the 60,000 training images:

- An odd rest of the canvas goes to the left and to the top: 19,254 images against 62 across.
- Rows and columns are skipped, not averaged. The thumbnail's longest side is three pixels for
  each of the 28, so that the one which is kept lies exactly in the middle of what it stands for.
"""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.inference.conversion.background import LUMA
from fmnist_core.inference.conversion.sharpen import sharpen
from fmnist_core.inference.conversion.trim import SIDE, Box

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

STEP = 3  # thumbnail pixels for each pixel of the 28x28 image


def thumbnail(pixels: Pixels, box: Box) -> Pixels:
    """Returns the trimmed garment (h, w, 3), its longest side 84 pixels, its aspect kept."""
    unit = max(box.width, box.height) / SIDE
    width = min(SIDE, max(1, round(box.width / unit)))
    height = min(SIDE, max(1, round(box.height / unit)))
    # Exactly as many units as pixels, around the garment's middle: rounding must not stretch it.
    left = (box.left + box.right - width * unit) / 2
    top = (box.top + box.bottom - height * unit) / 2
    margin = math.ceil(unit) + 1
    padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), constant_values=255)
    region = (
        max(0.0, left + margin),
        max(0.0, top + margin),
        min(float(padded.shape[1]), left + margin + width * unit),
        min(float(padded.shape[0]), top + margin + height * unit),
    )
    size = (STEP * width, STEP * height)
    return np.asarray(Image.fromarray(padded).resize(size, Image.Resampling.BOX, box=region))


def sample(small: Pixels) -> Pixels:
    """Keeps every third row and column: the longest side becomes 28."""
    return small[STEP // 2 :: STEP, STEP // 2 :: STEP]


def sharpened(image: Pixels) -> Pixels:
    """Sharpens along outlines."""
    return np.rint(sharpen(image.astype(np.float32))).astype(np.uint8)


def centred(image: Pixels) -> Pixels:
    """Extends the shorter side to 28 with white."""
    height, width = image.shape[:2]
    top, left = (SIDE + 1 - height) // 2, (SIDE + 1 - width) // 2
    canvas = np.full((SIDE, SIDE, 3), 255, np.uint8)
    canvas[top : top + height, left : left + width] = image
    return canvas


def grey(image: Pixels) -> Pixels:
    """Returns the lightness, (28, 28)."""
    lightness: Pixels = np.rint(image.astype(np.float32) @ LUMA).astype(np.uint8)
    return lightness
