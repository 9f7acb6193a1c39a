"""What moving from run A to run B repairs and what it breaks, class by class."""

from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.agreement import flips
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.confusions import MORE_BY_A, MORE_BY_B
from fmnist_core.figures.classes.marks import FRAME, click
from fmnist_core.figures.classes.picks import image_count
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.figures.words import escaped

MOVES = {"fixed": "Fixed by B", "broken": "Broken by B"}
FLIP_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "fixed": Column("Fixed by B", "integer", "Images that A gets wrong and B right."),
    "broken": Column("Broken by B", "integer", "Images that A gets right and B wrong."),
    "net": Column("Net", "decimal", "Fixed less broken.", digits=0),
    "support": Column("Images", "integer", "Of this class, among those that all runs share."),
}
_HEIGHT = 360


def flips_frame(sheet: Sheet, a: str, b: str) -> pd.DataFrame:
    """Returns one row a class: how many of its images B fixes and breaks against A."""
    found = flips(sheet, a, b)
    fixed, broken = (
        np.bincount(sheet.labels[positions], minlength=len(CLASS_NAMES))
        for positions in (found.fixed, found.broken)
    )
    return pd.DataFrame(
        {
            "class_name": CLASS_NAMES,
            "fixed": fixed,
            "broken": broken,
            "net": fixed - broken,
            "support": np.bincount(sheet.labels, minlength=len(CLASS_NAMES)),
        }
    )


def flips_takeaway(frame: pd.DataFrame, labels: tuple[str, str]) -> str:
    """Returns in a sentence how many images B fixes and breaks, and where most."""
    a, b = (f"**{escaped(label)}**" for label in labels)
    fixed, broken = int(frame["fixed"].sum()), int(frame["broken"].sum())
    images = int(frame["support"].sum())
    if not fixed and not broken:
        return f"{a} and {b} get exactly the same of {image_count(images)} right."
    words = (
        f"Of {image_count(images)}, {b} fixes {fixed:,} that {a} gets wrong and breaks {broken:,} "
        f"that it gets right: {fixed - broken:+,} in all."
    )
    gains, losses = (
        f"**{frame['class_name'].iloc[place]}** ({int(frame['net'].iloc[place]):+,})"
        for place in (int(frame["net"].argmax()), int(frame["net"].argmin()))
    )
    if frame["net"].max() > 0:
        words += f" Gains most: {gains}."
    if frame["net"].min() < 0:
        words += f" Loses most: {losses}."
    return words


def flips_chart(frame: pd.DataFrame, chosen: tuple[str, str]) -> dict[str, Any]:
    """Returns bars to both sides; a click on one is the selection `cell`.

    Args:
        chosen: class name and move of the framed bar.
    """
    long = frame.melt(["class_name", "support", "net"], list(MOVES), "move", "images")
    long["signed"] = np.where(long["move"] == "fixed", long["images"], -long["images"])
    long["title"] = long["move"].map(MOVES)
    long["chosen"] = (long["class_name"] == chosen[0]) & (long["move"] == chosen[1])
    y = {
        "field": "class_name",
        "type": "nominal",
        "sort": list(CLASS_NAMES),
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelOverlap": False,
        },
    }
    most = max(1, int(long["images"].max()))
    x = {
        "field": "signed",
        "type": "quantitative",
        "title": "Images",
        "stack": None,
        "scale": {"domain": [-1.12 * most, 1.12 * most], "nice": False},
        "axis": {"labelExpr": "format(abs(datum.value), ',d')", "tickMinStep": 1},
    }
    color = {
        "field": "title",
        "type": "nominal",
        "title": None,
        "legend": {"orient": "top"},
        "scale": {"domain": list(MOVES.values()), "range": [MORE_BY_B, MORE_BY_A]},
    }
    tooltip = [
        {"field": "class_name", "title": "Class"},
        {"field": "title", "title": "Change"},
        {"field": "images", "title": "Images", "format": ",d"},
        {"field": "net", "title": "Net", "format": "+,d"},
    ]
    number = {"y": y, "x": x, "text": {"field": "images", "type": "quantitative"}}
    layers: list[dict[str, Any]] = [
        {
            "params": [{"name": "cell", "select": click(["class_name", "move"])}],
            "mark": {
                "type": "bar",
                "height": {"band": 0.66},
                "cursor": "pointer",
                "strokeWidth": 2,
            },
            "encoding": {"x": x, "y": y, "color": color, "stroke": FRAME, "tooltip": tooltip},
        },
        *(
            {
                "transform": [{"filter": f"datum.move == '{move}' && datum.images > 0"}],
                "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 11},
                "encoding": number,
            }
            for move, align, dx in (("fixed", "left", 5), ("broken", "right", -5))
        ),
    ]
    return chart(layers, long, height=_HEIGHT)
