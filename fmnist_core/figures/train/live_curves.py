"""The curve of a training that runs, over a whole run of the same network."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.figures.curves import TRAINING, VALIDATION, Metric
from fmnist_core.figures.run_lines import POINTED, UNPOINTED
from fmnist_core.figures.theme import chart, fitted_domain
from fmnist_core.runs.history import EpochRow

THIS, BEFORE = "This training", "Full run"
TEST_SEEN_KIND = "Test (in place of validation)"
_HEIGHT = 380
_FADED = 0.4


def validation_images(protocol: str) -> str:
    """Returns what the images are called that a split measures each epoch on."""
    seen = protocol == TEST_SEEN_PROTOCOL
    return "test images (in place of validation)" if seen else "validation images"


def live_curves(
    rows: Sequence[EpochRow],
    reference: Sequence[EpochRow],
    metric: Metric,
    epochs: int,
    protocol: str,
) -> pd.DataFrame:
    """Returns one row for each line, kind of images and epoch: `line`, `kind`, `epoch`, `value`.

    Args:
        rows: the epochs so far; there may be none.
        reference: those of the run to draw over; the ones after the last epoch planned here are
            left out, so that a short training fills the width.
        epochs: how many are planned.
        protocol: the split of both.
    """
    held_out = TEST_SEEN_KIND if protocol == TEST_SEEN_PROTOCOL else VALIDATION
    times = 100 if metric.percent else 1
    points = [
        (line, kind, row.epoch, times * value)
        for line, part in ((BEFORE, reference), (THIS, rows))
        for kind, field in ((held_out, metric.validation), (TRAINING, metric.train))
        for row in part
        if row.epoch <= epochs and (value := getattr(row, field)) is not None
    ]
    return pd.DataFrame(points, columns=["line", "kind", "epoch", "value"])


def live_chart(long: pd.DataFrame, metric: Metric, color: str, epochs: int) -> dict[str, Any]:
    """Returns the chart of `live_curves`: training dashed, validation solid, one hue.

    Args:
        color: of the architecture; the run drawn over is the same colour, faded.
        epochs: how many are planned; the x axis ends there, so the curve grows into its place.
    """
    x = {
        "field": "epoch",
        "type": "quantitative",
        "title": "Epoch",
        "scale": {"domain": [1, max(epochs, 2)], "nice": False},
        "axis": {"format": "d", "tickMinStep": 1},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": _axis_title(metric),
        "scale": {"domain": _value_domain(long, epochs), "nice": False, "zero": False},
    }
    held_out = next((kind for kind in long["kind"] if kind != TRAINING), VALIDATION)
    dash = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [held_out, TRAINING], "range": [[1, 0], [5, 4]]},
        "legend": {
            "orient": "top",
            "symbolType": "stroke",
            "symbolStrokeWidth": 2,
            "symbolSize": 350,
        },
    }
    present = set(long["line"])
    lines = [name for name in (THIS, BEFORE) if name in present]
    opacity = {
        "field": "line",
        "type": "ordinal",  # Vega-Lite warns of an opacity by names without an order
        "sort": lines,
        "title": None,
        "scale": {"domain": lines, "range": [{THIS: 1.0, BEFORE: _FADED}[name] for name in lines]},
        "legend": {
            "symbolType": "stroke",
            "symbolStrokeWidth": 3,
            "symbolStrokeColor": color,
            "symbolSize": 350,
        },
    }
    width = {"condition": {"test": f"datum.line == '{THIS}'", "value": 2.6}, "value": 1.8}
    this = [{"filter": f"datum.line == '{THIS}'"}]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "line", "color": color, "clip": True},
            "encoding": {
                "x": x,
                "y": y,
                "opacity": opacity,
                "strokeDash": dash,
                "strokeWidth": width,
            },
        },
        {
            "transform": this,
            "mark": {"type": "point", "filled": True, "color": color, "size": 36, "clip": True},
            "encoding": {"x": x, "y": y, "detail": {"field": "kind"}},
        },
        _hover_points(x, y, metric, color),
    ]
    return chart(layers, long, height=_HEIGHT)


def values_table(charts: Sequence[tuple[Metric, pd.DataFrame]]) -> pd.DataFrame:
    """Returns the numbers of `live_curves` of several metrics: an epoch a row, a line a column."""
    columns = {
        f"{_axis_title(metric)}, {name}": points.set_index("epoch")["value"]
        for metric, long in charts
        for name, points in long.groupby((long["kind"] + ", " + long["line"]).str.lower())
    }
    return pd.DataFrame(columns).rename_axis("Epoch").sort_index().reset_index()


def live_takeaway(rows: Sequence[EpochRow], reference: Sequence[EpochRow], protocol: str) -> str:
    """Returns in a sentence where the training stands against the run that it is drawn over.

    Args:
        protocol: the split of both.
    """
    if not rows:
        return "The first point appears when the first epoch is whole."
    last = rows[-1]
    what, field = "validation accuracy", "val_accuracy"
    if last.val_accuracy is None:
        what, field = "training accuracy", "accuracy"
    elif protocol == TEST_SEEN_PROTOCOL:
        what = f"accuracy on the {validation_images(protocol)}"
    text = f"**{_percent(last, field)}** {what} after epoch {last.epoch}"
    if len(reference) < last.epoch:
        return text + "."
    text += f"; the full run had {_percent(reference[last.epoch - 1], field)} there"
    if len(reference) > last.epoch:
        text += f" and ended at {_percent(reference[-1], field)} in epoch {len(reference)}"
    return text + "."


def _axis_title(metric: Metric) -> str:
    return f"{metric.title}{' (%)' if metric.percent else ''}"


def _percent(row: EpochRow, field: str) -> str:
    value = getattr(row, field)
    return "no finite" if value is None else f"{100 * value:.2f} %"


def _value_domain(long: pd.DataFrame, epochs: int) -> list[float]:
    """Returns the range of the y axis, which this training's values fill.

    The steep first eighth of the plan counts only while there is nothing else. Of the run drawn
    over, the later half counts: where it ends is in the picture, and how badly it began is not.
    """
    points = list(zip(long["line"], long["epoch"], long["value"], strict=True))
    this = [(epoch, value) for line, epoch, value in points if line == THIS]
    later = [value for epoch, value in this if epoch > epochs / 8]
    before = [value for line, epoch, value in points if line == BEFORE and epoch > epochs / 2]
    shown = (later or [value for _, value in this]) + before or list(long["value"])
    return fitted_domain(min(shown), max(shown)) if shown else [0.0, 1.0]


def _hover_points(
    x: dict[str, Any], y: dict[str, Any], metric: Metric, color: str
) -> dict[str, Any]:
    """Returns a layer of points that show themselves and their value under the pointer."""
    return {
        "params": [POINTED],
        "mark": {"type": "point", "filled": True, "size": 80, "color": color, "clip": True},
        "encoding": {
            "x": x,
            "y": y,
            "opacity": UNPOINTED,
            "tooltip": [
                {"field": "line", "title": "Line"},
                {"field": "kind", "title": "Images"},
                {"field": "epoch", "title": "Epoch"},
                {
                    "field": "value",
                    "title": metric.title,
                    "format": ".2f" if metric.percent else ".4f",
                },
            ],
        },
    }
