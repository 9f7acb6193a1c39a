"""Telling a negative, light on black like the data set's own images, from a dark ground."""

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.conversion.background import Background

Pixels = npt.NDArray[np.uint8]

_BLACK = 4.0  # the negative of Zalando's background, #fdfdfd, is 2
_TINT = 12.0  # between the channels of a grey picture that JPEG has stored as colours
_SEEN = 12.75  # Zalando's 5 %: closer to the ground is ground


def is_negative(pixels: Pixels, background: Background) -> bool:
    """Whether a picture, uint8 (h, w, 3), is grey and its ground black without any noise.

    A photographed black ground is lighter than that, a photographed garment has some colour.
    """
    if background.kind != "even" or float(background.colour.max()) > _BLACK:
        return False
    seen = pixels[(pixels > _SEEN).any(axis=2)].astype(np.int16)
    return len(seen) > 0 and float(np.percentile(np.ptp(seen, axis=1), 95)) <= _TINT
