"""What a picture's borders say of its background: its colour, and whether it is even.

Three cases: even (one colour: a shop picture, card, cloth), graded (one colour under uneven light:
paper or a wall, photographed), uneven (anything else: a floor, a bed). Only an even one that is
nearly white needs nothing cut out (`on_white.py`).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_NEARLY_WHITE = 225.0
_SMALL_SIDE = 200  # averages away the grain of paper and the noise of a camera
_RING_SHARE = 0.03
_RIDGE = 1e-6 * np.eye(6)
_NO_CLOSER = 12.0
_CORNER_SHARE = 0.08
_QUIET_CORNERS = 3  # a garment or a shadow may reach one of the four
_SMOOTH = 3.0  # the grain that is left in a plain background; a smooth floor keeps twice as much
_LEAST_RING = 0.45  # a garment as wide as a picture of 2:3 leaves 60 % of the borders


@dataclass(frozen=True, eq=False)
class Background:
    """The background of one picture.

    Attributes:
        kind: even, graded or uneven.
        colour: float32 (3,), the median of the borders, 0..255.
        gradient: float32 (6, 3), a quadratic surface over the picture, for a graded one.
        even_share: how much of the borders is as close to the background as the threshold asks.
    """

    kind: Literal["even", "graded", "uneven"]
    colour: Floats
    gradient: Floats | None
    even_share: float

    @property
    def luma(self) -> float:
        """0 is black, 255 is white."""
        return float(self.colour @ LUMA)

    @property
    def is_nearly_white(self) -> bool:
        """Whether it is like a shop picture's."""
        return self.kind == "even" and float(self.colour.min()) >= _NEARLY_WHITE

    def over(self, height: int, width: int) -> Floats:
        """Returns the background's colour at every pixel: (height, width, 3) or (1, 1, 3)."""
        if self.gradient is None:
            return self.colour[None, None]
        surface = _terms(height, width) @ self.gradient
        return surface.clip(0, 255).astype(np.float32)


def measure_background(pixels: Pixels, closeness: float) -> Background:
    """Looks at the borders; `closeness` is the largest difference that counts as none, 0..255."""
    small = _small(pixels)
    height, width = small.shape[:2]
    ring, corners = _ring(height, width), _corners(height, width)
    colour = np.median(small[ring], axis=0).astype(np.float32)
    flat = _quiet(np.abs(small - colour).max(axis=2), ring, corners, closeness)
    if flat[0]:
        return Background("even", colour, None, flat[1])
    gradient = _surface(small, ring, closeness)
    surface = _terms(height, width) @ gradient
    graded = _quiet(np.abs(small - surface).max(axis=2), ring, corners, closeness)
    # A surface that bends far inside says that it is no light on one colour.
    plausible = bool((surface > 0.4 * colour - 20).all() and (surface < 1.6 * colour + 30).all())
    if graded[0] and plausible:
        return Background("graded", colour, gradient, graded[1])
    return Background("uneven", colour, None, flat[1])


def evenly_lit(pixels: Pixels) -> Pixels:
    """Returns a small picture with the light divided out that varies slowly along its borders.

    A lens darkens the corners and a lamp one side; both would pass for a change of colour.
    """
    colours = pixels.astype(np.float32)
    height, width = pixels.shape[:2]
    luma = (colours @ LUMA)[..., None]
    light = _terms(height, width) @ _surface(luma, _ring(height, width), _NO_CLOSER)
    ratio = float(np.median(light)) / light.clip(1, None)
    lit: Pixels = (colours * ratio.clip(0.6, 1.7)).clip(0, 255).astype(np.uint8)
    return lit


def _quiet(
    difference: Floats, ring: npt.NDArray[np.bool_], corners: list[tuple[slice, slice]], most: float
) -> tuple[bool, float]:
    """Whether a background explains the borders, and how much of them."""
    close = difference[ring] <= most
    share = float(close.mean())
    quiet = sum(float(np.percentile(difference[corner], 98)) <= most for corner in corners)
    smooth = share > 0 and float(np.median(difference[ring][close])) <= _SMOOTH
    return share >= _LEAST_RING and quiet >= _QUIET_CORNERS and smooth, share


def _surface(small: Floats, ring: npt.NDArray[np.bool_], closeness: float) -> Floats:
    """Fits a quadratic surface to the borders, then to all that lies close to it."""
    height, width = small.shape[:2]
    terms = _terms(height, width).reshape(-1, 6)
    colours = small.reshape(-1, small.shape[2])
    chosen = ring.reshape(-1)
    fitted = np.zeros((6, small.shape[2]), np.float32)
    for _ in range(4):
        some = terms[chosen].astype(np.float64)  # normal equations: six unknowns, well apart
        fitted = np.linalg.solve(some.T @ some + _RIDGE, some.T @ colours[chosen]).astype(
            np.float32
        )
        far = np.abs(colours - terms @ fitted).max(axis=1)
        # What the borders show decides; the inside may only join it.
        close = far <= max(closeness, float(np.median(far[chosen])) * 2)
        chosen = close if (close & ring.reshape(-1)).sum() >= ring.sum() / 3 else chosen
    return fitted


def _terms(height: int, width: int) -> Floats:
    """The six terms of a quadratic surface at every pixel: (height, width, 6)."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2).astype(np.float32)


def _small(pixels: Pixels) -> Floats:
    height, width = pixels.shape[:2]
    scale = min(1.0, _SMALL_SIDE / max(height, width))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), np.float32)


def _ring(height: int, width: int) -> npt.NDArray[np.bool_]:
    ring = np.ones((height, width), bool)
    band = max(1, round(_RING_SHARE * min(height, width)))
    ring[band : height - band, band : width - band] = False
    return ring


def _corners(height: int, width: int) -> list[tuple[slice, slice]]:
    side = max(1, round(_CORNER_SHARE * min(height, width)))
    near, far = slice(0, side), slice(-side, None)
    return [(near, near), (near, far), (far, near), (far, far)]
