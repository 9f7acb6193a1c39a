"""What one network takes for what, beside another network, and the difference of the two."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.metrics import confusion_matrix
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.marks import cell_layers
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.figures.words import escaped

CELL_COLUMNS = {
    "true": Column("True class", pinned=True),
    "predicted": Column("Predicted", pinned=True),
    "count_a": Column("A", "integer", "Images by run A."),
    "count_b": Column("B", "integer", "Images by run B."),
    "share_a": Column("A (% of class)", "percent"),
    "share_b": Column("B (% of class)", "percent"),
    "difference": Column("A − B", "decimal", "Images; above 0 where A does it more.", digits=0),
    "share_difference": Column("A − B (points)", "points", "Of the images of the true class."),
}
# Apart under every kind of colour blindness, 3:1 and better on both pages.
MORE_BY_A, MORE_BY_B = "#d9730d", "#3f7fd6"
_HEIGHT = 400


def pair_frame(sheet: Sheet, a: str, b: str) -> pd.DataFrame:
    """Returns one row a cell of the 10 x 10 matrices of runs A and B; `share` of the true class.

    With one run, A and B are the same, and every difference is 0.
    """
    count_a, count_b = (_counts(sheet, run_id) for run_id in (a, b))
    support = np.maximum(count_a.sum(axis=1, keepdims=True), 1)
    return pd.DataFrame(
        {
            "true": np.repeat(CLASS_NAMES, len(CLASS_NAMES)),
            "predicted": np.tile(CLASS_NAMES, len(CLASS_NAMES)),
            "count_a": count_a.ravel(),
            "count_b": count_b.ravel(),
            "share_a": (count_a / support).ravel(),
            "share_b": (count_b / support).ravel(),
            "difference": (count_a - count_b).ravel(),
            "share_difference": ((count_a - count_b) / support).ravel(),
        }
    )


def without_diagonal(cells: pd.DataFrame) -> pd.DataFrame:
    """Returns the mistakes only."""
    return cells[cells["true"] != cells["predicted"]].reset_index(drop=True)


def matrix_takeaway(cells: pd.DataFrame, side: str, label: str) -> str:
    """Returns the most frequent confusion of one run, and the two classes it mixes up most.

    Args:
        cells: `pair_frame`, whole.
        side: "a" or "b".
        label: name of that run.
    """
    wrong = without_diagonal(cells)
    name = f"**{escaped(label)}**"
    most = wrong.iloc[int(wrong[f"count_{side}"].argmax())]
    if not most[f"count_{side}"]:
        return f"{name} recognises every image."
    total = int(wrong[f"count_{side}"].sum())
    counts = cells[f"count_{side}"].to_numpy().reshape(len(CLASS_NAMES), -1)
    pairs = np.triu(counts + counts.T, k=1)
    one, other = (CLASS_NAMES[place] for place in np.unravel_index(pairs.argmax(), pairs.shape))
    return (
        f"{name} is wrong on {total:,} images, most often **{most['true']}** taken for "
        f"**{most['predicted']}** ({most[f'count_{side}']:,}); as a pair, both ways, "
        f"**{one}** and **{other}** ({pairs.max():,})."
    )


def difference_takeaway(cells: pd.DataFrame, labels: tuple[str, str]) -> str:
    """Returns which confusion A has most more often than B, and the reverse, in a sentence."""
    wrong = without_diagonal(cells)
    a, b = (f"**{escaped(label)}**" for label in labels)
    total = int(wrong["count_a"].sum()), int(wrong["count_b"].sum())
    words = f"{a} makes {total[0]:,} mistakes, {b} {total[1]:,}."
    more_a = wrong.iloc[int(wrong["difference"].argmax())]
    more_b = wrong.iloc[int(wrong["difference"].argmin())]
    if more_a["difference"] > 0:
        words += f" {a} {_more_often(more_a, 'a', 'b')}."
    if more_b["difference"] < 0:
        words += f" {b} {_more_often(more_b, 'b', 'a')}."
    return words


def _more_often(row: "pd.Series[Any]", one: str, other: str) -> str:
    return (
        f"more often takes **{row['true']}** for **{row['predicted']}** "
        f"({row[f'count_{one}']:,} against {row[f'count_{other}']:,})"
    )


def matrix_chart(
    cells: pd.DataFrame,
    side: str,
    color: str,
    *,
    rates: bool,
    log: bool,
    chosen: tuple[str, str],
) -> dict[str, Any]:
    """Returns the heatmap of one run; a click on a cell is the selection `cell`.

    Args:
        cells: `pair_frame`, or a part of it.
        side: "a" or "b"; both are coloured on one scale.
        rates: per cent of the true class instead of images.
        log: colours grow with the logarithm, so that rare mistakes show beside the diagonal.
        chosen: true and predicted class of the framed cell.
    """
    kind = "share" if rates else "count"
    shown = _shown(cells, cells[f"{kind}_{side}"], rates, chosen)
    both = cells[[f"{kind}_a", f"{kind}_b"]].to_numpy()
    shown["strength"] = _strength(cells[f"{kind}_{side}"].to_numpy(), both, rates=rates, log=log)
    tooltip = [
        {"field": "true", "title": "True class"},
        {"field": "predicted", "title": "Predicted"},
        {"field": f"count_{side}", "title": "Images", "format": ",d"},
        {"field": f"share_{side}", "title": "Of the true class", "format": ".1%"},
    ]
    number = {"field": "value", "format": ".1f" if rates else ",d"}
    return _heatmap(shown, color, number, tooltip, ["true", "predicted"])


def difference_chart(
    cells: pd.DataFrame, *, rates: bool, log: bool, chosen: tuple[str, str]
) -> dict[str, Any]:
    """Returns the heatmap of A − B; a click on a cell is the selection `cell`."""
    field = "share_difference" if rates else "difference"
    values = cells[field].to_numpy()
    shown = _shown(cells, cells[field], rates, chosen)
    shown["strength"] = _strength(np.abs(values), np.abs(values), rates=rates, log=log)
    shown["color"] = np.where(values > 0, MORE_BY_A, MORE_BY_B)
    tooltip = [
        {"field": "true", "title": "True class"},
        {"field": "predicted", "title": "Predicted"},
        {"field": "count_a", "title": "Images by A", "format": ",d"},
        {"field": "count_b", "title": "Images by B", "format": ",d"},
        {"field": "difference", "title": "A − B", "format": "+,d"},
    ]
    color = {"field": "color", "type": "nominal", "scale": None}
    number = {"field": "value", "format": "+.1f" if rates else "+,d"}
    return _heatmap(shown, color, number, tooltip, ["true", "predicted", "difference"])


def _shown(
    cells: pd.DataFrame, values: "pd.Series[Any]", rates: bool, chosen: tuple[str, str]
) -> pd.DataFrame:
    shown = cells.drop(columns=["share_difference"])
    shown["value"] = 100 * values if rates else values
    shown["chosen"] = (cells["true"] == chosen[0]) & (cells["predicted"] == chosen[1])
    return shown


def _strength(
    values: NDArray[Any], range_: NDArray[Any], *, rates: bool, log: bool
) -> NDArray[np.float64]:
    """Returns 0 to 1: each value as a part of the largest, or their logarithms."""
    largest = float(range_.max()) if range_.size else 0.0
    if not largest:
        return np.zeros(len(values))
    if not log:
        return np.asarray(values / largest, np.float64)
    unit = 0.001 if rates else 1.0  # a class has about 1,000 test images
    return np.asarray(np.log1p(values / unit) / np.log1p(largest / unit), np.float64)


def _heatmap(
    shown: pd.DataFrame,
    color: str | Mapping[str, Any],
    number: dict[str, Any],
    tooltip: list[dict[str, Any]],
    fields: list[str],
) -> dict[str, Any]:
    axis = {"domain": False, "ticks": False, "grid": False, "labelPadding": 6}
    order = list(CLASS_NAMES)
    place = {
        "x": {
            "field": "predicted",
            "type": "nominal",
            "sort": order,
            "axis": axis | {"title": "Predicted", "labelAngle": -40, "labelOverlap": False},
        },
        "y": {
            "field": "true",
            "type": "nominal",
            "sort": order,
            "axis": axis | {"title": "True class"},
        },
    }
    # A zero would only cover the cell's emptiness.
    number = number | {"condition": {"test": "datum.value == 0", "value": ""}}
    fill = color if isinstance(color, str) else dict(color)
    return chart(cell_layers(place, fill, fields, number, tooltip), shown, height=_HEIGHT)


def _counts(sheet: Sheet, run_id: str) -> NDArray[np.int64]:
    return confusion_matrix(sheet.labels, sheet.predicted[sheet.run_ids.index(run_id)])
