"""Calibration of several runs on one axis: reliability diagram and table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.calibration_report import Calibration, CalibrationReport
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.trust_sentences import When, scores_of
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR
from fmnist_core.figures.words import escaped

# A bin of fewer images says little: its interval is wider than 0.3.
FEW_IMAGES = 30

BIN_COLUMNS = {
    "label": Column("Run", pinned=True),
    "low": Column("Bin from (%)", "percent", digits=0),
    "high": Column("to (%)", "percent", digits=0),
    "images": Column("Images", "integer"),
    "confidence": Column("Mean confidence (%)", "percent"),
    "accuracy": Column("Right (%)", "percent"),
    "accuracy_low": Column("95 % from", "percent", "Wilson's interval."),
    "accuracy_high": Column("to", "percent"),
}
# A table too wide for the page hides its last columns, so what is asked for first comes first.
_SCORES = {
    "ece": Column("ECE (%)", "percent", "Expected calibration error over 15 bins of equal width."),
    "nll": Column("NLL", "decimal", "Mean negative log-likelihood, nats.", digits=3),
    "brier": Column("Brier", "decimal", "Squared distance from the truth, 0 to 2.", digits=3),
    "adaptive_ece": Column("Adaptive (%)", "percent", "ECE over 15 bins of equally many images."),
}


def _scaled(column: Column) -> Column:
    label = column.label.replace(" (%)", "") + ", scaled"
    return Column(label, column.kind, "On test images.", digits=column.digits)


CALIBRATION_COLUMNS = {
    "label": Column("Run", pinned=True),
    "temperature": Column(
        "Temperature", "decimal", "Fitted on validation images; above 1 it was too sure."
    ),
    **{
        name: column
        for key, plain in _SCORES.items()
        for name, column in ((key, plain), (f"{key}_after", _scaled(plain)))
    },
    "images": Column("Images", "integer", "Test images."),
}


def calibration_table(reports: Mapping[str, CalibrationReport]) -> pd.DataFrame:
    """Returns one row a run: its scores as it answers, its temperature, its scores with it.

    Args:
        reports: label of a run -> its report.
    """
    rows = [
        {
            "label": label,
            **_scores(report.before, ""),
            "temperature": report.temperature,
            **(_scores(report.after, "_after") if report.after else {}),
            "images": report.before.images,
        }
        for label, report in reports.items()
    ]
    return pd.DataFrame(rows, columns=list(CALIBRATION_COLUMNS))


def _scores(scores: Calibration, ending: str) -> dict[str, float]:
    return {f"{name}{ending}": getattr(scores, name) for name in _SCORES}


def reliability_frame(reports: Mapping[str, CalibrationReport], when: When) -> pd.DataFrame:
    """Returns one row for each run and bin that holds images, with Wilson's interval.

    Args:
        reports: label of a run -> its report; a run without a temperature has no bins "after".
        when: as the networks answer, or with their temperatures.
    """
    rows = []
    for label, report in reports.items():
        scores = scores_of(report, when)
        for part in scores.bins if scores else ():
            if part.accuracy is None:
                continue
            low, high = wilson_interval(round(part.accuracy * part.images), part.images)
            rows.append({"label": label, **vars(part), "accuracy_low": low, "accuracy_high": high})
    return pd.DataFrame(rows, columns=list(BIN_COLUMNS))


def reliability_chart(bins: pd.DataFrame, colors: Mapping[str, str]) -> dict[str, Any]:
    """Returns accuracy over confidence, a line a run; the diagonal is what confidence promises.

    A point is as large as its bin has images; bins of fewer than `FEW_IMAGES` are left hollow.
    """
    color, shape = run_encoding(colors)
    shown = bins.assign(
        sure=100 * bins["confidence"],
        right=100 * bins["accuracy"],
        from_=100 * bins["accuracy_low"],
        to=100 * bins["accuracy_high"],
    )
    telling = shown[shown["images"] >= FEW_IMAGES]
    if telling.empty:
        telling = shown
    low = max(0.0, min(telling["sure"].min(), telling["right"].min()) - 4)
    scale = {"domain": [low, 100], "nice": False}
    x = _axis("sure", "Mean confidence of the bin (%)", scale)
    y = _axis("right", "Right among them (%)", scale)
    size = {
        "field": "images",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [1, int(shown["images"].max())], "range": [25, 420]},
        "legend": {
            "title": "Images in the bin",
            "orient": "top",
            "values": [10, 100, 1000, 8000],
            "symbolFillColor": LABEL_COLOR,
            "symbolStrokeWidth": 0,
        },
    }
    tooltip = [
        {"field": "label", "title": "Run"},
        {"field": "images", "title": "Images in the bin", "format": ",d"},
        {"field": "sure", "title": "Mean confidence (%)", "format": ".2f"},
        {"field": "right", "title": "Right (%)", "format": ".2f"},
        {"field": "from_", "title": "95 % from", "format": ".2f"},
        {"field": "to", "title": "to", "format": ".2f"},
    ]
    shared: dict[str, Any] = {"x": x, "y": y, "color": color, "opacity": UNFOCUSED}
    point: dict[str, Any] = {"type": "point", "strokeWidth": 1.5, "clip": True}
    few = f"datum.images < {FEW_IMAGES}"
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [{"sure": low, "right": low}, {"sure": 100, "right": 100}]},
            "mark": {"type": "line", "strokeDash": [4, 4], "color": LABEL_COLOR},
            "encoding": {"x": x, "y": y},
        },
        {
            "params": [FOCUS],
            "transform": [{"filter": f"!({few})"}],
            "mark": {"type": "line", "strokeWidth": 1.5, "clip": True},
            "encoding": shared,
        },
    ]
    layers += [
        {
            "transform": [{"filter": keep}],
            "mark": point | {"filled": filled},
            "encoding": {**shared, "shape": shape, "size": size, "tooltip": tooltip},
        }
        for keep, filled in ((f"!({few})", True), (few, False))
    ]
    return run_chart(layers, shown, height=360)


def _axis(field: str, title: str, scale: dict[str, Any]) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": scale}


def scores_limits(protocols: Iterable[str]) -> list[str]:
    """Returns what the scores of runs of these splits do not say."""
    scaled = (
        "One temperature a run, fitted on its validation images (Guo et al. 2017), measured on its "
        "test images. It changes how sure a network is, never what it answers."
    )
    if len({*protocols}) < 2:
        return [scaled]
    return [scaled, "Unlike splits have unlike test images: read the scores of each split apart."]


def not_scaled(reports: Mapping[str, CalibrationReport]) -> list[str]:
    """Returns the labels of the runs for which no temperature may be fitted."""
    return [label for label, report in reports.items() if report.temperature is None]


def not_scaled_caveat(labels: Sequence[str], chosen: int) -> str:
    """Returns why some runs have no temperature; empty where all have one.

    Args:
        chosen: how many runs are shown.
    """
    if not labels:
        return ""
    if len(labels) > 3:
        who = f"{len(labels)} of {chosen} runs have"
    else:
        verb = "has" if len(labels) == 1 else "have"
        who = f"{', '.join(f'**{escaped(label)}**' for label in labels)} {verb}"
    return (
        f"{who} no temperature: it is fitted on validation images apart from the test images, and "
        "there are none."
    )
