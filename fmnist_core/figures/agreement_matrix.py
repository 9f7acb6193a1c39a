"""How alike networks answer: the share of images that two of them give the same class."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist_core.figures.square import MOST_NUMBERED, square_axes, square_height
from fmnist_core.figures.table import Column
from fmnist_core.figures.theme import chart
from fmnist_core.figures.words import escaped, short_labels

_FILL = "#2a74bd"
_STRONGEST = 0.98  # of the cells lie below the one in full colour
_DARK_FROM = 0.55  # of the way from the smallest to the largest share


@dataclass(frozen=True)
class Likeness:
    """A measure of how alike two runs are: its name on a button, and on the chart."""

    short: str
    title: str


MEASURES = {
    "answers": Likeness("Same answer", "Same class (% of images)"),
    "mistakes": Likeness("Same mistakes", "Wrong for both (% of images wrong for either)"),
}
LIKENESS_COLUMNS = {
    "a": Column("A", pinned=True),
    "b": Column("B"),
    "answers": Column("Same class (%)", "percent", "Of the images that all these runs share."),
    "mistakes": Column(
        "Same mistakes (%)", "percent", "Wrong for both, of the images wrong for A or B (Jaccard)."
    ),
}


def likeness_frame(
    run_ids: tuple[str, ...],
    answers: NDArray[np.float64],
    mistakes: NDArray[np.float64],
    labels: Mapping[str, str],
) -> pd.DataFrame:
    """Returns one row for each two runs: the shares of both measures, as fractions.

    Args:
        answers: (runs, runs) share of images with the same predicted class.
        mistakes: (runs, runs) Jaccard index of the images they get wrong.
    """
    first, second = np.triu_indices(len(run_ids), 1)
    names = [labels[run_id] for run_id in run_ids]
    return pd.DataFrame(
        {
            "a": [names[i] for i in first],
            "b": [names[j] for j in second],
            "answers": answers[first, second],
            "mistakes": mistakes[first, second],
        }
    )


def likeness_chart(pairs: pd.DataFrame, names: list[str], measure: str) -> dict[str, Any]:
    """Returns the square of one measure; each pair stands in it twice.

    Args:
        pairs: `likeness_frame`.
        names: labels of the runs in the order of rows and columns.
    """
    short = short_labels(names)
    place = {name: number for number, name in enumerate(names, 1)}
    row_of = {name: f"{number}. {short[name]}" for name, number in place.items()}
    both = pd.concat([pairs, pairs.rename(columns={"a": "b", "b": "a"})], ignore_index=True)
    percent = 100 * both[measure]
    # Two runs that answer wholly alike would leave all others in one pale shade.
    low, high = float(percent.min()), float(percent.quantile(_STRONGEST))
    cells = both.assign(
        row=[row_of[name] for name in both["a"]],
        column=[str(place[name]) for name in both["b"]],
        percent=percent,
        dark=percent > low + _DARK_FROM * (high - low),
    )
    where = square_axes(list(row_of.values()))
    strength = {
        "field": "percent",
        "type": "quantitative",
        "scale": {
            "domain": [low, high if high > low else low + 1],
            "range": [0.08, 1],
            "clamp": True,
        },
        "legend": None,
    }
    tooltip = [
        {"field": "a", "title": "Row"},
        {"field": "b", "title": "Column"},
        {"field": "percent", "title": MEASURES[measure].title, "format": ".2f"},
    ]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "color": _FILL, "cornerRadius": 2},
            "encoding": {**where, "opacity": strength, "tooltip": tooltip},
        }
    ]
    if len(names) <= MOST_NUMBERED:
        layers.append(_numbers(where))
    return chart(layers, cells, height=square_height(len(names)))


def _numbers(where: dict[str, Any]) -> dict[str, Any]:
    return {
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {
            **where,
            "text": {"field": "percent", "type": "quantitative", "format": ".1f"},
            "color": {
                "condition": {"test": "datum.dark", "value": "#ffffff"},
                "value": "currentColor",
            },
        },
    }


def mistakes_takeaway(pairs: pd.DataFrame) -> str:
    """Returns which two runs fail most on the same images, and which least.

    Args:
        pairs: `likeness_frame`.
    """
    shares = pairs["mistakes"].to_numpy()
    most, least = pairs.iloc[int(shares.argmax())], pairs.iloc[int(shares.argmin())]
    short = short_labels((*pairs["a"], *pairs["b"]))
    if len(pairs) == 1:
        return (
            f"Of the images that either gets wrong, {_share(most['mistakes'])} are wrong for both."
        )
    return (
        f"{_pair(most, short)} fail most on the same images ({_share(most['mistakes'])} of those "
        f"that either gets wrong), {_pair(least, short)} least ({_share(least['mistakes'])})."
    )


def _share(value: float) -> str:
    """Prints 0.99996 as 99.99 %: only what is all of them reads "100 %"."""
    return "100 %" if value == 1 else f"{min(100 * value, 99.99):.2f} %"


def _pair(row: Any, names: Mapping[str, str]) -> str:
    return " and ".join(f"**{escaped(names[row[side]])}**" for side in ("a", "b"))
