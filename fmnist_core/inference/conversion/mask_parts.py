"""Which parts of a mask belong to a garment: uint8 (h, w) of 0 and 1."""

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_LEAST_PART = 0.15  # of the largest part: a second shoe stays, a sock in the corner goes
_SMALL_HOLE = 0.004  # of the picture: too small to be seen through
_CORNER = 0.12  # of each side


def middle(height: int, width: int) -> Floats:
    """1 in the middle of a picture, falling to 0.14 in its corners."""
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    weights: Floats = np.exp(-(x * x + y * y)).astype(np.float32)
    return weights


def turned_outside_in(mask: Mask) -> Mask:
    """Exchanges inside and outside where the corners were taken for the garment.

    The borders are taken for the ground; a garment that is wider than its picture has them, and
    the corners that it leaves free come out instead of it.
    """
    height, width = mask.shape
    high, wide = max(1, round(_CORNER * height)), max(1, round(_CORNER * width))
    corners = [mask[rows][:, columns] for rows in _ends(high) for columns in _ends(wide)]
    centre = mask[height // 4 : height - height // 4, width // 4 : width - width // 4]
    full = np.mean([corner.mean() for corner in corners])
    return 1 - mask if full > 0.5 and full > 2 * centre.mean() else mask


def large_parts(mask: Mask) -> Mask:
    """Smooths a mask, keeps its large parts, and closes holes too small to be seen through."""
    import cv2  # noqa: PLC0415  # 26 MB that most pictures do without

    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = np.asarray(closed, np.uint8)
    count, labels = cv2.connectedComponents(mask, connectivity=4)
    if count <= 1:
        return mask
    # What lies in the middle counts more than a strip of floor along the border.
    weights = np.bincount(labels.reshape(-1), middle(*mask.shape).reshape(-1))[1:]
    kept = 1 + np.flatnonzero(weights >= _LEAST_PART * weights.max())
    mask = np.isin(labels, kept).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    small_holes = [
        part for part in range(1, count) if facts[part, cv2.CC_STAT_AREA] < _SMALL_HOLE * mask.size
    ]
    mask[np.isin(labels, small_holes)] = 1
    return mask


def _ends(length: int) -> tuple[slice, slice]:
    return slice(0, length), slice(-length, None)
