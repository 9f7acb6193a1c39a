"""The linked projections on the page, and what was picked in them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.errors import DataError
from fmnist_core.figures.projections.linked import (
    BOXED,
    PICKED,
    Panel,
    boxed_rows,
    linked_chart,
    linked_frame,
    linked_height,
)
from fmnist_core.figures.projections.words import box_words
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.words import without_markup
from fmnist_core.ui.address import keep
from fmnist_core.ui.classes.loaders import tile
from fmnist_core.ui.components import caveat, error_line, scrolling, takeaway
from fmnist_core.ui.image_choice import chosen_image
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.projections.loaders import Shown
from fmnist_core.ui.projections.picked import pictures_or_why, show_data, show_picked
from fmnist_core.ui.selection import IMAGE

# The image that the chart picked itself, and the one that it was told to ring.
_FROM_CHART, _RINGED = "projections_from_chart", "projections_ringed"
_TILE = 64
_TILES = 30


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
    with scrolling(linked_height(len(panels))):
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
    show_data(frame, panels, name, (("Vega-Lite", lambda: to_vega_lite(dict(spec)), "vl.json"),))
    _show_boxed(boxed_rows(frame, dict(event["selection"].get(BOXED, {}))), panels)
    show_picked(content)


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
    pictures = pictures_or_why(content)
    return frame if pictures is None else frame.assign(picture=pictures)


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
