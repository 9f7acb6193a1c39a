"""An image as what it is to a network: 28 rows of 28 numbers."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.figures.learn.colors import grey_scale
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import NARROW, chart

Pixels = NDArray[np.uint8]

PIXEL_COLUMNS = {
    "row": Column("Row", "integer", "From 0 at the top."),
    "column": Column("Column", "integer", "From 0 at the left."),
    "value": Column("Value", "integer", "0 is black, 255 is white."),
    "scaled": Column("Value / 255", "decimal", "What a network reads.", digits=4),
}
PIXELS_PIXELS = 700
THRESHOLD = 128
_WHITE = 255


def pixel_frame(image: Pixels) -> pd.DataFrame:
    """Returns one row a pixel of a uint8 (28, 28): `row`, `column`, `value`, `scaled`."""
    rows, columns = np.indices(image.shape)
    return pd.DataFrame(
        {
            "row": rows.ravel(),
            "column": columns.ravel(),
            "value": image.ravel().astype(int),
            "scaled": image.ravel() / _WHITE,
        }
    )


def pixel_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the matrix, each number in its own grey; to be drawn `PIXELS_PIXELS` wide."""
    axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelAngle": 0,
        "values": list(range(0, int(frame["row"].max()) + 1, 3)),
    }
    place = {
        "x": {"field": "column", "type": "ordinal", "axis": axis | {"orient": "top"}},
        "y": {"field": "row", "type": "ordinal", "axis": axis},
    }
    hover = [
        {"field": name, "title": column.label, "format": ".4f" if name == "scaled" else "d"}
        for name, column in PIXEL_COLUMNS.items()
    ]
    color = {
        "field": "value",
        "type": "quantitative",
        "scale": grey_scale(0, _WHITE),
        "legend": None,
    }
    ink = {
        "condition": {"test": f"datum.value >= {THRESHOLD}", "value": "#000000"},
        "value": "#d8dae2",
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rect"}, "encoding": {**place, "color": color, "tooltip": hover}},
        {
            "mark": {
                "type": "text",
                "fontSize": 9,
                "opacity": {"expr": f"{NARROW} ? 0 : 1"},
            },
            "encoding": {**place, "text": {"field": "value", "type": "quantitative"}, "color": ink},
        },
    ]
    return chart(layers, frame, height=PIXELS_PIXELS - 20)


def pixels_say(image: Pixels) -> str:
    """Returns how many numbers there are and what they are like, in a sentence."""
    row, column = (int(place) for place in np.unravel_index(image.argmax(), image.shape))
    empty = int((image == 0).sum())
    return (
        f"The image is **{image.size} whole numbers** from 0 to 255: {empty} are 0 (background), "
        f"the largest is {int(image.max())}, in row {row}, column {column}, and their mean is "
        f"{image.mean():.1f}."
    )


def scaling_formula(image: Pixels, mean: float, std: float) -> str:
    """Returns, in LaTeX, what becomes of the largest value before a network reads it."""
    largest = int(image.max())
    scaled = largest / _WHITE
    if (mean, std) == (0.0, 1.0):
        return rf"x = \frac{{v}}{{255}}, \qquad \frac{{{largest}}}{{255}} = {scaled:.4f}"
    return (
        rf"x = \frac{{v / 255 - {mean:g}}}{{{std:g}}}, \qquad "
        rf"\frac{{{scaled:.4f} - {mean:g}}}{{{std:g}}} = {(scaled - mean) / std:.4f}"
    )


def binary(image: Pixels) -> Pixels:
    """Returns the image in two values: 255 where it is at least `THRESHOLD`, else 0."""
    return np.where(image >= THRESHOLD, _WHITE, 0).astype(np.uint8)


def inverted(image: Pixels) -> Pixels:
    """Returns the image dark on light."""
    return (_WHITE - image).astype(np.uint8)
