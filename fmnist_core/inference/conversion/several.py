"""Are two things in a silhouette that touch each other, as a pair of shoes does?"""

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Mask = npt.NDArray[np.bool_]

_SIDE = 112  # of the silhouette that is measured
_STEPS = 8
# Of 1,000 test images 0.7 % are called two, most of them sandals; of two shoes that overlap a
# little, side by side or one above the other, about half are.
_LIKE = 0.55  # least area of the smaller part, of the larger
# Half width of the waist, of the smaller lobe's: a dress has a wider waist, and trousers are as
# deep at the hip as a leg is wide.
_DEEP = 0.4


def touch_each_other(mask: Mask) -> bool:
    """Returns whether a mask, bool (h, w), falls in two of like size where its waist is cut.

    Thickness is the distance to the border; the mask is worn away from there step by step.
    """
    filled = ndimage.binary_fill_holes(_reduced(mask))
    depth = ndimage.distance_transform_edt(np.pad(filled, 1))
    for waist in np.linspace(0, _DEEP, _STEPS + 1)[1:] * depth.max():
        labels, count = ndimage.label(depth > waist)
        if count < 2:
            continue
        areas = np.bincount(labels.reshape(-1))[1:]
        smaller, larger = np.argsort(areas)[-2:]
        thick = ndimage.maximum(depth, labels, [1 + smaller, 1 + larger])
        if areas[smaller] >= _LIKE * areas[larger] and waist <= _DEEP * min(thick):
            return True
    return False


def _reduced(mask: Mask) -> Mask:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return mask
    inside = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = _SIDE / max(inside.shape)
    size = (max(1, round(inside.shape[1] * scale)), max(1, round(inside.shape[0] * scale)))
    grey = Image.fromarray(inside.astype(np.uint8) * 255).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(np.asarray(grey) > 127, np.bool_)
