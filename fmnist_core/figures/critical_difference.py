"""Which runs cannot be told apart: accuracies with bars that join the tie groups.

The idea of J. Demšar's critical-difference diagram (Journal of Machine Learning Research 7, 2006,
figure 1), with two changes: the axis is the accuracy, since all runs answer one test set; and each
run has a row of its own, so that two dozen names can be read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.compare import Comparison
from fmnist_core.evaluation.significance import separated
from fmnist_core.evaluation.significance_sentences import by_accuracy
from fmnist_core.evaluation.tie_groups import TieGroup
from fmnist_core.figures.significance_matrix import ranked_names
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import (
    LABEL_COLOR,
    NARROW,
    SHORT_ON_NARROW,
    chart,
    fitted_domain,
    named_rows,
)
from fmnist_core.figures.words import escaped, short_names
from fmnist_core.listing import listed

_ROW, _FRAME = 24, 90
_LANE = 0.045  # of the axis: from one column of bars to the next
_TICKS = 5
NO_PROOF = "Not being separated is no proof of being equal."
TIES_NOTE = (
    "A critical-difference diagram on the axis of accuracy: a bar joins neighbours in this order "
    f"of which no two are separated. {NO_PROOF}"
)
TIE_COLUMNS = {
    "label": Column("Run", pinned=True),
    "accuracy": Column("Test accuracy (%)", "percent"),
    "low": Column("95 % from", "percent", "Wilson's interval."),
    "high": Column("to", "percent"),
    "groups": Column("Tie groups", meaning="Runs of one group are not separated by the test."),
}


def tie_frame(
    comparison: Comparison,
    groups: Sequence[TieGroup],
    labels: Mapping[str, str],
    colors: Mapping[str, str],
) -> pd.DataFrame:
    """Returns one row a run, most accurate first, with its interval and the groups it belongs to.

    Groups of two runs and more are numbered from 1 in their order.
    """
    names = ranked_names(comparison.runs, labels)
    members = shared_groups(groups)
    rows = []
    for run in by_accuracy(comparison.runs):
        own = [str(n) for n, group in enumerate(members, 1) if run.run_id in group.run_ids]
        rows.append(
            {
                "run_id": run.run_id,
                "name": names[run.run_id],
                "label": labels[run.run_id],
                "accuracy": run.test_accuracy,
                "low": run.test_accuracy_ci95[0],
                "high": run.test_accuracy_ci95[1],
                "groups": ", ".join(own) or "alone",
                "color": colors[labels[run.run_id]],
            }
        )
    return pd.DataFrame(rows)


def shared_groups(groups: Sequence[TieGroup]) -> list[TieGroup]:
    """Returns the groups that join two runs or more."""
    return [group for group in groups if len(group.run_ids) > 1]


def tie_chart(frame: pd.DataFrame, groups: Sequence[TieGroup]) -> dict[str, Any]:
    """Returns the rows of `tie_frame` over accuracy, and to their right a bar for each tie group.

    A bar has a dot at each run that belongs to its group; bars without a row in common share a
    column.
    """
    low, high = fitted_domain(100 * frame["low"].min(), 100 * frame["high"].max())
    placed = _bars(frame, shared_groups(groups))
    lanes = max((bar["lane"] for bar in placed), default=-1) + 1
    step = _LANE * (high - low)
    end = high + step * (lanes + 0.5) if lanes else high
    order = list(frame["name"])
    x_scale = {"domain": [low, end], "nice": False, "zero": False}
    limit = {"expr": f"{NARROW} ? 130 : 330"}
    y = named_rows("name", order, labelLimit=limit, labelExpr=SHORT_ON_NARROW)
    x = {
        "field": "percent",
        "type": "quantitative",
        "title": "Test accuracy (%) and 95 % interval",
        "scale": x_scale,
        "axis": {"values": _ticks(low, high), "grid": True},
    }
    shown = frame.assign(
        percent=100 * frame["accuracy"], from_=100 * frame["low"], to=100 * frame["high"]
    )
    tooltip = [
        {"field": "label", "title": "Run"},
        {"field": "percent", "title": "Test accuracy (%)", "format": ".2f"},
        {"field": "from_", "title": "95 % from", "format": ".2f"},
        {"field": "to", "title": "to", "format": ".2f"},
        {"field": "groups", "title": "Tie groups"},
    ]
    color = {"field": "color", "type": "nominal", "scale": None}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "encoding": {
                "y": y,
                "x": {**x, "field": "from_"},
                "x2": {"field": "to"},
                "color": color,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"y": y, "x": x, "color": color, "tooltip": tooltip},
        },
    ]
    dots = [
        {"name": name, "group": f"Tie group {bar['number']}", "place": high + step * bar["lane"]}
        for bar in placed
        for name in bar["names"]
    ]
    if dots:
        layers += _bar_layers(dots, x, y)
    return chart(layers, shown, height=_FRAME + _ROW * len(frame))


def _bars(frame: pd.DataFrame, groups: Sequence[TieGroup]) -> list[dict[str, Any]]:
    """Gives each group the first lane whose last bar has ended above it."""
    row_of = {run_id: row for row, run_id in enumerate(frame["run_id"])}
    names = dict(zip(frame["run_id"], frame["name"], strict=True))
    ends: list[int] = []
    placed = []
    for number, group in enumerate(groups, 1):
        rows = sorted(row_of[run_id] for run_id in group.run_ids)
        lane = next((n for n, end in enumerate(ends) if end < rows[0]), len(ends))
        ends[lane : lane + 1] = [rows[-1]]
        placed.append(
            {"number": number, "lane": lane, "names": [names[name] for name in group.run_ids]}
        )
    return placed


def _bar_layers(
    dots: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    """Returns the bars, and on each a dot for every run of its group."""
    place = {"y": y, "x": {**x, "field": "place"}, "tooltip": [{"field": "group", "title": "Bar"}]}
    data = {"values": dots}
    return [
        {
            "data": data,
            "mark": {"type": "line", "strokeWidth": 4, "color": LABEL_COLOR},
            "encoding": {**place, "detail": {"field": "group"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "filled": True, "size": 75, "color": LABEL_COLOR},
            "encoding": place,
        },
    ]


def _ticks(low: float, high: float) -> list[float]:
    """Returns round values within the accuracies; the bars to the right have no accuracy."""
    for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50):
        first = -(-low // step)
        ticks = [round((first + n) * step, 6) for n in range(int(high / step - first) + 1)]
        if len(ticks) <= _TICKS + 2:
            return ticks
    return []


def tie_takeaway(
    comparison: Comparison, groups: Sequence[TieGroup], labels: Mapping[str, str]
) -> str:
    """Returns how many tie groups there are, and which runs share the top."""
    shared = shared_groups(groups)
    if not shared:
        if all(map(separated, comparison.pairs)) and not comparison.untested:
            return "Every run is separated from every other: their order is more than chance."
        return "No two neighbours in this order are tied."
    joined = "1 tie group" if len(shared) == 1 else f"{len(shared)} tie groups"
    text = f"These runs form {joined}: within one, the test separates no two runs"
    if len(shared) > 1 and _overlap(shared):
        text += " (they overlap: two runs may each be close to a third, but not to each other)"
    top = groups[0].run_ids
    text += f". The top is {_listed(top, short_names(labels))}"
    text += " alone." if len(top) == 1 else f", {len(top)} runs that cannot be told apart."
    return text


def _overlap(groups: Sequence[TieGroup]) -> bool:
    seen = [run_id for group in groups for run_id in group.run_ids]
    return len(seen) > len(set(seen))


def _listed(run_ids: Sequence[str], names_of: Mapping[str, str]) -> str:
    """Names up to four runs, else the first two and the last."""
    names = [f"**{escaped(names_of[run_id])}**" for run_id in run_ids]
    if len(names) > 4:
        return f"{names[0]}, {names[1]} … {names[-1]}"
    return listed(names)
