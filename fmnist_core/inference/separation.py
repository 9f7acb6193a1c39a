"""Cutting a garment out of an uneven background: GrabCut, started from the borders.

C. Rother, V. Kolmogorov, A. Blake: GrabCut - interactive foreground extraction using iterated
graph cuts (SIGGRAPH 2004), in OpenCV. Where a person would draw a box, the colours of the borders
say what is probably background.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.inference.background import evenly_lit

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_SIDE = 192  # of the picture that is cut: 40 ms
_ROUNDS = 4
_COLOURS = 5  # that a border is made of: boards, joints, stripes
_LIGHT_WEIGHT = 0.6  # a shadow changes the lightness of a background, seldom its hue
_LEAST, _MOST = 0.01, 0.93  # of the picture; less or more is no garment
_LEAST_PART = 0.15  # of the largest part: a second shoe stays, a sock in the corner goes


def separate_garment(pixels: Pixels) -> Floats | None:
    """Returns how much of each pixel is garment, 0..1, (h, w); None when none can be told apart."""
    import cv2  # noqa: PLC0415  # 26 MB that most pictures do without

    height, width = pixels.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
    lit = cv2.bilateralFilter(evenly_lit(small), 5, 20, 3)  # weave and grain, not edges
    small = np.asarray(lit, np.uint8)
    labels = _first_guess(small)
    if labels is None:
        return None
    cv2.setRNGSeed(0)  # the same picture gives the same mask
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, labels, (0, 0, 0, 0), background, foreground, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    mask = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    mask = _largest_parts(mask)
    if not _LEAST <= mask.mean() <= _MOST:
        return None
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    # The outermost pixels are mixtures with the background: a slightly smaller mask leaves them.
    soft = cv2.GaussianBlur(soft, (0, 0), 0.5 / scale)
    cut: Floats = np.clip((soft - 0.35) / 0.4, 0, 1).astype(np.float32)
    return cut


def _first_guess(small: Pixels) -> npt.NDArray[np.uint8] | None:
    """Labels for GrabCut: what differs from the borders' colours, likelier towards the middle."""
    import cv2  # noqa: PLC0415  # see above

    height, width = small.shape[:2]
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= _LIGHT_WEIGHT
    band = max(2, round(0.04 * min(height, width)))
    ring = np.ones((height, width), bool)
    ring[band:-band, band:-band] = False
    border = lab[ring]
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    cv2.setRNGSeed(0)
    count = min(_COLOURS, len(border))
    _, nearest, centres = cv2.kmeans(
        border,
        count,
        None,
        criteria,
        1,
        cv2.KMEANS_PP_CENTERS,  # type: ignore[call-overload]
    )
    nearest = nearest.reshape(-1)
    shares = np.bincount(nearest, minlength=count) / len(border)
    usual = centres[shares >= 0.04]  # a sleeve that reaches the border is no background
    spread = np.median(np.linalg.norm(border - centres[nearest], axis=1)) + 3.0
    distance = np.min([np.linalg.norm(lab - centre, axis=2) for centre in usual], axis=0) / spread
    score = np.minimum(distance, 8) * (0.4 + 0.6 * _middle(height, width))
    scaled = (score / max(float(score.max()), 1e-6) * 255).astype(np.uint8)
    level, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    likely = (scaled > level) & (distance > 2)
    if not likely.any():
        return None
    labels = np.where(likely, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[ring & (distance < 3)] = cv2.GC_BGD
    # GrabCut needs some of both to begin with.
    return labels if 0 < (labels == cv2.GC_PR_FGD).mean() < 1 else None


def _middle(height: int, width: int) -> Floats:
    """1 in the middle of a picture, falling to 0.14 in its corners."""
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    middle: Floats = np.exp(-(x * x + y * y)).astype(np.float32)
    return middle


def _largest_parts(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Smooths a mask, keeps its large parts, and closes holes too small to be seen through."""
    import cv2  # noqa: PLC0415  # see above

    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = np.asarray(closed, np.uint8)
    count, labels = cv2.connectedComponents(mask, connectivity=4)
    if count <= 1:
        return mask
    # What lies in the middle counts more than a strip of floor along the border.
    weights = np.bincount(labels.reshape(-1), _middle(*mask.shape).reshape(-1))[1:]
    kept = 1 + np.flatnonzero(weights >= _LEAST_PART * weights.max())
    mask = np.isin(labels, kept).astype(np.uint8)
    count, labels, facts, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    small_holes = [
        part for part in range(1, count) if facts[part, cv2.CC_STAT_AREA] < 0.004 * mask.size
    ]
    mask[np.isin(labels, small_holes)] = 1
    return mask
