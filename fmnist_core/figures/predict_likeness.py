"""The meter of a picture: what it measures, and its place among the training images."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fmnist_core.data.statistics import read_statistics
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.inference.likeness import Likeness

LIKENESS_COLUMNS = {
    "measure": Column("Measured", pinned=True),
    "value": Column("Value"),
    "percentile": Column(
        "Place (%)", "decimal", "How many training images have less of it.", digits=1
    ),
    "meaning": Column("Meaning"),
}
LIKENESS_LIMITS = (
    "Left are the training images that have less of it, right those that have more. In the fuller "
    "part of a line lie nine of ten of them."
)
_MIDDLE = (5, 95)  # nine of ten
_NEEDLE = "#d9480f"  # 4:1 on the light and on the dark page, and apart from the grey line


def likeness_frame(alike: "Likeness") -> pd.DataFrame:
    """Returns one row a measure: its value in words, and its percentile in the training data."""
    height, width = alike.box_height, alike.box_width
    rows = [
        (
            "Box",
            f"{width} × {height} pixels",
            smaller_boxes(height, width),
            "Width and height of what is visible; its place is that of its area.",
        ),
        (
            "Mean intensity",
            f"{alike.mean_intensity:.1f}",
            alike.intensity_percentile,
            "Of all pixels, 0 to 255.",
        ),
        ("Border", f"{alike.border:.1f}", alike.border_percentile, "Of the outermost pixels."),
        (
            "Distance",
            f"{alike.nearest_distance:,.0f}",
            alike.distance_percentile,
            "To the nearest training image, beside what training images have to each other.",
        ),
    ]
    frame = pd.DataFrame(rows, columns=["measure", "value", "percentile", "meaning"])
    return frame.assign(label=frame["measure"] + ": " + frame["value"])


def smaller_boxes(height: int, width: int) -> float:
    """Returns how many training images have a box of a smaller area, in percent."""
    boxes = read_statistics().boxes("train")
    sides = np.arange(1, len(boxes) + 1)
    smaller = np.multiply.outer(sides, sides) < height * width
    return float(100 * boxes[smaller].sum() / boxes.sum())


def likeness_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns a scale for each row of `likeness_frame`, with a needle where the picture stands."""
    shown = frame.assign(least=0, low=_MIDDLE[0], high=_MIDDLE[1], most=100)
    order = list(frame["label"])
    y = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 200},
    }
    x = {"type": "quantitative", "title": "Training images that have less (%)"}
    scale = {"scale": {"domain": [0, 100]}}
    tooltip = [
        {"field": "measure", "title": "Measured"},
        {"field": "value", "title": "Value"},
        {"field": "percentile", "title": "Training images that have less (%)", "format": ".1f"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "strokeWidth": 8, "color": NEUTRAL, "opacity": opacity},
            "encoding": {
                "y": y,
                "x": {**x, **scale, "field": start},
                "x2": {"field": end},
            },
        }
        for start, end, opacity in (("least", "most", 0.25), ("low", "high", 0.35))
    ]
    layers.append(
        {
            "mark": {"type": "tick", "thickness": 4, "size": 24, "color": _NEEDLE},
            "encoding": {"y": y, "x": {**x, **scale, "field": "percentile"}, "tooltip": tooltip},
        }
    )
    return chart(layers, shown, height=170)


def likeness_words(frame: pd.DataFrame) -> str:
    """Returns the place of each measure in a sentence."""
    places = [
        f"{measure.lower()} ({value}) {_place(percentile)}"
        for measure, value, percentile in zip(
            frame["measure"], frame["value"], frame["percentile"], strict=True
        )
    ]
    return f"Beside the training images, its {'; its '.join(places)}."


def _place(percentile: float) -> str:
    if percentile <= 0:
        return "exceeds that of none"
    if percentile >= 100:
        return "exceeds that of all"
    return f"exceeds that of {percentile:.1f} %"
