"""Several runs answering as one: beside its members, and how it was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.ensembles import EnsembleResult, Step, best_length
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import LABEL_COLOR, NARROW, SHORT_ON_NARROW, chart, fitted_domain
from fmnist_core.figures.words import short_labels

METHOD_TITLES = {
    "mean": "Mean probability",
    "log_mean": "Mean of logarithms",
    "vote": "Majority vote",
}
TOGETHER = "Together"
# The page's text colour would vanish on the other page; this one is read on both.
_TOGETHER_COLOR = "#c2255c"
_ROW, _FRAME = 26, 90

MEMBER_COLUMNS = {
    "label": Column("Run", pinned=True),
    "accuracy": Column("Accuracy (%)", "percent", "On the test images that all members share."),
    "low": Column("95 % from", "percent", "Wilson's interval."),
    "high": Column("to", "percent"),
    "difference": Column("Together − this run (points)", "points"),
}
STEP_COLUMNS = {
    "step": Column("Step", "integer"),
    "label": Column("Run taken"),
    "val_accuracy": Column("Validation accuracy of all so far (%)", "percent"),
    "gain": Column("± step before (points)", "points"),
    "kept": Column("Kept"),
}


def member_table(
    sheet: Sheet, result: EnsembleResult, labels: Mapping[str, str], colors: Mapping[str, str]
) -> pd.DataFrame:
    """Returns the ensemble, then its members by their accuracy on the shared images."""
    count = len(sheet.labels)
    low, high = result.accuracy_ci95
    rows = [
        {
            "label": TOGETHER,
            "accuracy": result.accuracy,
            "low": low,
            "high": high,
            "color": _TOGETHER_COLOR,
        }
    ]
    hits = {
        run_id: int(row.sum()) for run_id, row in zip(sheet.run_ids, sheet.correct, strict=True)
    }
    for run_id, right in sorted(hits.items(), key=lambda item: -item[1]):
        low, high = wilson_interval(right, count)
        rows.append(
            {
                "label": labels[run_id],
                "accuracy": right / count,
                "low": low,
                "high": high,
                "difference": result.accuracy - right / count,
                "color": colors[labels[run_id]],
            }
        )
    return pd.DataFrame(rows, columns=[*MEMBER_COLUMNS, "color"])


def member_chart(table: pd.DataFrame) -> dict[str, Any]:
    """Returns `member_table` as points with intervals; a line marks the ensemble's accuracy."""
    short = short_labels(table["label"])
    shown = table.assign(
        name=[
            label if label == TOGETHER else f"{place}. {short[label]}"
            for place, label in enumerate(table["label"])
        ],
        percent=100 * table["accuracy"],
        from_=100 * table["low"],
        to=100 * table["high"],
    )
    order = list(shown["name"])
    y = {
        "field": "name",
        "type": "nominal",
        "sort": order,
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelLimit": {"expr": f"{NARROW} ? 130 : 330"},
            "labelExpr": SHORT_ON_NARROW,
            "labelOverlap": False,
        },
    }
    x = {
        "field": "percent",
        "type": "quantitative",
        "title": "Accuracy (%) and 95 % interval",
        "scale": {"domain": fitted_domain(shown["from_"].min(), shown["to"].max()), "nice": False},
        "axis": {"tickCount": {"expr": "width / 90"}, "labelFlush": True, "labelBound": True},
    }
    color = {"field": "color", "type": "nominal", "scale": None}
    tooltip = [
        {"field": "label", "title": "Run"},
        {"field": "percent", "title": "Accuracy (%)", "format": ".2f"},
        {"field": "from_", "title": "95 % from", "format": ".2f"},
        {"field": "to", "title": "to", "format": ".2f"},
    ]
    together = f"datum.label === '{TOGETHER}'"
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": together}],
            "mark": {"type": "rule", "strokeDash": [4, 4], "color": LABEL_COLOR},
            "encoding": {"x": x},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
            "encoding": {
                "y": y,
                "x": {**x, "field": "from_"},
                "x2": {"field": "to"},
                "color": color,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "y": y,
                "x": x,
                "color": color,
                "size": {"condition": {"test": together, "value": 170}, "value": 75},
                "shape": {"condition": {"test": together, "value": "diamond"}, "value": "circle"},
                "tooltip": tooltip,
            },
        },
    ]
    return chart(layers, shown, height=_FRAME + _ROW * len(shown))


def steps_table(steps: Sequence[Step], labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row for each run that the greedy choice takes, in its order."""
    kept = best_length(tuple(steps))
    rows = []
    before = None
    for number, step in enumerate(steps, 1):
        rows.append(
            {
                "step": number,
                "label": labels[step.run_id],
                "val_accuracy": step.val_accuracy,
                "gain": None if before is None else step.val_accuracy - before,
                "kept": "yes" if number <= kept else "no",
            }
        )
        before = step.val_accuracy
    frame = pd.DataFrame(rows, columns=list(STEP_COLUMNS))
    return frame.astype({"gain": float})
