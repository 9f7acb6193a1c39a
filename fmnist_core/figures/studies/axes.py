"""Axes of the studies' charts: fitted to the data, and bent where one failed level would rule them.

A level at 70 % beside six between 92 and 94 % would leave those six in one place on a linear axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fmnist_core.figures.theme import fitted_domain, fitted_log_domain

# Points between the lowest and the highest value above which an axis is bent.
BENT_ABOVE = 8
_ACCURACY_TICKS = (10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 88, 90, 91, 92, 93, 94, 95, 96, 97, 98)
_POINT_TICKS = (0.5, 1, 2, 5, 10, 20, 50)
# Two charts stand side by side: a title wider than its plot has room to the left alone.
_AXIS = {"grid": True, "titleAnchor": "end", "titleAlign": "right"}


@dataclass(frozen=True)
class AccuracyAxis:
    """An axis of accuracies in per cent; where it is bent it holds errors, running backwards."""

    encoding: dict[str, Any]
    bent: bool

    @property
    def upright(self) -> dict[str, Any]:
        """The same axis for a chart's height: its title in the middle, a grid line at each tick."""
        axis = {k: v for k, v in self.encoding["axis"].items() if not k.startswith("title")}
        return {**self.encoding, "axis": axis}

    def place(self, percent: Any) -> Any:
        """Returns where accuracies in per cent stand; numbers, or columns of them."""
        return 100 - percent if self.bent else percent


def accuracy_axis(values: Sequence[float]) -> AccuracyAxis:
    """Returns the axis that holds these accuracies, in per cent.

    It follows the logarithm of the errors where they lie far apart, and its title says so.
    """
    low, high = min(values), max(values)
    if high - low <= BENT_ABOVE or high >= 100:
        encoding = {
            "type": "quantitative",
            "title": "Test accuracy (%)",
            "scale": {"domain": fitted_domain(low, high), "nice": False, "zero": False},
            "axis": _AXIS | {"tickCount": 5},
        }
        return AccuracyAxis(encoding, bent=False)
    encoding = {
        "type": "quantitative",
        "title": "Test accuracy (%), log of errors",
        "scale": {
            "type": "log",
            "reverse": True,
            "domain": fitted_log_domain(100 - high, 100 - low),
            "nice": False,
        },
        "axis": _AXIS
        | {
            "titleAnchor": "start",  # of the errors, which run backwards: on the right
            "values": [100 - tick for tick in _ACCURACY_TICKS if low <= tick <= high],
            "labelExpr": "100 - datum.value",
            "labelOverlap": "greedy",
        },
    }
    return AccuracyAxis(encoding, bent=True)


def points_axis(values: Sequence[float]) -> dict[str, Any]:
    """Returns the axis that holds these differences in points, and zero."""
    low, high = min(0.0, *values), max(0.0, *values)
    title = "Points, with 95 % interval"
    if high - low <= BENT_ABOVE:
        return {
            "type": "quantitative",
            "title": title,
            "scale": {"domain": fitted_domain(low, high), "nice": False},
            "axis": _AXIS | {"tickCount": 5, "labelExpr": _SIGNED},
        }
    return {
        "type": "quantitative",
        "title": f"{title} (bent axis)",
        # Close to linear within a point of zero, logarithmic far from it.
        "scale": {
            "type": "symlog",
            "constant": 1,
            "domain": [1.08 * low - 0.1, 1.08 * high + 0.1],
            "nice": False,
        },
        "axis": _AXIS
        | {
            "values": [*(-tick for tick in reversed(_POINT_TICKS)), 0, *_POINT_TICKS],
            "labelExpr": _SIGNED,
            "labelOverlap": "greedy",
        },
    }


_SIGNED = "datum.value ? format(datum.value, '+~g') : '0'"
