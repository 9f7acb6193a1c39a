"""Accuracy over an ordered factor: a line with intervals for each network."""

import itertools
from typing import Any

import pandas as pd

from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.studies.axes import accuracy_axis
from fmnist_core.figures.table import Column

_HEIGHT = 270
RESPONSE_COLUMNS = {
    "label": Column("Network", pinned=True),
    "value": Column("Level", "decimal", digits=0),
    "level": Column("Name"),
    "accuracy": Column("Test accuracy (%)", "percent"),
    "low": Column("95 % from", "percent"),
    "high": Column("to", "percent"),
    "seeds": Column("Seeds", "integer"),
    "budget": Column("Budget"),
}


def response_frame(result: StudyResult) -> pd.DataFrame:
    """Returns one row for each trained level that has a value; the network carries its budget."""
    rows = []
    for part in result.series:
        budgets = list(dict.fromkeys(one.reduced for one in part.trained))
        # A budget that the whole line has stands in its name; mixed ones stand at their points.
        shared = f" ({budgets[0]})" if len(budgets) == 1 and budgets[0] else ""
        for one in part.trained:
            if one.level.value is None or one.ci95 is None:
                continue
            rows.append(
                {
                    "label": part.series.title + shared,
                    "value": one.level.value,
                    "level": one.label,
                    "accuracy": one.accuracy,
                    "low": one.ci95[0],
                    "high": one.ci95[1],
                    "seeds": len(one.runs),
                    "budget": one.reduced or "full",
                    "architecture": part.trained[0].setup.architecture,
                }
            )
    return pd.DataFrame(rows, columns=[*RESPONSE_COLUMNS, "architecture"])


def response_chart(frame: pd.DataFrame, axis: str) -> dict[str, Any]:
    """Returns the lines of `response_frame`; levels that double stand on a logarithmic axis.

    Args:
        axis: title of the x axis.
    """
    first = frame.drop_duplicates("label")
    colors = {
        str(label): architecture_color(str(name))
        for label, name in zip(first["label"], first["architecture"], strict=True)
    }
    color, shape = run_encoding(colors)
    values = sorted({float(value) for value in frame["value"]})
    doubling = values[0] > 0 and all(b >= 2 * a for a, b in itertools.pairwise(values))
    scale: dict[str, Any] = {"type": "log", "base": 2} if doubling else {"zero": False}
    low, high = values[0], values[-1]
    margin = (high / low) ** 0.06 if doubling else 0.05 * (high - low or 1)
    domain = [low / margin, high * margin] if doubling else [low - margin, high + margin]
    percent, from_, to = (100 * frame[end] for end in ("accuracy", "low", "high"))
    accuracy = accuracy_axis([from_.min(), to.max()])
    shown = frame.assign(
        percent=percent,
        from_=from_,
        to=to,
        place=accuracy.place(percent),
        from_place=accuracy.place(from_),
        to_place=accuracy.place(to),
    )
    x = {
        "field": "value",
        "type": "quantitative",
        "title": axis,
        "scale": {**scale, "domain": domain, "nice": False},
        "axis": {"values": values, "labelExpr": "datum.value", "grid": False},
    }
    y = {**accuracy.upright, "field": "place"}
    shared = {"x": x, "color": color, "opacity": UNFOCUSED}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                **shared,
                "y": {**y, "field": "from_place"},
                "y2": {"field": "to_place"},
                "opacity": {"condition": {"param": "focus", "value": 0.45}, "value": 0.06},
            },
        },
        {
            "params": [FOCUS],
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {**shared, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80},
            "encoding": {
                **shared,
                "y": y,
                "shape": shape,
                "tooltip": [
                    {"field": "label", "title": "Network"},
                    {"field": "level", "title": "Level"},
                    {"field": "percent", "title": "Test accuracy (%)", "format": ".2f"},
                    {"field": "from_", "title": "95 % from", "format": ".2f"},
                    {"field": "to", "title": "to", "format": ".2f"},
                    {"field": "seeds", "title": "Seeds"},
                    {"field": "budget", "title": "Budget"},
                ],
            },
        },
    ]
    return run_chart(layers, shown, height=_HEIGHT)
