"""Cutting a garment out of its ground: GrabCut, from three starts, of which the clearest is kept.

C. Rother, V. Kolmogorov, A. Blake: GrabCut - interactive foreground extraction using iterated
graph cuts (SIGGRAPH 2004), in OpenCV. It ends in the optimum that is next to its start, and no
start suits every picture. Which end is best can be told without knowing the garment: the one whose
outline says most about the colours (`colour_split.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.inference.conversion.background import evenly_lit
from fmnist_core.inference.conversion.colour_split import ColourSplit, colour_bins, colour_split
from fmnist_core.inference.conversion.grabcut_starts import (
    from_border_colours,
    from_box,
    from_middle,
)
from fmnist_core.inference.conversion.mask_parts import large_parts, turned_outside_in

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_SIDE = 144  # of the picture that is cut
_ROUNDS = 4
_SAME = 0.95  # intersection over union: two starts that end so close need no third
LEAST_SHARE, MOST_SHARE = 0.01, 0.93  # of the picture; less or more is no garment


@dataclass(frozen=True, eq=False)
class Separation:
    """A garment cut out of its picture.

    Attributes:
        mask: float32 (h, w), how much of each pixel is garment, 0..1.
        overlap: 0..1, how much of the garment (or of the ground, where that is smaller) has
            colours that the other has too.
        given: whether the mask is the file's own, by its transparency.
    """

    mask: Floats
    overlap: float
    given: bool = False


def separate_garment(pixels: Pixels) -> Separation | None:
    """Returns the garment of uint8 (h, w, 3), sRGB; None when none can be told apart."""
    import cv2  # noqa: PLC0415  # 26 MB that most pictures do without

    height, width = pixels.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
    found = _clearest(small)
    if found is None:
        return None
    mask, split = found
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    # The outermost pixels are mixtures with the ground: a slightly smaller mask leaves them.
    soft = cv2.GaussianBlur(soft, (0, 0), 0.5 / scale)
    cut: Floats = np.clip((soft - 0.35) / 0.4, 0, 1).astype(np.float32)
    return Separation(cut, split.overlap)


def _clearest(small: Pixels) -> tuple[Mask, ColourSplit] | None:
    """Of the masks that the three starts end in, the one that tells most about the colours."""
    calm, lit = _calm(small), _calm(evenly_lit(small))
    bins = colour_bins(calm)
    found: list[tuple[Mask, ColourSplit]] = []
    for start, seen in ((from_border_colours, lit), (from_middle, calm), (from_box, lit)):
        if len(found) == 2 and _intersection_over_union(found[0][0], found[1][0]) > _SAME:
            break
        mask = _cut(seen, start(seen))
        if mask is not None:
            found.append((mask, colour_split(bins, mask)))
    return max(found, key=lambda one: one[1].clarity, default=None)


def _cut(picture: Pixels, labels: Mask | None) -> Mask | None:
    """Runs GrabCut from first labels; returns its garment, or None where it found none."""
    import cv2  # noqa: PLC0415  # see above

    # GrabCut needs some of both to begin with.
    if labels is None or not 0 < (labels == cv2.GC_PR_FGD).mean() < 1:
        return None
    cv2.setRNGSeed(0)  # the same picture gives the same mask
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, labels, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    mask = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    mask = large_parts(turned_outside_in(mask))
    return mask if LEAST_SHARE <= mask.mean() <= MOST_SHARE else None


def _calm(picture: Pixels) -> Pixels:
    """Without weave and grain, which are no edges."""
    import cv2  # noqa: PLC0415  # see above

    return np.ascontiguousarray(cv2.bilateralFilter(picture, 5, 20, 3), dtype=np.uint8)


def _intersection_over_union(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))
