"""A garment on white: what every picture is made into before Zalando's steps begin."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from scipy import ndimage

from fmnist_core.inference.conversion.background import LUMA, Background

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_WHITE = 250.0  # from here on a background is as white as Zalando's own, #fdfdfd
_LIGHT_ENOUGH = 150.0  # a background that its own light can be divided by
# A garment that is lighter hardly shows on white: of drawn garments of 200 the networks name 68 %
# as they are and 84 % inverted, of 230 54 % and 87 %, of 180 78 % and 82 %.
_TOO_LIGHT = 195.0
_NOISE_SHARE = 1 / 400  # of the longest side: smaller than a pixel of Zalando's thumbnail


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture whose background is white.

    Attributes:
        pixels: uint8 (h, w, 3).
        difference: float32 (h, w), how far each pixel is from the background, 0..255.
        inverted: whether dark and light were exchanged.
        contrast: median difference between garment and background, 0..255.
        cleaned: how the background became white; empty when it was left as it is.
    """

    pixels: Pixels
    difference: Floats
    inverted: bool
    contrast: float
    cleaned: str


def cut_out(pixels: Pixels, mask: Floats, invert: bool | None) -> Canvas:
    """Puts the masked garment on white, inverted where white would swallow it."""
    inside = np.median(pixels[mask > 0.5], axis=0)
    outside = np.median(pixels[mask <= 0.5], axis=0)
    inverted = float(inside @ LUMA) > _TOO_LIGHT if invert is None else invert
    shown = 255 - pixels if inverted else pixels
    white = shown * mask[..., None] + 255 * (1 - mask[..., None])
    return Canvas(
        white.astype(np.uint8),
        (255 * mask).astype(np.float32),
        inverted,
        float(np.abs(inside - outside).max()),
        "Everything but the garment is made white.",
    )


def whitened(
    pixels: Pixels, background: Background, closeness: float, invert: bool | None, negative: bool
) -> Canvas:
    """Makes an even or graded background white; one that is white already is left alone.

    A light background is divided by its own light, as a photographer's white balance does; one
    that the garment is lighter than, or of a strong colour, is masked by its colour.
    """
    ground = background.over(*pixels.shape[:2])
    radius = max(pixels.shape[:2]) * _NOISE_SHARE
    calm = np.asarray(Image.fromarray(pixels).filter(ImageFilter.BoxBlur(radius)), np.float32)
    difference: Floats = np.abs(calm - ground).max(axis=2)
    inside = _silhouette(difference > closeness)
    garment = float(np.median(calm[inside] @ LUMA)) if inside.any() else background.luma
    contrast = float(np.median(difference[inside])) if inside.any() else 0.0
    inverted = negative if invert is None else invert
    if inverted:
        pixels, ground, garment = 255 - pixels, 255 - ground, 255 - garment
    if background.kind == "even" and float(ground.min()) >= _WHITE:
        return Canvas(pixels, difference, inverted, contrast, "")
    if float(ground.min()) >= _LIGHT_ENOUGH and garment <= float((ground @ LUMA).mean()):
        lit = np.clip(pixels * (255 / ground), 0, 255)
        difference = np.clip(difference * (255 / float(ground.mean())), 0, 255)
        words = "The background's own light is divided out: it is white now."
        return Canvas(lit.astype(np.uint8), difference, inverted, contrast, words)
    if invert is None and garment > _TOO_LIGHT:
        pixels, inverted = 255 - pixels, not inverted
    share = np.clip((difference - closeness) / max(closeness, 1.0), 0, 1)
    white = pixels * share[..., None] + 255 * (1 - share[..., None])
    words = "What has the colour of the background is made white."
    return Canvas(white.astype(np.uint8), difference, inverted, contrast, words)


def _silhouette(different: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """What differs from the background, and what that encloses."""
    labels, _ = ndimage.label(~different)
    outside = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    enclosed = ~np.isin(labels, outside)
    inside: npt.NDArray[np.bool_] = different | enclosed
    return inside
