"""A square of runs against runs: rows carry number and name, columns the number alone."""

from collections.abc import Sequence
from typing import Any

from fmnist_core.figures.theme import NARROW, SHORT_ON_NARROW

# More runs than this leave no room for numbers in the cells.
MOST_NUMBERED = 12

_ROW, _FRAME = 26, 100  # pixels of a row, and of what stands above and below the rows


def square_axes(rows: Sequence[str]) -> dict[str, Any]:
    """Returns the encodings of the fields `row` and `column`, the columns numbered from "1".

    Args:
        rows: the names of the rows from top to bottom, each beginning with its number.
    """
    columns = [str(number) for number in range(1, len(rows) + 1)]
    axis = {"title": None, "domain": False, "ticks": False, "grid": False, "labelPadding": 6}
    above = {
        "title": "Number of the other run",
        "orient": "top",
        "labelAngle": 0,
        "labelOverlap": "greedy",
    }
    beside = {
        "labelLimit": {"expr": f"{NARROW} ? 130 : 330"},
        "labelExpr": SHORT_ON_NARROW,
        "labelOverlap": False,
    }
    return {
        "x": {
            "field": "column",
            "type": "nominal",
            "sort": columns,
            "scale": {"domain": columns},
            "axis": axis | above,
        },
        "y": {"field": "row", "type": "nominal", "sort": list(rows), "axis": axis | beside},
    }


def square_height(rows: int) -> int:
    """Returns the pixels of a chart of so many runs; a few get larger cells."""
    return _FRAME + max(_ROW, 10 + 200 // rows) * rows
