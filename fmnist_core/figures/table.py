"""What a table column means, and how its values print; shared by the screen, CSV and LaTeX."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

# percent: a fraction, shown times 100. points: a difference of fractions, signed, times 100.
# change: a relative difference, signed, times 100.
Kind = Literal["text", "badges", "percent", "points", "change", "integer", "decimal"]
NUMERIC_KINDS = frozenset({"percent", "points", "change", "integer", "decimal"})
TIMES_100 = frozenset({"percent", "points", "change"})

# Columns that say how a chart draws its marks.
_DRAWN = frozenset({"color", "grouped", "order", "row_key", "separated", "symbol"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Column:
    """A column of a data frame: its heading with the unit, its kind, and what it means.

    Attributes:
        digits: decimals printed.
        better: which direction is good, for colouring differences.
        in_csv: its heading in a CSV file, where its machine name tells nothing; else that name.
    """

    label: str
    kind: Kind = "text"
    meaning: str = ""
    digits: int = 2
    pinned: bool = False
    better: Literal["higher", "lower", ""] = ""
    in_csv: str = ""


def printed(value: object, column: Column) -> str:
    """Returns one cell as text; "–" where there is no value."""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if column.kind not in NUMERIC_KINDS or not isinstance(value, int | float):
        return str(value)
    match column.kind:
        case "percent":
            return f"{100 * value:.{column.digits}f}"
        case "points":
            return f"{100 * value:+.{column.digits}f}"
        case "change":
            return f"{100 * value:+.{column.digits}f}"
        case "integer":
            return f"{value:,.0f}"
        case _:
            return f"{value:,.{column.digits}f}"


def to_csv(frame: pd.DataFrame, columns: Mapping[str, Column] | None = None) -> bytes:
    """Returns the frame under its machine names, accuracies as fractions; lists joined by ``;``.

    What only a drawing needs is left out.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises
    (CSV injection): names of files and runs are not ours. What reads as a number stays one.
    """
    known = columns or {}
    kept = [name for name in frame.columns if name in known or name not in _DRAWN]
    titles = {name: column.in_csv for name, column in known.items() if column.in_csv}
    return str(frame[kept].rename(columns=titles).map(_csv_cell).to_csv(index=False)).encode()


def _csv_cell(cell: object) -> object:
    if isinstance(cell, list | tuple):
        cell = ";".join(map(str, cell))
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")  # a lone "\r" would not be quoted
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text
