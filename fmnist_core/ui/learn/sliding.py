"""Figures of the Learn page in which something slides: pixels, convolution, size and pooling."""

from typing import Literal

import streamlit as st

from fmnist_core.figures.learn import convolution as conv
from fmnist_core.figures.learn import pixels as pix
from fmnist_core.figures.learn import pooling as pool
from fmnist_core.figures.learn.slide import slide_chart
from fmnist_core.figures.pictures import tile_png
from fmnist_core.inference.layer_outputs import window_of
from fmnist_core.inference.sliding_window import POOLS, Window
from fmnist_core.runs.arrays import Floats
from fmnist_core.ui.components import show_chart
from fmnist_core.ui.learn.choice import Lesson, offer_other_runs, pick_layer, whole_number
from fmnist_core.ui.learn.loaders import weights

_TILE = 112
_HOVER = "Move the cursor over a map: the window follows it, and the numbers are computed anew."


def show_pixels(lesson: Lesson) -> None:
    """Draws the image as numbers, and its binary and inverted forms."""
    frame = pix.pixel_frame(lesson.image)
    show_chart(
        pix.pixel_chart(frame),
        says=pix.pixels_say(lesson.image),
        data=frame,
        columns=pix.PIXEL_COLUMNS,
        pixels=pix.PIXELS_PIXELS,
        name="learn_pixels",
        limits="A dense network reads them as one row of 784 numbers, and no longer knows "
        "which were neighbours. An RGB image of this size would have 2,352.",
    )
    st.latex(pix.scaling_formula(lesson.image, *lesson.standardised))
    forms = {
        "As it is": lesson.image,
        f"Binary: 1 from {pix.THRESHOLD} on": pix.binary(lesson.image),
        "Inverted: 255 − v": pix.inverted(lesson.image),
    }
    with st.container(horizontal=True, gap="medium"):
        for name, image in forms.items():
            with st.container(width=_TILE + 60):
                st.image(tile_png(image, _TILE), width=_TILE, alt=name)
                st.caption(name)


def show_convolution(lesson: Lesson) -> None:
    """Draws the first convolution at work, and below it what stride and padding do."""
    st.header("Kernel times patch", anchor=False)
    row = conv.first_convolution(lesson.trace) if lesson.trace else None
    if lesson.trace is None or row is None:
        offer_other_runs(lesson, ["conv"], "a convolution that reads the one channel of the image")
    else:
        values = weights(lesson.run_id)
        with st.container(horizontal=True):
            count = row.output_shape[-1]
            kernel = whole_number(f"Kernel, of {count}", "learn_kernel", 1, count, 1)
            of = conv.convolution(lesson.trace, values, row, kernel - 1)
            position = _position("learn_convolution", of.sums)
        show_chart(
            slide_chart(conv.convolution_slide(of), position),
            says=conv.convolution_says(of, position),
            data=conv.product_frame(of, position),
            columns=conv.PRODUCT_COLUMNS,
            name="learn_convolution",
            limits=f"{_HOVER} Blue is below 0, orange above. The activation function comes "
            "after the sum and is not applied here.",
        )
        st.latex(conv.convolution_formula(of, position))
    st.header("Stride and padding", anchor=False)
    _show_size(lesson)


def _show_size(lesson: Lesson) -> None:
    length = lesson.image.shape[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = whole_number("Window", "learn_size", 1, 7, 3)
        stride = whole_number("Stride", "learn_stride", 1, 7, 2)
        same = st.toggle("Padding “same”", key="learn_same")
    padding: Literal["same", "valid"] = "same" if same else "valid"
    window = Window((size, size), (stride, stride), padding)
    slide = conv.size_slide(lesson.scaled, window)
    show_chart(
        slide_chart(slide, (0, 0)),
        says=conv.size_says(length, window),
        data=conv.size_frame(slide),
        columns=conv.SIZE_COLUMNS,
        name="learn_size",
        limits="The window averages what it sees, so that the picture stays recognisable; "
        "added pixels are not counted. A convolution of the same size counts them as 0.",
    )
    st.latex(conv.size_formula(length, window))


def show_pooling(lesson: Lesson) -> None:
    """Draws max pooling against average pooling of what the first pool of the network reads."""
    with st.container(horizontal=True):
        title, values, own = _pooled_map(lesson)
        channels = values.shape[-1]
        if channels > 1:
            channel = whole_number(f"Map, of {channels}", "learn_pool_map", 1, channels, 1) - 1
        else:
            channel = 0
        most = min(8, *values.shape[:2])
        size = whole_number("Window", "learn_pool_size", 1, most, min(2, most))
    window = Window((size, size), (size, size))
    slide = pool.pooling_slide(title, values[..., channel], window)
    position = pool.peak_window(slide)
    show_chart(
        slide_chart(slide, position),
        says=pool.pooling_says(slide),
        data=pool.pooling_frame(slide),
        columns=pool.POOLING_COLUMNS,
        name="learn_pooling",
        limits=f"{_HOVER} {own} Each map has a colour scale of its own.",
    )
    st.latex(pool.pooling_formula(slide, position))


def _pooled_map(lesson: Lesson) -> tuple[str, Floats, str]:
    """What is pooled: its title, (height, width, channels), and what the network does itself."""
    rows = lesson.trace.of_type(*POOLS) if lesson.trace else ()
    if lesson.trace is None or not rows:
        return (
            "Image",
            lesson.scaled[..., None],
            f"{_no_pool(lesson)}, so the image itself is shown.",
        )
    row = pick_layer("Pool", "learn_pool", rows)
    height, width = window_of(row).size
    kind = "largest value" if row.type == "MaxPooling2D" else "mean"
    own = f"The network itself takes the {kind} of {height} × {width} here."
    return f"What {row.name} reads", lesson.trace.before(row), own


def _no_pool(lesson: Lesson) -> str:
    if lesson.trace is None:
        return "The weights of this network cannot be read"
    unknown = lesson.trace.unknown
    return f"This network has no sliding pool{f' before {unknown.name}' if unknown else ''}"


def _position(key: str, values: Floats) -> tuple[int, int]:
    """Draws where the window stands; at first where the sum is farthest from 0."""
    rows, columns = values.shape
    first = conv.strongest_place(values)
    row = whole_number("Row", f"{key}_row", 0, rows - 1, first[0], "Where the window starts.")
    column = whole_number("Column", f"{key}_column", 0, columns - 1, first[1])
    return row, column
