"""What is gained by answering only where a network is sure: error against coverage."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.evaluation.trust_sentences import COVERAGES, Risks
from fmnist_core.figures.run_lines import FOCUS, UNFOCUSED, run_chart, run_encoding
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import fitted_domain

# Below this share of the images a single mistake moves the curve too far to be read.
LEAST_COVERAGE = 0.05
COVERAGE_COLUMNS = {
    "label": Column("Run", pinned=True),
    "coverage": Column("Answered (%)", "percent", "Share of the images, surest first.", digits=0),
    "risk": Column("Wrong among them (%)", "percent"),
}


def _column(share: float) -> str:
    return f"at_{100 * share:.0f}"


RISK_COLUMNS = {
    "label": Column("Run", pinned=True),
    **{
        _column(share): Column(f"Wrong in the surest {100 * share:.0f} % (%)", "percent")
        for share in COVERAGES
        if share < 1
    },
    _column(1): Column("Wrong in all (%)", "percent"),
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
    return run_chart(layers, shown, height=310)


def risk_table(known: Mapping[str, Risks]) -> pd.DataFrame:
    """Returns one row a run: its risk at a few coverages, and the area under its curve.

    Args:
        known: label of a run -> its risks.
    """
    rows = [
        {"label": label, "aurc": run.aurc}
        | {_column(share): risk for share, risk in run.at.items()}
        for label, run in known.items()
    ]
    return pd.DataFrame(rows).sort_values("aurc", kind="stable")
