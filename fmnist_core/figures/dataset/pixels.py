"""Grey levels of the images: their histogram, what a source says of it, and mean images."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.statistics import (
    LEVELS,
    Counts,
    LevelSummary,
    Part,
    Statistics,
    summarise_levels,
)
from fmnist_core.figures.dataset.classes import PART_WORDS
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR, chart

CLAIMED_CENTRE = 125  # where a source says that grey levels centre; see CLAIM
CLAIM = "C41"  # in the contradictions register

HISTOGRAM_COLUMNS = {
    "first": Column("From level", "integer", pinned=True),
    "last": Column("To level", "integer"),
    "pixels": Column("Pixels", "integer"),
    "share": Column("Share (%)", "percent", "Of the pixels shown.", digits=3),
}
LEVEL_COLUMNS = {
    "what": Column("Images", pinned=True),
    "mean": Column("Mean", "decimal"),
    "std": Column("Standard deviation", "decimal"),
    "scaled_mean": Column("Mean / 255", "decimal", "As networks get it.", digits=4),
    "scaled_std": Column("Standard deviation / 255", "decimal", digits=4),
    "median": Column("Median", "decimal", digits=0),
    "black": Column("Exactly 0 (%)", "percent", "Background."),
    "dark": Column("Below 10 (%)", "percent"),
    "middle": Column("115 to 135 (%)", "percent", "Around the 125 that a source names."),
    "white": Column("Exactly 255 (%)", "percent"),
    "visible_mean": Column("Mean above 0", "decimal", "Of the pixels that are not background."),
    "visible_median": Column("Median above 0", "decimal", digits=0),
}
SPREAD_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "mean": Column("Mean level", "decimal", "Of the class's mean image."),
    "variance": Column("Mean variance", "decimal", "Over the pixels of the variance image."),
    "largest": Column("Largest variance", "decimal", "Of any pixel of it."),
    "nearest": Column("Nearest mean image", meaning="By the sum of squared differences."),
    "distance": Column("Distance", "decimal", "To it, in levels.", digits=0),
}
_HEIGHT = 340
_BAR = "#3f7fc4"
_CLAIM_COLOR, _TRUTH_COLOR = "#e03131", "#2f9e44"


def histogram_frame(counts: Counts, *, bins: int, background: bool) -> pd.DataFrame:
    """Returns the pixels by grey level, one row a bin of equal width.

    Args:
        counts: (256,), pixels of each level.
        bins: how many; divides 256.
        background: whether pixels of level 0 count.
    """
    shown = counts.copy()
    if not background:
        shown[0] = 0
    pixels = shown.reshape(bins, -1).sum(axis=1)
    first = np.arange(0, LEVELS, LEVELS // bins)
    return pd.DataFrame(
        {
            "first": first,
            "last": first + LEVELS // bins - 1,
            "end": first + LEVELS // bins,
            "pixels": pixels,
            "share": pixels / pixels.sum(),
        }
    )


def histogram_takeaway(summary: LevelSummary, what: str) -> str:
    """Returns in a sentence what the distribution is like; `what` names the images."""
    return (
        f"**{100 * summary.black:.1f} %** of the pixels of {what} are exactly 0, background. The "
        f"mean is **{summary.mean:.1f}** and the median **{summary.median:.0f}**; of those "
        f"above 0, the median is {summary.visible_median:.0f}."
    )


def claim_words(summary: LevelSummary) -> str:
    """Returns in a sentence how a centre of 125 compares with what was counted."""
    off = CLAIMED_CENTRE - summary.mean
    side = "above" if off > 0 else "below"
    flat = 21 / LEVELS  # 115 to 135 are 21 levels
    compared = "fewer" if summary.middle < flat else "more"
    return (
        f"Counted here: the mean is {summary.mean:.1f}, so {CLAIMED_CENTRE} lies {abs(off):.0f} "
        f"levels {side} it, and the median {summary.median:.0f}; {100 * summary.middle:.2f} % of "
        f"the pixels lie between 115 and 135, {compared} than the {100 * flat:.1f} % of a flat "
        "distribution."
    )


def histogram_chart(bins: pd.DataFrame, summary: LevelSummary) -> dict[str, Any]:
    """Returns the histogram with three lines: the mean, the median and the claimed centre.

    Args:
        bins: of `histogram_frame`.
        summary: of all pixels, background included.
    """
    x = {
        "field": "first",
        "type": "quantitative",
        "title": "Grey level (0 is background)",
        "scale": {"domain": [0, LEVELS], "nice": False},
        "axis": {"values": [0, 32, 64, 96, 128, 160, 192, 224, 255], "grid": False},
    }
    top = float(bins["share"].max())
    y = {
        "field": "share",
        "type": "quantitative",
        "title": "Share of the pixels",
        "scale": {"domain": [0, 1.2 * top], "nice": False},
        "axis": {"format": ".1%" if top < 0.04 else ".0%", "tickCount": 6},
    }
    hover = [
        {"field": "first", "title": "From level"},
        {"field": "last", "title": "To level"},
        {"field": "pixels", "title": "Pixels", "format": ",d"},
        {"field": "share", "title": "Share", "format": ".2%"},
    ]
    shown: dict[str, Any] = {
        "mark": {"type": "rect", "color": _BAR, "stroke": None},
        "encoding": {
            "x": x,
            "x2": {"field": "end"},
            "y": y,
            "y2": {"datum": 0},
            "tooltip": hover,
        },
    }
    lines = [
        *_line(f"median {summary.median:.0f}", summary.median, LABEL_COLOR, 1.12 * top),
        *_line(f"mean {summary.mean:.1f}", summary.mean, _TRUTH_COLOR, 1.03 * top),
        *_line(f"claimed centre {CLAIMED_CENTRE}", CLAIMED_CENTRE, _CLAIM_COLOR, 0.94 * top),
    ]
    return chart([shown, *lines], bins, height=_HEIGHT)


def _line(words: str, level: float, color: str, height: float) -> list[dict[str, Any]]:
    once = {"values": [{"words": words}]}  # else every bar would draw it again
    place = {"x": {"datum": level, "type": "quantitative"}}
    return [
        {
            "data": once,
            "mark": {"type": "rule", "color": color, "strokeWidth": 2, "strokeDash": [5, 3]},
            "encoding": place,
        },
        {
            "data": once,
            "mark": {"type": "text", "align": "left", "dx": 6, "color": color, "fontSize": 12},
            "encoding": {
                **place,
                "y": {"datum": height, "type": "quantitative"},
                "text": {"field": "words", "type": "nominal"},
            },
        },
    ]


def level_frame(statistics: Statistics, part: Part) -> pd.DataFrame:
    """Returns one row for each part of the data, then one for each class within `part`."""
    parts: tuple[Part, ...] = ("train", "test", "all")
    summaries = [(f"all {PART_WORDS[name]}", statistics.levels(name)) for name in parts]
    summaries += [
        (f"{name}, {PART_WORDS[part]}", statistics.levels(part, label))
        for label, name in enumerate(CLASS_NAMES)
    ]
    rows = [{"what": what} | asdict(summarise_levels(counts)) for what, counts in summaries]
    frame = pd.DataFrame(rows)
    return frame.assign(scaled_mean=frame["mean"] / 255, scaled_std=frame["std"] / 255)


def spread_frame(statistics: Statistics, part: Part) -> pd.DataFrame:
    """Returns one row a class: how bright, how varied, and which class's mean image is nearest."""
    means, variances = statistics.mean_images(part), statistics.variance_images(part)
    flat = means.reshape(len(means), -1)
    distances = np.linalg.norm(flat[:, None] - flat[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return pd.DataFrame(
        {
            "class_name": CLASS_NAMES,
            "mean": means.mean(axis=(1, 2)),
            "variance": variances.mean(axis=(1, 2)),
            "largest": variances.max(axis=(1, 2)),
            "nearest": [CLASS_NAMES[place] for place in distances.argmin(axis=1)],
            "distance": distances.min(axis=1),
            "color": CLASS_COLORS,
        }
    )


def spread_takeaway(spread: pd.DataFrame) -> str:
    """Returns in words which class varies most and least, and which two look most alike."""
    variance, distance = spread["variance"].to_numpy(), spread["distance"].to_numpy()
    most, least = spread.iloc[int(variance.argmax())], spread.iloc[int(variance.argmin())]
    alike = spread.iloc[int(distance.argmin())]
    return (
        f"**{most['class_name']}** varies most within its class, **{least['class_name']}** least "
        f"({most['variance'] / least['variance']:.1f} times as much). On average "
        f"**{alike['class_name']}** and **{alike['nearest']}** look most alike: no two mean images "
        "are nearer to each other."
    )


def mean_picture(mean: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Returns a mean image as uint8."""
    return np.rint(mean).astype(np.uint8)


def variance_picture(variance: NDArray[np.float64], largest: float) -> NDArray[np.uint8]:
    """Returns a variance image as uint8; a variance of `largest` is white."""
    return np.rint(255 * variance / largest).astype(np.uint8)
