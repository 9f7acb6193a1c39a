"""The linked projections on the page, and what was picked in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import DataError
from fmnist_core.figures.classes_images import (
    ONE_IMAGE_COLUMNS,
    one_image_table,
    one_image_words,
)
from fmnist_core.figures.projections_linked import (
    BOXED,
    PICKED,
    Panel,
    boxed_rows,
    linked_chart,
    linked_columns,
    linked_frame,
)
from fmnist_core.figures.projections_words import box_words
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.words import without_markup
from fmnist_core.ui.architecture_address import keep, kept
from fmnist_core.ui.classes_loaders import tile
from fmnist_core.ui.components import caveat, error_line, show_table, takeaway
from fmnist_core.ui.loaders import data_is_found, leaderboard
from fmnist_core.ui.projections_loaders import Shown, thumbnails

# The Classes and Predict pages read the same field.
IMAGE = "image"
# The image that the chart picked itself, and the one that it was told to ring.
_FROM_CHART, _RINGED = "projections_from_chart", "projections_ringed"
_LARGE, _TILE = 196, 64
_TILES = 30


def chosen_image() -> int | None:
    """Returns the number of the chosen image; `None` for none, and for a drawing's name."""
    text = kept(IMAGE)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def show_linked(
    content: Shown, panels: Sequence[Panel], *, says: str, shared_axes: bool, name: str
) -> None:
    """Draws the panels, the images in a drawn box, and the picked image.

    Args:
        says: the takeaway.
        name: file name of the downloads, and key of the widgets.
    """
    frame = linked_frame(panels, content.clouds.indices, content.clouds.labels)
    ringed = _ringed_from_the_start()
    spec = linked_chart(
        _with_pictures(frame, content), panels, shared_axes=shared_axes, ringed=ringed
    )
    takeaway(says)
    # A chart of other panels, or told to ring another image, is another chart: it starts anew.
    key = f"{name}_{'_'.join(content.key)}_{shared_axes}_{ringed}"
    event: Any = st.vega_lite_chart(
        spec,
        key=key,
        alt=without_markup(says),
        width="content",
        on_select=lambda: _take(key),
        selection_mode=[BOXED, PICKED],
    )
    caveat(
        "Point at an image to see it in every picture, click it to keep it; drag a box around "
        "images, click a class in the legend (several with Shift); a double click undoes."
    )
    _show_data(frame, spec, panels, name)
    _show_boxed(boxed_rows(frame, dict(event["selection"].get(BOXED, {}))), panels)
    _show_picked(content)


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


def _ringed_from_the_start() -> int | None:
    """The image that a new chart rings: one that was chosen elsewhere, not by a click in it.

    A chart that is told of its own click is drawn anew, and loses the box.
    """
    image = chosen_image()
    if image is None or image != st.session_state.get(_FROM_CHART):
        st.session_state[_RINGED] = image
    ringed: int | None = st.session_state.get(_RINGED)
    return ringed


def _take(key: str) -> None:
    picked = st.session_state[key]["selection"].get(PICKED)
    if picked and "index" in picked[0]:
        index = int(picked[0]["index"])
        keep(IMAGE, str(index))
        st.session_state[_FROM_CHART] = index


def _with_pictures(frame: pd.DataFrame, content: Shown) -> pd.DataFrame:
    if not data_is_found():
        say_images_are_missing()
        return frame
    try:
        return frame.assign(picture=thumbnails(content))
    except DataError as error:
        error_line(str(error))
        return frame


def _show_data(
    frame: pd.DataFrame, spec: Mapping[str, Any], panels: Sequence[Panel], name: str
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
            more_downloads=(("Vega-Lite", lambda: to_vega_lite(dict(spec)), "vl.json"),),
        )


def _show_boxed(inside: pd.DataFrame, panels: Sequence[Panel]) -> None:
    if inside.empty:
        return
    answers = {
        f"says{i}": panel.title for i, panel in enumerate(panels) if panel.answers is not None
    }
    takeaway(box_words(inside, answers))
    if not data_is_found():
        return
    first = inside.head(_TILES)
    try:
        pictures = [tile(int(index), _TILE) for index in first["index"]]
    except DataError as error:
        error_line(str(error))
        return
    alts = [
        f"Image {index}, {name}" for index, name in zip(first["index"], first["class"], strict=True)
    ]
    st.image(pictures, width=_TILE, caption=list(first["class"]), alt=alts)
    if len(inside) > _TILES:
        st.caption(f"The first {_TILES} of {len(inside):,}.")


def _show_picked(content: Shown) -> None:
    """Draws the chosen image and what every network said of it."""
    index = chosen_image()
    if index is None:
        return
    clouds = content.clouds
    place = int(clouds.indices.searchsorted(index))
    if place == len(clouds.indices) or clouds.indices[place] != index:
        caveat(f"Image {index} is not among the {len(clouds.indices):,} drawn here.")
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
