"""From an uploaded picture to a 28x28 image like those that the networks were trained on."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from fmnist_core.inference.conversion import zalando
from fmnist_core.inference.conversion.background import measure_background
from fmnist_core.inference.conversion.bars import without_bars
from fmnist_core.inference.conversion.canvas import Canvas
from fmnist_core.inference.conversion.corrections import (
    ZALANDO_THRESHOLD,
    Corrections,
    cropped,
    describe,
    turned,
)
from fmnist_core.inference.conversion.doubts import NOTHING_FOUND, doubts
from fmnist_core.inference.conversion.on_white import NOT_SEPARATED, on_white
from fmnist_core.inference.conversion.steps import Step
from fmnist_core.inference.conversion.trim import Box, find_garment
from fmnist_core.inference.files.decode import Picture

Pixels = npt.NDArray[np.uint8]

_WORKING_SIDE = 640
# No training or test image comes near: their darkest corner is at most 12, the median of their
# borders at most 163.
_LIGHT_BORDER = 200


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
    opacity = _opacity(picture, corrections)
    done = describe(corrections)
    says = _size(whole) + (f", {done}." if done else ".")
    steps = [Step("Picture", says, whole)]
    if opacity is None and (inside := without_bars(whole)) is not whole:
        whole = inside
        says = f"Bars of one colour along the sides are taken away: {_size(whole)} are left."
        steps.append(Step("Bars cut off", says, whole))
    threshold = ZALANDO_THRESHOLD if corrections.threshold is None else corrections.threshold
    background = measure_background(whole, 255 * threshold)
    white = on_white(whole, opacity, background, 255 * threshold, corrections)
    canvas = white.canvas
    steps += white.steps
    warnings = [NOT_SEPARATED] if white.failed else []
    found = find_garment(canvas.difference, 255 * threshold)
    if found is None:
        warnings.append(NOTHING_FOUND)
        box = Box(0, 0, whole.shape[1], whole.shape[0])
    else:
        warnings += doubts(whole, white, found, background.luma)
        box = found.box
    image = _zalando(canvas, box, threshold, white.separation is not None, steps)
    applied = replace(
        corrections,
        invert=canvas.inverted,
        quarter_turns=corrections.quarter_turns % 4,
        threshold=threshold,
        separate=white.separation is not None,
    )
    return Conversion(image, tuple(steps), tuple(warnings), applied, passed_through=False)


def _zalando(
    canvas: Canvas, box: Box, threshold: float, cut_out: bool, steps: list[Step]
) -> Pixels:
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
    within = f"within {100 * threshold:.0f} % of the background"
    edges = "Edges outside the garment" if cut_out else f"Edges {within}"
    steps += [
        Step(
            "Trimmed",
            f"{edges} are taken away: {box.width:.0f} x {box.height:.0f} pixels are left.",
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
        done = (describe(replace(corrections, crop=None)), "inverted" if invert else "")
        says = f"A grey 28x28 image: {', '.join(filter(None, done))}, not resized."
    steps.append(Step("Grey", says, image))
    applied = Corrections(invert, corrections.quarter_turns % 4, corrections.mirror, separate=False)
    asked = {
        "crop": corrections.crop is not None,
        "threshold": corrections.threshold is not None,
        "separate": corrections.separate,
    }
    ignored = ", ".join(name for name, wanted in asked.items() if wanted)
    warnings = (f"A grey 28x28 image is taken whole. Not applied: {ignored}.",) if ignored else ()
    return Conversion(image, tuple(steps), warnings, applied, passed_through=untouched)


def _opacity(picture: Picture, corrections: Corrections) -> npt.NDArray[np.float32] | None:
    """Turned, cropped and reduced as the picture is; 0..1."""
    if picture.opacity is None:
        return None
    opacity = _reduced(cropped(turned(picture.opacity, corrections), corrections))
    return (opacity / np.float32(255)).astype(np.float32)


def _size(pixels: Pixels) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]} pixels"


def _reduced(pixels: Pixels) -> Pixels:
    """At most 640 pixels a side: a garment needs 84."""
    height, width = pixels.shape[:2]
    scale = _WORKING_SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX))
