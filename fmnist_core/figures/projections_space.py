"""Projections in three dimensions, for Plotly, which can turn them; Vega-Lite cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import CLASS_COLORS

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

# Each is a drawing surface of the graphics card, of which a browser has few.
MOST_SPACES = 4
_HEIGHT = 620


@dataclass(frozen=True, eq=False)
class Space:
    """One projection: a title, and (n, 3) points."""

    title: str
    points: Floats


def space_figure(
    spaces: Sequence[Space],
    indices: NDArray[np.int32],
    labels: Pixels,
    *,
    ringed: int | None = None,
) -> dict[str, Any]:
    """Returns a Plotly figure: the spaces in a grid, a class switched by its legend in all.

    Args:
        spaces: `MOST_SPACES` at most, the same images in each.
        indices: (n,) their numbers; `ringed` is one of them, or not.
    """
    across = 1 if len(spaces) == 1 else 2
    down = -(-len(spaces) // across)
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        "height": _HEIGHT if down == 1 else 900,
        "margin": {"l": 0, "r": 0, "t": 30, "b": 0},
        "legend": {"orientation": "h", "y": -0.02, "itemsizing": "constant"},
        "annotations": [],
        # The reader's turn of a space stays when another image is picked.
        "uirevision": "spaces",
    }
    for place, space in enumerate(spaces):
        name = "scene" if place == 0 else f"scene{place + 1}"
        row, column = divmod(place, across)
        x = [column / across, (column + 1) / across]
        y = [1 - (row + 1) / down, 1 - row / down - 0.04]
        layout[name] = {"domain": {"x": x, "y": y}, "aspectmode": "data"} | {
            f"{axis}axis": {"title": {"text": f"PC {number}"}, "showticklabels": False}
            for number, axis in enumerate("xyz", start=1)
        }
        layout["annotations"].append(_title(space.title, sum(x) / 2, y[1]))
        traces += _traces(space, indices, labels, name, legend=place == 0)
        where = np.flatnonzero(indices == ringed)
        if len(where):
            traces.append(_ring(space.points[where[0]], int(indices[where[0]]), name))
    return {"data": traces, "layout": layout}


def _traces(
    space: Space, indices: NDArray[np.int32], labels: Pixels, scene: str, *, legend: bool
) -> list[dict[str, Any]]:
    traces = []
    for label in np.unique(labels):
        chosen = labels == label
        points = space.points[chosen].astype(np.float32)
        traces.append(
            {
                "type": "scatter3d",
                "mode": "markers",
                "scene": scene,
                "name": CLASS_NAMES[label],
                "legendgroup": CLASS_NAMES[label],
                "showlegend": legend,
                "x": points[:, 0],
                "y": points[:, 1],
                "z": points[:, 2],
                "customdata": indices[chosen],
                "hovertemplate": f"{CLASS_NAMES[label]}, image %{{customdata}}<extra></extra>",
                "marker": {"size": 2, "color": CLASS_COLORS[label], "opacity": 0.75},
            }
        )
    return traces


def _ring(point: Floats, index: int, scene: str) -> dict[str, Any]:
    return {
        "type": "scatter3d",
        "mode": "markers+text",
        "scene": scene,
        "showlegend": False,
        "x": [point[0]],
        "y": [point[1]],
        "z": [point[2]],
        "text": [str(index)],
        "textposition": "top center",
        "hoverinfo": "skip",
        "marker": {"size": 7, "symbol": "diamond-open", "color": "#e03131"},
    }


def _title(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "center",
        "yanchor": "bottom",
        "showarrow": False,
    }
