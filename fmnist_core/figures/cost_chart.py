"""Accuracy against cost: points with intervals, and the frontier of runs that nothing beats."""

from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.figures.findings import ranked_group
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.theme import NARROW, chart, fitted_domain, fitted_log_domain, log_ticks
from fmnist_core.figures.words import escaped, short_label

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
# Pixels, for finding room for names.
_PLOT_WIDTH, _PLOT_HEIGHT, _CHARACTER_WIDTH, _LINE_HEIGHT = 850, 260, 6.3, 15
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
        f"{last[cost] / first[cost]:.1f} times the cost for {gain:.2f} points."
    )


def beyond_axis_note(points: pd.DataFrame) -> str:
    """Returns which runs are drawn at the axis' edge, as Markdown; empty where none is."""
    beyond = points[_beyond(points) != ""].sort_values("test_accuracy")
    if beyond.empty:
        return ""
    percents = [f"{100 * accuracy:.2f} %" for accuracy in beyond["test_accuracy"]]
    if len(beyond) == 1:
        name = f"**{escaped(beyond['label'].iloc[0])}**"
        return f" An arrow marks {name}, whose {percents[0]} lies beyond the axis."
    ends = f"{percents[0]} to {percents[-1]}" if percents[0] != percents[-1] else percents[0]
    return f" Arrows mark {len(beyond)} runs without a rank that lie beyond the axis, at {ends}."


def cost_chart(points: pd.DataFrame, cost: str) -> dict[str, Any]:
    """Returns the chart of `with_frontier`'s rows: accuracy in per cent over the cost, log x.

    Args:
        points: leaderboard rows with `color`, `low`, `high` and the frontier column.
    """
    axis = fitted_domain(*(100 * end for end in _accuracy_range(points)))
    inset = _INSET * (axis[1] - axis[0])
    middle = (points[cost].min() * points[cost].max()) ** 0.5
    shown = points[["label", "color", "protocol_title", "rank", FRONTIER, cost]].assign(
        name=points["label"].map(short_label),
        on_the_left=points[cost] < middle,
        named=_with_room(points, cost),
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
                        "columns": {"expr": f"{NARROW} ? 1 : 3"},
                    },
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
        _names(x, y, on_the_left=True),
        _names(x, y, on_the_left=False),
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


def _with_room(points: pd.DataFrame, cost: str) -> list[bool]:
    """Says which points of the frontier can bear their name without covering another's.

    The most accurate go first. Sizes are those of 12 px type on a plot of usual width.
    """
    x = np.log(points[cost].to_numpy(float))
    x = (x - x.min()) / (np.ptp(x) or 1) * _PLOT_WIDTH
    low, high = _accuracy_range(points)
    y = (points["test_accuracy"].to_numpy(float) - low) / ((high - low) or 1) * _PLOT_HEIGHT
    widths = points["label"].map(lambda label: _CHARACTER_WIDTH * len(short_label(label)) + 18)
    left = np.where(x < _PLOT_WIDTH / 2, x, x - widths.to_numpy())
    right = left + widths.to_numpy()
    named: list[int] = []
    for place in np.argsort(-y):
        covers = (
            left[place] < right[other]
            and left[other] < right[place]
            and abs(y[place] - y[other]) < _LINE_HEIGHT
            for other in named
        )
        if points[FRONTIER].iloc[place] and not any(covers):
            named.append(int(place))
    return [place in named for place in range(len(points))]


def _names(x: dict[str, Any], y: dict[str, Any], *, on_the_left: bool) -> dict[str, Any]:
    """Returns the layer that names the frontier's points of one half, towards the middle."""
    side = "" if on_the_left else "!"
    mark = {
        "type": "text",
        "align": "left" if on_the_left else "right",
        "dx": 9 if on_the_left else -9,
        "dy": -9,
        "fontSize": 12,
        "opacity": {"expr": f"{NARROW} ? 0 : 1"},
    }
    return {
        "transform": [{"filter": f"datum.named && {side}datum.on_the_left"}],
        "mark": mark,
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }
