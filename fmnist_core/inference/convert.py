"""From an uploaded picture to a 28x28 image like those that the networks were trained on."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.inference import zalando
from fmnist_core.inference.background import Background, measure_background
from fmnist_core.inference.canvas import Canvas, cut_out, whitened
from fmnist_core.inference.corrections import (
    ZALANDO_THRESHOLD,
    Corrections,
    cropped,
    describe,
    turned,
)
from fmnist_core.inference.decode import Picture
from fmnist_core.inference.doubts import NOTHING_FOUND, doubts
from fmnist_core.inference.separation import separate_garment
from fmnist_core.inference.trim import Box, find_garment

Pixels = npt.NDArray[np.uint8]

_WORKING_SIDE = 640
# No training or test image comes near: their darkest corner is at most 12, the median of their
# borders at most 163.
_LIGHT_BORDER = 200
NOT_SEPARATED = (
    "The background is uneven and the garment could not be cut out of it. "
    "Crop the picture to the garment, or take it on a plain background."
)


@dataclass(frozen=True, eq=False)
class Step:
    """One intermediate image: uint8 (h, w) or (h, w, 3), and one line on what happened."""

    name: str
    says: str
    image: Pixels


@dataclass(frozen=True, eq=False)
class Conversion:
    """What became of a picture.

    Attributes:
        image: uint8 (28, 28), light on dark.
        steps: every intermediate image, in order; the last is `image`.
        warnings: what may mislead a network, one or two sentences each.
        corrections: as applied, with what was left open decided.
        passed_through: the file was such an image already and its values were not touched.
    """

    image: Pixels
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]
    corrections: Corrections
    passed_through: bool


def convert(picture: Picture, corrections: Corrections | None = None) -> Conversion:
    """Converts a picture as Zalando converted its own; the same picture gives the same image."""
    corrections = corrections or Corrections()
    if picture.grey28 is not None:
        return _already_converted(picture.grey28, corrections)
    whole = _reduced(cropped(turned(picture.pixels, corrections), corrections))
    done = describe(corrections)
    says = f"{whole.shape[1]} x {whole.shape[0]} pixels" + (f", {done}." if done else ".")
    steps = [Step("Picture", says, whole)]
    threshold = ZALANDO_THRESHOLD if corrections.threshold is None else corrections.threshold
    background = measure_background(whole, 255 * threshold)
    canvas, separated, warnings = _on_white(whole, background, 255 * threshold, corrections, steps)
    found = find_garment(canvas.difference, 255 * threshold)
    if found is None:
        warnings.append(NOTHING_FOUND)
        box = Box(0, 0, whole.shape[1], whole.shape[0])
    else:
        warnings += doubts(whole, canvas, found, background.luma)
        box = found.box
    image = _zalando(canvas, box, threshold, steps)
    applied = replace(
        corrections,
        invert=canvas.inverted,
        quarter_turns=corrections.quarter_turns % 4,
        threshold=threshold,
        separate=separated,
    )
    return Conversion(image, tuple(steps), tuple(warnings), applied, passed_through=False)


def _on_white(
    whole: Pixels,
    background: Background,
    closeness: float,
    corrections: Corrections,
    steps: list[Step],
) -> tuple[Canvas, bool, list[str]]:
    """Adds the steps that make the background white; returns the canvas and how it came about."""
    separate = corrections.separate
    if separate is None:
        separate = not background.is_plain
    mask = separate_garment(whole) if separate else None
    warnings = [NOT_SEPARATED] if separate and mask is None else []
    if mask is not None:
        canvas = cut_out(whole, mask, corrections.invert)
        shown = (255 * mask).astype(np.uint8)
        says = (
            f"The background is {background.kind}: the garment, {100 * mask.mean():.0f} % of the "
            "picture, is cut out by GrabCut from the borders' colours."
        )
        steps.append(Step("Garment separated", says, shown))
    else:
        canvas = whitened(whole, background, closeness, corrections.invert)
    if canvas.inverted:
        lightness = f"{background.luma:.0f} of 255"
        says = f"The borders' lightness is {lightness}: light and dark are exchanged."
        if corrections.invert:
            says = "Light and dark are exchanged, as asked."
        steps.append(Step("Inverted", says, 255 - whole))
    if canvas.cleaned:
        steps.append(Step("Background made white", canvas.cleaned, canvas.pixels))
    return canvas, mask is not None, warnings


def _zalando(canvas: Canvas, box: Box, threshold: float, steps: list[Step]) -> Pixels:
    """Adds Zalando's own steps; returns the last one's image."""
    left, top = max(0, int(box.left)), max(0, int(box.top))
    trimmed = canvas.pixels[top : max(top + 1, round(box.bottom)), left : round(box.right)]
    small = zalando.thumbnail(canvas.pixels, box)
    sampled = zalando.sample(small)
    sharper = zalando.sharpened(sampled)
    centred = zalando.centred(sharper)
    negated = 255 - centred
    image = zalando.grey(negated)
    high, wide = sampled.shape[:2]
    steps += [
        Step(
            "Trimmed",
            f"Edges within {100 * threshold:.0f} % of the background are taken away: "
            f"{box.width:.0f} x {box.height:.0f} pixels are left.",
            trimmed,
        ),
        Step("Thumbnail", f"Reduced to {small.shape[1]} x {small.shape[0]} pixels.", small),
        Step("Sampled", f"Every third row and column is kept: {wide} x {high} pixels.", sampled),
        Step("Sharpened", "Outlines are sharpened: radius 1, sigma 1.", sharper),
        Step("Centred", "The shorter side is extended with white to 28 pixels.", centred),
        Step("Negated", "Light and dark are exchanged: the garment is light on black.", negated),
        Step("Grey", "Lightness alone is kept, 0 to 255.", image),
    ]
    return image


def _already_converted(grey28: Pixels, corrections: Corrections) -> Conversion:
    """Leaves a 28x28 image as it is, but for what was asked and a light background."""
    corners = grey28[[0, 0, -1, -1], [0, -1, 0, -1]]
    border = np.concatenate([grey28[0], grey28[-1], grey28[1:-1, 0], grey28[1:-1, -1]])
    invert = corrections.invert
    if invert is None:
        invert = bool(corners.min() >= _LIGHT_BORDER and np.median(border) >= _LIGHT_BORDER)
    image = turned(grey28, corrections)
    if invert:
        image = 255 - image
    untouched = bool((image is grey28) or np.array_equal(image, grey28))
    says = "A grey 28x28 image: taken as it is, light on dark."
    steps = [Step("Picture", "28 x 28 pixels, grey.", grey28)]
    if not untouched:
        done = [describe(replace(corrections, crop=None))] if not invert else ["inverted"]
        says = f"A grey 28x28 image: {', '.join(filter(None, done)) or 'changed'}, not resized."
    steps.append(Step("Grey", says, image))
    applied = Corrections(invert, corrections.quarter_turns % 4, corrections.mirror, separate=False)
    return Conversion(image, tuple(steps), (), applied, passed_through=untouched)


def _reduced(pixels: Pixels) -> Pixels:
    """At most 640 pixels a side: a garment needs 84."""
    height, width = pixels.shape[:2]
    scale = _WORKING_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
