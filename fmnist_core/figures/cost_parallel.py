"""All costs at once: parallel coordinates for Plotly, whose axes can be brushed; Vega's cannot."""

import json
import math
from typing import Any

import pandas as pd

from fmnist_core.figures.cost_chart import COSTS
from fmnist_core.figures.findings import NEAR, near_the_best, ranked_group
from fmnist_core.figures.leaderboard import COLUMNS
from fmnist_core.figures.palette import LOW_TO_HIGH, NEUTRAL
from fmnist_core.figures.table import printed
from fmnist_core.figures.theme import LABEL_COLOR, fitted_domain, fitted_log_domain, log_ticks
from fmnist_core.figures.words import escaped
from fmnist_core.listing import listed

DATA_COLUMNS = {
    name: COLUMNS[name] for name in ("rank", "label", *COSTS, "test_accuracy", "protocol_title")
}
# Cost -> title of its axis in two lines, as six axes leave little room beside each other.
_TITLES = {
    "params": "Parameters<br>",
    "macs": "MACs<br>",
    "train_cpu_seconds": "Processor<br>seconds",
    "latency_ms": "Latency<br>(ms)",
    "size_kb": "Model<br>(kB)",
}
# Cost -> what a run has that has the least of it, and the unit of its number.
_LEAST = {
    "params": ("the fewest parameters", ""),
    "macs": ("the fewest MACs", ""),
    "train_cpu_seconds": ("the least training", " s"),
    "latency_ms": ("the lowest latency", " ms"),
    "size_kb": ("the smallest model", " kB"),
}
# An axis over this many decades has one of 1, 2 and 5 on it wherever it begins.
_LEAST_DECADES = 0.5
# Numbers that the axis of accuracy bears at most, and ticks from one to the next.
_MOST_NUMBERS, _FINE = 8, 10
_ZERO_WIDTH = "\u200b"


def parallel_rows(board: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows that can be drawn, best first: ranked in one split, with every cost.

    Accuracies of unlike splits would share an axis and a colour, so the split is that of
    `ranked_group`.
    """
    group = ranked_group(board)
    return group[_stated(group).all(axis=1)]


def left_out_words(board: pd.DataFrame) -> str:
    """Returns which of the shown runs are not drawn and why, in a sentence; empty where all are."""
    group = ranked_group(board)
    lacking = ~_stated(group)
    incomplete = int(lacking.any(axis=1).sum())
    unranked = int(board["rank"].isna().sum())
    elsewhere = len(board) - unranked - len(group)
    reasons = []
    if unranked:
        reasons.append(f"{_runs(unranked)} without a rank")
    if elsewhere:
        splits = set(board.loc[board["rank"].notna(), "protocol"])
        other = "another split" if len(splits) == 2 else "other splits"
        reasons.append(
            f"{_runs(elsewhere)} of {other}, as accuracies of unlike splits are not compared"
        )
    if incomplete:
        costs = [COSTS[name][0] for name in COSTS if lacking[name].any()]
        names = " or ".join(cost if cost == "MACs" else cost.lower() for cost in costs)
        reasons.append(f"{_runs(incomplete)} without a figure for {names}")
    return f"Left out: {'; '.join(reasons)}." if reasons else ""


def parallel_takeaway(rows: pd.DataFrame) -> str:
    """Returns which of the runs near the most accurate one has the least of each cost.

    Args:
        rows: those of `parallel_rows`.
    """
    if rows.empty:
        return "No shown run has both a rank and a figure for every cost."
    best = rows.iloc[0]
    name = f"**{escaped(best['label'])}** ({100 * best['test_accuracy']:.2f} %)"
    split = best["protocol_title"]
    if len(rows) == 1:
        return f"{name} is the only run drawn ({split}): there is none to hold it against."
    near = near_the_best(rows)
    within = f"within {100 * NEAR:g} point of"
    if len(near) == 1:
        return f"Of {len(rows)} runs ({split}), no other is {within} the most accurate, {name}."
    least: dict[Any, list[str]] = {}
    for cost, (words, unit) in _LEAST.items():
        amount = f"{printed(float(near[cost].min()), COLUMNS[cost])}{unit}"
        least.setdefault(near[cost].idxmin(), []).append(f"{words} ({amount})")
    opening = (
        f"{len(near)} of {len(rows)} runs ({split}) are {within} the most accurate, {name}, itself "
        "counted. Of these, "
    )
    if len(least) == 1:
        return f"{opening}**{escaped(near.loc[next(iter(least)), 'label'])}** costs least in all."
    return (
        opening
        + "; ".join(
            f"**{escaped(near.loc[place, 'label'])}** has {listed(costs)}"
            for place, costs in least.items()
        )
        + "."
    )


def parallel_figure(rows: pd.DataFrame) -> dict[str, Any]:
    """Returns a Plotly figure: a line for each row, over an axis for each cost and for accuracy.

    Args:
        rows: those of `parallel_rows`, one at least.
    """
    accuracies = (100 * rows["test_accuracy"]).tolist()
    accuracy = _linear_axis(accuracies, "Test<br>accuracy (%)")
    dimensions = [*(_log_axis(rows[cost].tolist(), _TITLES[cost]) for cost in COSTS), accuracy]
    trace = {
        "type": "parcoords",
        "dimensions": dimensions,
        "line": {
            "color": accuracies,
            "colorscale": [
                [place / (len(LOW_TO_HIGH) - 1), color] for place, color in enumerate(LOW_TO_HIGH)
            ],
            "cmin": accuracy["range"][0],
            "cmax": accuracy["range"][1],
        },
        "unselected": {"line": {"color": NEUTRAL, "opacity": 0.12}},
        "labelfont": {"size": 12, "color": LABEL_COLOR},
        # Plotly's own shadow is white on the dark page too.
        "tickfont": {"size": 12, "color": LABEL_COLOR, "shadow": "none"},
    }
    layout = {
        "height": 450,
        "margin": {"l": 48, "r": 40, "t": 80, "b": 16},
        "shapes": [_axis_line(place / (len(dimensions) - 1)) for place in range(len(dimensions))],
    }
    return {"data": [trace], "layout": layout}


def to_plotly_json(figure: dict[str, Any]) -> bytes:
    """Returns the figure as a JSON file, which Plotly and its chart editor open."""
    return json.dumps(figure, indent=1).encode()


def _log_axis(values: list[float], title: str) -> dict[str, Any]:
    """Returns a dimension of logarithms: Plotly's parallel coordinates have no log axis."""
    low, high = fitted_log_domain(min(values), max(values))
    widened = 10 ** max(0, (_LEAST_DECADES - math.log10(high / low)) / 2)
    low, high = low / widened, high * widened
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)))
    numbered = log_ticks(low, high)
    ticks = {
        math.log10(digit) + power: _short(value) if value in numbered else ""
        for power in powers
        for digit in range(1, 10)
        for value in [digit * 10.0**power]
    }
    logarithms = [math.log10(value) for value in values]
    return _axis(logarithms, title, [math.log10(low), math.log10(high)], ticks)


