"""Where the names of effects stand in the chart of all studies, so that they cover nothing."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Pixels: between two rows, and the height over which the effects of one row are spread.
ROW, _SPREAD = 50, 40
# A plot narrower than this shows no names; in a wider one they are only farther apart.
_WIDTH = 460
# Half the height of a name, of a point and of a line; a letter, and a name's way to its interval.
_NAME, _POINT, _LINE, _LETTER, GAP = 5.0, 5.0, 1.0, 5.8, 5


def name_sides(
    effects: pd.DataFrame, scale: dict[str, Any], wanted: "pd.Series[bool]"
) -> list[str]:
    """Returns on which side of its interval each name stands: "left", "right", or "" if nowhere.

    A name goes outwards where it covers no other name, point, interval, nor the line of zero, else
    inwards, else the effect bears none.

    Args:
        effects: `study`, `level`, `points`, `from_`, `to`, and `level_place`, from -1 at the top of
            the row to 1.
        scale: the Vega-Lite scale of the horizontal axis, linear or symmetric-logarithmic.
        wanted: the effects that should bear a name.
    """
    x = {key: _pixels(effects[key], scale) for key in ("from_", "points", "to")}
    rows = pd.factorize(effects["study"])[0]
    y = ROW * rows + _SPREAD / 2 * effects["level_place"].to_numpy(float)
    zero, never = _pixels(0.0, scale), np.inf
    taken = [
        *_boxes(x["from_"], x["to"], y, _LINE),
        *_boxes(x["points"] - _POINT, x["points"] + _POINT, y, _POINT),
        np.array([zero - _LINE, zero + _LINE, -never, never]),
        np.array([-never, 0, -never, never]),
        np.array([_WIDTH, never, -never, never]),
    ]
    sides = [""] * len(effects)
    for at in np.flatnonzero(wanted):
        length = len(str(effects["level"].iloc[at])) * _LETTER
        starts = {"left": x["from_"][at] - GAP - length, "right": x["to"][at] + GAP}
        outwards = ("left", "right") if x["points"][at] < zero else ("right", "left")
        for side in outwards:
            box = np.array([starts[side], starts[side] + length, y[at] - _NAME, y[at] + _NAME])
            if not _covers(box, np.array(taken)):
                sides[at] = side
                taken.append(box)
                break
    return sides


def _pixels(values: Any, scale: dict[str, Any]) -> Any:
    """Returns where values stand on the axis of the narrowest plot that has names."""
    low, high = _bent(np.array(scale["domain"], float), scale)
    return _WIDTH * (_bent(np.asarray(values, float), scale) - low) / (high - low)


def _bent(values: NDArray[np.float64], scale: dict[str, Any]) -> NDArray[np.float64]:
    if scale.get("type") != "symlog":
        return values
    bent: NDArray[np.float64] = np.sign(values) * np.log1p(np.abs(values) / scale["constant"])
    return bent


def _boxes(
    left: NDArray[np.float64], right: NDArray[np.float64], y: NDArray[np.float64], half: float
) -> NDArray[np.float64]:
    """Returns one row of left, right, top and bottom for each."""
    return np.stack([left, right, y - half, y + half], axis=1)


def _covers(box: NDArray[np.float64], taken: NDArray[np.float64]) -> bool:
    beside = (taken[:, 1] <= box[0]) | (taken[:, 0] >= box[1])
    above = (taken[:, 3] <= box[2]) | (taken[:, 2] >= box[3])
    return not bool(np.all(beside | above))
