"""Accuracy against cost: points with intervals, and the frontier of runs that nothing beats."""

from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.figures.findings import ranked_group
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.theme import (
    NARROW,
    chart,
    fitted_domain,
    fitted_log_domain,
    log_ticks,
    wrapped_legend,
)
from fmnist_core.figures.words import escaped, short_labels

# Costs a reader can put on the x axis: column of the leaderboard -> name on the button, axis title.
COSTS = {
    "params": ("Parameters", "Parameters"),
    "macs": ("MACs", "Multiply-accumulates for one image"),
    "train_cpu_seconds": ("Training", "Processor time of the training (seconds)"),
    "latency_ms": ("Latency", "Time for one image (milliseconds)"),
    "size_kb": ("Model size", "Model file (kB)"),
}
FRONTIER = "on_frontier"
# How far from the ranked runs one without a rank still stretches the axis, as a fraction.
_NEAR = 0.05
# How far from the axis' end a run beyond it is drawn, as a share of the axis.
_INSET = 0.03
# Pixels, for finding room for names: of a plot of usual width, 12 px type and its points.
_PLOT_WIDTH, _PLOT_HEIGHT, _CHARACTER_WIDTH, _LINE_HEIGHT, _POINT_RADIUS = 850, 290, 6.3, 15, 6
# How far a name stands beside and above its point.
_NAME_OFFSET = 9
# A split has its shape whichever others are shown.
_SHAPES = dict(
    zip(
        (protocol.title for protocol in PROTOCOLS.values()),
        ("circle", "square", "triangle-up"),
        strict=True,
    )
)


def with_frontier(board: pd.DataFrame, cost: str) -> pd.DataFrame:
    """Returns the runs that have this cost, with a column that marks the Pareto frontier.

    A ranked run is on the frontier of its protocol when no other ranked run of that protocol is at
    least as accurate for at most its cost, and better in one of the two.
    """
    points = board[board[cost] > 0].sort_values([cost, "test_accuracy"], ascending=[True, False])
    ranked = points[points["rank"].notna()]
    accuracies = ranked.groupby("protocol")["test_accuracy"]
    best_before = accuracies.cummax().groupby(ranked["protocol"]).shift()
    ahead = ranked["test_accuracy"] > best_before.fillna(-1)
    return points.assign(**{FRONTIER: points.index.isin(ranked.index[ahead])})


def drawn_runs(points: pd.DataFrame, *, unranked: bool) -> pd.DataFrame:
    """Returns the rows of `with_frontier` that are drawn: the ranked ones, or all.

    Runs without a rank are as a rule the most, and shorter or smaller than any other: with them
    the ranked ones share a corner. Where no run has a rank, all are drawn.
    """
    ranked = points["rank"].notna()
    return points if unranked or not ranked.any() else points[ranked]


def cost_takeaway(points: pd.DataFrame, cost: str) -> str:
    """Returns what the frontier of the split with the most ranked runs says, in a sentence."""
    group = ranked_group(points)
    frontier = group[group[FRONTIER]].sort_values(cost)
    if frontier.empty:
        return "No shown run has a rank, so there is no frontier to draw."
    split = f"{len(group)} ranked runs ({group['protocol_title'].iloc[0]})"
    first, last = frontier.iloc[0], frontier.iloc[-1]
    if len(frontier) == 1:
        return f"**{escaped(first['label'])}** is the cheapest and the most accurate of {split}."
    gain = 100 * (last["test_accuracy"] - first["test_accuracy"])
    return (
        f"{len(frontier)} of {split} are not beaten at their cost, from "
        f"**{escaped(first['label'])}** ({100 * first['test_accuracy']:.2f} %) to "
        f"**{escaped(last['label'])}** ({100 * last['test_accuracy']:.2f} %): "
        f"{_times(last[cost] / first[cost])} the cost for {gain:.2f} points."
    )


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times" if ratio < 100 else f"{ratio:,.0f} times"


