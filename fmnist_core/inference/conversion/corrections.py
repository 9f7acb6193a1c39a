"""What a person may set right before a picture is converted."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import UploadError

Pixels = npt.NDArray[np.uint8]
Crop = tuple[float, float, float, float]
ZALANDO_THRESHOLD = 0.05


@dataclass(frozen=True)
class Corrections:
    """Applied in this order: turned, mirrored, cropped, then converted.

    Attributes:
        invert: dark for light; None does so for a negative and for a garment that would vanish on
            white, and for a 28x28 image by its borders.
        quarter_turns: clockwise.
        mirror: left for right.
        crop: left, top, right, bottom as shares of the turned picture; None keeps it whole.
        threshold: how close to the background a pixel counts as background, as a share of the
            full intensity; None is Zalando's 5 %.
        separate: cut the garment out; None does so unless the background is one nearly white
            colour or the picture is a negative.
    """

    invert: bool | None = None
    quarter_turns: int = 0
    mirror: bool = False
    crop: Crop | None = None
    threshold: float | None = None
    separate: bool | None = None

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise UploadError(f"threshold must be from 0 to 1. Received: {self.threshold}.")
        if self.crop is not None:
            left, top, right, bottom = self.crop
            inside = all(math.isfinite(side) and 0 <= side <= 1 for side in self.crop)
            if not (inside and left < right and top < bottom):
                raise UploadError(
                    "crop must be left, top, right and bottom as shares from 0 to 1, left before "
                    f"right and top before bottom. Received: {self.crop}."
                )


def turned(pixels: Pixels, corrections: Corrections) -> Pixels:
    """Returns the pixels turned and mirrored; (h, w) and (h, w, 3) alike."""
    pixels = np.rot90(pixels, -(corrections.quarter_turns % 4))
    return np.ascontiguousarray(pixels[:, ::-1] if corrections.mirror else pixels)


def reoriented(corrections: Corrections, quarter_turns: int, mirror: bool) -> Corrections:
    """Returns the corrections with another turn and mirror that keep the same part of the picture.

    Args:
        corrections: whose crop is of the picture as they turn it.
        quarter_turns: clockwise, of the picture as it is given.
        mirror: left for right, after the turn.
    """
    crop = corrections.crop
    if crop is not None:
        if corrections.mirror:
            crop = _mirrored(crop)
        for _ in range((quarter_turns - corrections.quarter_turns) % 4):
            left, top, right, bottom = crop
            crop = (_from_end(bottom), left, _from_end(top), right)
        if mirror:
            crop = _mirrored(crop)
    return replace(corrections, quarter_turns=quarter_turns % 4, mirror=mirror, crop=crop)


def _mirrored(crop: Crop) -> Crop:
    left, top, right, bottom = crop
    return _from_end(right), top, _from_end(left), bottom


def _from_end(share: float) -> float:
    return round(1 - share, 9)  # 1 - 0.9 is a little less than 0.1, and a pixel with it


def cropped(pixels: Pixels, corrections: Corrections) -> Pixels:
    """Returns the part of the turned picture that was chosen: at least one pixel."""
    if corrections.crop is None:
        return pixels
    height, width = pixels.shape[:2]
    left, top, right, bottom = corrections.crop
    x = min(width - 1, math.floor(left * width))
    y = min(height - 1, math.floor(top * height))
    return pixels[y : max(y + 1, round(bottom * height)), x : max(x + 1, round(right * width))]


def describe(corrections: Corrections) -> str:
    """Returns what was turned, mirrored and cropped in a few words; nothing when nothing was."""
    words = []
    if corrections.quarter_turns % 4:
        words.append(f"turned by {90 * (corrections.quarter_turns % 4)} degrees clockwise")
    if corrections.mirror:
        words.append("mirrored")
    if corrections.crop is not None:
        words.append("cropped")
    return ", ".join(words)
