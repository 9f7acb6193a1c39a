"""All costs of the shown runs at once, as parallel coordinates that the reader brushes."""

import pandas as pd
import streamlit as st

from fmnist_core.figures.cost_parallel import (
    DATA_COLUMNS,
    left_out_words,
    parallel_figure,
    parallel_rows,
    parallel_takeaway,
    to_plotly_json,
)
from fmnist_core.figures.words import without_markup
from fmnist_core.ui.components import caveat, empty_state, show_chart_data, takeaway

_NAME = "accuracy_against_all_costs"


def show_all_costs(shown: pd.DataFrame) -> None:
    """Draws accuracy beside every cost for the ranked runs among the shown ones.

    Args:
        shown: leaderboard rows that the reader's filters leave.
    """
    rows = parallel_rows(shown)
    says = parallel_takeaway(rows)
    if rows.empty:
        empty_state(says, f"Choose one cost above. {left_out_words(shown)}")
        return
    takeaway(says)
    figure = parallel_figure(rows)
    # Browsers fetch Plotly's megabytes for this chart, and so for no other choice of cost.
    st.plotly_chart(
        figure,
        key=f"{_NAME}_chart",
        config={"displaylogo": False},
        alt=without_markup(says),
    )
    caveat(
        "A line is a run, golden where its accuracy is high and blue where it is low. Drag along "
        "an axis to keep the runs that pass there, on several axes to keep those that pass on all; "
        "a click on the coloured bar takes it away, and axes are moved by their titles. Costs are "
        f"on log scales. {left_out_words(shown)}".rstrip()
    )
    show_chart_data(
        rows,
        DATA_COLUMNS,
        name=_NAME,
        says=says,
        download=("Plotly", lambda: to_plotly_json(figure), "plotly.json"),
        picture="The chart as PNG: the camera that appears at its upper right corner.",
    )
