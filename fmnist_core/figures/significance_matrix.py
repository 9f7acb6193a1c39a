"""Who beats whom: every two runs' paired test as one cell of a square."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.evaluation.compare import ComparedRun, Comparison
from fmnist_core.evaluation.sentences import p_value
from fmnist_core.evaluation.significance import SEPARATED_BELOW, Pair, separated
from fmnist_core.figures.square import MOST_NUMBERED, square_axes, square_height
from fmnist_core.figures.theme import NARROW, chart
from fmnist_core.figures.words import escaped, short_names

# White words on either keep 4.5:1; blue and orange stay apart under colour blindness.
AHEAD, BEHIND = "#2a74bd", "#b8540a"
NOT_SEPARATED, UNTESTED = "≈", "–"

_DARK_FROM = 0.3  # of the largest difference: its cell is strong enough for white words
_NAMED = 4  # runs named in a sentence before the others are counted
_HOVER = [
    {"field": "row_name", "title": "Row"},
    {"field": "column_name", "title": "Column"},
    {"field": "points", "title": "Row − column (points)", "format": "+.2f"},
    {"field": "interval", "title": "95 % interval"},
    {"field": "row_only", "title": "Only row right", "format": ",d"},
    {"field": "column_only", "title": "Only column right", "format": ",d"},
    {"field": "p", "title": "p (Holm)"},
    {"field": "says", "title": "Test"},
]


def by_accuracy(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Returns the runs, most accurate first; equal ones keep their order."""
    return sorted(runs, key=lambda run: -run.test_accuracy)


def ranked_names(runs: Sequence[ComparedRun], labels: Mapping[str, str]) -> dict[str, str]:
    """Returns run id -> "1. Enhanced CNN (Awasthi & Soni)", in order of accuracy."""
    ranked = [run.run_id for run in by_accuracy(runs)]
    short = short_names({run_id: labels[run_id] for run_id in ranked})
    return {run_id: f"{place}. {short[run_id]}" for place, run_id in enumerate(ranked, 1)}


def matrix_frame(comparison: Comparison, labels: Mapping[str, str]) -> pd.DataFrame:
    """Returns one row for each ordered pair of runs, rows and columns by accuracy.

    `points` is the row's accuracy minus the column's on the images that both were tested on, in
    points; NaN where there are none. `mark` is what stands in the cell when it is small.
    """
    names = ranked_names(comparison.runs, labels)
    order = list(names)
    cells = {}
    for pair in comparison.pairs:
        cells[pair.a, pair.b] = _cell(pair, 1)
        cells[pair.b, pair.a] = _cell(pair, -1)
    for lacking in comparison.untested:
        cells[lacking.a, lacking.b] = cells[lacking.b, lacking.a] = {
            "mark": UNTESTED,
            "says": lacking.reason,
        }
    rows = [
        {
            "row": names[row],
            "column": str(place),
            "row_name": labels[row],
            "column_name": labels[column],
        }
        | _EMPTY
        | cells[row, column]
        for row in order
        for place, column in enumerate(order, 1)
        if row != column
    ]
    frame = pd.DataFrame(rows)
    sizes = frame["points"].astype(float).abs()
    return frame.assign(size=sizes, dark=sizes > _DARK_FROM * (sizes.max() or 1))


_EMPTY = {"points": None, "interval": "", "row_only": None, "column_only": None, "p": ""}


def _cell(pair: Pair, sign: int) -> dict[str, Any]:
    low, high = sorted(100 * sign * end for end in pair.difference_ci95)
    points = 100 * sign * pair.accuracy_difference
    only = (pair.a_only_correct, pair.b_only_correct)[::sign]
    apart = separated(pair)
    better = "the row is better" if points > 0 else "the column is better"
    return {
        "points": points + 0.0,  # -0.0 would print as "-0.00"
        "interval": f"{low:+.2f} to {high:+.2f}",
        "row_only": only[0],
        "column_only": only[1],
        "p": p_value(pair),
        "mark": "" if apart else NOT_SEPARATED,
        "says": better if apart else "not separated",
    }


