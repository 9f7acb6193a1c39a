"""The pieces that every page is built from, so that pages look and behave alike."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist_core.figures.table import TIMES_100, Column, to_csv
from fmnist_core.figures.table_latex import to_latex
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.words import escaped, without_markup
from fmnist_core.ui.unknown_choice import unknown_choices

# Label of the button, maker of the file, ending of its name.
Download = tuple[str, Callable[[], bytes], str]

# For who chooses by keyboard; beside downloads it must not read like one.
BY_TYPING, BY_TYPING_ICON = "Choose by typing", ":material/keyboard:"

# 3:1 and better on the light and on the dark page.
BETTER, WORSE = "#2f9e44", "#e03131"


def page_header(question: str, answer_with: str, icon: str) -> None:
    """Draws the page's one question as its title, and in one line what it is answered with."""
    st.title(question, icon=icon, anchor=False)
    st.caption(answer_with)


def empty_state(what: str, how: str, command: str = "", icon: str = ":material/inbox:") -> None:
    """Says what would stand here, and how to fill it; `command` is for the terminal."""
    with st.container(border=True):
        st.markdown(f"{icon} **{what}**")
        st.markdown(how)
        if command:
            st.code(command, language=None)


def error_line(message: str) -> None:
    """Shows one error that a person can put right."""
    st.error(escaped(message), icon=":material/error:")


def warning_line(message: str) -> None:
    """Shows one caveat that changes how the numbers may be read."""
    st.warning(escaped(message), icon=":material/warning:")


def takeaway(text: str) -> None:
    """Says in words what the evidence beside it shows."""
    st.markdown(f":material/lightbulb: {text}")


def caveat(text: str) -> None:
    """Says in words what the evidence beside it does not show."""
    st.caption(f":material/info: {text}")


def label_badges(labels: Sequence[str]) -> None:
    """Draws what must stand beside a run's numbers."""
    for label in labels:
        st.badge(label, color="orange", icon=":material/info:")


def next_page(script: str, invitation: str) -> None:
    """Ends a page with the question that follows, as a link."""
    st.page_link(script, label=invitation, icon=":material/arrow_forward:")


def name_unknown_choices(key: str, titles: Iterable[str], default: Any) -> None:
    """Names what the address asks of a widget in vain; to be called before it is drawn.

    Args:
        key: the widget's key and its parameter.
        titles: its options as the reader sees them, which are what stands in the address.
        default: its value where nothing is chosen.
    """
    for line in unknown_choices(key, titles, default):
        error_line(line)


def one_of(label: str, key: str, options: dict[str, str]) -> str:
    """Draws a choice that lives in the address; the first option where nothing is chosen."""
    names = list(options)
    name_unknown_choices(key, options.values(), names[0])
    chosen = st.segmented_control(
        label,
        names,
        format_func=lambda name: options.get(name, name),
        default=names[0],
        key=key,
        bind="query-params",
        required=True,
        wrap=True,
    )
    return chosen or names[0]


def choice_by_typing() -> DeltaGenerator:
    """Returns the popover for fields that hold a choice as it stands in the address."""
    return st.popover(BY_TYPING, icon=BY_TYPING_ICON)


def show_chart(
    spec: dict[str, Any],
    *,
    says: str,
    data: pd.DataFrame,
    columns: Mapping[str, Column],
    name: str,
    limits: str = "",
    pixels: int | None = None,
) -> None:
    """Draws a chart with its takeaway, its caveat, its numbers and its downloads.

    Args:
        spec: a Vega-Lite specification that carries its data.
        says: the takeaway; also the chart's accessible name.
        data: the numbers of the chart, one row a mark.
        columns: what the columns of `data` mean; others are left out of the table.
        name: file name of the downloads, and key of the widgets.
        limits: the caveat.
        pixels: width of a chart whose aspect counts; on a narrower screen it scrolls by itself.
    """
    takeaway(says)
    with scrolling(spec["height"] + 40) if pixels else nullcontext():
        st.vega_lite_chart(
            spec | {"width": pixels} if pixels else spec,
            key=f"{name}_chart",
            alt=without_markup(says),
            width="content" if pixels else "stretch",
        )
    if limits:
        caveat(limits)
    show_chart_data(
        data,
        columns,
        name=name,
        says=says,
        download=("Vega-Lite", lambda: to_vega_lite(spec), "vl.json"),
        picture="The chart as PNG: the download button that appears at its upper right corner. "
        "As SVG: open the Vega-Lite file in any Vega editor.",
    )


