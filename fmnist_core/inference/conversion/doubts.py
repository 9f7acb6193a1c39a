"""What about a picture may mislead a network, in words for the person who brought it."""

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.conversion.canvas import Canvas
from fmnist_core.inference.conversion.on_white import OnWhite
from fmnist_core.inference.conversion.several import touch_each_other
from fmnist_core.inference.conversion.trim import Box, Found

Pixels = npt.NDArray[np.uint8]

_WHITE_ON_WHITE, _FAINT = 40.0, 20.0  # between garment and background, of 255
_LIGHT = 200.0
# Of drawn photographs most bad masks overlap more, and about 1 in 20 good ones.
_OVERLAP = 0.25
_SECOND_PART = 0.15  # of the largest
_TOUCHING = 0.03  # of a side
_FACE, _BELOW = 0.3, 0.35  # shares of skin at the top and below: a beige garment has both high
_TALL = 1.3

NOTHING_FOUND = (
    "Nothing stands out from the background: the whole picture is taken. "
    "Crop it to the garment, or lower the threshold."
)


def doubts(pixels: Pixels, white: OnWhite, found: Found, ground: float) -> tuple[str, ...]:
    """Returns one warning for each thing that the training data does not show."""
    canvas, separation, words = white.canvas, white.separation, []
    if separation is not None and separation.overlap > _OVERLAP:
        words.append(
            f"About {100 * separation.overlap:.0f} % of what was cut out looks like the "
            "background, or the other way round: look at the cut-out. A background of another "
            "colour helps."
        )
    if separation is not None and separation.given:
        pass  # no background to stand out from
    elif canvas.contrast < _WHITE_ON_WHITE and ground >= _LIGHT:
        words.append(
            "The garment is almost as light as its background. White garments on white were left "
            "out of the training data: a darker background helps."
        )
    elif canvas.contrast < _FAINT:
        words.append("The garment hardly stands out from its background: more contrast helps.")
    apart = len(found.parts) > 1 and found.parts[1] >= _SECOND_PART
    if apart or touch_each_other(_there(canvas)):
        words.append(
            "There seem to be several things in the picture. Each training image shows one "
            "garment, or one shoe of a pair: crop the picture to it."
        )
    sides = _touched_sides(canvas)
    if sides:
        words.append(
            f"The garment reaches the picture's border ({', '.join(sides)}): part of it may be "
            "missing."
        )
    box = found.box
    if box.height > _TALL * box.width and _has_face(pixels, canvas, box):
        words.append(
            "Someone seems to wear the garment. The training data shows it alone: crop the picture "
            "to the garment."
        )
    return tuple(words)


def _touched_sides(canvas: Canvas) -> list[str]:
    there = _there(canvas)
    sides = {"left": there[:, 0], "top": there[0], "right": there[:, -1], "bottom": there[-1]}
    return [name for name, pixels in sides.items() if pixels.mean() > _TOUCHING]


def _there(canvas: Canvas) -> npt.NDArray[np.bool_]:
    """Where something is, without shadows and blurred edges."""
    there: npt.NDArray[np.bool_] = canvas.difference > (127 if canvas.cleaned else 40)
    return there


def _has_face(pixels: Pixels, canvas: Canvas, box: Box) -> bool:
    """Whether the top fifth of what was found has the hue of skin and the rest mostly not.

    The range of Cb and Cr is that of D. Chai and K. Ngan, Face segmentation using skin-color map
    in videophone applications (1999).
    """
    colours = pixels.astype(np.float32)
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    cb = 128 - 0.169 * red - 0.331 * green + 0.5 * blue
    cr = 128 + 0.5 * red - 0.419 * green - 0.081 * blue
    skin = (cb >= 77) & (cb <= 127) & (cr >= 133) & (cr <= 173) & (red > 60)
    garment = canvas.difference > 60
    neck = round(box.top + 0.2 * box.height)
    top, rest = garment[:neck], garment[neck:]
    if not top.any() or not rest.any():
        return False
    return bool(skin[:neck][top].mean() >= _FACE and skin[neck:][rest].mean() <= _BELOW)
