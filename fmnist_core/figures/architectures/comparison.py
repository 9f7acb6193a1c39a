"""Two networks side by side: their totals with signed differences, and the lines that differ."""

import difflib

import numpy as np
import pandas as pd

from fmnist_core.architectures import Summary, format_layers, parse
from fmnist_core.figures.architectures.totals import TOTALS, Total
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import escaped


def totals_frame(a: Summary, b: Summary) -> pd.DataFrame:
    """Returns one row for each total: of `a`, of `b`, b minus a, and the relative difference."""
    rows = [("Layers", len(a.layers), len(b.layers))]
    rows += [(_in_words(total), total.of(a), total.of(b)) for total in TOTALS]
    return pd.DataFrame(
        [
            {
                "total": words,
                "a": first,
                "b": second,
                "difference": f"{second - first:+,}" if second != first else "0",
                "change": f"{100 * (second - first) / first:+z.1f}" if first else "–",
            }
            for words, first, second in rows
        ]
    )


def totals_columns(a: str, b: str) -> dict[str, Column]:
    """Returns the columns of `totals_frame`, headed by the names of the two networks."""
    return {
        "total": Column("Total", pinned=True),
        "a": Column(a, "integer"),
        "b": Column(b, "integer"),
        "difference": Column("Difference", meaning="The second minus the first."),
        "change": Column("Change (%)", meaning="Relative to the first."),
    }


def totals_takeaway(a: Summary, b: Summary, first: str, second: str) -> str:
    """Returns in Markdown how the second network's size and work stand to the first's."""
    return (
        f"**{escaped(second)}** has {_times(b.total_params, a.total_params)} parameters of "
        f"**{escaped(first)}** ({b.total_params - a.total_params:+,}) and does "
        f"{_times(b.macs, a.macs)} multiply-accumulates ({b.macs - a.macs:+,})."
    )


def text_difference(a: str, b: str) -> str:
    """Returns both layer texts in canonical form as one, "-" before lines of `a`, "+" of `b`."""
    lines = difflib.ndiff(
        format_layers(parse(a)).splitlines(), format_layers(parse(b)).splitlines()
    )
    return "\n".join(line.rstrip() for line in lines if not line.startswith("?"))


def _times(part: int, whole: int) -> str:
    if part == whole:
        return "exactly the"
    if not whole:
        return "more than none of the"
    ratio = part / whole
    if ratio >= 100:
        return f"{ratio:,.0f} times the"
    # As ".3g", but never with an exponent.
    digits = np.format_float_positional(
        ratio, precision=3, unique=False, fractional=False, trim="-"
    )
    return f"{digits} times the"


def _in_words(total: Total) -> str:
    return f"{total.label} (bytes)" if total.unit == "bytes" else total.label
