"""Published and measured fractions, one line each: a diamond for theirs, a point for ours."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.figures.palette import NEUTRAL, architecture_color
from fmnist_core.figures.papers.rows import budget_mark, marks, network_name, what
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import NARROW, chart, fitted_domain, wrapped_legend
from fmnist_core.figures.words import escaped
from fmnist_core.papers.schema import METRICS

PUBLISHED, OURS = "Published", "Ours, with 95 % interval"
_LINE_HEIGHT = 22
DOT_COLUMNS = {
    "label": Column("Number", pinned=True),
    "published": Column("Published (%)", "percent"),
    "measured": Column("Ours (%)", "percent"),
    "difference": Column("Difference (points)", "points"),
    "verdict": Column("Verdict"),
    "marks": Column("Marks", "badges"),
}


def dots_frame(rows: Sequence[LedgerRow]) -> pd.DataFrame:
    """Returns the fractions of Fashion-MNIST among these numbers, one row each."""
    drawn = [
        row
        for row in rows
        if row.published is not None
        and row.dataset == "fashion_mnist"
        and METRICS[row.metric][1] == "fraction"
    ]
    alike = len({row.system for row in drawn}) == 1
    records = []
    for row in drawn:
        low, high = row.ci95 or (None, None)
        name = what(row) if alike else f"{network_name(row.system)}, {what(row)}"
        records.append(
            {
                "label": name + budget_mark(row),
                "published": row.published,
                "measured": row.measured,
                "difference": row.difference,
                "verdict": row.verdict,
                "marks": marks(row),
                "low": low,
                "high": high,
                "color": architecture_color(row.system),
                "place": row.place,
            }
        )
    frame = pd.DataFrame(records, columns=[*DOT_COLUMNS, "low", "high", "color", "place"])
    # A source may print one number twice, in its text and in a figure.
    twice = frame["label"].duplicated(keep=False)
    frame["label"] = frame["label"].where(~twice, frame["label"] + " (" + frame["place"] + ")")
    again = frame.groupby("label").cumcount() + 1
    return frame.assign(
        label=frame["label"].where(again == 1, frame["label"] + " " + again.astype(str))
    )


def dots_takeaway(frame: pd.DataFrame) -> str:
    """Returns how far ours lie from the published ones, and the farthest of them."""
    measured = frame.dropna(subset="difference")
    if measured.empty:
        return f"{len(frame)} published, none of them measured here yet."
    points = 100 * measured["difference"].astype(float)
    place = int(points.abs().to_numpy().argmax())
    far = measured.iloc[place]
    if len(measured) == 1:
        return (
            f"**{escaped(far['label'])}**: {100 * far['measured']:.2f} % here, "
            f"{100 * far['published']:.2f} % published."
        )
    below, above = int((points < 0).sum()), int((points > 0).sum())
    return (
        f"Of {len(measured)} numbers with one of ours beside them, ours is lower in {below} and "
        f"higher in {above}, by {points.abs().median():.2f} points in the median; farthest apart "
        f"is **{escaped(far['label'])}**, {points.iloc[place]:+z.2f} points."
    )


def dots_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the chart of `dots_frame`; the thin line between the two is their difference."""
    shown = frame.assign(
        theirs=100 * frame["published"].astype(float),
        ours=100 * frame["measured"].astype(float),
        low=100 * frame["low"].astype(float),
        high=100 * frame["high"].astype(float),
        marks=frame["marks"].map(", ".join),
    )
    ends = shown[["theirs", "ours", "low", "high"]]
    y = {
        "field": "label",
        "type": "nominal",
        "title": None,
        "sort": list(shown["label"]),
        "axis": {
            "labelLimit": {"expr": f"{NARROW} ? 150 : 360"},
            "labelExpr": f"({json.dumps(_without_source(shown['label']))})[datum.label]",
            "labelOverlap": False,
            "ticks": False,
            "domain": False,
        },
    }
    scale = {"domain": fitted_domain(ends.min().min(), ends.max().max()), "nice": False}
    x = {"field": "theirs", "type": "quantitative", "title": "Per cent", "scale": scale}
    hue = {"field": "color", "type": "nominal", "scale": None}
    tooltip = [
        {"field": "label", "title": "Number"},
        {"field": "theirs", "title": "Published (%)", "format": ".2f"},
        {"field": "ours", "title": "Ours (%)", "format": ".2f"},
        {"field": "low", "title": "95 % interval, low", "format": ".2f"},
        {"field": "high", "title": "95 % interval, high", "format": ".2f"},
        {"field": "verdict", "title": "Verdict"},
        {"field": "marks", "title": "Marks"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeDash": [2, 3], "color": NEUTRAL},
            "encoding": {"x": x, "x2": {"field": "ours"}, "y": y},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": hue},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "ours"},
                "y": y,
                "color": hue,
                "shape": _kind(OURS),
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "point", "size": 75, "strokeWidth": 2, "color": NEUTRAL, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": _kind(PUBLISHED), "tooltip": tooltip},
        },
    ]
    return chart(layers, shown, height=130 + _LINE_HEIGHT * len(shown))


def _without_source(labels: Iterable[str]) -> dict[str, str]:
    """Returns label -> label without the network's source, which the chart's own title has."""
    short = {label: re.sub(r" \([^)]*\)(?=, )", "", label, count=1) for label in labels}
    return short if len(set(short.values())) == len(short) else {label: label for label in short}


def _kind(kind: str) -> dict[str, Any]:
    return {
        "datum": kind,
        "type": "nominal",
        "title": None,
        "scale": {"domain": [PUBLISHED, OURS], "range": ["diamond", "circle"]},
        "legend": {"symbolStrokeColor": NEUTRAL, "symbolFillColor": NEUTRAL}
        | wrapped_legend([PUBLISHED, OURS]),
    }
