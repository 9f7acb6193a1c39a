"""The images that a click means: counted, as tiles or one by one, with what was said of them."""

import math
from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import DataError
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.images import (
    ONE_IMAGE_COLUMNS,
    answers_table,
    one_image_table,
    one_image_words,
    tile_words,
)
from fmnist_core.figures.classes.picks import Pick, Positions
from fmnist_core.ui.address import keep
from fmnist_core.ui.classes.loaders import tile
from fmnist_core.ui.components import empty_state, error_line, one_of, show_table
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.selection import IMAGE
from fmnist_core.ui.selection_link import showing

PER_PAGE = 24
_TILE, _LARGE = 112, 252  # room for a caption of two lines
_TABLE = "classes_answers"
_PAGE, _PAGED = "tiles", "classes_paged"  # the page of tiles, and the pick that it is of
_LAYOUTS = {"tiles": "All of them", "one": "One by one"}


def show_images(
    sheet: Sheet, pick: Pick, labels: Mapping[str, str], *, view: str, first: str = "tiles"
) -> None:
    """Draws the images of a pick with what every chosen network said of them.

    Args:
        view: the choice of layout is kept for each view by itself.
        first: the layout where none is chosen, "tiles" or "one".
    """
    st.markdown(pick.says)
    if not len(pick.positions):
        return
    layout_key = f"{view}_as"
    options = dict(sorted(_LAYOUTS.items(), key=lambda item: item[0] != first))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        layout = one_of("Images", layout_key, options)
        least_first = st.toggle(
            "Least sure first",
            key="unsure",
            bind="query-params",
            persist_state="session",
            help=f"They are sorted by {pick.sorted_by}, highest first.",
        )
    places = np.arange(len(pick.positions))[:: -1 if least_first else 1]
    positions = pick.positions[places]
    found = data_is_found()
    if not found:
        _say_images_are_missing()
    if layout == "one":
        _one_by_one(sheet, positions, labels, with_image=found)
        return
    page = _page((*sheet.run_ids, pick.key), len(positions))
    shown = slice(page * PER_PAGE, (page + 1) * PER_PAGE)
    if found:
        _tiles(sheet, pick, places[shown])
        st.caption(f"Below each: its number, its label → {pick.shows.replace('**', '')}.")
    _answers(sheet, positions[shown], labels, layout_key)


def _say_images_are_missing() -> None:
    empty_state(
        "The images are not on this machine yet.",
        "All numbers are here without them; the pictures need them. This fetches about 30 MB, "
        "once:",
        "python -m fmnist_core data fetch",
        icon=":material/image:",
    )


def _page(pick: tuple[str, ...], images: int) -> int:
    """Draws the choice of a page where there are several; returns it, from 0.

    Args:
        pick: names the runs and the pick.
        images: how many there are.
    """
    pages = math.ceil(images / PER_PAGE)
    # Another pick starts on its first page; on a reload the address decides.
    if st.session_state.get(_PAGED, pick) != pick:
        st.session_state[_PAGE] = 1
    st.session_state[_PAGED] = pick
    if pages == 1:
        return 0
    return int(st.pagination(pages, key=_PAGE, bind="query-params", persist_state="session")) - 1


def _tiles(sheet: Sheet, pick: Pick, places: Positions) -> None:
    numbers = sheet.indices[pick.positions[places]].tolist()
    try:
        pictures = [tile(number, _TILE) for number in numbers]
    except DataError as error:
        error_line(str(error))
        return
    words = [tile_words(sheet, pick, int(place)) for place in places]
    st.image(
        pictures,
        caption=[caption for caption, _ in words],
        alt=[alt for _, alt in words],
        width=_TILE,
    )


def _answers(sheet: Sheet, positions: Positions, labels: Mapping[str, str], layout: str) -> None:
    table, columns = answers_table(sheet, positions, labels)
    numbers = tuple(table["image"])
    show_table(
        table,
        columns,
        name="what_every_network_said",
        alt="What every chosen network said of the images on this page, in their order",
        key=f"{_TABLE}_{hash(numbers)}",
        on_select=lambda: _open(numbers, layout),
        selection_mode="single-row",
    )
    st.caption(":material/info: Tick a row to see that image large.")


def _open(numbers: tuple[str, ...], layout: str) -> None:
    rows = st.session_state[f"{_TABLE}_{hash(numbers)}"]["selection"]["rows"]
    if rows:
        keep(IMAGE, numbers[rows[0]])
        st.session_state[layout] = "one"


def _one_by_one(
    sheet: Sheet, positions: Positions, labels: Mapping[str, str], *, with_image: bool
) -> None:
    numbers = [str(index) for index in sheet.indices[positions]]
    wanted = str(st.session_state.get(IMAGE) or "").strip()
    place = numbers.index(wanted) if wanted in numbers else 0
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _step("Previous", numbers, place - 1, ":material/chevron_left:")
        _step("Next", numbers, place + 1, ":material/chevron_right:")
        st.markdown(f"**{place + 1:,}** of {len(numbers):,}")
    position = int(positions[place])
    truth = CLASS_NAMES[sheet.labels[position]]
    picture, answers = st.columns([1, 2], gap="large")
    with picture:
        if with_image:
            _large(sheet, position, truth)
        st.markdown(f"Label: **{truth}** · image {numbers[place]}")
        st.page_link(
            "pages/predict.py",
            label="What each network looks at",
            icon=":material/photo_camera:",
            query_params=showing(numbers[place]),
        )
    with answers:
        st.markdown(one_image_words(sheet, position))
        show_table(
            one_image_table(sheet, position, labels),
            ONE_IMAGE_COLUMNS,
            name="one_image",
            alt=f"What every chosen network said of image {numbers[place]}",
        )


def _large(sheet: Sheet, position: int, truth: str) -> None:
    index = int(sheet.indices[position])
    try:
        picture = tile(index, _LARGE)
    except DataError as error:
        error_line(str(error))
        return
    st.image(picture, width=_LARGE, alt=f"Image {index} of the data set, label {truth}")


def _step(label: str, numbers: list[str], to: int, icon: str) -> None:
    inside = 0 <= to < len(numbers)
    st.button(
        label,
        icon=icon,
        key=f"classes_{label.lower()}",
        disabled=not inside,
        on_click=_go,
        args=(numbers[to] if inside else "",),
    )


def _go(number: str) -> None:
    keep(IMAGE, number)
