"""One image of the data set: what it is, what lies nearest, and what the runs said of it."""

import random

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES, known_labels, load_image
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.data.statistics import Part, measure_boxes
from fmnist_core.errors import RunError
from fmnist_core.figures.dataset.image import (
    NEIGHBOUR_COLUMNS,
    SAID_COLUMNS,
    image_name,
    image_words,
    left_out_words,
    neighbour_frame,
    neighbour_takeaway,
    said_frame,
    said_takeaway,
)
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat, empty_state, error_line, show_table, takeaway
from fmnist_core.ui.dataset.choice import (
    PART_RANGES,
    choose_class,
    choose_image,
    choose_part,
    go_to,
)
from fmnist_core.ui.dataset.fetch import images_or_offer
from fmnist_core.ui.dataset.loaders import (
    image_tile,
    matching_images,
    nearest_training_images,
    what_runs_said,
)
from fmnist_core.ui.loaders import Leaderboard, leaderboard
from fmnist_core.ui.predict.networks import networks
from fmnist_core.ui.runs import show_damaged_runs
from fmnist_core.ui.selection_link import showing

_NEAREST = 10
_TILE, _LARGE = 76, 224


def show_image() -> None:
    """Draws the image that the number names, with ways to others."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        part = choose_part()
        label = choose_class()
        index = choose_image(part)
        steps = st.container(horizontal=True, vertical_alignment="bottom")
    if not images_or_offer("The image, its neighbours and what the runs said of it"):
        return
    with steps:
        # A neighbour may be of the other part: from there, the way leads through both.
        within: Part = part if index in range(*PART_RANGES[part]) else "all"
        _steps(index, matching_images(within, label))
    left, right = st.columns([2, 5], gap="large")
    truth = int(known_labels()[index])
    with left:
        _show_it(index, truth)
    with right:
        _show_nearest(index, truth)
    st.header("What the runs said of it", anchor=False)
    _show_answers(index, truth)


def _steps(index: int, wanted: NDArray[np.intp]) -> None:
    """Draws the buttons to the images before and after among `wanted`, and to any of them."""
    anywhere = random.randrange(len(wanted))  # noqa: S311  # no secret
    for name, icon, key, targets in (
        ("Previous", "arrow_back", "data_image_previous", wanted[wanted < index][-1:]),
        ("Next", "arrow_forward", "data_image_next", wanted[wanted > index][:1]),
        ("Random", "casino", "data_image_random", wanted[anywhere : anywhere + 1]),
    ):
        st.button(
            name,
            icon=f":material/{icon}:",
            key=key,
            disabled=not len(targets),
            on_click=go_to,
            args=(int(targets[0]) if len(targets) else index,),
        )


def _show_it(index: int, truth: int) -> None:
    name = CLASS_NAMES[truth]
    st.subheader(f"{name}, label {truth}", anchor=False)
    st.image(image_tile(index, _LARGE), width=_LARGE, alt=f"{image_name(index)}: {name}")
    st.markdown(f"{image_name(index)}.")
    image = load_image(index)
    heights, widths = measure_boxes(image[None])
    st.caption(image_words(image, int(heights[0]), int(widths[0])))
    if index >= TRAIN_COUNT:
        st.page_link(
            "pages/predict.py",
            label="Ask the networks about it",
            icon=":material/photo_camera:",
            query_params=showing(str(index)),
        )


def _show_nearest(index: int, truth: int) -> None:
    st.subheader("The nearest training images", anchor=False)
    with st.spinner("Comparing it with the training images"):
        indices, distances = nearest_training_images(index, _NEAREST)
    frame = neighbour_frame(indices, distances, known_labels())
    takeaway(neighbour_takeaway(frame, truth))
    with st.grid(_NEAREST // 2, min_column_width=_TILE + 8, gap="xsmall"):
        for near, name, distance in zip(
            indices.tolist(), frame["class_name"], distances.tolist(), strict=True
        ):
            with st.container(horizontal_alignment="center", gap="xxsmall"):
                st.image(
                    image_tile(near, _TILE),
                    caption=f"{name}  \n{distance:,.0f} away",
                    width=_TILE,
                    alt=f"Training image {near}: {name}, distance {distance:,.0f}",
                )
                st.button(
                    str(near),
                    key=f"data_near_{near}",
                    type="tertiary",
                    on_click=go_to,
                    args=(near,),
                )
    caveat(
        "Nearest by the root of the summed squared pixel differences, which knows nothing of "
        "garments; a training image is not its own neighbour."
    )
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            frame,
            NEIGHBOUR_COLUMNS,
            name="nearest_images",
            alt=f"Nearest training images of image {index}",
        )


def _show_answers(index: int, truth: int) -> None:
    try:
        board = leaderboard()
    except RunError as error:
        error_line(str(error))
        return
    if board.frame.empty:
        empty_state(
            "No run yet.",
            "What each trained network said of this image would stand here.",
            "python -m fmnist_core train kadam_a1",
            icon=":material/model_training:",
        )
        show_damaged_runs(board.damaged)
        return
    _show_said(board, index, truth)
    show_damaged_runs(board.damaged)


def _show_said(board: Leaderboard, index: int, truth: int) -> None:
    said, problems = what_runs_said(networks(board, stored=True), index)
    for problem in problems:
        error_line(problem)
    frame = said_frame(said, truth, board.labels)
    if frame.empty:
        empty_state(
            "None of these runs has a stored answer for this image.",
            "Answers are stored for the images that a run was tested or validated on. "
            + escaped(left_out_words(said)),
            icon=":material/hub:",
        )
        return
    takeaway(said_takeaway(frame, truth))
    show_table(
        frame,
        SAID_COLUMNS,
        name=f"answers_{index}",
        alt=f"What the runs said of image {index}",
    )
    left_out = left_out_words(said)
    if left_out:
        caveat(left_out)
