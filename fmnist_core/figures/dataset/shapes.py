"""How high and how wide the garments are: the boxes that hold every pixel above 0."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.statistics import Counts, Part, Statistics, quantile
from fmnist_core.figures.dataset.classes import PART_WORDS
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.listing import listed

Dimension = Literal["height", "width"]
_SIDE = 28
_HEIGHT = 400
_COLOR: dict[Dimension, str] = {"height": "#3f7fc4", "width": "#c4683f"}

SIZE_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "pixels": Column("Pixels", "integer"),
    "images": Column("Images", "integer"),
    "share": Column("Of the class (%)", "percent"),
}
BOX_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "median": Column("Median height × width", meaning="Of the box that holds every pixel above 0."),
    "height_middle": Column("Middle half of heights"),
    "width_middle": Column("Middle half of widths"),
    "full_height": Column("Height 28 (%)", "percent", "Touches top and bottom.", digits=1),
    "full_width": Column("Width 28 (%)", "percent", "Touches left and right.", digits=1),
    "shortest": Column("Shortest longer side", "integer", "Over the images of the class."),
}


def size_frame(statistics: Statistics, part: Part, dimension: Dimension) -> pd.DataFrame:
    """Returns one row for each class and size, 1 to 28: `images`, and `share` of the class.

    `median` is the class's, on each of its rows.
    """
    rows = []
    for label, name in enumerate(CLASS_NAMES):
        counts = _along(statistics, part, dimension, label)
        median = quantile(counts, 0.5) + 1
        rows += [
            {
                "class_name": name,
                "pixels": pixels,
                "images": int(images),
                "share": images / counts.sum(),
                "median": median,
            }
            for pixels, images in enumerate(counts, 1)
        ]
    return pd.DataFrame(rows)


def size_takeaway(sizes: pd.DataFrame, dimension: Dimension) -> str:
    """Returns in a sentence which classes fill the image in this direction, and which least."""
    medians = sizes.groupby("class_name", sort=False)["median"].first()
    full = [f"**{name}**" for name, median in medians.items() if median == _SIDE]
    least = str(medians.idxmin())
    return (
        f"Half or more of the images of {listed(full)} have the full {dimension} of {_SIDE} "
        f"pixels; **{least}** has the smallest median {dimension}, {medians.min():.0f}."
    )


def size_chart(sizes: pd.DataFrame, dimension: Dimension) -> dict[str, Any]:
    """Returns a row of cells for each class, the stronger the more images, and its median."""
    x = {
        "field": "pixels",
        "type": "ordinal",
        "title": f"{dimension.title()} in pixels",
        "axis": {"values": [1, 4, 8, 12, 16, 20, 24, 28], "labelAngle": 0, "ticks": False},
    }
    y = {
        "field": "class_name",
        "type": "nominal",
        "sort": list(CLASS_NAMES),
        "axis": {"title": None, "domain": False, "ticks": False, "labelPadding": 6},
    }
    hover = [
        {"field": "class_name", "title": "Class"},
        {"field": "pixels", "title": f"{dimension.title()}"},
        {"field": "images", "title": "Images", "format": ",d"},
        {"field": "share", "title": "Of the class", "format": ".2%"},
        {"field": "median", "title": "Median"},
    ]
    strength = {
        "field": "share",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, 1], "range": [0.02, 1]},
        "legend": None,
    }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "color": _COLOR[dimension], "cornerRadius": 1},
            "encoding": {"x": x, "y": y, "opacity": strength, "tooltip": hover},
        },
        {
            "transform": [{"filter": "datum.pixels == round(datum.median)"}],
            "mark": {
                "type": "rect",
                "fill": None,
                "stroke": "currentColor",
                "strokeWidth": 2,
                "cornerRadius": 1,
            },
            "encoding": {"x": x, "y": y},
        },
    ]
    return chart(layers, sizes, height=_HEIGHT)


def box_frame(statistics: Statistics, part: Part) -> pd.DataFrame:
    """Returns one row a class: median box, quartiles, and how many fill the image."""
    return pd.DataFrame(
        [_box_row(statistics, part, label, name) for label, name in enumerate(CLASS_NAMES)]
    )


def box_takeaway(statistics: Statistics, part: Part) -> str:
    """Returns in words how the conversion fitted the garments into the image."""
    boxes = statistics.boxes(part)
    longest = _longest(statistics, part, None)
    images, shortest = boxes.sum(), int(np.flatnonzero(longest)[0]) + 1
    others = f" In the others it is at least {shortest}." if shortest < _SIDE else ""
    return (
        f"The longer side of the garment is {_SIDE} pixels in **{100 * longest[-1] / images:.1f} "
        f"%** of the {PART_WORDS[part]} images: those touch two opposite borders, to which the "
        f"conversion scales a garment.{others} "
        f"{100 * boxes[-1].sum() / images:.1f} % are {_SIDE} pixels high, "
        f"{100 * boxes[:, -1].sum() / images:.1f} % are {_SIDE} wide."
    )


def _box_row(statistics: Statistics, part: Part, label: int, name: str) -> dict[str, object]:
    heights = _along(statistics, part, "height", label)
    widths = _along(statistics, part, "width", label)
    median = [quantile(counts, 0.5) + 1 for counts in (heights, widths)]
    return {
        "class_name": name,
        "median": " × ".join(f"{value:g}" for value in median),
        "median_height": median[0],
        "median_width": median[1],
        "height_middle": _middle(heights),
        "width_middle": _middle(widths),
        "full_height": heights[-1] / heights.sum(),
        "full_width": widths[-1] / widths.sum(),
        "shortest": int(np.flatnonzero(_longest(statistics, part, label))[0]) + 1,
    }


def _along(statistics: Statistics, part: Part, dimension: Dimension, label: int) -> Counts:
    counts: Counts = statistics.boxes(part, label).sum(axis=1 if dimension == "height" else 0)
    return counts


def _longest(statistics: Statistics, part: Part, label: int | None) -> Counts:
    """Images by the longer side of their box minus 1, (28,)."""
    longer = np.maximum(*np.indices((_SIDE, _SIDE)))
    counts = np.zeros(_SIDE, np.int64)
    np.add.at(counts, longer, statistics.boxes(part, label))
    return counts


def _middle(counts: Counts) -> str:
    return f"{quantile(counts, 0.25) + 1:g} to {quantile(counts, 0.75) + 1:g}"
