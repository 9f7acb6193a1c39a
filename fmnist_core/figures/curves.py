"""Learning curves: history rows of several runs, as one chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fmnist_core.figures.run_lines import (
    FOCUS,
    POINTED,
    UNFOCUSED,
    UNPOINTED,
    run_chart,
    run_encoding,
)
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import fitted_domain
from fmnist_core.figures.words import escaped


@dataclass(frozen=True)
class Metric:
    """Something that is measured once an epoch.

    Attributes:
        train, validation: columns of the history; empty where there is none.
        percent: shown times 100.
        better: whether higher or lower is better, for words.
    """

    title: str
    train: str
    validation: str
    percent: bool = False
    better: str = ""


METRICS = {
    "accuracy": Metric("Accuracy", "accuracy", "val_accuracy", percent=True, better="higher"),
    "loss": Metric("Loss", "loss", "val_loss", better="lower"),
    "gap": Metric("Training minus validation accuracy", "", "gap", percent=True, better="lower"),
    "learning_rate": Metric("Learning rate", "learning_rate", ""),
    "seconds": Metric("Seconds per epoch", "seconds", "", better="lower"),
}


@dataclass(frozen=True)
class Clock:
    """What stands on the x axis: a clock of the history, its names and its d3 format."""

    short: str
    title: str
    format: str = "~s"


CLOCKS = {
    "epoch": Clock("Epoch", "Epoch", "d"),
    "elapsed": Clock("Seconds", "Training time (seconds)", ",d"),
    "cpu_elapsed": Clock("Processor seconds", "Processor time (seconds)", ",d"),
    "samples": Clock("Images", "Images seen"),
    "macs": Clock("MACs", "Multiply-accumulates of the training, forward and backward"),
}
TRAINING, VALIDATION = "Training", "Validation"
CURVE_COLUMNS = {
    "label": Column("Run", pinned=True),
    "kind": Column("Images"),
    "epoch": Column("Epoch", "integer"),
    "value": Column("Value", "decimal", digits=5),
    "smoothed": Column("Smoothed", "decimal", digits=5),
    "elapsed": Column("Seconds", "decimal"),
    "cpu_elapsed": Column("Processor seconds", "decimal"),
    "samples": Column("Images seen", "integer"),
    "macs": Column("MACs", "integer"),
}


def long_curves(histories: pd.DataFrame, metric: Metric, smoothing: float) -> pd.DataFrame:
    """Returns one row for each run, epoch and kind of images, with raw and smoothed value.

    Args:
        histories: one row for each run and epoch, as `ui.loaders.histories` gives them.
        smoothing: weight of the past in the running mean, 0 (none) to below 1; the mean is
            corrected for its start at zero (as in Adam), so early epochs are not pulled down.
    """
    parts = []
    for kind, column in ((TRAINING, metric.train), (VALIDATION, metric.validation)):
        if column:
            part = histories[["run_id", "label", *CLOCKS]].assign(
                kind=kind, value=histories[column].astype(float) * (100 if metric.percent else 1)
            )
            parts.append(part.dropna(subset="value"))
    long = pd.concat(parts, ignore_index=True)
    smoothed = _running_mean(long, smoothing) if smoothing else long["value"]
    return long.assign(smoothed=smoothed, marked=_marked(long))


def _running_mean(long: pd.DataFrame, smoothing: float) -> "pd.Series[float]":
    # pandas' adjusted exponentially weighted mean with alpha = 1 - smoothing is that running mean.
    values = long.groupby(["run_id", "kind"], sort=False)["value"]
    return values.ewm(alpha=1 - smoothing).mean().droplevel([0, 1])  # aligned by the row's number


def _marked(long: pd.DataFrame) -> "pd.Series[bool]":
    """Says which points carry the symbol of their run: about eight a line, not all at one place."""
    place = long.groupby(["run_id", "kind"], sort=False).cumcount()
    stride = (long.groupby(["run_id", "kind"])["epoch"].transform("size") // 8).clip(lower=1)
    run = long.groupby("run_id", sort=False).ngroup()
    return place % stride == run % stride


def curves_takeaway(long: pd.DataFrame, metric: Metric, *, splits: int = 1) -> str:
    """Returns which run reaches the best value, and when; without a better side, the range.

    Args:
        splits: under how many the runs were validated; under several nothing is ranked.
    """
    kind = VALIDATION if (long["kind"] == VALIDATION).any() else TRAINING
    part = long[long["kind"] == kind]
    unit = " %" if metric.percent else ""
    if not metric.better:
        low, high = part["value"].min(), part["value"].max()
        return f"{metric.title} runs from {low:.4g} to {high:.4g}{unit}."
    if splits > 1 and kind == VALIDATION:
        bests = part.groupby("run_id")["value"].agg("max" if metric.better == "higher" else "min")
        return (
            f"The runs were validated on the images of {splits} unlike splits, so this is no "
            f"ranking: their best values run from {_spoken(bests.min(), metric)} to "
            f"{_spoken(bests.max(), metric)}."
        )
    values = part["value"].to_numpy()
    best = part.iloc[int(values.argmax() if metric.better == "higher" else values.argmin())]
    last = part[part["run_id"] == best["run_id"]].iloc[-1]
    side = "highest" if metric.better == "higher" else "lowest"
    text = (
        f"**{escaped(best['label'])}** reaches the {side} {kind.lower()} value: "
        f"{_spoken(best['value'], metric)} in epoch {best['epoch']}"
    )
    if last["epoch"] != best["epoch"]:
        text += f", and ends at {_spoken(last['value'], metric)} in epoch {last['epoch']}"
    return text + "."


def _spoken(value: float, metric: Metric) -> str:
    return f"{value:.2f} %" if metric.percent else f"{value:.4f}"


def curves_chart(
    long: pd.DataFrame,
    metric: Metric,
    clock: str,
    colors: dict[str, str],
    *,
    thin: Sequence[str] = (),
    smoothing: float = 0.0,
    whole_range: bool = False,
) -> dict[str, Any]:
    """Returns the chart of `long_curves`: a colour a run, training dashed, validation solid.

    Args:
        colors: label of a run -> colour, in the order of the legend.
        thin: labels drawn thinner, because other runs of the same architecture are shown too.
        whole_range: keep the steep first epochs in the picture, see `value_domain`.
    """
    unit = " (%)" if metric.percent else ""
    smooth_words = f", smoothed {smoothing:g}" if smoothing else ""
    x = {
        "field": clock,
        "type": "quantitative",
        "title": CLOCKS[clock].title,
        "scale": {"domain": [float(long[clock].min()), float(long[clock].max())], "nice": False},
        "axis": {"format": CLOCKS[clock].format, "tickMinStep": 1},
    }
    y = {
        "field": "smoothed",
        "type": "quantitative",
        "title": f"{metric.title}{unit}{smooth_words}",
        "scale": {"domain": value_domain(long, metric, whole_range=whole_range), "nice": False},
    }
    color, shape = run_encoding(colors)
    dash = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [VALIDATION, TRAINING], "range": [[1, 0], [5, 4]]},
        "legend": {
            "orient": "top",
            "symbolType": "stroke",
            "symbolStrokeWidth": 2,
            "symbolSize": 400,
        },
    }
    width = {
        "condition": {"test": {"field": "label", "oneOf": list(thin)}, "value": 1.3},
        "value": 2.4,
    }
    shared = {"x": x, "color": color, "detail": [{"field": "kind"}, {"field": "run_id"}]}
    layers: list[dict[str, Any]] = [
        {
            "params": [FOCUS],
            "mark": {"type": "line", "clip": True},
            "encoding": {
                **shared,
                "y": y,
                "strokeDash": dash,
                "strokeWidth": width,
                "opacity": UNFOCUSED,
            },
        },
        {
            "transform": [{"filter": "datum.marked"}],
            "mark": {"type": "point", "filled": True, "size": 55, "clip": True},
            "encoding": {**shared, "y": y, "shape": shape, "opacity": UNFOCUSED},
        },
        _hover_points(shared, y, metric),
    ]
    if smoothing:
        raw = {"condition": {"param": "focus", "value": 0.25}, "value": 0.05}
        layers.insert(
            1,
            {
                "mark": {"type": "line", "strokeWidth": 1, "clip": True},
                "encoding": {**shared, "y": {**y, "field": "value"}, "opacity": raw},
            },
        )
    return run_chart(layers, long, height=300)


def value_domain(long: pd.DataFrame, metric: Metric, *, whole_range: bool) -> list[float]:
    """Returns the range of the y axis: all values, or all but the first epochs of each line.

    Those would take most of the axis: of accuracies from 70 to 92 %, the last two points tell the
    runs apart. So the first eighth of each line may leave the picture on the side of the worse.
    """
    low, high = long["value"].min(), long["value"].max()
    if not whole_range and metric.better:
        lines = long.groupby(["run_id", "kind"], sort=False)["value"]
        size = lines.transform("size")
        later = long["value"][(lines.cumcount() >= size / 8) | (size == 1)]
        low, high = (later.min(), high) if metric.better == "higher" else (low, later.max())
    return fitted_domain(low, high)


def _hover_points(shared: dict[str, Any], y: dict[str, Any], metric: Metric) -> dict[str, Any]:
    """Returns a layer of points that show themselves and their raw value under the pointer."""
    number = ".2f" if metric.percent else ".4~g"
    return {
        "params": [POINTED],
        "mark": {"type": "point", "filled": True, "size": 70, "clip": True},
        "encoding": {
            **shared,
            "y": y,
            "opacity": UNPOINTED,
            "tooltip": [
                {"field": "label", "title": "Run"},
                {"field": "kind", "title": "Images"},
                {"field": "epoch", "title": "Epoch"},
                {"field": "value", "title": metric.title, "format": number},
                {"field": "smoothed", "title": "Smoothed", "format": number},
                {"field": "elapsed", "title": "Seconds so far", "format": ",.0f"},
            ],
        },
    }
