"""Views of the whole data set, drawn from counts that need no image files."""

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.statistics import Part, read_statistics, summarise_levels
from fmnist_core.figures.dataset.classes import (
    CLASS_COLUMNS,
    PART_WORDS,
    class_bars,
    class_count_frame,
    class_count_takeaway,
    class_pie,
)
from fmnist_core.figures.dataset.pixels import (
    CLAIM,
    HISTOGRAM_COLUMNS,
    LEVEL_COLUMNS,
    SPREAD_COLUMNS,
    claim_words,
    histogram_chart,
    histogram_frame,
    histogram_takeaway,
    level_frame,
    spread_frame,
    spread_takeaway,
)
from fmnist_core.figures.dataset.shapes import (
    BOX_COLUMNS,
    SIZE_COLUMNS,
    Dimension,
    box_frame,
    box_takeaway,
    size_chart,
    size_frame,
    size_takeaway,
)
from fmnist_core.figures.dataset.splits import (
    SPLIT_COLUMNS,
    STEP_COLUMNS,
    part_frame,
    split_chart,
    split_frame,
    split_takeaway,
    step_frame,
    step_takeaway,
)
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions, find_paper
from fmnist_core.ui.components import caveat, one_of, show_chart, show_table, takeaway
from fmnist_core.ui.dataset.choice import choose_class, choose_part
from fmnist_core.ui.dataset.loaders import mean_tiles

_TILE = 76


def show_classes() -> None:
    """Draws how many images each class has, as bars or as a pie."""
    with st.container(horizontal=True, gap="medium"):
        part = choose_part()
        drawn = one_of("Drawn as", "data_drawn", {"bars": "Bars", "pie": "Pie"})
    counts = class_count_frame(read_statistics(), part)
    show_chart(
        class_pie(counts) if drawn == "pie" else class_bars(counts),
        says=class_count_takeaway(counts, part),
        data=counts,
        columns=CLASS_COLUMNS,
        name=f"classes_{part}_{drawn}",
    )


def show_pixels() -> None:
    """Draws the grey levels: their histogram, a claim about them, and mean images."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        part = choose_part()
        label = choose_class()
        bins = one_of("Bins", "data_bins", {"16": "16", "64": "64", "256": "256"})
        background = st.toggle(
            "With background (0)", True, key="data_background", bind="query-params"
        )
    counts = read_statistics().levels(part, label)
    summary = summarise_levels(counts)
    shown = histogram_frame(counts, bins=int(bins), background=background)
    of_class = "" if label is None else f" of {CLASS_NAMES[label]}"
    show_chart(
        histogram_chart(shown, summary),
        says=histogram_takeaway(summary, f"the {PART_WORDS[part]} images{of_class}"),
        data=shown,
        columns=HISTOGRAM_COLUMNS,
        name=f"pixels_{part}",
        limits=""
        if background
        else "The bars leave out level 0; the mean and the median are those of all pixels.",
    )
    _show_claim(part)
    st.header("Mean and variance images", anchor=False)
    _show_means(part)
    st.header("Grey levels in numbers", anchor=False)
    show_table(
        level_frame(read_statistics(), part),
        LEVEL_COLUMNS,
        name=f"grey_levels_{part}",
        alt="Grey levels of each part and class",
    )


def _show_claim(part: Part) -> None:
    """Sets what a source says of the grey levels beside what was counted."""
    (claim,) = (one for one in contradictions() if one.id == CLAIM)
    where = f"{find_paper(claim.papers[0]).title} (source {claim.papers[0]}), {claim.place}"
    with st.container(border=True):
        st.markdown(f":material/rule: **{claim.id}: what a source says of it**")
        st.markdown(f"{escaped(where)}: {escaped(claim.one)}")
        st.markdown(claim_words(summarise_levels(read_statistics().levels(part))))
        st.caption(f"{claim.id} in the register of contradictions.")


def _show_means(part: Part) -> None:
    spread = spread_frame(read_statistics(), part)
    takeaway(spread_takeaway(spread))
    means, variances = mean_tiles(part, _TILE)
    with st.grid(len(CLASS_NAMES), min_column_width=_TILE + 8, gap="xsmall"):
        for name, mean, variance in zip(CLASS_NAMES, means, variances, strict=True):
            with st.container(horizontal_alignment="center", gap="xxsmall"):
                st.image(mean, width=_TILE, alt=f"Mean image of {name}")
                st.image(variance, caption=name, width=_TILE, alt=f"Variance image of {name}")
    caveat(
        f"Above the mean of all {PART_WORDS[part]} images of a class, below the variance of each "
        f"pixel among them: white is a variance of {spread['largest'].max():,.0f}, the largest of "
        "all classes."
    )
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            spread,
            SPREAD_COLUMNS,
            name=f"mean_images_{part}",
            alt="Mean and variance images of the classes in numbers",
        )


def show_shapes() -> None:
    """Draws how high and wide the garments are."""
    part = choose_part()
    statistics = read_statistics()
    takeaway(box_takeaway(statistics, part))
    boxes = box_frame(statistics, part)
    show_table(boxes, BOX_COLUMNS, name=f"boxes_{part}", alt="Boxes of the garments by class")
    dimensions: tuple[Dimension, Dimension] = ("height", "width")
    for column, dimension in zip(st.columns(2, gap="large"), dimensions, strict=True):
        with column:
            st.subheader(f"{dimension.title()} by class", anchor=False)
            sizes = size_frame(statistics, part, dimension)
            show_chart(
                size_chart(sizes, dimension),
                says=size_takeaway(sizes, dimension),
                data=sizes,
                columns=SIZE_COLUMNS,
                name=f"{dimension}s_{part}",
                limits="The stronger a cell, the more images; the outlined one is the median.",
            )


def show_splits() -> None:
    """Draws what the images are split into, and how many batches an epoch then has."""
    splits = split_frame(read_statistics())
    parts = part_frame(splits)
    show_chart(
        split_chart(parts),
        says=split_takeaway(splits),
        data=splits,
        columns=SPLIT_COLUMNS,
        name="splits",
        limits="Every class has a tenth of each part. Counted under seed 0; another seed draws "
        "other images, and as many.",
    )
    st.header("Batches an epoch", anchor=False)
    steps = step_frame()
    takeaway(step_takeaway(steps))
    show_table(
        steps, STEP_COLUMNS, name="batches", alt="Batches an epoch of the sources' own networks"
    )