def show_chart_data(
    data: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    name: str,
    says: str,
    download: Download,
    picture: str,
) -> None:
    """Draws the numbers and the downloads below a chart.

    Args:
        download: the chart's own file.
        picture: how the reader gets the chart as a picture.
    """
    with st.expander("Data and downloads", icon=":material/table_chart:"):
        show_table(
            data,
            columns,
            name=name,
            alt=f"Data of the chart: {without_markup(says)}",
            more_downloads=(download,),
        )
        st.caption(picture)


def scrolling(height: int) -> DeltaGenerator:
    """Returns a container, so many pixels high, that scrolls sideways what is wider than it."""
    return st.container(height=height, border=False)


def show_table(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    name: str,
    alt: str,
    caption: str = "",
    more_downloads: Sequence[Download] = (),
    **options: Any,
) -> Any:
    """Draws a table with its downloads as CSV and as LaTeX (booktabs).

    Args:
        columns: what is shown, in this order; the CSV holds every column of `frame`.
        caption: caption of the LaTeX table; `alt` where empty.
        options: passed to `st.dataframe`.

    Returns:
        what `st.dataframe` returns: the selection, where `options` ask for one.
    """
    event = st.dataframe(
        _coloured(displayed(frame, columns), columns),
        column_config=column_config(columns),
        hide_index=True,
        placeholder="–",
        alt=alt,
        **options,
    )
    download_row(
        name,
        ("CSV", lambda: to_csv(frame, columns), "csv"),
        ("LaTeX", lambda: to_latex(frame, columns, caption or alt), "tex"),
        *more_downloads,
    )
    return event


def download_row(name: str, *downloads: Download) -> None:
    """Draws a button for each download; a file is made when its button is pressed."""
    with st.container(horizontal=True):
        for label, make, ending in downloads:
            st.download_button(
                label,
                make,
                file_name=f"{name}.{ending}",
                key=f"{name}_{ending}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )


def displayed(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Returns the shown columns in order, fractions turned into percent and points."""
    shown = frame[[name for name in columns if name in frame]].copy()
    for name in shown.columns.astype(str):
        kind = columns[name].kind
        if kind in TIMES_100:
            shown[name] = 100 * shown[name]
        elif kind == "integer":
            shown[name] = shown[name].astype(float).round()
    return shown


def _coloured(shown: pd.DataFrame, columns: Mapping[str, Column]) -> Any:
    """Colours differences by whether they are for the better; their sign says it too."""
    styler = None
    for name in shown.columns.astype(str):
        column = columns[name]
        if column.kind in ("points", "change") and column.better:
            good = BETTER if column.better == "higher" else WORSE
            bad = WORSE if column.better == "higher" else BETTER
            styler = (styler or shown.style).map(
                _signed_color, subset=[name], above=good, below=bad
            )
    return shown if styler is None else styler


def _signed_color(value: Any, above: str, below: str) -> str:
    return f"color: {above}" if value > 0 else f"color: {below}" if value < 0 else ""


def column_config(columns: Mapping[str, Column]) -> dict[str, Any]:
    """Returns the `column_config` of `st.dataframe` for these columns."""
    return {name: _column_config(column) for name, column in columns.items()}


def _column_config(column: Column) -> Any:
    settings: dict[str, Any] = {"help": column.meaning or None, "pinned": column.pinned or None}
    match column.kind:
        case "text":
            return st.column_config.TextColumn(column.label, **settings)
        case "badges":
            return st.column_config.ListColumn(column.label, **settings)
        case "integer":
            return st.column_config.NumberColumn(column.label, format="localized", **settings)
        case "points" | "change":
            sign = f"%+.{column.digits}f"
            return st.column_config.NumberColumn(column.label, format=sign, **settings)
        case _:
            plain = f"%.{column.digits}f"
            return st.column_config.NumberColumn(column.label, format=plain, **settings)
