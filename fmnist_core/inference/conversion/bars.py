"""Bars of one colour that frame a picture: a letterbox, a screenshot's margins."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

_CLOSE = 12.75  # Zalando's 5 %: one colour
_FULL = 0.85  # of a bar's row; a clock and icons may stand in it
_ENDED = 0.15  # of the first row that is picture: a garment on its own ground leaves more
_EDGE = 4  # rows in which a blurred or compressed edge ends
_LEAST_LEFT = 0.3  # of a side


def without_bars(pixels: Pixels) -> Pixels:
    """Returns what lies between two opposite bars of one colour, the picture itself if none do.

    A shop picture's margins are no bars: they go on beside the garment.
    """
    for _ in range(2):  # a frame has bars on all sides
        between = _between(pixels)
        across = _between(between.transpose(1, 0, 2)).transpose(1, 0, 2)
        if across.shape == pixels.shape:
            return pixels
        pixels = np.ascontiguousarray(across)
    return pixels


def _between(pixels: Pixels) -> Pixels:
    """Cuts the bars above and below off."""
    height = len(pixels)
    above, below = _bar(pixels), _bar(pixels[::-1])
    if not above or not below or height - above - below < _LEAST_LEFT * height:
        return pixels
    one, other = (np.median(bar, axis=(0, 1)) for bar in (pixels[:above], pixels[-below:]))
    alike = float(np.abs(one - other).max()) <= _CLOSE
    return pixels[above : height - below] if alike else pixels


def _bar(pixels: Pixels) -> int:
    """How many rows at the beginning are a bar, the blurred edge counted in; 0 without one."""
    colour = np.median(pixels[0], axis=0)
    shares = (np.abs(pixels - colour).max(axis=2) <= _CLOSE).mean(axis=1)
    rows = int(np.argmax(shares < _FULL))  # 0 where there is no such row
    if rows == 0:
        return 0
    ended = np.flatnonzero(shares[rows : rows + _EDGE] <= _ENDED)
    return rows + int(ended[0]) if len(ended) else 0
