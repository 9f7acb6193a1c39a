"""The sample grid: images of a part and class from a number on, page by page."""

import random

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES, known_labels
from fmnist_core.figures.dataset.classes import PART_WORDS
from fmnist_core.ui.components import caveat, takeaway
from fmnist_core.ui.dataset.choice import (
    PART_RANGES,
    choose_class,
    choose_part,
    choose_start,
    open_image,
    start_at,
)
from fmnist_core.ui.dataset.fetch import images_or_offer
from fmnist_core.ui.dataset.loaders import image_tile, matching_images

_COLUMNS, _PAGE = 10, 40
_TILE = 76


def show_samples() -> None:
    """Draws the filters, the way from page to page, and the images; each opens by its number."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        part = choose_part()
        label = choose_class()
        start = choose_start(part)
        paging = st.container(horizontal=True, vertical_alignment="bottom")
    if not images_or_offer("The images themselves"):
        return
    found = matching_images(part, label)
    place = _place(found, start) if start in range(*PART_RANGES[part]) else 0
    page = found[place : place + _PAGE]
    with paging:
        _paging(found, place)
    of_class = "" if label is None else f" of **{CLASS_NAMES[label]}**"
    takeaway(
        f"{place + 1:,} to {place + len(page):,} of {len(found):,} {PART_WORDS[part]} images"
        f"{of_class}: numbers {page[0]:,} to {page[-1]:,}. A number opens its image, with its "
        "nearest neighbours and what the runs said of it."
    )
    _show_tiles(page)
    caveat("In the order of the files: nothing was picked. Enlarged without smoothing.")


def _place(found: NDArray[np.intp], start: int) -> int:
    """Where in the ascending indices a page begins that shows `start`, or what follows it."""
    place = int(np.searchsorted(found, start))
    return place if place < len(found) else (len(found) - 1) // _PAGE * _PAGE


def _paging(found: NDArray[np.intp], place: int) -> None:
    """Draws the buttons that put the first number of another page into the field."""
    anywhere = random.randrange(len(found))  # noqa: S311  # no secret
    for name, icon, key, target in (
        ("Previous", "arrow_back", "data_previous", max(0, place - _PAGE)),
        ("Next", "arrow_forward", "data_next", place + _PAGE),
        ("Random", "casino", "data_random", anywhere),
    ):
        st.button(
            name,
            icon=f":material/{icon}:",
            key=key,
            disabled=target >= len(found) or (name == "Previous" and place == 0),
            on_click=start_at,
            args=(int(found[min(target, len(found) - 1)]),),
        )


def _show_tiles(page: NDArray[np.intp]) -> None:
    labels = known_labels()
    with st.grid(_COLUMNS, min_column_width=_TILE + 8, gap="xsmall"):
        for index in page.tolist():
            name = CLASS_NAMES[labels[index]]
            with st.container(horizontal_alignment="center", gap="xxsmall"):
                st.image(
                    image_tile(index, _TILE),
                    caption=name,
                    width=_TILE,
                    alt=f"Image {index}: {name}",
                )
                st.button(
                    str(index),
                    key=f"data_open_{index}",
                    type="tertiary",
                    on_click=open_image,
                    args=(index,),
                )
