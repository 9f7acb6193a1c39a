"""Where the garment lies in its picture, to a fraction of a pixel."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Floats = npt.NDArray[np.float32]

SIDE = 28
_LEAST_PART = 0.001  # of the largest part: dust; a strap of a sandal is larger
# In pixels of the 28x28 image: far enough to see a blurred edge's full height.
_EDGE_WIDTH = 0.6


@dataclass(frozen=True)
class Box:
    """Sides in pixels from the top left corner; fractions where an edge is blurred."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Found:
    """What stands out from the background.

    Attributes:
        box: around all of it, dust left out.
        parts: areas of the separate things, the largest first, as shares of the largest.
    """

    box: Box
    parts: tuple[float, ...]


def find_garment(difference: Floats, closeness: float) -> Found | None:
    """Finds what differs from the background by more than `closeness`; None when nothing does.

    Zalando's trimming takes rows and columns away while all their pixels are that close. An edge
    of a photograph is as sharp as its pixels; an enlarged or blurred one fades over many, and
    trimming it where it fades out would make the garment larger than it is. So each side then
    moves to where half of the edge's height is reached, as edges are placed elsewhere.
    """
    labels, count = ndimage.label(difference > closeness, np.ones((3, 3)))
    if count == 0:
        return None
    areas = np.bincount(labels.reshape(-1))[1:]
    kept = areas >= _LEAST_PART * areas.max()
    shown = np.where(np.concatenate([[False], kept])[labels], difference, 0)
    rows, columns = shown.max(axis=1), shown.max(axis=0)
    unit = max(np.ptp(np.flatnonzero(rows)), np.ptp(np.flatnonzero(columns))) / SIDE
    height, width = difference.shape
    box = Box(
        _edge(columns, unit),
        _edge(rows, unit),
        width - _edge(columns[::-1], unit),
        height - _edge(rows[::-1], unit),
    )
    if box.width < 1 or box.height < 1:
        return None
    parts = np.sort(areas[kept])[::-1] / areas.max()
    return Found(box, tuple(float(part) for part in parts[:5]))


def _edge(profile: Floats, unit: float) -> float:
    """Where a row of values first rises to half of its nearby height."""
    first = int(np.argmax(profile > 0))
    half = profile[first : first + max(1, round(_EDGE_WIDTH * unit)) + 1].max() / 2
    at = first + int(np.argmax(profile[first:] >= half))
    if at == first:
        return float(at)
    below, above = profile[at - 1], profile[at]
    return float(at - 0.5 + (half - below) / max(above - below, 1e-6))
