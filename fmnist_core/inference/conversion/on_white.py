"""How a picture's background becomes white: left, divided out, masked, or the garment cut out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.conversion.background import Background
from fmnist_core.inference.conversion.canvas import Canvas, cut_out, whitened
from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.inference.conversion.negative import is_negative
from fmnist_core.inference.conversion.separation import (
    LEAST_SHARE,
    MOST_SHARE,
    Separation,
    separate_garment,
)
from fmnist_core.inference.conversion.steps import Step

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

NOT_SEPARATED = (
    "The background is uneven and the garment could not be cut out of it. "
    "Crop the picture to the garment, or take it on a plain background."
)


@dataclass(frozen=True, eq=False)
class OnWhite:
    """A picture whose background has become white.

    Attributes:
        canvas: the result.
        separation: the garment as it was cut out; None where nothing was.
        steps: what was done, in order.
        failed: whether the garment should have been cut out and could not.
    """

    canvas: Canvas
    separation: Separation | None
    steps: tuple[Step, ...]
    failed: bool


def on_white(
    pixels: Pixels,
    opacity: Floats | None,
    background: Background,
    closeness: float,
    corrections: Corrections,
) -> OnWhite:
    """Makes the background of uint8 (h, w, 3) white.

    Args:
        pixels: the picture, transparent parts on white.
        opacity: float32 (h, w), 0..1, where the file has any transparency.
        background: what the borders say.
        closeness: the largest difference from the background that counts as none, 0..255.
        corrections: whether to invert and to cut out; None decides here.
    """
    negative = is_negative(pixels, background)
    separation, says = _separated(pixels, opacity, background, corrections.separate, negative)
    steps = []
    if separation is not None:
        shown = (255 * separation.mask).astype(np.uint8)
        share = f"{100 * separation.mask.mean():.0f} % of the picture"
        steps.append(Step("Garment separated", says.format(share), shown))
        seen = pixels if opacity is None else _without_white(pixels, opacity)
        canvas = cut_out(seen, separation.mask, corrections.invert)
    else:
        canvas = whitened(pixels, background, closeness, corrections.invert, negative)
    if canvas.inverted:
        steps.append(Step("Inverted", _why_inverted(corrections, negative), 255 - pixels))
    if canvas.cleaned:
        steps.append(Step("Background made white", canvas.cleaned, canvas.pixels))
    return OnWhite(canvas, separation, tuple(steps), failed=bool(says) and separation is None)


def _separated(
    pixels: Pixels,
    opacity: Floats | None,
    background: Background,
    wanted: bool | None,
    negative: bool,
) -> tuple[Separation | None, str]:
    """Cuts the garment out where that is wanted; what it says is empty where it is not."""
    if wanted is False:
        return None, ""
    # Rounded corners of a screenshot are no cut-out.
    if opacity is not None and LEAST_SHARE <= opacity.mean() <= MOST_SHARE:
        says = "The transparent parts of the picture are not the garment, which is {}."
        return Separation(opacity, 0.0, given=True), says
    if wanted is None and (background.is_nearly_white or negative):
        return None, ""
    says = f"The background is {background.kind}: the garment, {{}}, is cut out by GrabCut."
    return separate_garment(pixels), says


def _why_inverted(corrections: Corrections, negative: bool) -> str:
    if corrections.invert:
        return "Light and dark are exchanged, as asked."
    if negative:
        return "Grey on black: it is taken for a negative, and light and dark are exchanged."
    return "The garment would vanish on white: light and dark are exchanged."


def _without_white(pixels: Pixels, opacity: Floats) -> Pixels:
    """Takes back the white that half-transparent pixels were mixed with."""
    alone = 255 - (255 - pixels) / np.maximum(opacity, 1 / 255)[..., None]
    return np.clip(alone, 0, 255).astype(np.uint8)
