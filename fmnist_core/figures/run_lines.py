"""Lines of several runs in one chart: their colours, symbols, and a legend that picks them out."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from fmnist_core.figures.theme import chart, growing, wrapped_legend
from fmnist_core.figures.words import short_labels

# So that a line is known without its colour too; a ninth run has the first one's again.
SYMBOLS = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "triangle-down",
    "cross",
    "triangle-right",
    "triangle-left",
)
FOCUS = {
    "name": "focus",
    "select": {"type": "point", "fields": ["label"]},
    "bind": "legend",
}
UNFOCUSED = {"condition": {"param": "focus", "value": 1}, "value": 0.1}
# For points that show themselves, with their tooltip, only where the pointer is nearest.
POINTED = {
    "name": "pointed",
    "select": {"type": "point", "on": "pointerover", "clear": "pointerout", "nearest": True},
}
UNPOINTED = {"condition": {"param": "pointed", "empty": False, "value": 1}, "value": 0}


def run_encoding(colors: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the encodings `color` and `shape` of the field `label`, for charts with `FOCUS`.

    The legend gives the short names: 24 long ones would stand one below the other.

    Args:
        colors: label of a run -> colour, in the order of the legend.
    """
    short = short_labels(colors)
    legend = wrapped_legend(list(short.values())) | {
        "labelExpr": f"({json.dumps(short)})[datum.label]",
        "symbolSize": 90,
        "symbolOpacity": 1,
    }
    run = {"field": "label", "type": "nominal", "title": None, "legend": legend}
    symbols = list(itertools.islice(itertools.cycle(SYMBOLS), len(colors)))
    return (
        run | {"scale": {"domain": list(colors), "range": list(colors.values())}},
        run | {"scale": {"domain": list(colors), "range": symbols}},
    )


def run_chart(layers: list[dict[str, Any]], data: pd.DataFrame, *, height: int) -> dict[str, Any]:
    """Returns the chart of lines in the colours of `run_encoding`; `height` is that of the plot."""
    return growing(chart(layers, data, height=height))