def _linear_axis(values: list[float], title: str) -> dict[str, Any]:
    low, high = fitted_domain(min(values), max(values))
    step = next(
        size * 10.0**power
        for power in range(-4, 4)
        for size in (1, 2, 5)
        if (high - low) / (size * 10.0**power) <= _MOST_NUMBERS
    )
    fine = range(math.ceil(_FINE * low / step), math.floor(_FINE * high / step) + 1)
    ticks = {
        place * step / _FINE: f"{place * step / _FINE:.10g}" if place % _FINE == 0 else ""
        for place in fine
    }
    return _axis(values, title, [low, high], ticks)


def _axis(
    values: list[float], title: str, ends: list[float], ticks: dict[float, str]
) -> dict[str, Any]:
    """Returns a dimension; a brush of Plotly's snaps to such ticks, so they stand closely."""
    within = {place: text for place, text in ticks.items() if ends[0] <= place <= ends[1]}
    return {
        "label": title,
        "values": values,
        "range": ends,
        "tickvals": list(within),
        # Plotly finds the place of a tick by its text: those that show none must differ too.
        "ticktext": [
            text or _ZERO_WIDTH * (number + 1) for number, text in enumerate(within.values())
        ],
    }


def _axis_line(x: float) -> dict[str, Any]:
    """Returns the line of an axis: Plotly's own is black, and lost on the dark page."""
    line = {"color": NEUTRAL, "width": 1}
    place = {"xref": "paper", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1}
    return {"type": "line", "layer": "below", "line": line} | place


def _short(value: float) -> str:
    """Returns 200000 as "200k", as the axes of one cost have it."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _stated(rows: pd.DataFrame) -> pd.DataFrame:
    """Returns which costs each run states; zero has no place on a log axis."""
    return rows[list(COSTS)].astype(float) > 0


def _runs(count: int) -> str:
    return f"{count} run{'' if count == 1 else 's'}"
