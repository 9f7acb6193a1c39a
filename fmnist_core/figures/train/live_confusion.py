"""What a network takes for what: the confusion matrix and the F1 of each class."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.metrics import per_class_report
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.theme import chart

_HEIGHT = 380
_HOVER = [
    {"field": "true", "title": "True class"},
    {"field": "predicted", "title": "Predicted"},
    {"field": "count", "title": "Images", "format": ",d"},
    {"field": "share", "title": "Of the true class", "format": ".1%"},
]


def confusion_frame(counts: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Returns one row a cell of (10, 10) counts, rows true and columns predicted.

    `share` is the cell's part of its true class; 0 where that class has no image.
    """
    matrix = np.asarray(counts, dtype=float)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return pd.DataFrame(
        {
            "true": np.repeat(CLASS_NAMES, len(CLASS_NAMES)),
            "predicted": np.tile(CLASS_NAMES, len(CLASS_NAMES)),
            "count": matrix.ravel().astype(int),
            "share": shares.ravel(),
        }
    )


def f1_frame(counts: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Returns one row a class: `name`, `f1` in per cent, `support` and `color`."""
    matrix = np.asarray(counts, dtype=int)
    true, predicted = (
        np.repeat(places, matrix.ravel()) for places in np.indices(matrix.shape).reshape(2, -1)
    )
    classes = per_class_report(true, predicted).classes
    return pd.DataFrame(
        {
            "name": CLASS_NAMES,
            "f1": [100 * score.f1 for score in classes],
            "support": [score.support for score in classes],
            "color": CLASS_COLORS,
        }
    )


def confusion_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Returns the counts of `confusion_frame` as they are read: a true class a row."""
    counts = cells["count"].to_numpy().reshape(len(CLASS_NAMES), len(CLASS_NAMES))
    table = pd.DataFrame(counts, columns=CLASS_NAMES)
    table.insert(0, "True class", CLASS_NAMES)
    return table


def confusion_takeaway(cells: pd.DataFrame) -> str:
    """Returns which confusion is the most frequent, in a sentence."""
    wrong = cells["count"].to_numpy() * (cells["true"] != cells["predicted"]).to_numpy()
    if not wrong.any():
        return "Every image is recognised."
    most = cells.iloc[int(wrong.argmax())]
    times = "once" if most["count"] == 1 else f"{most['count']:,} times"
    return (
        f"Most frequent confusion: **{most['true']}** taken for **{most['predicted']}**, {times}."
    )


def f1_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Returns `f1_frame` as it is read."""
    headings = {"name": "Class", "f1": "F1 (%)", "support": "Images"}
    return scores[list(headings)].rename(columns=headings)


def f1_takeaway(scores: pd.DataFrame) -> str:
    """Returns the hardest and the easiest class, in a sentence."""
    f1 = scores["f1"].to_numpy()
    worst, best = scores.iloc[int(f1.argmin())], scores.iloc[int(f1.argmax())]
    return (
        f"Hardest class: **{worst['name']}** (F1 {worst['f1']:.1f} %); easiest: "
        f"**{best['name']}** ({best['f1']:.1f} %)."
    )


def confusion_chart(cells: pd.DataFrame, color: str) -> dict[str, Any]:
    """Returns the heatmap of `confusion_frame`, with the count in each cell.

    Args:
        color: of the cells; its strength is the root of the share, so that rare mistakes show.
    """
    axis = {"title": None, "domain": False, "ticks": False, "grid": False, "labelPadding": 6}
    order = list(CLASS_NAMES)
    x = {
        "field": "predicted",
        "type": "nominal",
        "sort": order,
        "axis": axis | {"title": "Predicted", "labelAngle": -40, "labelOverlap": False},
    }
    y = {"field": "true", "type": "nominal", "sort": order, "axis": axis | {"title": "True class"}}
    place = {"x": x, "y": y}
    strength = {
        "field": "share",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, 1], "range": [0.04, 1]},
        "legend": None,
    }
    # "currentColor" is the page's own text colour, legible on a pale cell of either page.
    ink = {"condition": {"test": "datum.share > 0.45", "value": "#ffffff"}, "value": "currentColor"}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "color": color, "cornerRadius": 2},
            "encoding": {**place, "opacity": strength, "tooltip": _HOVER},
        },
        {
            "transform": [{"filter": "datum.count > 0"}],
            "mark": {"type": "text", "fontSize": 11},
            "encoding": {
                **place,
                "text": {"field": "count", "type": "quantitative"},
                "color": ink,
            },
        },
    ]
    return chart(layers, cells, height=_HEIGHT)


def f1_chart(scores: pd.DataFrame) -> dict[str, Any]:
    """Returns the bars of `f1_frame` in the colours of the classes, each with its number."""
    y = {
        "field": "name",
        "type": "nominal",
        "sort": list(CLASS_NAMES),
        "axis": {"title": None, "domain": False, "ticks": False, "labelPadding": 6},
    }
    # Bars start at zero: their length is what is compared.
    x = {
        "field": "f1",
        "type": "quantitative",
        "title": "F1 (%)",
        "scale": {"domain": [0, 112], "nice": False},
        "axis": {"values": [0, 25, 50, 75, 100]},
    }
    tooltip = [
        {"field": "name", "title": "Class"},
        {"field": "f1", "title": "F1 (%)", "format": ".2f"},
        {"field": "support", "title": "Images", "format": ",d"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.66}},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"field": "color", "type": "nominal", "scale": None},
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
            "encoding": {
                "x": x,
                "y": y,
                "text": {"field": "f1", "type": "quantitative", "format": ".1f"},
            },
        },
    ]
    return chart(layers, scores, height=_HEIGHT)
