"""From the last layer's sums to probabilities: softmax, with a temperature."""

from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart, fitted_domain
from fmnist_core.inference.activations import softmax
from fmnist_core.runs.arrays import Floats

SOFTMAX_COLUMNS = {
    "class_name": Column("Class", pinned=True),
    "logit": Column("Logit z", "decimal", "The last layer's sum.", digits=3),
    "power": Column("exp((z − max) / T)", "decimal", digits=5),
    "probability": Column("Probability (%)", "percent", digits=3),
    "plain": Column("At T = 1 (%)", "percent", digits=3),
}
_HEIGHT = 300
# Below this, a temperature only makes the largest 1 and the others 0.
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.1, 10.0


def softmax_frame(logits: Floats, temperature: float) -> pd.DataFrame:
    """Returns one row a class for logits of shape (10,)."""
    return pd.DataFrame(
        {
            "class_name": CLASS_NAMES,
            "logit": logits,
            "power": np.exp((logits - logits.max()) / temperature),
            "probability": softmax(logits, temperature),
            "plain": softmax(logits),
            "color": CLASS_COLORS,
        }
    )


def logits_say(frame: pd.DataFrame) -> str:
    """Returns the largest and the smallest of the last layer's sums, in a sentence."""
    ranked = frame.sort_values("logit", ascending=False).to_dict("records")
    first, last = ranked[0], ranked[-1]
    return (
        f"The last layer gives ten sums, not probabilities: from {last['logit']:.2f} "
        f"({last['class_name']}) to **{first['logit']:.2f}** ({first['class_name']})."
    )


def softmax_says(frame: pd.DataFrame, temperature: float) -> str:
    """Returns the first two classes and how sure the network is, in a sentence."""
    first, second = frame.nlargest(2, "logit").to_dict("records")
    p = frame["probability"].to_numpy()
    bits = float(-(p * np.log2(np.maximum(p, 1e-12))).sum())
    return (
        f"At temperature {temperature:g}, **{first['class_name']}** gets "
        f"**{100 * first['probability']:.1f} %** and {second['class_name']} "
        f"{100 * second['probability']:.1f} %: "
        f"its logit is larger by {first['logit'] - second['logit']:.2f}. The answer leaves "
        f"{bits:z.2f} of {np.log2(len(p)):.2f} bits open."
    )


def softmax_formula(frame: pd.DataFrame, temperature: float) -> str:
    """Returns the probability of the first class in LaTeX, with its numbers."""
    largest = frame["probability"].max()
    return (
        r"p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}} = "
        rf"\frac{{1}}{{{frame['power'].sum():.5f}}} = {largest:.5f}, \quad "
        rf"T = {temperature:g} \text{{ (all powers divided by the largest)}}"
    )


def logit_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the bars of the logits; they may be negative."""
    low, high = float(frame["logit"].min()), float(frame["logit"].max())
    # Room for the numbers beside the bars, which start at 0.
    return _bars(
        frame, "logit", "Logit", ".2f", fitted_domain(min(0, low), max(0, high), margin=0.2)
    )


def probability_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns the bars of the probabilities, with a tick where they are at temperature 1."""
    spec = _bars(frame, "probability", "Probability", ".1%", [0, 1.15])
    x = spec["layer"][0]["encoding"]["x"]
    x["axis"] = {"values": [0, 0.25, 0.5, 0.75, 1], "format": "%"}
    tick = {
        "mark": {"type": "tick", "color": "#8a8f9c", "thickness": 2},
        "encoding": {
            "y": spec["layer"][0]["encoding"]["y"],
            "x": {"field": "plain", "type": "quantitative"},
        },
    }
    return spec | {"layer": [*spec["layer"], tick]}


def _bars(
    frame: pd.DataFrame, field: str, title: str, digits: str, domain: list[float]
) -> dict[str, Any]:
    y = {
        "field": "class_name",
        "type": "nominal",
        "sort": list(CLASS_NAMES),
        "axis": {"title": None, "domain": False, "ticks": False, "labelPadding": 6},
    }
    x: dict[str, Any] = {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": domain, "nice": False},
        "axis": {"tickCount": 5},
        "stack": None,
    }
    tooltip = [
        {"field": "class_name", "title": "Class"},
        {"field": "logit", "title": "Logit", "format": ".3f"},
        {"field": "probability", "title": "Probability", "format": ".3%"},
        {"field": "plain", "title": "At temperature 1", "format": ".3%"},
    ]
    color = {"field": "color", "type": "nominal", "scale": None}
    text = {"field": field, "type": "quantitative", "format": digits}
    above = {"type": "text", "align": "left", "dx": 5, "fontSize": 11}
    # The number of a negative bar stands on its other side.
    below = above | {"align": "right", "dx": -5}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.66}},
            "encoding": {"x": x, "y": y, "color": color, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": f"datum.{field} >= 0"}],
            "mark": above,
            "encoding": {"x": x, "y": y, "text": text},
        },
        {
            "transform": [{"filter": f"datum.{field} < 0"}],
            "mark": below,
            "encoding": {"x": x, "y": y, "text": text},
        },
    ]
    return chart(layers, frame, height=_HEIGHT)
