"""Hard images: those that many networks fail, and those that only one gets right."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.hard import (
    FAILING_COLUMNS,
    ONLY_COLUMNS,
    failing_chart,
    failing_frame,
    failing_takeaway,
    only_chart,
    only_frame,
    only_takeaway,
)
from fmnist_core.figures.classes.picks import hard_pick, only_right_pick
from fmnist_core.ui.class_choice import NETWORK, network_picker
from fmnist_core.ui.classes.charts import chart_data, clickable_chart
from fmnist_core.ui.classes.images import show_images
from fmnist_core.ui.components import caveat, empty_state, one_of

_FAILING_CHART, _ONLY_CHART, _FAILING = "classes_failing", "classes_only", "failing"


def show_hard(sheet: Sheet, labels: Mapping[str, str], architectures: Mapping[str, str]) -> None:
    """Draws how many networks fail how many images, and shows those images.

    Args:
        architectures: run id -> catalogue id, for the colours.
    """
    if len(sheet.run_ids) < 2:
        empty_state(
            "One network agrees with itself.",
            "Choose a second run above, or see this one's mistakes under *Scores*.",
        )
        return
    which = one_of("Show", "hard", {"failing": "How many fail", "only": "Only one gets it right"})
    if which == "only":
        _show_only(sheet, labels, architectures)
    else:
        _show_failing(sheet, labels)


def _show_failing(sheet: Sheet, labels: Mapping[str, str]) -> None:
    runs, above = len(sheet.run_ids), st.container()
    st.subheader("The images", anchor=False)
    # Drawn before the chart, which frames the chosen bar.
    failing = int(
        st.number_input(
            "Networks that fail",
            1,
            runs,
            runs,
            key=_FAILING,
            bind="query-params",
            width=180,
            help="Exactly so many of the chosen networks get the image wrong.",
        )
    )
    with above:
        frame = failing_frame(sheet)
        spec, says = failing_chart(frame, failing), failing_takeaway(frame)
        clickable_chart(spec, key=_FAILING_CHART, says=says, means=_so_many_fail)
        caveat("Click a bar to see its images.")
        chart_data({"Vega-Lite": spec}, frame, FAILING_COLUMNS, name="hard_images", alt=says)
    show_images(sheet, hard_pick(sheet, failing), labels, view="hard")


def _show_only(sheet: Sheet, labels: Mapping[str, str], architectures: Mapping[str, str]) -> None:
    above = st.container()
    st.subheader("The images", anchor=False)
    network = network_picker(sheet.run_ids, labels)
    with above:
        frame = only_frame(sheet, labels, architectures)
        spec, says = only_chart(frame, network), only_takeaway(frame)
        clickable_chart(spec, key=_ONLY_CHART, says=says, means=_only_it)
        caveat("Click a bar to see its images.")
        chart_data({"Vega-Lite": spec}, frame, ONLY_COLUMNS, name="only_right", alt=says)
    show_images(sheet, only_right_pick(sheet, network, labels), labels, view="only")


def _so_many_fail(clicked: Mapping[str, Any]) -> dict[str, int]:
    return {_FAILING: int(clicked["failing"])}


def _only_it(clicked: Mapping[str, Any]) -> dict[str, str]:
    return {NETWORK: clicked["run_id"]}
