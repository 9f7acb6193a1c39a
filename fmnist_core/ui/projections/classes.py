"""How two classes lie to each other in a network's features: whose images are whose neighbours."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.figures.projections.words import (
    Measured,
    neighbour_classes_columns,
    neighbour_classes_frame,
    neighbour_classes_words,
)
from fmnist_core.ui.components import show_table, takeaway

_OF = "neighbours_of"


def show_neighbour_classes(rows: Sequence[Measured]) -> None:
    """Draws, for one of the measured features, the classes of every class's neighbours."""
    if not rows[0].separation.neighbour_shares:
        return
    st.subheader("Of which class are a class's neighbours?", anchor=False)
    row = rows[0]
    if len(rows) > 1:
        places = list(range(len(rows)))
        if st.session_state.get(_OF) not in places:  # other networks are drawn now
            st.session_state[_OF] = 0
        row = rows[
            st.selectbox(
                "In the features of",
                places,
                format_func=lambda place: rows[place].label,
                key=_OF,
                persist_state="session",
                width=380,
            )
        ]
    says = neighbour_classes_words(row)
    takeaway(says)
    show_table(
        neighbour_classes_frame(row.separation),
        neighbour_classes_columns(row.separation),
        name="neighbour_classes",
        alt="Share of each class among the nearest images of every class",
        height="content",
    )
