"""Images that many networks fail, and those that only one gets right."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.evaluation.agreement import only_right, wrong_counts
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.marks import INK, bar_layers
from fmnist_core.figures.classes.picks import image_count
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.figures.words import escaped

FAILING_COLUMNS = {
    "failing": Column("Networks that fail", "integer", pinned=True),
    "images": Column("Images", "integer"),
    "share": Column("Of all (%)", "percent"),
}
ONLY_COLUMNS = {
    "run": Column("Network", pinned=True),
    "images": Column("Only it is right", "integer", "Images that every other run gets wrong."),
    "accuracy": Column("Accuracy (%)", "percent", "On the images that all runs share."),
}
_HEIGHT, _ROW, _FRAME = 260, 26, 90


def failing_frame(sheet: Sheet) -> pd.DataFrame:
    """Returns one row for each number of failing networks from 0 to all: how many images."""
    counts = np.bincount(wrong_counts(sheet), minlength=len(sheet.run_ids) + 1)
    return pd.DataFrame(
        {
            "failing": np.arange(len(counts)),
            "images": counts,
            "share": counts / max(int(counts.sum()), 1),
        }
    )


def failing_takeaway(frame: pd.DataFrame) -> str:
    """Returns how many images all networks get right and how many none; for two runs or more."""
    runs, images = len(frame) - 1, int(frame["images"].sum())
    easy, hard = int(frame["images"].iloc[0]), int(frame["images"].iloc[-1])
    everybody, verb = "both" if runs == 2 else f"all {runs}", "is" if hard == 1 else "are"
    return (
        f"Of {image_count(images)}, {everybody} networks get **{easy:,}** right; **{hard:,}** "
        f"{verb} wrong by {everybody}."
    )


def failing_chart(frame: pd.DataFrame, chosen: int | None) -> dict[str, Any]:
    """Returns a bar for each number of failing networks above 0; a click is the selection `cell`.

    Args:
        chosen: the number whose bar is framed.
    """
    shown = frame[frame["failing"] > 0].copy()
    shown["chosen"] = shown["failing"] == chosen
    tooltip = [
        {"field": "failing", "title": "Networks that fail"},
        {"field": "images", "title": "Images", "format": ",d"},
        {"field": "share", "title": "Of all", "format": ".2%"},
    ]
    place = {
        "x": {
            "field": "failing",
            "type": "ordinal",
            "title": "Networks that get an image wrong",
            "axis": {"labelAngle": 0, "domain": False, "ticks": False},
        },
        "y": _length(shown) | {"title": "Images"},
    }
    return chart(
        bar_layers(place, {"value": INK}, ["failing"], tooltip, {"dy": -7}),
        shown,
        height=_HEIGHT,
    )


def only_frame(
    sheet: Sheet, labels: Mapping[str, str], architectures: Mapping[str, str]
) -> pd.DataFrame:
    """Returns one row a run: how many images only it gets right; most first."""
    names = [labels[run_id] for run_id in sheet.run_ids]
    colors, _ = run_colors(names, [architectures[run_id] for run_id in sheet.run_ids])
    frame = pd.DataFrame(
        {
            "run_id": sheet.run_ids,
            "run": names,
            "images": [len(only_right(sheet, run_id)) for run_id in sheet.run_ids],
            "accuracy": sheet.correct.mean(axis=1),
            "color": [colors[name] for name in names],
        }
    )
    return frame.sort_values("images", ascending=False, kind="stable", ignore_index=True)


def only_takeaway(frame: pd.DataFrame) -> str:
    """Returns which run alone gets most images right, in a sentence."""
    total, first = int(frame["images"].sum()), frame.iloc[0]
    if not total:
        return "No image is right by one network alone."
    name = f"**{escaped(first['run'])}**"
    says = f"{image_count(total)} {'is' if total == 1 else 'are'} right by one network alone"
    return f"{says[0].upper()}{says[1:]}; {name} has the most ({int(first['images']):,})."


def only_chart(frame: pd.DataFrame, chosen: str) -> dict[str, Any]:
    """Returns a bar a run; a click is the selection `cell`.

    Args:
        chosen: id of the run whose bar is framed.
    """
    shown = frame.copy()
    shown["chosen"] = shown["run_id"] == chosen
    tooltip = [
        {"field": "run", "title": "Network"},
        {"field": "images", "title": "Only it is right", "format": ",d"},
        {"field": "accuracy", "title": "Accuracy", "format": ".2%"},
    ]
    place = {
        "y": {
            "field": "run",
            "type": "nominal",
            "sort": list(frame["run"]),
            "axis": {
                "title": None,
                "domain": False,
                "ticks": False,
                "labelLimit": 300,
                "labelOverlap": False,
            },
        },
        "x": _length(shown) | {"title": "Images that only it gets right"},
    }
    color = {"field": "color", "type": "nominal", "scale": None}
    text = {"dx": 5, "align": "left"}
    return chart(
        bar_layers(place, color, ["run_id"], tooltip, text),
        shown,
        height=_FRAME + _ROW * max(len(frame), 2),
    )


def _length(shown: pd.DataFrame) -> dict[str, Any]:
    """Returns the encoding of `images`, with room for the number at a bar's end."""
    most = max(1, int(shown["images"].max()))
    return {
        "field": "images",
        "type": "quantitative",
        "stack": None,
        "scale": {"domain": [0, 1.12 * most], "nice": False},
        "axis": {"tickMinStep": 1, "format": ",d"},
    }
