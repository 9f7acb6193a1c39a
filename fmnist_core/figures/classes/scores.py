"""Precision, recall, F1 and ranking scores of every class by every network."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.class_scores import ClassScores
from fmnist_core.figures.classes.marks import INK, cell_layers
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import NARROW, SHORT_ON_NARROW, chart
from fmnist_core.figures.words import escaped

METRICS = {
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "average_precision": "Average precision",
    "roc_auc": "ROC AUC",
}
_ABBREVIATIONS = ("f1", "roc_auc")
ORDERS = {"worst": "Worst first", "best": "Best first", "az": "A–Z"}
AVERAGES = {"macro": "Macro", "weighted": "Weighted"}
SCORE_COLUMNS = {
    "run": Column("Network", pinned=True),
    "class_name": Column("Class", pinned=True),
    "precision": Column(
        "Precision (%)", "percent", "Of the images called this, how many are; 0 where none is."
    ),
    "recall": Column("Recall (%)", "percent", "Of the images of this class, how many are found."),
    "f1": Column("F1 (%)", "percent", "Harmonic mean of precision and recall."),
    "average_precision": Column(
        "Average precision (%)",
        "percent",
        "Of the class's images, ranked by its probability: mean precision over the recalls gained.",
    ),
    "roc_auc": Column(
        "ROC AUC (%)",
        "percent",
        "How often an image of the class gets a higher probability of it than another image does.",
    ),
    "support": Column("Images", "integer", "Of this class, among those that all runs share."),
    "predicted": Column("Called so", "integer", "Images that the network calls this class."),
}
_ROW, _FRAME = 26, 120
_SLANTED = 18  # pixels by which the last class name leans over the edge


def scores_frame(scores: Sequence[ClassScores], labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row a run and class, then its macro and weighted averages; fractions."""
    return pd.DataFrame(
        [
            {"run_id": run.run_id, "run": labels[run.run_id]} | row
            for run in scores
            for row in _rows(run)
        ]
    ).astype({"average_precision": float, "roc_auc": float})


def _rows(run: ClassScores) -> list[dict[str, Any]]:
    known = run.to_json()
    images = sum(score.support for score in run.report.classes)
    classes = [{"class_name": row.pop("class")} | row for row in known["classes"]]
    averages = [
        {"class_name": title, "support": images, "predicted": images} | known[name]
        for name, title in AVERAGES.items()
    ]
    return classes + averages


def class_order(scores: pd.DataFrame, metric: str, order: str) -> list[str]:
    """Returns the class names by the mean of `metric` over the runs, or by name; then averages.

    By the mean, classes without images come last.
    """
    classes = scores[scores["class_name"].isin(CLASS_NAMES)]
    if order == "az":
        names = sorted(CLASS_NAMES)
    else:
        known = classes[metric].where(classes["support"] > 0)
        means = known.groupby(classes["class_name"]).mean()
        names = list(means.sort_values(ascending=order == "worst", kind="stable").index)
    return [*names, *AVERAGES.values()]


def scores_takeaway(scores: pd.DataFrame, metric: str) -> str:
    """Returns the hardest and the easiest class in a sentence, and where the runs part most."""
    classes = scores[scores["class_name"].isin(CLASS_NAMES) & (scores["support"] > 0)]
    by_class = classes.groupby("class_name", sort=False)[metric]
    means, spread = by_class.mean(), by_class.max() - by_class.min()
    worst, best = str(means.idxmin()), str(means.idxmax())
    runs = scores["run_id"].nunique()
    over = "" if runs == 1 else f", mean of {runs} networks"
    title = METRICS[metric] if metric in _ABBREVIATIONS else METRICS[metric].lower()
    words = (
        f"Hardest class: **{worst}** ({title} {100 * means[worst]:.1f} %{over}); easiest: "
        f"**{best}** ({100 * means[best]:.1f} %)."
    )
    if runs > 1:
        widest = str(spread.idxmax())
        of_it = classes[classes["class_name"] == widest]
        low, high = of_it.iloc[int(of_it[metric].argmin())], of_it.iloc[int(of_it[metric].argmax())]
        words += (
            f" They differ most on **{widest}**: from {100 * low[metric]:.1f} % "
            f"({escaped(low['run'])}) to {100 * high[metric]:.1f} % ({escaped(high['run'])})."
        )
    return words


