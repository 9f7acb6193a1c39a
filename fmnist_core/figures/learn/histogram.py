"""A layer's numbers before and after a step: activation functions and batch normalisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.figures.learn.colors import NEGATIVE, POSITIVE
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.inference.layer_outputs import EPSILON, Trace
from fmnist_core.runs.arrays import Floats

BEFORE, AFTER = "before", "after"
HISTOGRAM_COLUMNS = {
    "when": Column("When"),
    "low": Column("From", "decimal", digits=3),
    "high": Column("To", "decimal", digits=3),
    "count": Column("Values", "integer"),
}
CHANNEL_COLUMNS = {
    "channel": Column("Channel", "integer", pinned=True),
    "mean": Column("Stored mean μ", "decimal", "Running mean of the training.", digits=4),
    "variance": Column("Stored variance σ²", "decimal", "Running variance likewise.", digits=4),
    "gamma": Column("Scale γ", "decimal", "Learned.", digits=4),
    "beta": Column("Shift β", "decimal", "Learned.", digits=4),
    "mean_before": Column("Mean before", "decimal", "Of this image.", digits=3),
    "deviation_before": Column("Deviation before", "decimal", "Of this image.", digits=3),
    "mean_after": Column("Mean after", "decimal", "Of this image.", digits=3),
    "deviation_after": Column("Deviation after", "decimal", "Of this image.", digits=3),
}
_BINS = 40
_HEIGHT = 300


@dataclass(frozen=True)
class Normalisation:
    """Batch normalisation of one channel, as it is when predicting."""

    channel: int
    mean: float
    variance: float
    gamma: float
    beta: float
    epsilon: float

    @property
    def factor(self) -> float:
        """What every value is multiplied with."""
        return self.gamma / float(np.sqrt(self.variance + self.epsilon))

    @property
    def offset(self) -> float:
        """What is added after that."""
        return self.beta - self.mean * self.factor


def histogram_frame(before: Floats, after: Floats) -> pd.DataFrame:
    """Returns one row a bin and side: `when`, `low`, `high`, `count`; both share their bins."""
    values = np.concatenate([before.ravel(), after.ravel()])
    low, high = float(values.min()), float(values.max())
    edges = np.linspace(low, high if high > low else low + 1, _BINS + 1)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "when": when,
                    "low": edges[:-1],
                    "high": edges[1:],
                    "count": np.histogram(part, edges)[0],
                }
            )
            for when, part in ((BEFORE, before), (AFTER, after))
        ],
        ignore_index=True,
    )


def histogram_chart(frame: pd.DataFrame) -> dict[str, Any]:
    """Returns both histograms over one axis, each on its own row."""
    tooltip = [
        {"field": "when", "title": "When"},
        {"field": "low", "title": "From", "format": ".3f"},
        {"field": "high", "title": "To", "format": ".3f"},
        {"field": "count", "title": "Values", "format": ",d"},
    ]
    bars = {
        "mark": {"type": "bar", "opacity": 0.75},
        "encoding": {
            "x": {
                "field": "low",
                "type": "quantitative",
                "title": "Value",
                "bin": {"binned": True},
                "scale": {"domain": [frame["low"].min(), frame["high"].max()], "nice": False},
                "axis": {"grid": False, "tickCount": 8},
            },
            "x2": {"field": "high"},
            # Half of the values may be exactly 0: a root keeps the others visible.
            "y": {
                "field": "count",
                "type": "quantitative",
                "title": "Values (root scale)",
                "scale": {"type": "sqrt", "domain": [0, int(frame["count"].max())]},
                "stack": None,
                "axis": {"tickCount": 4, "format": ",d"},
            },
            "color": {
                "field": "when",
                "type": "nominal",
                "title": None,
                "scale": {"domain": [BEFORE, AFTER], "range": [NEGATIVE, POSITIVE]},
            },
            "tooltip": tooltip,
        },
    }
    zero = {
        "mark": {"type": "rule", "color": "#8a8f9c", "strokeDash": [3, 3]},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}},
    }
    return chart([bars, zero], frame, height=_HEIGHT)


def activation_says(name: str, activation: str, before: Floats, after: Floats) -> str:
    """Returns what the function did to a layer's numbers, in a sentence."""
    negative = int((before < 0).sum())
    share = 100 * negative / before.size
    start = f"Of the {before.size:,} sums of {name}, {negative:,} ({share:.0f} %)"
    if activation == "relu":
        return (
            f"{start} are below 0 and **become 0**; the others pass unchanged. The smallest was "
            f"{before.min():.2f}, the largest is {after.max():.2f}."
        )
    return (
        f"{start} are below 0. {activation} takes the range from {before.min():.2f} to "
        f"{before.max():.2f} **into {after.min():.2f} to {after.max():.2f}**."
    )