def unranked_note(points: pd.DataFrame) -> str:
    """Returns how runs without a rank are drawn, as Markdown; empty where there are none."""
    if points["rank"].notna().all():
        return ""
    hollow = " Hollow points have no rank."
    beyond = points[_beyond(points) != ""].sort_values("test_accuracy")
    if beyond.empty:
        return hollow
    percents = [f"{100 * accuracy:.2f} %" for accuracy in beyond["test_accuracy"]]
    if len(beyond) == 1:
        name = f"**{escaped(beyond['label'].iloc[0])}**"
        return f"{hollow} An arrow marks {name}, whose {percents[0]} lies beyond the axis."
    ends = f"{percents[0]} to {percents[-1]}" if percents[0] != percents[-1] else percents[0]
    return f"{hollow} Arrows mark {len(beyond)} of them that lie beyond the axis, at {ends}."


def cost_chart(points: pd.DataFrame, cost: str) -> dict[str, Any]:
    """Returns the chart of `with_frontier`'s rows: accuracy in per cent over the cost, log x.

    Args:
        points: leaderboard rows with `color`, `low`, `high` and the frontier column.
    """
    axis = fitted_domain(*(100 * end for end in _accuracy_range(points)))
    inset = _INSET * (axis[1] - axis[0])
    names = points["label"].map(short_labels(points["label"]))
    shown = points[["label", "color", "protocol_title", "rank", FRONTIER, cost]].assign(
        name=names,
        name_side=_name_sides(points, cost, names.str.len()),
        badges=points["badges"].map(", ".join),
        accuracy=100 * points["test_accuracy"],
        low=100 * points["low"],
        high=100 * points["high"],
        drawn=(100 * points["test_accuracy"]).clip(axis[0] + inset, axis[1] - inset),
        beyond=_beyond(points),
    )
    domain = fitted_log_domain(shown[cost].min(), shown[cost].max())
    x = {
        "field": cost,
        "type": "quantitative",
        "title": COSTS[cost][1],
        "scale": {
            "type": "log",
            "domain": domain,
            "nice": False,
        },
        # "~s" alone writes a hundredth of a millisecond as "10m".
        "axis": {
            "labelExpr": "format(datum.value, datum.value < 1 ? '~g' : '~s')",
            "values": log_ticks(*domain),
        },
    }
    y_scale = {"domain": axis, "nice": False}
    y_title = "Test accuracy (%), with 95 % interval"
    y = {"field": "accuracy", "type": "quantitative", "title": y_title, "scale": y_scale}
    tooltip = [
        {"field": "label", "title": "Run"},
        {"field": "accuracy", "title": "Test accuracy (%)", "format": ".2f"},
        {"field": "low", "title": "95 % interval, low", "format": ".2f"},
        {"field": "high", "title": "95 % interval, high", "format": ".2f"},
        {"field": cost, "title": COSTS[cost][1], "format": ",.4~r"},
        {"field": "protocol_title", "title": "Split"},
        {"field": "badges", "title": "Caveats"},
    ]
    present = set(shown["protocol_title"])
    splits = [title for title in _SHAPES if title in present]
    hue = {"field": "color", "type": "nominal", "scale": None}
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": f"datum.{FRONTIER}"}],
            "mark": {"type": "line", "interpolate": "step-after", "color": NEUTRAL, "opacity": 0.7},
            "encoding": {"x": x, "y": y, "detail": {"field": "protocol_title"}},
        },
        {
            "transform": [{"filter": "datum.beyond == ''"}],
            "mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.55},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": hue},
        },
        {
            "mark": {"type": "point", "size": 90, "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": {**y, "field": "drawn"},
                "color": hue,
                "fill": hue,
                "shape": {
                    "field": "protocol_title",
                    "type": "nominal",
                    "title": "Split",
                    "scale": {"domain": splits, "range": [_SHAPES[name] for name in splits]},
                    "legend": {
                        "symbolFillColor": NEUTRAL,
                        "symbolStrokeColor": NEUTRAL,
                    }
                    | wrapped_legend(splits),
                },
                # A hollow point is a run without a rank: fewer epochs than planned by its source.
                "fillOpacity": {"condition": {"test": "datum.rank > 0", "value": 1}, "value": 0},
                "tooltip": tooltip,
            },
        },
        {
            "transform": [{"filter": "datum.beyond != ''"}],
            "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 14},
            "encoding": {"x": x, "y": {**y, "field": "drawn"}, "text": {"field": "beyond"}},
        },
        _names(x, y, "left"),
        _names(x, y, "right"),
    ]
    return chart(layers, shown, height=430)


