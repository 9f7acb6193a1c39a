"""Charts that can be clicked, with the same takeaway, table and downloads as every chart."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.words import without_markup
from fmnist_core.ui.components import show_table, takeaway

# What a click on a mark with these fields sets: key of a widget -> its value.
Means = Callable[[Mapping[str, Any]], dict[str, Any]]


def clickable_chart(spec: dict[str, Any], *, key: str, says: str, means: Means) -> None:
    """Draws a chart whose selection `cell` sets widgets, below its takeaway.

    The browser keeps silent about a click on what is selected already, so where the widgets have
    been changed by other means since, the chart is drawn anew, with nothing selected. Hence the
    widgets are to be drawn before it.
    """
    takeaway(says)
    drawn_key = f"{key}_drawn"
    drawn = int(st.session_state.get(drawn_key, 0))
    set_by_click = means(clicked) if (clicked := _clicked(f"{key}_{drawn}")) else {}
    if any(st.session_state.get(name) != value for name, value in set_by_click.items()):
        drawn += 1
        st.session_state[drawn_key] = drawn
    chart = f"{key}_{drawn}"
    st.vega_lite_chart(
        spec, key=chart, alt=without_markup(says), on_select=lambda: _take(chart, means)
    )


def _take(chart: str, means: Means) -> None:
    if clicked := _clicked(chart):
        st.session_state.update(means(clicked))


def _clicked(chart: str) -> dict[str, Any]:
    """Returns the fields of the mark that was clicked last; empty for none."""
    marks = st.session_state[chart]["selection"]["cell"] if chart in st.session_state else []
    return dict(marks[0]) if marks else {}


def chart_data(
    charts: Mapping[str, dict[str, Any]],
    data: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    name: str,
    alt: str,
) -> None:
    """Draws the numbers of the charts above and their downloads, folded away.

    Args:
        charts: label of the download -> specification.
        data: one row a mark.
        name: file name of the downloads, and key of the widgets.
    """
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            data,
            columns,
            name=name,
            alt=alt,
            more_downloads=tuple(
                (label, _file(spec), f"{place}.vl.json" if place else "vl.json")
                for place, (label, spec) in enumerate(charts.items())
            ),
        )
        st.caption(
            "The chart as PNG: the download button that appears at its upper right corner. "
            "As SVG: open the Vega-Lite file in any Vega editor."
        )


def _file(spec: dict[str, Any]) -> Callable[[], bytes]:
    return lambda: to_vega_lite(spec)
