"""What the Dataset page keeps in the address: the view, the part, the class and a number."""

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.dataset import POOL_COUNT, TRAIN_COUNT
from fmnist_core.data.statistics import Part
from fmnist_core.ui.components import one_of, warning_line

PART_RANGES: dict[Part, tuple[int, int]] = {
    "train": (0, TRAIN_COUNT),
    "test": (TRAIN_COUNT, POOL_COUNT),
    "all": (0, POOL_COUNT),
}
_VIEW, _PART, _CLASS, _IMAGE = "data_view", "data_part", "data_class", "data_image"
_VIEWS = {
    "classes": "Classes",
    "samples": "Samples",
    "image": "One image",
    "pixels": "Pixels",
    "shapes": "Shapes",
    "splits": "Splits",
    "conversion": "Conversion",
    "files": "Files",
}
_PARTS: dict[Part, str] = {"train": "Training", "test": "Test", "all": "Both"}
_EVERY = "Every class"


def choose_view() -> str:
    """Draws the switch between the views."""
    return one_of("View", _VIEW, _VIEWS)


def choose_part() -> Part:
    """Draws the choice of training, test or both."""
    chosen = one_of("Images", _PART, {str(part): words for part, words in _PARTS.items()})
    return next(part for part in _PARTS if part == chosen)


def choose_class() -> int | None:
    """Draws the choice of a class; None for every class."""
    name = st.selectbox("Class", [_EVERY, *CLASS_NAMES], key=_CLASS, bind="query-params", width=200)
    return CLASS_NAMES.index(name) if name in CLASS_NAMES else None


def choose_image(part: Part) -> int:
    """Draws the field for the number of an image, and returns that number.

    An empty field means the first image of `part`. Whatever else is typed or stands in the address
    is named in a line, and the first image taken.
    """
    first, _ = PART_RANGES[part]
    text = st.text_input(
        "Image number",
        key=_IMAGE,
        placeholder=str(first),
        bind="query-params",
        persist_state="session",
        max_chars=12,
        width=160,
        help="0 to 59,999 are the training images, 60,000 to 69,999 the test images.",
    )
    digits = text.strip().replace(",", "")
    if digits.isascii() and digits.isdigit() and int(digits) < POOL_COUNT:
        return int(digits)
    if digits:
        warning_line(
            f"An image must be a number from 0 to {POOL_COUNT - 1:,}. Received: {text[:40]}."
        )
    return first


def go_to(index: int) -> None:
    """Puts a number into the field of `choose_image`; to be called in the callback of a widget."""
    st.session_state[_IMAGE] = str(index)


def open_image(index: int) -> None:
    """Opens one image; to be called in the callback of a widget.

    That widget stands in a view that draws what the view of one image draws: part, class and
    number. Were one of them gone, Streamlit would write the address anew, as it was before.
    """
    st.session_state[_VIEW] = "image"
    go_to(index)