def _accuracy_range(points: pd.DataFrame) -> tuple[float, float]:
    """Returns the lowest and highest accuracy on the axis, intervals included.

    One short training at 20 % would press the ranked runs into a line: those without a rank count
    only as far as they lie near.
    """
    ranked = points[points["rank"].notna()]
    ranked = points if ranked.empty else ranked
    low, high = ranked["test_accuracy"].min(), ranked["test_accuracy"].max()
    reach = max(high - low, _NEAR)
    near = points[points["test_accuracy"].between(low - reach, high + reach)]
    return float(near["low"].min()), float(near["high"].max())


def _beyond(points: pd.DataFrame) -> "pd.Series[str]":
    """Returns an arrow towards each run that lies beyond the axis, "" for the others."""
    low, high = _accuracy_range(points)
    accuracies = points["test_accuracy"]
    arrows = np.select([accuracies < low, accuracies > high], ["↓", "↑"], "")
    return pd.Series(arrows, index=points.index)


def _name_sides(points: pd.DataFrame, cost: str, letters: "pd.Series[int]") -> list[str]:
    """Says on which side of its point each name of the frontier stands.

    The most accurate choose first, and left before right: above and left of a frontier lies less.

    Args:
        letters: how many each name has.

    Returns:
        "left", "right", or "": not on the frontier, or its name would cover a bar or a name.
    """
    x = np.log(points[cost].to_numpy(float))
    x = (x - x.min()) / (np.ptp(x) or 1) * _PLOT_WIDTH
    low, high = _accuracy_range(points)
    y, bar_low, bar_high = (
        (points[column].to_numpy(float) - low) / ((high - low) or 1) * _PLOT_HEIGHT
        for column in ("test_accuracy", "low", "high")
    )
    on_frontier = points[FRONTIER].to_numpy(bool)
    widths = _CHARACTER_WIDTH * letters
    sides = [""] * len(points)
    names: list[tuple[float, float, float]] = []  # start, end, height
    for place in np.argsort(-y, kind="stable"):
        if not on_frontier[place]:
            continue
        width, height = widths.iloc[place], y[place] + _NAME_OFFSET
        starts = {"left": x[place] - _NAME_OFFSET - width, "right": x[place] + _NAME_OFFSET}
        for side, start in starts.items():
            end = start + width
            covers_point = (
                (x > start - _POINT_RADIUS)
                & (x < end + _POINT_RADIUS)
                & (bar_low - _LINE_HEIGHT / 2 < height)
                & (height < bar_high + _LINE_HEIGHT / 2)
            ).any()
            covers_name = any(
                start < other_end and other_start < end and abs(height - other) < _LINE_HEIGHT
                for other_start, other_end, other in names
            )
            if start >= 0 and end <= _PLOT_WIDTH and not covers_point and not covers_name:
                sides[place] = side
                names.append((start, end, height))
                break
    return sides


def _names(x: dict[str, Any], y: dict[str, Any], side: str) -> dict[str, Any]:
    """Returns the layer of the names on one side of their points."""
    mark = {
        "type": "text",
        "align": "right" if side == "left" else "left",
        "dx": -_NAME_OFFSET if side == "left" else _NAME_OFFSET,
        "dy": -_NAME_OFFSET,
        "fontSize": 12,
        "opacity": {"expr": f"{NARROW} ? 0 : 1"},
    }
    return {
        "transform": [{"filter": f"datum.name_side == '{side}'"}],
        "mark": mark,
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }
