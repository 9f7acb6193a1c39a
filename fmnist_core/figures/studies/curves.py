"""How the levels of a series learn: loss and accuracy, training and validation, in four panels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.evaluation.study.result import SeriesResult
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import fitted_domain
from fmnist_core.listing import some
from fmnist_core.papers import find_table
from fmnist_core.runs.history import EpochRow

_MOST_LINES = 10  # more cannot be told apart in a panel
_HEIGHT = 270
_LAST = 5  # epochs at the end that are watched for unrest


@dataclass(frozen=True)
class Panel:
    """One of the four: a field of the history."""

    title: str
    metric: str
    field: str
    percent: bool


PANELS = (
    Panel("Training loss", "train_loss", "loss", percent=False),
    Panel("Validation loss", "val_loss", "val_loss", percent=False),
    Panel("Training accuracy", "train_accuracy", "accuracy", percent=True),
    Panel("Validation accuracy", "val_accuracy", "val_accuracy", percent=True),
)
CURVE_COLUMNS = {
    "label": Column("Level", pinned=True),
    "epoch": Column("Epoch", "integer"),
    "seeds": Column("Seeds", "integer"),
    **{
        panel.field: Column(panel.title, "percent" if panel.percent else "decimal", digits=4)
        for panel in PANELS
    },
}
MARK_COLUMNS = ["label", "metric", "epoch", "value"]


def drawn_together(part: SeriesResult) -> dict[str, SeriesResult]:
    """Returns the rows of a large grid by name; any other series whole, under ""."""
    if len(part.trained) <= _MOST_LINES or not all(one.level.row for one in part.trained):
        return {"": part}
    return {
        row: replace(part, levels=tuple(one for one in part.levels if one.level.row == row))
        for row in dict.fromkeys(one.level.row for one in part.trained)
    }


def mean_curves(part: SeriesResult, histories: Mapping[str, Sequence[EpochRow]]) -> pd.DataFrame:
    """Returns one row for each level and epoch: the mean over its seeds that reached the epoch.

    Args:
        histories: run id -> its epochs.
    """
    rows = [
        {"label": one.label, "run_id": run_id, "epoch": epoch.epoch}
        | {panel.field: getattr(epoch, panel.field) for panel in PANELS}
        for one in part.trained
        for run_id in one.run_ids
        for epoch in histories[run_id]
    ]
    long = pd.DataFrame(rows, columns=["label", "run_id", "epoch", *(p.field for p in PANELS)])
    long = long.astype({panel.field: float for panel in PANELS})
    grouped = long.groupby(["label", "epoch"], sort=False)
    return grouped.agg(
        seeds=("run_id", "nunique"), **{p.field: (p.field, "mean") for p in PANELS}
    ).reset_index()


def published_marks(table_id: str, part: SeriesResult) -> pd.DataFrame:
    """Returns what the source prints of the first and the last epoch, for the trained levels."""
    if not table_id:
        return pd.DataFrame(columns=MARK_COLUMNS)
    table = find_table(table_id)
    rows = {row.key: row for row in table.rows}
    marks = [
        {
            "label": one.label,
            "metric": column.metric,
            "epoch": column.epoch or one.setup.recipe.epochs,
            "value": float(cell),
        }
        for one in part.trained
        if one.level.key in rows
        for column, cell in zip(table.columns, rows[one.level.key].cells, strict=False)
        if cell
    ]
    return pd.DataFrame(marks, columns=MARK_COLUMNS)


def panel_chart(
    curves: pd.DataFrame,
    marks: pd.DataFrame,
    panel: Panel,
    part: SeriesResult,
    colors: dict[str, str],
) -> dict[str, Any]:
    """Returns one panel: a line a level, and hollow diamonds for what the source prints.

    The axis leaves out the first eighth of each line where that would take most of it.

    Args:
        colors: `level_colors` of the study.
    """
    times = 100 if panel.percent else 1
    colors = {one.label: colors[one.level.label] for one in part.trained}
    color, shape = run_encoding(colors)
    shown = curves.assign(value=times * curves[panel.field]).dropna(subset="value")
    own = marks[marks["metric"] == panel.metric]
    diamonds = own.assign(value=times * own["value"]).to_dict("records")
    last = max([float(shown["epoch"].max()), *(float(mark["epoch"]) for mark in diamonds)])
    x = {
        "field": "epoch",
        "type": "quantitative",
        "title": "Epoch",
        "scale": {"domain": [1, max(2, last)], "nice": False, "padding": 8},
        "axis": {"format": "d", "tickMinStep": 1},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": panel.title + (" (%)" if panel.percent else ""),
        "scale": {"domain": _domain(shown, diamonds, panel), "nice": False, "zero": False},
    }
    tooltip = [
        {"field": "label", "title": "Level"},
        {"field": "epoch", "title": "Epoch"},
        {"field": "value", "title": panel.title, "format": ".2f" if panel.percent else ".4f"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "params": [FOCUS],
            "mark": {"type": "line", "strokeWidth": 2, "clip": True},
            "encoding": {"x": x, "y": y, "color": color, "opacity": UNFOCUSED},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 30, "clip": True},
            "encoding": {
                "x": x,
                "y": y,
                "color": color,
                "shape": shape,
                "opacity": UNFOCUSED,
                "tooltip": [*tooltip, {"field": "seeds", "title": "Seeds"}],
            },
        },
    ]
    if diamonds:
        layers.append(
            {
                "data": {"values": diamonds},
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "size": 110,
                    "strokeWidth": 2,
                    "clip": True,
                },
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": color,
                    "opacity": UNFOCUSED,
                    "tooltip": [*tooltip[:2], tooltip[2] | {"title": f"{panel.title}, published"}],
                },
            }
        )
    return run_chart(layers, shown, height=_HEIGHT)


def panel_takeaway(curves: pd.DataFrame, panel: Panel) -> str:
    """Returns which level ends best, and where; for one level, where it ends."""
    known = curves.dropna(subset=panel.field)
    if known.empty:
        return f"{panel.title} was not recorded."
    ends = known.groupby("label", sort=False).tail(1).to_dict("records")
    choose = max if panel.percent else min
    best = choose(ends, key=lambda row: float(row[panel.field]))
    value = f"{100 * best[panel.field]:.2f} %" if panel.percent else f"{best[panel.field]:.4f}"
    side = "highest" if panel.percent else "lowest"
    if len(ends) == 1:
        return f"{panel.title} ends at {value}."
    return f"{panel.title} ends {side} with {best['label']}: {value}."


def unrest_caveat(curves: pd.DataFrame, effects: Sequence[Effect]) -> str:
    """Returns which effects are no larger than what one epoch moves at the end; empty if none.

    Args:
        curves: those of `mean_curves`.
        effects: of their series.
    """
    known = curves.dropna(subset="val_accuracy")
    moves = {
        str(label): float(of_level["val_accuracy"].tail(_LAST + 1).diff().abs().max())
        for label, of_level in known.groupby("label", sort=False)
        if len(of_level) > _LAST
    }
    found = [one for one in effects if one.separated]
    if not moves or not found:
        return ""
    wild = max(moves, key=moves.__getitem__)
    small = [one.level_label for one in found if abs(one.difference) <= moves[wild]]
    if not small:
        return ""
    verb = "is" if len(small) == 1 else "are"
    return (
        f"In the last {_LAST} epochs validation accuracy moves by up to {100 * moves[wild]:.2f} "
        f"points from one to the next ({wild}): {some(small)} {verb} no further from the level "
        "compared with, so that another last epoch could tell another story."
    )


def _domain(
    shown: pd.DataFrame, diamonds: Sequence[Mapping[Any, Any]], panel: Panel
) -> list[float]:
    later = shown[shown["epoch"] > shown["epoch"].max() / 8]
    values = [float(value) for value in later["value"]] or [float(v) for v in shown["value"]]
    values += [mark["value"] for mark in diamonds if mark["epoch"] > 1]
    return fitted_domain(min(values), max(values), margin=0.05)
