"""What all charts share: type, grid and spacing that suit the light and the dark page."""

import json
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


# Readable at 12 px on the light and on the dark page alike (4.3:1 on both).
LABEL_COLOR = "#757a8a"
# Below this width of the plot, words inside it would cover the marks.
NARROW = "width < 460"
# The name of a row without its source, where there is little room: the end tells seeds apart.
SHORT_ON_NARROW = f"{NARROW} ? replace(datum.label, regexp(' [(][^)]*[)]'), '') : datum.label"
# The legend has its columns only once the plot has its width, and the picture's height is measured
# before: Vega measures again with the next event, and the end of a window's change is made one.
_GROWING = {"type": "fit-x", "contains": "padding", "resize": True}
_RESIZED = {"name": "resized", "select": {"type": "point", "on": "window:resize{0,300}"}}
# Pixels that a letter of a name takes at most on average, and a legend's symbol with its padding.
LETTER, _SYMBOL = 6.3, 34
# A logarithmic axis over fewer decades than this has room for 2 and 5 between 1 and 10.
_FEW_DECADES = 2.5


def chart(layers: list[dict[str, Any]], data: pd.DataFrame, *, height: int) -> dict[str, Any]:
    """Returns a layered Vega-Lite specification; the page's theme colours its text and grid.

    Args:
        data: kept as a frame in the specification, since Streamlit sends it as Arrow.
        height: pixels.
    """
    return {
        "$schema": SCHEMA,
        "data": data,
        "height": height,
        "layer": layers,
        "config": {
            # The chart has its takeaway for a name and its table for the numbers. Its marks would
            # be read out one by one, and Vega gives those of a bare rule or an empty layer no name.
            # Streamlit gives every mark a tooltip with the names of its fields, unless told not to.
            "mark": {"aria": False, "tooltip": None},
            "axis": {"titleFontWeight": "normal"},
            # Streamlit pushes the first and the last name of a column of rows inwards.
            "axisYBand": {"labelFlush": False},
            "axisYPoint": {"labelFlush": False},
            "legend": {"orient": "bottom", "labelLimit": 300},
            "text": {"color": LABEL_COLOR},
        },
    }


def growing(spec: dict[str, Any]) -> dict[str, Any]:
    """Returns a `chart` whose `height` is that of its plot alone: axes and legend come on top.

    A chart of one height gives the rows of its legend from its plot, which is gone on a phone where
    many names stand one below the other.
    """
    first, *others = spec["layer"]
    layers = [first | {"params": [*first.get("params", ()), _RESIZED]}, *others]
    return spec | {"layer": layers, "autosize": _GROWING}


def wrapped_legend(names: Sequence[str], *, most: int = 4) -> dict[str, Any]:
    """Returns the legend of these names with as many columns as are no wider than the plot.

    Names go along the rows. Without it, Vega cuts off what is wider than the picture.
    """
    columns = "1"
    for count in range(2, min(most, len(names)) + 1):
        longest = [max(map(len, names[place::count])) for place in range(count)]
        columns = f"width < {sum(longest) * LETTER + count * _SYMBOL:.0f} ? {columns} : {count}"
    return {"columns": {"expr": columns}, "labelLimit": {"expr": f"max(width - {_SYMBOL}, 120)"}}


def named_rows(field: str, order: list[str], **axis: object) -> dict[str, Any]:
    """Returns the encoding of a vertical axis with a row for each name, from the top in `order`.

    Args:
        axis: Vega-Lite properties that this chart has of its own, such as `labelLimit`.
    """
    own = {"title": None, "domain": False, "ticks": False, "grid": True, "gridOpacity": 0.5}
    labels = {"labelOverlap": False, "labelPadding": 6}
    scale = {"domain": order}
    axes = {**own, **labels, **axis}
    return {"field": field, "type": "nominal", "sort": order, "scale": scale, "axis": axes}


def to_vega_lite(spec: dict[str, Any]) -> bytes:
    """Returns the specification with its data as a JSON file; any Vega tool makes an SVG of it."""
    rows = spec["data"].to_json(orient="records", double_precision=10)
    file = spec | {"data": {"values": json.loads(rows)}}
    if file.get("autosize") == _GROWING:  # the page's matter: in a file the picture may grow
        del file["autosize"]
        first, *others = file["layer"]
        params = [param for param in first["params"] if param != _RESIZED]
        file["layer"] = [first | {"params": params}, *others]
    return json.dumps(file, indent=1).encode()


def fitted_domain(low: float, high: float, *, margin: float = 0.06) -> list[float]:
    """Returns an axis range that the values fill, with a margin on both sides."""
    span = (high - low) or abs(high) * 0.1 or 1.0
    return [float(low - margin * span), float(high + margin * span)]


def fitted_log_domain(low: float, high: float, *, margin: float = 0.08) -> list[float]:
    """Returns a logarithmic axis range that positive values fill, with a margin on both sides."""
    factor = max(high / low, 2.0) ** margin
    return [float(low / factor), float(high * factor)]


def log_ticks(low: float, high: float) -> list[float]:
    """Returns the powers of ten between two positive ends; over few decades 2 and 5 of each too."""
    digits = (1, 2, 5) if math.log10(high / low) < _FEW_DECADES else (1,)
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    ticks = [digit * 10.0**power for power in powers for digit in digits]
    return [tick for tick in ticks if low <= tick <= high]
