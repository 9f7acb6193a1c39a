"""Who beats whom: every two runs' paired test as one cell of a square."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.compare import ComparedRun, Comparison
from fmnist_core.evaluation.p_values import p_value
from fmnist_core.evaluation.significance import Pair, separated
from fmnist_core.evaluation.significance_sentences import by_accuracy
from fmnist_core.figures.square import MOST_NUMBERED, square_axes, square_height
from fmnist_core.figures.theme import NARROW, chart
from fmnist_core.figures.words import short_names

# White words on either keep 4.5:1; blue and orange stay apart under colour blindness.
AHEAD, BEHIND = "#2a74bd", "#b8540a"
NOT_SEPARATED, UNTESTED = "≈", "–"

_DARK_FROM = 0.3  # of the largest difference: its cell is strong enough for white words
_HOVER = [
    {"field": "row_name", "title": "Row"},
    {"field": "column_name", "title": "Column"},
    {"field": "points", "title": "Row − column (points)", "format": "+.2f"},
    {"field": "interval", "title": "95 % interval"},
    {"field": "row_only", "title": "Only row right", "format": ",d"},
    {"field": "column_only", "title": "Only column right", "format": ",d"},
    {"field": "p", "title": "p (Holm)"},
    {"field": "says", "title": "Test"},
]


def ranked_names(runs: Sequence[ComparedRun], labels: Mapping[str, str]) -> dict[str, str]:
    """Returns run id -> "1. Enhanced CNN (Awasthi & Soni)", in order of accuracy."""
    ranked = [run.run_id for run in by_accuracy(runs)]
    short = short_names({run_id: labels[run_id] for run_id in ranked})
    return {run_id: f"{place}. {short[run_id]}" for place, run_id in enumerate(ranked, 1)}


def matrix_frame(comparison: Comparison, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row for each ordered pair of runs, rows and columns by accuracy.

    `points` is the row's accuracy minus the column's on the images that both were tested on, in
    points; NaN where there are none. `mark` is what stands in the cell when it is small.
    """
    names = ranked_names(comparison.runs, labels)
    order = list(names)
    cells = {}
    for pair in comparison.pairs:
        cells[pair.a, pair.b] = _cell(pair, 1)
        cells[pair.b, pair.a] = _cell(pair, -1)
    for lacking in comparison.untested:
        cells[lacking.a, lacking.b] = cells[lacking.b, lacking.a] = {
            "mark": UNTESTED,
            "says": lacking.reason,
        }
    rows = [
        {
            "row": names[row],
            "column": str(place),
            "row_name": labels[row],
            "column_name": labels[column],
        }
        | _EMPTY
        | cells[row, column]
        for row in order
        for place, column in enumerate(order, 1)
        if row != column
    ]
    frame = pd.DataFrame(rows)
    sizes = frame["points"].astype(float).abs()
    return frame.assign(size=sizes, dark=sizes > _DARK_FROM * (sizes.max() or 1))


_EMPTY = {"points": None, "interval": "", "row_only": None, "column_only": None, "p": ""}


def _cell(pair: Pair, sign: int) -> dict[str, Any]:
    low, high = sorted(100 * sign * end for end in pair.difference_ci95)
    points = 100 * sign * pair.accuracy_difference
    only = (pair.a_only_correct, pair.b_only_correct)[::sign]
    apart = separated(pair)
    better = "the row is better" if points > 0 else "the column is better"
    return {
        "points": points + 0.0,  # -0.0 would print as "-0.00"
        "interval": f"{low:+z.2f} to {high:+z.2f}",
        "row_only": only[0],
        "column_only": only[1],
        "p": p_value(pair.mcnemar_p_holm),
        "mark": "" if apart else NOT_SEPARATED,
        "says": better if apart else "not separated",
    }


def matrix_chart(cells: pd.DataFrame) -> dict[str, Any]:
    """Returns the square of `matrix_frame`: blue where the row is ahead, orange where behind.

    Where few runs are shown, each cell has its difference in points; "≈" marks the pairs that the
    test does not separate, "–" those that share no test image.
    """
    rows = list(dict.fromkeys(cells["row"]))
    place = square_axes(rows)
    strength = {
        "field": "size",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, cells["size"].max() or 1], "range": [0.06, 1]},
        "legend": None,
    }
    color = {"condition": {"test": "datum.points >= 0", "value": AHEAD}, "value": BEHIND}
    numbered = len(rows) <= MOST_NUMBERED
    written = cells.assign(
        written=[
            _written(points, mark) if numbered else mark
            for points, mark in zip(cells["points"], cells["mark"], strict=True)
        ]
    )
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "cornerRadius": 2},
            "encoding": {**place, "color": color, "opacity": strength, "tooltip": _HOVER},
        },
        {
            "mark": {"type": "text", "fontSize": 11 if numbered else 10},
            "encoding": {
                **place,
                "text": {"field": "written", "type": "nominal"},
                "color": {
                    # The page's own text colour is legible on a pale cell of either page.
                    "condition": {"test": "datum.dark", "value": "#ffffff"},
                    "value": "currentColor",
                },
                # Four digits in a narrow cell would cover each other; the tooltip has them.
                "opacity": {"value": {"expr": f"{NARROW} && {len(rows)} > 6 ? 0 : 1"}},
            },
        },
    ]
    return chart(layers, written, height=square_height(len(rows)))


def _written(points: float | None, mark: str) -> str:
    if points is None or mark == UNTESTED:
        return mark
    return f"{mark} {points:+z.2f}".strip()


def untested_words(comparison: Comparison) -> str:
    """Returns how many pairs share no test image; empty where every pair was tested."""
    count = len(comparison.untested)
    if not count:
        return ""
    pairs = "1 pair shares" if count == 1 else f"{count} pairs share"
    return (
        f"{pairs} no test image and cannot be compared; "
        f"{'its' if count == 1 else 'their'} cells show “{UNTESTED}”."
    )