def activation_formula(activation: str, before: Floats, after: Floats) -> str:
    """Returns the function in LaTeX, at the smallest and at the largest value."""
    function = r"\max(0, x)" if activation == "relu" else rf"\mathrm{{{_plain(activation)}}}(x)"
    flat, result = before.ravel(), after.ravel()
    low, high = int(flat.argmin()), int(flat.argmax())
    return (
        rf"f(x) = {function}, \qquad f({flat[low]:.2f}) = {result[low]:.2f}, \quad "
        rf"f({flat[high]:.2f}) = {result[high]:.2f}"
    )


def normalisation(weights: Mapping[str, Floats], row: LayerRow, channel: int) -> Normalisation:
    """Returns the stored numbers of one channel."""
    stored = {
        name: float(weights[f"{row.name}/{name}"][channel])
        for name in ("moving_mean", "moving_variance", "gamma", "beta")
    }
    return Normalisation(
        channel,
        stored["moving_mean"],
        stored["moving_variance"],
        stored["gamma"],
        stored["beta"],
        float(row.arguments.get("epsilon", EPSILON)),
    )


def channel_frame(traced: Trace, weights: Mapping[str, Floats], row: LayerRow) -> pd.DataFrame:
    """Returns one row a channel: what is stored, and this image before and after."""
    before, after = traced.before(row), traced.after(row)
    places = tuple(range(before.ndim - 1))
    return pd.DataFrame(
        {
            "channel": range(1, before.shape[-1] + 1),
            "mean": weights[f"{row.name}/moving_mean"],
            "variance": weights[f"{row.name}/moving_variance"],
            "gamma": weights[f"{row.name}/gamma"],
            "beta": weights[f"{row.name}/beta"],
            "mean_before": before.mean(axis=places),
            "deviation_before": before.std(axis=places),
            "mean_after": after.mean(axis=places),
            "deviation_after": after.std(axis=places),
        }
    )


def normalisation_says(of: Normalisation, before: Floats, after: Floats) -> str:
    """Returns what it does to one channel, in a sentence."""
    return (
        f"When predicting it is one straight line: channel {of.channel + 1} is multiplied by "
        f"**{of.factor:.3f}** and moved by **{of.offset:+z.3f}**. On this image its mean goes from "
        f"{before.mean():.3f} to {after.mean():.3f}, its standard deviation from "
        f"{before.std():.3f} to {after.std():.3f}."
    )


def normalisation_formula(of: Normalisation, before: Floats, after: Floats) -> str:
    """Returns it in LaTeX, with the numbers of the largest value of the channel."""
    place = int(before.argmax())
    x, y = float(before.ravel()[place]), float(after.ravel()[place])
    return (
        r"y = \gamma\, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta = "
        rf"{of.gamma:.3f} \cdot \frac{{{x:.3f} - ({of.mean:.3f})}}"
        rf"{{\sqrt{{{of.variance:.4f} + {of.epsilon:g}}}}} + ({of.beta:.3f}) = {y:.3f}"
    )


def _plain(activation: str) -> str:
    return activation.replace("_", r"\_")
