"""The chosen image, on the pages that show a single one: its number in the pool of 70,000.

Predict and Learn, which look at pictures that no network
was trained on, take test images only, and the name of a drawing as well.
"""

from functools import partial

import streamlit as st

from fmnist_core.data.dataset import POOL_COUNT, TRAIN_COUNT
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.components import caveat, warning_line
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.selection import IMAGE


def image_number_field(first: int = TRAIN_COUNT) -> None:
    """Draws a field for its number; its placeholder is `first`, which an empty field stands for."""
    st.text_input(
        "Image number",
        kept(IMAGE),
        placeholder=str(first),
        max_chars=12,
        width=160,
        help="0 to 59,999 are the training images, 60,000 to 69,999 the test images.",
        **mirrored("image_shown", kept(IMAGE), partial(keep, IMAGE)),
    )


def pool_number(text: str) -> int | None:
    """Returns the number of an image, 0 to 69,999; `None` for whatever else."""
    digits = text.replace(",", "")
    if digits.isascii() and digits.isdigit() and len(digits) < 12 and int(digits) < POOL_COUNT:
        return int(digits)
    return None


def chosen_image() -> int | None:
    """Returns the number of the chosen image; `None` where the field names none of the data set."""
    return pool_number(kept(IMAGE))


def say_what_is_no_image(instead: str) -> None:
    """Says what the field holds where that is no image of the data set; nothing where it is empty.

    Args:
        instead: what is shown in its place, as a sentence.
    """
    text = kept(IMAGE)
    if not text or chosen_image() is not None:
        return
    if _is_drawing(text):
        caveat(f"The chosen picture is the drawing “{text}”, no image of the data set. {instead}")
    else:
        say_no_number(text)


def say_no_number(text: str) -> None:
    """Says what must stand where an image is named by its number."""
    warning_line(f"An image must be a number from 0 to {POOL_COUNT - 1:,}. Received: {text[:40]}.")


def _is_drawing(name: str) -> bool:
    from fmnist_core.prediction.samples import samples  # noqa: PLC0415  # draws with Pillow

    return any(sample.id == name for sample in samples())
