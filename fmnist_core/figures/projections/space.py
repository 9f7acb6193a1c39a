"""Projections in three dimensions, as the numbers that the page turns and draws.

Vega-Lite has no third dimension, and Plotly tells no page which image was clicked in one.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.palette import CLASS_COLORS
from fmnist_core.figures.projections.linked import Panel

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]

REACH = 32767  # what the farthest point is from the middle, in the numbers that are sent


def space_content(
    panels: Sequence[Panel],
    indices: NDArray[np.int32],
    labels: Pixels,
    *,
    shared_scale: bool,
    pictures: Sequence[str] | None = None,
    ringed: int | None = None,
) -> dict[str, Any]:
    """Returns what the page draws, ready for JSON.

    Args:
        panels: with (n, 3) points, the same images in each.
        indices: (n,) their numbers; `ringed` is one of them, or not.
        labels: (n,) their classes.
        shared_scale: draw all about one middle and in one scale, as aligned panels ask for.
        pictures: (n,) base64 PNGs, shown under the pointer.
    """
    together = np.concatenate([panel.points for panel in panels])
    return {
        "names": list(CLASS_NAMES),
        "colors": list(CLASS_COLORS),
        "indices": indices.tolist(),
        "labels": labels.tolist(),
        "pictures": None if pictures is None else list(pictures),
        "ringed": ringed,
        "panels": [
            {
                "title": panel.title[:1].upper() + panel.title[1:],
                "subtitle": panel.subtitle,
                "points": _sent(panel.points, together if shared_scale else panel.points),
                "answers": None if panel.answers is None else panel.answers.tolist(),
            }
            for panel in panels
        ],
    }


def _sent(points: Floats, within: Floats) -> str:
    """Returns (n, 3) points as base64 of little-endian int16, x, y, z on end."""
    middle = (within.min(axis=0) + within.max(axis=0)) / 2
    farthest = float(np.linalg.norm(within - middle, axis=1).max()) or 1.0
    scaled = np.rint((points - middle) * (REACH / farthest)).astype("<i2")
    return base64.b64encode(scaled.tobytes()).decode("ascii")