def never_predicted(scores: pd.DataFrame) -> list[str]:
    """Returns a sentence for each run that never says some class which does occur."""
    silent = scores[(scores["predicted"] == 0) & (scores["support"] > 0)]
    return [
        f"**{escaped(str(run))}** never says {', '.join(group['class_name'])}: precision has "
        "nothing to divide by there and counts as 0."
        for run, group in silent.groupby("run", sort=False)
    ]


def absent_classes(scores: pd.DataFrame) -> str:
    """Returns a sentence about the classes that none of the images has; empty without any."""
    first = scores[scores["run_id"] == scores["run_id"].iloc[0]]
    names = first.loc[first["support"] == 0, "class_name"]
    if names.empty:
        return ""
    return (
        f"No image of {', '.join(names)} is among these: their recall and F1 "
        "count as 0, and there is nothing to rank."
    )


def scores_chart(
    scores: pd.DataFrame, metric: str, order: Sequence[str], chosen: tuple[str, str]
) -> dict[str, Any]:
    """Returns the heatmap of networks and classes; a click on a cell is the selection `cell`.

    Args:
        order: class names from left to right.
        chosen: run id and class name of the framed cell.
    """
    shown = scores[["run_id", "run", "class_name", "support", *METRICS]].copy()
    values = shown[metric].to_numpy()
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    shown["value"] = 100 * values
    # The root of what is missing, so that 97 and 99 % do not look alike beside 60 %.
    missing = (high - values) / ((high - low) or 1.0)
    shown["strength"] = np.sqrt(np.nan_to_num(missing))  # a class without images has no ranking
    shown["chosen"] = (shown["run_id"] == chosen[0]) & (shown["class_name"] == chosen[1])
    for name in METRICS:
        shown[name] = 100 * shown[name]
    tooltip = [
        {"field": "run", "title": "Network"},
        {"field": "class_name", "title": "Class"},
        *({"field": f, "title": f"{t} (%)", "format": ".2f"} for f, t in METRICS.items()),
        {"field": "support", "title": "Images", "format": ",d"},
    ]
    axis = {"title": None, "domain": False, "ticks": False, "grid": False}
    place = {
        "x": {
            "field": "class_name",
            "type": "nominal",
            "sort": list(order),
            "axis": axis | {"orient": "top", "labelAngle": -45, "labelOverlap": False},
        },
        "y": {
            "field": "run",
            "type": "nominal",
            "sort": list(dict.fromkeys(scores["run"])),
            "axis": axis
            | {
                "labelLimit": {"expr": f"{NARROW} ? 110 : 300"},
                "labelExpr": SHORT_ON_NARROW,
                "labelPadding": 6,
            },
        },
    }
    count = scores["run_id"].nunique()
    layers = cell_layers(
        place,
        INK,
        ["run_id", "class_name"],
        {"field": "value", "format": ".1f"},
        tooltip,
        narrow=".0f",
    )
    spec = chart(layers, shown, height=_FRAME + _ROW * max(count, 2))
    return spec | {"padding": {"top": 5, "bottom": 5, "left": 5, "right": _SLANTED}}


def wide_table(
    scores: pd.DataFrame, metric: str, order: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Returns one row a class and one column a run, named by its id, with what they mean."""
    runs = dict(zip(scores["run_id"], scores["run"], strict=True))
    columns = {"class_name": SCORE_COLUMNS["class_name"], "support": SCORE_COLUMNS["support"]}
    if len(runs) == 1:
        table = scores.set_index("class_name").loc[list(order)].reset_index()
        return table, columns | {name: SCORE_COLUMNS[name] for name in (*METRICS, "predicted")}
    support = scores[scores["run_id"] == next(iter(runs))].set_index("class_name")["support"]
    table = scores.pivot_table(
        index="class_name", columns="run_id", values=metric, sort=False, dropna=False
    )
    table.insert(0, "support", support)
    columns |= {run_id: Column(f"{name} (%)", "percent") for run_id, name in runs.items()}
    return table.loc[list(order)].reset_index(), columns
