"""The meter of a picture: what it measures, and its place among the training images."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import NEUTRAL
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart

if TYPE_CHECKING:  # brings SciPy along, which a page without a picture does without
    from fmnist_core.inference.likeness import Likeness

LIKENESS_COLUMNS = {
    "measure": Column("Measured", pinned=True),
    "value": Column("Value"),
    "percentile": Column(
        "Place (%)",
        "decimal",
        "How many training images have less of it: of the classes of the nearest ones, and "
        "for the distance of all.",
        digits=1,
    ),
    "meaning": Column("Meaning"),
}
LIKENESS_LIMITS = (
    "Left are the training images that have less of it, right those that have more: of the classes "
    "of its nearest, and for the distance of all classes. In the fuller part of a line lie nine of "
    "ten of them."
)
_MIDDLE = (5, 95)  # nine of ten
_NEEDLE = "#d9480f"  # 4:1 on the light and on the dark page, and apart from the grey line


def likeness_frame(alike: "Likeness") -> pd.DataFrame:
    """Returns one row a measure: its value in words, and its percentile in the training data."""
    height, width = alike.box_height, alike.box_width
    rows = [
        (
            "Height by width",
            f"{height} / {width} pixels",
            alike.box_percentile,
            "Of what is visible.",
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


def likeness_words(frame: pd.DataFrame, alike: "Likeness") -> str:
    """Returns the place of each measure of `likeness_frame` in a sentence, and among what it is."""
    *inside, distance = [
        f"its {measure[0].lower()}{measure[1:]} ({value}) {_place(percentile)}"
        for measure, value, percentile in zip(
            frame["measure"], frame["value"], frame["percentile"], strict=True
        )
    ]
    return (
        f"Beside {_peers(alike)}, {'; '.join(inside)}. Beside training images of all classes, "
        f"{distance}."
    )


def _peers(alike: "Likeness") -> str:
    if len(alike.peers) == 1:
        (only,) = alike.peers
        return f"the {only.images:,} training images of {CLASS_NAMES[only.label]}"
    found = ", ".join(f"{one.nearest} {CLASS_NAMES[one.label]}" for one in alike.peers)
    return f"the training images of the classes of its nearest ({found}), weighted by them"


def _place(percentile: float) -> str:
    if percentile <= 0:
        return "exceeds that of none"
    if percentile >= 100:
        return "exceeds that of all"
    return f"exceeds that of {percentile:.1f} %"
