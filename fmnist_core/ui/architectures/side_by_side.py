"""Two networks side by side."""

import streamlit as st

from fmnist_core.figures.architectures.comparison import (
    text_difference,
    totals_columns,
    totals_frame,
    totals_takeaway,
)
from fmnist_core.figures.architectures.table import LINE_COLUMNS, line_frame, without_empty
from fmnist_core.figures.words import escaped
from fmnist_core.ui.architectures import loaders as loaders
from fmnist_core.ui.architectures.choice import Choice, choose_beside
from fmnist_core.ui.architectures.sections import network_of
from fmnist_core.ui.components import caveat, empty_state, show_table, takeaway


def show_side_by_side(choice: Choice) -> None:
    """Draws the choice of a second network; with one, totals, texts and tables of both."""
    first = network_of(choice)
    if not first:
        return
    beside = choose_beside(choice)
    if beside is None:
        empty_state(
            "Nothing stands beside it yet.",
            "Choose a second architecture above; the address keeps the pair.",
            icon=":material/compare:",
        )
        return
    second = loaders.network(beside.layers)
    takeaway(totals_takeaway(first.summary, second.summary, choice.title, beside.title))
    name = f"{choice.file_stem}_and_{beside.file_stem}"
    show_table(
        totals_frame(first.summary, second.summary),
        totals_columns(choice.title, beside.title),
        name=f"{name}_totals",
        alt=f"Totals of {choice.title} and {beside.title}",
    )
    st.subheader("Lines that differ", anchor=False)
    st.code(text_difference(choice.layers, beside.layers), language="diff")
    caveat(
        f"Lines with - are only in {escaped(choice.title)}, those with + only in "
        f"{escaped(beside.title)}."
    )
    for column, of, known in zip(
        st.columns(2, gap="large"), (choice, beside), (first, second), strict=True
    ):
        with column:
            st.subheader(escaped(of.title), anchor=False)
            frame = line_frame(known.summary, known.steps)
            show_table(
                frame,
                without_empty(LINE_COLUMNS, frame),
                name=f"{of.file_stem}_beside",
                alt=f"Lines of {of.title} with shapes, parameters and work",
                height="content",
            )