def matrix_chart(cells: pd.DataFrame) -> dict[str, Any]:
    """Returns the square of `matrix_frame`: blue where the row is ahead, orange where behind.

    Where few runs are shown, each cell has its difference in points; "≈" marks the pairs that the
    test does not separate, "–" those that share no test image.
    """
    rows = list(dict.fromkeys(cells["row"]))
    place = square_axes(rows)
    strength = {
        "field": "size",
        "type": "quantitative",
        "scale": {"type": "sqrt", "domain": [0, cells["size"].max() or 1], "range": [0.06, 1]},
        "legend": None,
    }
    color = {"condition": {"test": "datum.points >= 0", "value": AHEAD}, "value": BEHIND}
    numbered = len(rows) <= MOST_NUMBERED
    written = cells.assign(
        written=[
            _written(points, mark) if numbered else mark
            for points, mark in zip(cells["points"], cells["mark"], strict=True)
        ]
    )
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect", "cornerRadius": 2},
            "encoding": {**place, "color": color, "opacity": strength, "tooltip": _HOVER},
        },
        {
            "mark": {"type": "text", "fontSize": 11 if numbered else 10, "tooltip": None},
            "encoding": {
                **place,
                "text": {"field": "written", "type": "nominal"},
                "color": {
                    # The page's own text colour is legible on a pale cell of either page.
                    "condition": {"test": "datum.dark", "value": "#ffffff"},
                    "value": "currentColor",
                },
                # Four digits in a narrow cell would cover each other; the tooltip has them.
                "opacity": {"value": {"expr": f"{NARROW} && {len(rows)} > 6 ? 0 : 1"}},
            },
        },
    ]
    return chart(layers, written, height=square_height(len(rows)))


def _written(points: float | None, mark: str) -> str:
    if points is None or mark == UNTESTED:
        return mark
    return f"{mark} {points:+.2f}".strip()


def matrix_takeaway(comparison: Comparison, labels: Mapping[str, str]) -> str:
    """Returns whom the most accurate run beats and whom not, and how many pairs are separated.

    Args:
        comparison: of three runs or more, at least one pair of them tested.
    """
    best = by_accuracy(comparison.runs)[0].run_id
    own = [pair for pair in comparison.pairs if best in (pair.a, pair.b)]
    open_ = [pair for pair in own if pair.mcnemar_p_holm >= SEPARATED_BELOW]
    beaten = [
        pair for pair in own if pair.mcnemar_p_holm < SEPARATED_BELOW and _ahead(pair, best) > 0
    ]
    text = f"**{escaped(labels[best])}** has the highest accuracy"
    if beaten:
        ahead = sorted(_ahead(pair, best) for pair in beaten)
        by = f"{ahead[0]:.2f}" if len(beaten) == 1 else f"{ahead[0]:.2f} to {ahead[-1]:.2f}"
        text += (
            f" and beats {len(beaten)} of the {len(own)} others by more than chance explains, by "
            f"{by} points"
        )
    if open_:
        names = [pair.b if pair.a == best else pair.a for pair in open_]
        text += f"; the test cannot tell it from {_names(names, labels)}"
    apart = sum(map(separated, comparison.pairs))
    return (
        f"{text}. Of {len(comparison.pairs)} pairs, {apart} are separated (p below "
        f"{SEPARATED_BELOW:g} after Holm's correction)."
    )


def untested_words(comparison: Comparison) -> str:
    """Returns how many pairs share no test image; empty where every pair was tested."""
    count = len(comparison.untested)
    if not count:
        return ""
    pairs = "1 pair shares" if count == 1 else f"{count} pairs share"
    return (
        f"{pairs} no test image and cannot be compared; "
        f"{'its' if count == 1 else 'their'} cells show “{UNTESTED}”."
    )


def identical_words(comparison: Comparison, labels: Mapping[str, str]) -> str:
    """Returns which runs get the very same images right and wrong; empty where none do."""
    alike = [
        pair for pair in comparison.pairs if not pair.a_only_correct and not pair.b_only_correct
    ]
    if not alike:
        return ""
    pairs = [
        f"**{escaped(labels[pair.a])}** and **{escaped(labels[pair.b])}**"
        for pair in alike[:_NAMED]
    ]
    more = f"; and {len(alike) - _NAMED} more pairs" if len(alike) > _NAMED else ""
    return (
        f"Exactly the same images right and wrong: {'; '.join(pairs)}{more}. There is nothing "
        "between them to test."
    )


def _ahead(pair: Pair, run_id: str) -> float:
    return 100 * pair.accuracy_difference * (1 if pair.a == run_id else -1)


def _names(run_ids: Sequence[str], labels: Mapping[str, str]) -> str:
    named = [f"**{escaped(labels[run_id])}**" for run_id in run_ids[:_NAMED]]
    if more := len(run_ids) - len(named):
        return f"{', '.join(named)} and {more} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
