"""What the Dataset page keeps in the address: the view, the part, the class and two numbers."""

import streamlit as st

from fmnist_core.data.dataset import POOL_COUNT, TRAIN_COUNT
from fmnist_core.data.statistics import Part
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.class_choice import class_picker
from fmnist_core.ui.components import one_of
from fmnist_core.ui.image_choice import (
    chosen_image,
    image_number_field,
    pool_number,
    say_no_number,
    say_what_is_no_image,
)
from fmnist_core.ui.selection import IMAGE

PART_RANGES: dict[Part, tuple[int, int]] = {
    "train": (0, TRAIN_COUNT),
    "test": (TRAIN_COUNT, POOL_COUNT),
    "all": (0, POOL_COUNT),
}
_VIEW, _PART, _FROM = "data_view", "data_part", "data_from"
VIEWS = {
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


def choose_view() -> str:
    """Draws the switch between the views."""
    return one_of("View", _VIEW, VIEWS)


def choose_part() -> Part:
    """Draws the choice of training, test or both."""
    chosen = one_of("Images", _PART, {str(part): words for part, words in _PARTS.items()})
    return next(part for part in _PARTS if part == chosen)


def choose_class() -> int | None:
    """Draws the choice of a class; None for every class."""
    return class_picker(nothing="Every class")


def choose_image(part: Part) -> int:
    """Draws the field for the number of the chosen image, and returns that number.

    An empty field means the first image of `part`. Whatever else is typed or stands in the address
    is named in a line, and the first image taken.
    """
    first, _ = PART_RANGES[part]
    image_number_field(first=first)
    say_what_is_no_image(f"Shown: image {first:,}.")
    chosen = chosen_image()
    return first if chosen is None else chosen


def choose_start(part: Part) -> int:
    """Draws the field for the number that a page of samples begins with; like `choose_image`."""
    first, _ = PART_RANGES[part]
    st.text_input(
        "From number",
        key=_FROM,
        placeholder=str(first),
        bind="query-params",
        persist_state="session",
        max_chars=12,
        width=160,
    )
    text = kept(_FROM)
    number = pool_number(text)
    if text and number is None:
        say_no_number(text)
    return first if number is None else number


def go_to(index: int) -> None:
    """Chooses an image; to be called in the callback of a widget."""
    keep(IMAGE, str(index))


def start_at(index: int) -> None:
    """Begins the samples with an image; to be called in the callback of a widget."""
    keep(_FROM, str(index))


def open_image(index: int) -> None:
    """Opens one image; to be called in the callback of a widget.

    That widget stands in a view that draws the part, as the view of one image does. Were it gone,
    Streamlit would write the address anew, as it was before.
    """
    st.session_state[_VIEW] = "image"
    go_to(index)
