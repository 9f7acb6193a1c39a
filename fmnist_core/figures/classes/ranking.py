"""One class against the rest: how far each network's probability alone parts the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.evaluation.class_scores import ClassScores
from fmnist_core.evaluation.ranking_metrics import class_odds, precision_recall_curve, roc_curve
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import fitted_domain
from fmnist_core.figures.words import escaped

# The last images of a class to be found cost so much precision that the rest would look flat.
_TELLING_RECALL = 0.95
_FROM_RECALL = 0.5  # below it, every network of ours is nearly always right
_STEP = 0.005
_HEIGHT = 340
_BETWEEN_MARKS = 20  # points of a curve from one symbol to the next


@dataclass(frozen=True)
class Curve:
    """A kind of curve: `short` in the control, its axes, the score that is its area."""

    short: str
    x: str
    y: str
    area: str
    area_words: str


CURVES = {
    "pr": Curve(
        "Precision and recall",
        "Recall (%)",
        "Precision (%)",
        "average_precision",
        "average precision",
    ),
    "roc": Curve(
        "ROC",
        "False positives, of all other images (%)",
        "Recall (%)",
        "roc_auc",
        "area under the ROC curve",
    ),
}


def curve_columns(curve: str) -> dict[str, Column]:
    """Returns the columns of `curve_frame`."""
    x, y = CURVES[curve].x, CURVES[curve].y
    return {
        "label": Column("Network", pinned=True),
        "x": Column(x, "percent", digits=3 if curve == "roc" else 1),
        "y": Column(y, "percent"),
    }


def curve_frame(sheet: Sheet, label: int, names: Mapping[str, str], curve: str) -> pd.DataFrame:
    """Returns the points of each network's curve on a grid that is the same for all; fractions.

    Args:
        label: the class. Without an image of it, or of another, there are no points.
        names: run id -> name.
        curve: a key of `CURVES`.
    """
    truth = sheet.labels == label
    points = _precision_at_recall if curve == "pr" else _recall_at_false_positives
    frames = [
        points(truth, class_odds(sheet.probabilities[row])[:, label]).assign(label=names[run_id])
        for row, run_id in enumerate(sheet.run_ids)
    ]
    return pd.concat(frames, ignore_index=True)


def _precision_at_recall(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> pd.DataFrame:
    """Precision at the first threshold that reaches each recall; none where only a 0 reaches it."""
    found = precision_recall_curve(truth, scores)
    if found is None:
        return pd.DataFrame({"x": [], "y": []}, dtype=float)
    wanted = np.arange(_FROM_RECALL, 1 + _STEP / 2, _STEP)
    places = np.searchsorted(found.recall, wanted - 1e-9).clip(max=len(found.recall) - 1)
    ranked = found.thresholds[places] > 0  # images of probability 0 are in no order
    return pd.DataFrame({"x": wanted[ranked], "y": found.precision[places[ranked]]})


def _recall_at_false_positives(
    truth: NDArray[np.bool_], scores: NDArray[np.float64]
) -> pd.DataFrame:
    found = roc_curve(truth, scores)
    if found is None:
        return pd.DataFrame({"x": [], "y": []}, dtype=float)
    least = 1 / int((~truth).sum())
    wanted = np.geomspace(least, 1, 120)
    recall = np.interp(wanted, found.false_positive_rate, found.true_positive_rate)
    return pd.DataFrame({"x": wanted, "y": recall})


def curve_chart(rows: pd.DataFrame, curve: str, colors: Mapping[str, str]) -> dict[str, Any]:
    """Returns a line a network: precision over recall, or recall over false positives.

    Args:
        rows: `curve_frame`, not empty.
        colors: name of a network -> colour.
    """
    kind = CURVES[curve]
    color, shape = run_encoding(colors)
    shown = rows.assign(
        percent_x=100 * rows["x"],
        percent_y=100 * rows["y"],
        marked=rows.groupby("label").cumcount() % _BETWEEN_MARKS == 0,
    )
    telling = shown[shown["x"] <= _TELLING_RECALL] if curve == "pr" else shown
    low, high = fitted_domain(telling["percent_y"].min(), telling["percent_y"].max())
    x_scale: dict[str, Any] = {"domain": [100 * _FROM_RECALL, 100], "nice": False}
    if curve == "roc":
        x_scale = {"type": "log", "domain": [float(shown["percent_x"].min()), 100], "nice": False}
    x = {"field": "percent_x", "type": "quantitative", "title": kind.x, "scale": x_scale}
    if curve == "roc":
        x["axis"] = {"values": [0.01, 0.1, 1, 10, 100], "format": "~g"}
    y = {
        "field": "percent_y",
        "type": "quantitative",
        "title": kind.y,
        "scale": {"domain": [max(low, 0.0), min(high, 100.0)], "nice": False},
    }
    tooltip = [
        {"field": "label", "title": "Network"},
        {"field": "percent_x", "title": kind.x, "format": ".3~g"},
        {"field": "percent_y", "title": kind.y, "format": ".2f"},
    ]
    shared = {"x": x, "y": y, "color": color, "opacity": UNFOCUSED}
    point = {"type": "point", "filled": True, "clip": True}
    layers: list[dict[str, Any]] = [
        {
            "params": [FOCUS],
            "mark": {"type": "line", "strokeWidth": 2, "clip": True},
            "encoding": shared,
        },
        {
            "transform": [{"filter": "datum.marked"}],
            "mark": point | {"size": 55},
            "encoding": {**shared, "shape": shape},
        },
        {
            "mark": point | {"size": 60, "opacity": 0.01},
            "encoding": {"x": x, "y": y, "color": color, "tooltip": tooltip},
        },
    ]
    return run_chart(layers, shown, height=_HEIGHT)


def curve_takeaway(
    scores: tuple[ClassScores, ...], label: int, name: str, curve: str, names: Mapping[str, str]
) -> str:
    """Returns who ranks the images of a class best and worst, by the area under the curve.

    Args:
        label: the class, which has images; `name` is its name.
    """
    kind = CURVES[curve]
    known = {
        run.run_id: float(value)
        for run in scores
        if (value := getattr(run.rankings[label], kind.area)) is not None
    }
    best, worst = max(known, key=lambda run: known[run]), min(known, key=lambda run: known[run])
    high, low = f"{100 * known[best]:.2f} %", f"{100 * known[worst]:.2f} %"
    who = {run: f"**{escaped(names[run])}**" for run in known}
    start = f"Ranked by the probability of **{name}**"
    if len(known) == 1:
        return f"{start}, {who[best]} has an {kind.area_words} of {high}."
    if high == low:
        return f"{start}, all {len(known)} networks have an {kind.area_words} of {high}."
    return (
        f"{start}, {who[best]} parts this class from the others best ({kind.area_words} {high}), "
        f"{who[worst]} worst ({low})."
    )
