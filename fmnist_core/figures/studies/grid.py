"""Two factors at once: the accuracy of every combination, as a table of shaded cells."""

from typing import Any

import pandas as pd

from fmnist_core.evaluation.p_values import p_value
from fmnist_core.evaluation.study.result import SeriesResult
from fmnist_core.figures.significance_matrix import AHEAD
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LETTER, chart

_ROW, _FRAME = 52, 90
_UNKNOWN = "–"
GRID_COLUMNS = {
    "row": Column("Row", pinned=True),
    "column": Column("Column", pinned=True),
    "accuracy": Column("Test accuracy (%)", "percent"),
    "low": Column("95 % from", "percent"),
    "high": Column("to", "percent"),
    "difference": Column("Against the reference (points)", "points", better="higher"),
    "p": Column("p (Holm)"),
    "seeds": Column("Seeds", "integer"),
    "budget": Column("Budget"),
    "mark": Column("Mark", meaning="≈: not separated from the reference; ref: the reference."),
}


def grid_frame(part: SeriesResult) -> pd.DataFrame:
    """Returns one row for each cell, trained or not."""
    effects = {one.level: one for one in part.effects}
    rows = []
    for one in part.levels:
        found = effects.get(one.level.label)
        mark = "" if found is None or found.separated else "≈"
        if one.level.label == part.series.reference:
            mark = "ref"
        rows.append(
            {
                "row": one.level.row,
                "column": one.level.column,
                "accuracy": one.accuracy,
                "low": one.ci95[0] if one.ci95 else None,
                "high": one.ci95[1] if one.ci95 else None,
                "difference": found.difference if found else None,
                "p": p_value(found.p_holm) if found else None,
                "p_holm": found.p_holm if found else None,
                "seeds": len(one.runs),
                "budget": (one.reduced or "full") if one.runs else _UNKNOWN,
                "mark": mark,
            }
        )
    numbers = ("accuracy", "low", "high", "difference", "p_holm")
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, float))


def grid_chart(frame: pd.DataFrame, rows: str, columns: str) -> dict[str, Any]:
    """Returns the cells of `grid_frame`, darker for a higher accuracy; "–" where there is no run.

    The shade follows the logarithm of the errors, or one failed cell would leave all others alike.

    Args:
        rows, columns: titles of the two factors.
    """
    errors = 1 - frame["accuracy"]
    shown = frame.assign(
        percent=100 * frame["accuracy"],
        from_=100 * frame["low"],
        to=100 * frame["high"],
        points=100 * frame["difference"],
        error=errors.clip(lower=1e-4),
        written=[
            f"{100 * accuracy:.2f}{f' {mark}' if mark else ''}"
            if accuracy == accuracy  # a NaN is not
            else _UNKNOWN
            for accuracy, mark in zip(frame["accuracy"], frame["mark"], strict=True)
        ],
    )
    least, most = shown["error"].min(), shown["error"].max()
    names = list(dict.fromkeys(frame["column"]))
    tight = f"width < {LETTER * max(map(len, names), default=0) * len(names):.0f}"
    place = {
        "x": {
            "field": "column",
            "type": "nominal",
            "sort": names,
            "title": columns,
            "axis": {
                "orient": "top",
                # Aslant, with room on the left, where the longest name is wider than its column.
                "labelAngle": {"expr": f"{tight} ? 40 : 0"},
                "labelAlign": {"expr": f"{tight} ? 'right' : 'center'"},
                "labelBaseline": "bottom",
                "labelOverlap": False,
                "domain": False,
                "ticks": False,
            },
        },
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": list(dict.fromkeys(frame["row"])),
            "title": rows,
            "axis": {"domain": False, "ticks": False},
        },
    }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "cornerRadius": 2, "color": AHEAD},
            "encoding": {
                **place,
                "opacity": {
                    "field": "error",
                    "type": "quantitative",
                    "scale": {
                        "type": "log",
                        "domain": [least, most if most > least else 2 * least],
                        "range": [0.75, 0.08],
                    },
                    "legend": None,
                },
                "tooltip": [
                    {"field": "row", "title": rows},
                    {"field": "column", "title": columns},
                    {"field": "percent", "title": "Test accuracy (%)", "format": ".2f"},
                    {"field": "from_", "title": "95 % from", "format": ".2f"},
                    {"field": "to", "title": "to", "format": ".2f"},
                    {"field": "points", "title": "Against the reference", "format": "+.2f"},
                    {"field": "budget", "title": "Budget"},
                ],
            },
            "transform": [{"filter": "isValid(datum.percent)"}],
        },
        {
            "mark": {"type": "text", "fontSize": 12, "tooltip": None},
            "encoding": {
                **place,
                "text": {"field": "written", "type": "nominal"},
                "color": {"value": "currentColor"},
            },
        },
    ]
    return chart(layers, shown, height=_FRAME + _ROW * frame["row"].nunique())
