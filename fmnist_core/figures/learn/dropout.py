"""A dropout mask: which numbers of a layer are left out of one training step."""

import math
from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.figures.learn.colors import POSITIVE
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.runs.arrays import Floats

DROPOUT_COLUMNS = {
    "unit": Column("Unit", "integer", "From 1."),
    "kept": Column("Kept"),
    "before": Column("Before", "decimal", digits=4),
    "after": Column("After", "decimal", "Kept values grow, so that the sum stays.", digits=4),
}
MOST_UNITS = 1024
_CELL_PIXELS = 22


def dropout_frame(values: Floats, mask: Floats) -> pd.DataFrame:
    """Returns one row a number of a map or a vector, at most `MOST_UNITS`, as a grid of cells."""
    width = _columns(values.shape)
    flat, factors = values.ravel()[:MOST_UNITS], mask.ravel()[:MOST_UNITS]
    places = np.arange(len(flat))
    return pd.DataFrame(
        {
            "unit": places + 1,
            "row": places // width,
            "column": places % width,
            "kept": np.where(factors > 0, "kept", "dropped"),
            "before": flat,
            "after": flat * factors,
        }
    )


def dropout_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the cells: kept ones filled by how large they are, dropped ones crossed out."""
    axis = {"axis": None, "type": "ordinal"}
    place = {"x": axis | {"field": "column"}, "y": axis | {"field": "row"}}
    largest = max(float(frame["before"].abs().max()), 1e-6)
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"calculate": "datum.kept == 'kept' ? abs(datum.before) : 0", "as": "a"}],
            "mark": {"type": "rect", "color": POSITIVE, "stroke": NEUTRAL, "strokeWidth": 0.4},
            "encoding": {
                **place,
                "fillOpacity": {
                    "field": "a",
                    "type": "quantitative",
                    "scale": {"domain": [0, largest], "range": [0.08, 1]},
                    "legend": None,
                },
                "tooltip": [
                    {"field": "unit", "title": "Unit", "format": ",d"},
                    {"field": "kept", "title": "Here"},
                    {"field": "before", "title": "Before", "format": ".4f"},
                    {"field": "after", "title": "After", "format": ".4f"},
                ],
            },
        },
        {
            "transform": [{"filter": "datum.kept == 'dropped'"}],
            "mark": {"type": "text", "text": "×", "fontSize": 15},
            "encoding": place,
        },
    ]
    return chart(layers, frame, height=_CELL_PIXELS * (int(frame["row"].max()) + 1))


def dropout_pixels(frame: pd.DataFrame) -> int:
    """Returns the width of the page's container in which the cells are square."""
    return _CELL_PIXELS * (int(frame["column"].max()) + 1)


def dropout_says(name: str, rate: float, seed: int, mask: Floats) -> str:
    """Returns how much this mask drops, against what is expected, in a sentence."""
    dropped = int((mask == 0).sum())
    share = dropped / mask.size
    return (
        f"Mask {seed} of {name} drops **{dropped:,} of {mask.size:,}** numbers "
        f"({100 * share:.1f} %; on average {100 * rate:g} %), and multiplies the "
        f"others by {1 / (1 - rate):.3f}."
    )


def dropout_limits(mask: Floats) -> str:
    """Returns how to read the cells, and how many are shown where that is not all."""
    words = (
        "Crossed cells are dropped; the fuller a cell, the larger its number. Every training step "
        "draws a new mask for every image."
    )
    cut = f" Shown: the first {MOST_UNITS:,} of {mask.size:,}." if mask.size > MOST_UNITS else ""
    return words + cut


def dropout_effect(before: Floats, after: Floats, names: tuple[str, ...]) -> str:
    """Returns what the network says with masks in all its dropout layers, against without."""
    usual, now = int(before.argmax()), int(after.argmax())
    whether = "still says" if usual == now else "now says"
    return (
        f"With such masks in all its dropout layers the network {whether} **{names[now]}**, "
        f"{100 * after[now]:.1f} %; without any, {names[usual]}, {100 * before[usual]:.1f} %."
    )


def dropout_formula(rate: float) -> str:
    """Returns inverted dropout in LaTeX, with its rate."""
    return (
        r"y_i = \frac{m_i}{1 - p}\, x_i, \quad m_i = 1 \text{ with probability } 1 - p, "
        rf"\qquad p = {rate:g}: \; \frac{{1}}{{1 - {rate:g}}} = {1 / (1 - rate):.3f}"
    )


def _columns(shape: tuple[int, ...]) -> int:
    """Those of a map, else of a grid twice as wide as high."""
    if len(shape) == 2:
        return shape[1]
    return max(1, math.ceil(math.sqrt(2 * min(math.prod(shape), MOST_UNITS))))
