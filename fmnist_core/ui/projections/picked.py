"""What the projections show of single images, in two dimensions and in three."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import DataError
from fmnist_core.figures.classes.images import (
    ONE_IMAGE_COLUMNS,
    one_image_table,
    one_image_words,
)
from fmnist_core.figures.projections.linked import Panel, linked_columns
from fmnist_core.ui.classes.loaders import tile
from fmnist_core.ui.components import Download, caveat, error_line, show_table
from fmnist_core.ui.image_choice import chosen_image, say_what_is_no_image
from fmnist_core.ui.loaders import data_is_found, leaderboard
from fmnist_core.ui.projections.loaders import Shown, thumbnails

_LARGE = 196


def show_image(index: int, side: int) -> None:
    """Draws an image of the pool, where the images are here."""
    try:
        picture = tile(index, side)
    except DataError as error:
        error_line(str(error))
        return
    st.image(picture, width=side, alt=f"Image {index} of the data set")


def say_images_are_missing() -> None:
    """Says that no image can be shown, and how to get them."""
    caveat(
        "The images themselves are not on this machine yet: `python -m fmnist_core data fetch` "
        "brings them (30 MB, once). All positions and measures are here without them."
    )


def pictures_or_why(content: Shown) -> pd.Series | None:
    """Returns the images as base64 PNGs; where they cannot be read, says why."""
    if not data_is_found():
        say_images_are_missing()
        return None
    try:
        return thumbnails(content)
    except DataError as error:
        error_line(str(error))
        return None


def show_data(
    frame: pd.DataFrame, panels: Sequence[Panel], name: str, more: Sequence[Download] = ()
) -> None:
    """Draws the table where it is opened: 5,000 rows are not sent for nothing."""
    data = st.expander(
        "Data and downloads",
        icon=":material/table_chart:",
        key=f"{name}_data",
        on_change="rerun",
    )
    if not data.open:
        return
    with data:
        show_table(
            frame,
            linked_columns(panels),
            name=name,
            alt="Positions of the images in every projection",
            more_downloads=more,
        )


def show_picked(content: Shown) -> None:
    """Draws the chosen image and what every network said of it."""
    say_what_is_no_image("None is ringed.")
    index = chosen_image()
    if index is None:
        return
    clouds = content.clouds
    place = int(clouds.indices.searchsorted(index))
    if place == len(clouds.indices) or clouds.indices[place] != index:
        caveat(f"Image {index} is not among the {len(clouds.indices):,} test images drawn here.")
        return
    st.subheader(f"Image {index}: {CLASS_NAMES[clouds.labels[place]]}", anchor=False)
    with st.container(horizontal=True, gap="large"):
        if data_is_found():
            show_image(index, _LARGE)
        if content.sheet is None:
            return
        position = int(clouds.positions[place])
        with st.container(width=620):
            st.markdown(one_image_words(content.sheet, position))
            show_table(
                one_image_table(content.sheet, position, leaderboard().labels),
                ONE_IMAGE_COLUMNS,
                name="projections_image",
                alt=f"What every network said of image {index}",
            )
