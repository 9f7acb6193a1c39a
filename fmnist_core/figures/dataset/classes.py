"""How many images each class has: as bars, as a pie and in a sentence."""

import math
from typing import Any

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.statistics import Part, Statistics
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart

PART_WORDS: dict[Part, str] = {"train": "training", "test": "test", "all": "training and test"}
CLASS_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "label": Column("Label", "integer", "The number that the files hold."),
    "train": Column("Training images", "integer"),
    "test": Column("Test images", "integer"),
    "images": Column("Images shown", "integer"),
    "share": Column("Share (%)", "percent", "Of the images shown."),
}
_HEIGHT = 340
_HOVER = [
    {"field": "class_name", "title": "Class"},
    {"field": "images", "title": "Images", "format": ",d"},
    {"field": "share", "title": "Share", "format": ".2%"},
]
_COLOR = {"field": "color", "type": "nominal", "scale": None}


def class_count_frame(statistics: Statistics, part: Part) -> pd.DataFrame:
    """Returns one row a class: the images of `part`, their share, and those of both parts.

    `angle` to `end_angle` is the class's slice of a pie, in radians clockwise from the top.
    """
    images = statistics.class_counts(part)
    ends = 2 * math.pi * images.cumsum() / images.sum()
    return pd.DataFrame(
        {
            "class_name": CLASS_NAMES,
            "label": range(len(CLASS_NAMES)),
            "train": statistics.class_counts("train"),
            "test": statistics.class_counts("test"),
            "images": images,
            "share": images / images.sum(),
            "color": CLASS_COLORS,
            "angle": ends - 2 * math.pi * images / images.sum(),
            "end_angle": ends,
        }
    )


def class_count_takeaway(counts: pd.DataFrame, part: Part) -> str:
    """Returns in a sentence how even the classes are."""
    least, most = int(counts["images"].min()), int(counts["images"].max())
    words = f"{PART_WORDS[part]} images"
    if least == most:
        share = f"{100 / len(counts):.0f} %"
        return (
            f"Perfectly balanced: each of the {len(counts)} classes has **{most:,}** of the "
            f"{counts['images'].sum():,} {words}, so guessing one class for all is right "
            f"**{share}** of the time."
        )
    fewest = counts.iloc[int(counts["images"].to_numpy().argmin())]
    largest = counts.iloc[int(counts["images"].to_numpy().argmax())]
    return (
        f"Not balanced: **{largest['class_name']}** has {most:,} {words}, "
        f"**{fewest['class_name']}** {least:,}."
    )


def class_bars(counts: pd.DataFrame) -> dict[str, Any]:
    """Returns one bar a class, each with its number."""
    x = {
        "field": "images",
        "type": "quantitative",
        "title": "Images",
        "scale": {"domain": [0, 1.12 * float(counts["images"].max())], "nice": False},
        "axis": {"tickCount": 5},
    }
    y = {
        "field": "class_name",
        "type": "nominal",
        "sort": list(CLASS_NAMES),
        "axis": {"title": None, "domain": False, "ticks": False, "labelPadding": 6},
    }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.66}},
            "encoding": {"x": x, "y": y, "color": _COLOR, "tooltip": _HOVER},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11},
            "encoding": {
                "x": x,
                "y": y,
                "text": {"field": "images", "type": "quantitative", "format": ",d"},
            },
        },
    ]
    return chart(layers, counts, height=_HEIGHT)


def class_pie(counts: pd.DataFrame) -> dict[str, Any]:
    """Returns one slice a class, each with its name and share beside it."""
    # Angles as numbers: where Vega stacks them, it warns until the data have arrived.
    start = {"field": "angle", "type": "quantitative", "scale": None, "stack": None}
    text = {"calculate": "datum.class_name + '  ' + format(datum.share, '.0%')", "as": "words"}
    middle = {"calculate": "(datum.angle + datum.end_angle) / 2", "as": "middle"}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "arc", "outerRadius": 100, "padAngle": 0.012, "cornerRadius": 2},
            "encoding": {
                "theta": start,
                "theta2": {"field": "end_angle"},
                "color": _COLOR,
                "tooltip": _HOVER,
            },
        },
        {
            "transform": [text, middle],
            "mark": {"type": "text", "radius": 148, "fontSize": 12},
            "encoding": {
                "theta": {**start, "field": "middle"},
                "text": {"field": "words", "type": "nominal"},
            },
        },
    ]
    return chart(layers, counts, height=_HEIGHT)
