"""The curves of one class against the rest, below its images."""

from collections.abc import Mapping

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.class_scores import ClassScores
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.ranking import (
    CURVES,
    curve_chart,
    curve_columns,
    curve_frame,
    curve_takeaway,
)
from fmnist_core.figures.palette import run_colors
from fmnist_core.ui.components import empty_state, one_of, show_chart

_LIMITS = {
    "pr": "From half of the class on; what leaves the picture below stands in the table.",
    "roc": "The horizontal axis is logarithmic: the few mistakes at its left are what counts.",
}
_WHOLE = 1 - 1e-9  # the last recall of a curve that finds every image


def show_ranking(
    sheet: Sheet,
    scores: tuple[ClassScores, ...],
    label: int,
    labels: Mapping[str, str],
    architectures: Mapping[str, str],
) -> None:
    """Draws how each network's probability of a class parts its images from all others.

    Args:
        scores: of the sheet.
        label: the class.
        labels, architectures: run id -> name, and catalogue id.
    """
    name = CLASS_NAMES[label]
    st.subheader(f"{name} against the rest", anchor=False)
    curve = one_of("Curve", "curve", {key: kind.short for key, kind in CURVES.items()})
    rows = curve_frame(sheet, label, labels, curve)
    if rows.empty:
        empty_state(
            "No curve to draw.",
            f"It needs shared test images of {name} and of other classes: choose another class, or "
            "runs that share more images.",
        )
        return
    limits = _LIMITS[curve]
    if rows.groupby("label")["x"].max().min() < _WHOLE:
        limits += " A curve that ends early has images of probability 0 left, in no order."
    colors, _ = run_colors(
        [labels[run_id] for run_id in sheet.run_ids],
        [architectures[run_id] for run_id in sheet.run_ids],
    )
    show_chart(
        curve_chart(rows, curve, colors),
        says=curve_takeaway(scores, label, name, curve, labels),
        data=rows,
        columns=curve_columns(curve),
        name=f"{curve}_of_class_{label}",
        limits=limits,
    )
