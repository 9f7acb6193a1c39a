"""Scores: how well each network knows each class, and the images behind a score."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.picks import Kind, class_pick
from fmnist_core.figures.classes.scores import (
    METRICS,
    ORDERS,
    SCORE_COLUMNS,
    absent_classes,
    class_order,
    never_predicted,
    scores_chart,
    scores_frame,
    scores_takeaway,
    wide_table,
)
from fmnist_core.ui.class_choice import (
    NETWORK,
    class_picker,
    network_picker,
)
from fmnist_core.ui.classes.charts import chart_data, clickable_chart
from fmnist_core.ui.classes.images import show_images
from fmnist_core.ui.classes.loaders import known_scores
from fmnist_core.ui.classes.ranking import show_ranking
from fmnist_core.ui.components import caveat, one_of, show_table, takeaway
from fmnist_core.ui.selection import CLASS

_CHART, _TABLE, _KIND = "classes_scores", "classes_scores_table", "which"
_KINDS: dict[Kind, str] = {
    "missed": "Missed",
    "false": "Falsely called so",
    "right": "Recognised",
}
# What lowers each metric.
_KIND_OF = dict.fromkeys(METRICS, "missed") | {"precision": "false"}


def show_scores(sheet: Sheet, labels: Mapping[str, str], architectures: Mapping[str, str]) -> None:
    """Draws the scores of every class and network, and images and curves of the chosen class.

    Args:
        labels, architectures: run id -> name, and catalogue id.
    """
    known = known_scores(sheet)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        metric = one_of("Metric", "score", METRICS)
        order = one_of("Classes", "order", ORDERS)
        shape = one_of("As", "as", {"chart": "Chart", "table": "Table"})
    above = st.container()
    # Drawn before the chart, which frames the chosen cell.
    network, label, kind = _choose_images(sheet, labels)
    with above:
        scores = scores_frame(known, labels)
        names = class_order(scores, metric, order)
        if shape == "table":
            _show_table(scores, metric, names, network)
        else:
            name = "" if label is None else CLASS_NAMES[label]
            _show_chart(scores, metric, names, (network, name))
        for words in (*never_predicted(scores), absent_classes(scores)):
            if words:
                caveat(words)
    if label is not None:
        show_images(sheet, class_pick(sheet, network, label, kind, labels), labels, view="scores")
        show_ranking(sheet, known, label, labels, architectures)


def _show_chart(
    scores: pd.DataFrame, metric: str, names: list[str], chosen: tuple[str, str]
) -> None:
    spec = scores_chart(scores, metric, names, chosen)
    clickable_chart(
        spec,
        key=_CHART,
        says=scores_takeaway(scores, metric),
        means=lambda clicked: _meaning(clicked["run_id"], clicked["class_name"], metric),
    )
    caveat("The stronger the colour, the lower the score. Click a cell to see its images.")
    chart_data(
        {"Vega-Lite": spec},
        scores,
        SCORE_COLUMNS,
        name="class_scores",
        alt="Scores of every class by every chosen network",
    )


def _show_table(scores: pd.DataFrame, metric: str, names: list[str], network: str) -> None:
    takeaway(scores_takeaway(scores, metric))
    table, columns = wide_table(scores, metric, names)
    classes = tuple(table["class_name"])
    show_table(
        table,
        columns,
        name=f"class_{metric}",
        alt=f"{METRICS[metric]} of every class by every chosen network",
        key=_TABLE,
        on_select=lambda: _take_table_cell(classes, network, metric),
        selection_mode="single-cell",
    )
    caveat("Click a cell to see its images.")


def _choose_images(sheet: Sheet, labels: Mapping[str, str]) -> tuple[str, int | None, Kind]:
    """Draws the choice of the images; returns the network, the class if any, and which of them."""
    st.subheader("Images behind a score", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        network = network_picker(sheet.run_ids, labels)
        label = class_picker()
        chosen = one_of("Which", _KIND, {str(key): title for key, title in _KINDS.items()})
    if label is None:
        st.markdown("Click a cell above, or choose a class, to see its images and curves.")
    return network, label, next(key for key in _KINDS if key == chosen)


def _take_table_cell(classes: tuple[str, ...], network: str, metric: str) -> None:
    cells = st.session_state[_TABLE]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        is_run = column not in ("class_name", "support", "predicted", *METRICS)
        run_id, of = column if is_run else network, column if column in METRICS else metric
        st.session_state.update(_meaning(run_id, classes[row], of))


def _meaning(run_id: str, class_name: str, metric: str) -> dict[str, str]:
    """Returns what a click on a score sets; nothing for an average, which has no images."""
    if class_name not in CLASS_NAMES:
        return {}
    return {NETWORK: run_id, CLASS: class_name, _KIND: _KIND_OF[metric]}
