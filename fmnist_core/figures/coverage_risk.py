"""What is gained by answering only where a network is sure: error against coverage."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, room_for_legend, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart, fitted_domain
from fmnist_core.figures.words import escaped

# Below this share of the images a single mistake moves the curve too far to be read.
LEAST_COVERAGE = 0.05
COVERAGE_COLUMNS = {
    "label": Column("Run", pinned=True),
    "coverage": Column("Answered (%)", "percent", "Share of the images, surest first.", digits=0),
    "risk": Column("Wrong among them (%)", "percent"),
}
_STOPS = (0.5, 0.8, 0.9, 1.0)
RISK_COLUMNS = {
    "label": Column("Run", pinned=True),
    **{
        f"at_{100 * stop:.0f}": Column(f"Wrong in the surest {100 * stop:.0f} % (%)", "percent")
        for stop in _STOPS[:-1]
    },
    "at_100": Column("Wrong in all (%)", "percent"),
    "aurc": Column("AURC (%)", "percent", "Mean risk over all coverages; lower is better."),
}


def coverage_rows(
    coverage: NDArray[np.float64], risk: NDArray[np.float64], points: int = 100
) -> pd.DataFrame:
    """Returns `points` evenly spaced rows of a curve that has one point an image.

    Args:
        coverage: (n,) ascending shares of images answered, the last one 1.
        risk: (n,) share of those that is wrong.
    """
    wanted = np.arange(1, points + 1) / points
    wanted = wanted[wanted >= LEAST_COVERAGE]
    places = np.clip(np.searchsorted(coverage, wanted - 1e-9), 0, len(coverage) - 1)
    return pd.DataFrame({"coverage": coverage[places], "risk": risk[places]})


def coverage_chart(rows: pd.DataFrame, colors: Mapping[str, str]) -> dict[str, Any]:
    """Returns a line a run: the error among the images it is surest of, over their share."""
    color, shape = run_encoding(colors)
    shown = rows.assign(
        answered=100 * rows["coverage"],
        wrong=100 * rows["risk"],
        marked=(100 * rows["coverage"]).round() % 10 == 0,
    )
    x = {
        "field": "answered",
        "type": "quantitative",
        "title": "Images answered, surest first (%)",
        "scale": {"domain": [100 * LEAST_COVERAGE, 100], "nice": False},
    }
    low, high = fitted_domain(float(shown["wrong"].min()), float(shown["wrong"].max()))
    y = {
        "field": "wrong",
        "type": "quantitative",
        "title": "Wrong among them (%)",
        "scale": {"domain": [max(low, 0.0), high], "nice": False},
    }
    shared = {"x": x, "y": y, "color": color, "opacity": UNFOCUSED}
    tooltip = [
        {"field": "label", "title": "Run"},
        {"field": "answered", "title": "Images answered (%)", "format": ".0f"},
        {"field": "wrong", "title": "Wrong among them (%)", "format": ".2f"},
    ]
    layers: list[dict[str, Any]] = [
        {"params": [FOCUS], "mark": {"type": "line", "strokeWidth": 2}, "encoding": shared},
        {
            "transform": [{"filter": "datum.marked"}],
            "mark": {"type": "point", "filled": True, "size": 55},
            "encoding": {**shared, "shape": shape, "tooltip": tooltip},
        },
    ]
    return chart(layers, shown, height=430 + room_for_legend(colors))


def risk_table(rows: pd.DataFrame, areas: Mapping[str, float]) -> pd.DataFrame:
    """Returns one row a run: its risk at a few coverages, and the area under its curve.

    Args:
        rows: `coverage_rows` of all runs, with their `label`.
        areas: label of a run -> area under the risk-coverage curve.
    """
    table = pd.DataFrame({"label": list(areas)})
    for stop in _STOPS:
        risks = _at(rows, stop).set_index("label")["risk"]
        table[f"at_{100 * stop:.0f}"] = table["label"].map(risks)
    return table.assign(aurc=list(areas.values())).sort_values("aurc", kind="stable")


def coverage_takeaway(table: pd.DataFrame) -> str:
    """Returns who knows best where it is wrong, and whether it is also wrong least.

    Args:
        table: `risk_table`.
    """
    best = table.iloc[0]
    name = f"**{escaped(best['label'])}**"
    halves = (
        f"wrong in {100 * best['at_50']:.2f} % of the half it is surest of, and in "
        f"{100 * best['at_100']:.2f} % of all"
    )
    if len(table) == 1:
        return f"{name} is {halves}."
    text = (
        f"{name} errs least on average over all coverages ({100 * best['aurc']:.2f} %): {halves}."
    )
    whole = table.iloc[int(table["at_100"].to_numpy().argmin())]
    if whole["label"] == best["label"]:
        return text
    return (
        f"{text} On all images **{escaped(whole['label'])}** errs least "
        f"({100 * whole['at_100']:.2f} %), but it knows less well where."
    )


def _at(rows: pd.DataFrame, share: float) -> pd.DataFrame:
    """Returns the row of each run that is nearest to this coverage."""
    rows = rows.reset_index(drop=True)
    distance = (rows["coverage"] - share).abs()
    return rows.loc[distance.groupby(rows["label"], sort=False).idxmin()]
