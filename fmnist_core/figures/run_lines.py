"""Lines of several runs in one chart: their colours, symbols, and a legend that picks them out."""

import itertools
from collections.abc import Mapping
from typing import Any

from fmnist_core.figures.theme import NARROW

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
# Characters that fit a third of the legend, and the pixels of one of its rows.
_LONG_LABEL, _LEGEND_ROW = 42, 29

FOCUS = {
    "name": "focus",
    "select": {"type": "point", "fields": ["label"]},
    "bind": "legend",
}
UNFOCUSED = {"condition": {"param": "focus", "value": 1}, "value": 0.1}


def run_encoding(colors: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns the encodings `color` and `shape` of the field `label`, for charts with `FOCUS`.

    Args:
        colors: label of a run -> colour, in the order of the legend.
    """
    columns, label_limit = _legend(colors)
    legend = {
        "columns": {"expr": f"{NARROW} ? 1 : {columns}"},
        "labelLimit": label_limit,
        "symbolSize": 90,
        "symbolOpacity": 1,
    }
    run = {"field": "label", "type": "nominal", "title": None, "legend": legend}
    symbols = list(itertools.islice(itertools.cycle(SYMBOLS), len(colors)))
    return (
        run | {"scale": {"domain": list(colors), "range": list(colors.values())}},
        run | {"scale": {"domain": list(colors), "range": symbols}},
    )


def room_for_legend(colors: Mapping[str, str]) -> int:
    """Returns the pixels by which a chart grows so that its legend leaves the plot its height."""
    rows = -(-len(colors) // _legend(colors)[0])
    return _LEGEND_ROW * max(0, rows - 2)


def _legend(colors: Mapping[str, str]) -> tuple[int, int]:
    """Returns the columns of the legend, and the pixels a name may take."""
    return (2, 430) if max(map(len, colors)) > _LONG_LABEL else (3, 300)
