r"""A table as LaTeX in booktabs style that fits on the pages of a plain A4 article.

What one line cannot hold is wrapped into columns with shares of ``\linewidth``; a table too wide
for that is turned, and one that is wider still comes in parts. All sizes are counted in letters of
footnotesize, of which the text of an article is about 82 wide.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from fmnist_core.figures.table import NUMERIC_KINDS, Column, printed

_UPRIGHT, _TURNED = 80, 138  # letters across
_MOST_LINES = 40  # of a table that floats; a longer one breaks across pages
_MOST_LINES_A_ROW = 6  # of an upright table; beyond, columns are too narrow to read
_GAP = 2  # letters between two columns
_UNBROKEN = 14  # letters of a cell that stays on one line, such as an interval
_PACKAGES = "array,booktabs,longtable,pdflscape"


@dataclass(frozen=True, eq=False)
class _Set:
    """A column as it is set.

    Attributes:
        cells: as LaTeX, the heading first.
        least: letters of the longest word, number or short cell, which are not broken.
        most: letters of the longest cell.
        lengths: letters of each cell below the heading.
    """

    cells: tuple[str, ...]
    numeric: bool
    pinned: bool
    least: float
    most: float
    lengths: tuple[float, ...]


def to_latex(frame: pd.DataFrame, columns: Mapping[str, Column], caption: str) -> bytes:
    """Returns the table as an environment of its own, or as several; says which packages it needs.

    A table of one page floats. A longer one breaks across pages with its heading repeated, a wider
    one stands on a turned page, and the widest comes in parts that repeat what names the rows.
    """
    shown = [_set(frame[name], column) for name, column in columns.items() if name in frame]
    parts = list(_parts(shown))
    lines = [rf"% Needs \usepackage{{{_PACKAGES}}}."]
    for number, part in enumerate(parts, 1):
        of = f" (part {number} of {len(parts)})" if len(parts) > 1 else ""
        lines += _table(part, latex_escaped(caption + of))
    return ("\n".join(lines) + "\n").encode()


def _set(values: Iterable[object], column: Column) -> _Set:
    texts = [printed(value, column) for value in values]
    numeric = column.kind in NUMERIC_KINDS
    lengths = tuple(map(_letters, texts))
    words = column.label.split() if numeric else f"{column.label} {' '.join(texts)}".split()
    whole = max(lengths, default=0) if numeric else min(max(lengths, default=0), _UNBROKEN)
    return _Set(
        cells=tuple(map(latex_escaped, (column.label, *texts))),
        numeric=numeric,
        pinned=column.pinned,
        least=max(whole, 1, *map(_letters, words)),
        most=max(_letters(column.label), *lengths, 1),
        lengths=lengths,
    )


def _letters(text: str) -> float:
    """Returns how wide a text is; capitals and underscores are wider than the other letters."""
    return len(text) + 0.5 * sum(letter.isupper() or letter == "_" for letter in text)


def _parts(columns: Sequence[_Set]) -> Iterator[list[_Set]]:
    """Yields as many columns as a turned page holds; each part has those that name the rows."""
    names = [column for column in columns if column.pinned] or list(columns[:1])
    part: list[_Set] = []
    for column in columns:
        if part and _across([c.least for c in (*part, column)]) > _TURNED:
            yield part
            part = [*names]
        if column not in part:
            part.append(column)
    if part:
        yield part


def _across(letters: Sequence[float]) -> float:
    return sum(letters) + _GAP * len(letters)


def _table(columns: Sequence[_Set], caption: str) -> list[str]:
    upright = _widths(columns, _UPRIGHT)
    heights = [_lines(row, upright) for row in zip(*(c.lengths for c in columns), strict=True)]
    turned = (
        _across([c.least for c in columns]) > _UPRIGHT
        or max(heights, default=0) > _MOST_LINES_A_ROW
    )
    spec = _spec(columns, _TURNED if turned else _UPRIGHT)
    heading, *rows = (
        " & ".join(cells) + r" \\" for cells in zip(*(c.cells for c in columns), strict=True)
    )
    small = r"\footnotesize\setlength{\tabcolsep}{3pt}\renewcommand{\arraystretch}{1.2}"
    if not turned and sum(heights) <= _MOST_LINES:
        return [
            r"\begin{table}[htbp]",
            r"\centering" + small,
            rf"\caption{{{caption}}}",
            rf"\begin{{tabular}}{{{spec}}}",
            *(r"\toprule", heading, r"\midrule", *rows, r"\bottomrule"),
            r"\end{tabular}",
            r"\end{table}",
        ]
    table = [
        r"\begingroup" + small + r"\setlength{\LTcapwidth}{\linewidth}",
        rf"\begin{{longtable}}{{{spec}}}",
        rf"\caption{{{caption}}} \\",
        *(r"\toprule", heading, r"\midrule", r"\endfirsthead"),
        *(r"\toprule", heading, r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot"),
        *rows,
        r"\end{longtable}",
        r"\endgroup",
    ]
    return [r"\begin{landscape}", *table, r"\end{landscape}"] if turned else table


def _widths(columns: Sequence[_Set], page: int) -> list[float]:
    """Returns the letters of each column: its longest word, and its share of what is left.

    Shares are in proportion to what a column lacks, as in the automatic tables of CSS 2.1.
    """
    lacking = _across([c.most for c in columns]) - _across([c.least for c in columns])
    left = page - _across([c.least for c in columns])
    given = min(max(left / lacking, 0.0), 1.0) if lacking else 1.0
    return [column.least + given * (column.most - column.least) for column in columns]


def _lines(lengths: Sequence[float], widths: Sequence[float]) -> int:
    return max(math.ceil(length / width) for length, width in zip(lengths, widths, strict=True))


def _spec(columns: Sequence[_Set], page: int) -> str:
    if _across([c.most for c in columns]) <= page:
        return "".join("r" if column.numeric else "l" for column in columns)
    return "".join(
        rf">{{\ragged{'left' if column.numeric else 'right'}\arraybackslash}}"
        rf"p{{{width / page:.3f}\linewidth}}"
        for column, width in zip(columns, _widths(columns, page), strict=True)
    )


_LATEX = {
    "\\": r"\textbackslash{}",
    "\n": " ",
    # At the start of a row they would belong to the line break before it.
    "[": "{[}",
    "*": "{*}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "−": "$-$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "<": r"$<$",
    ">": r"$>$",
    "·": r"$\cdot$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "✓": r"$\surd$",
    "○": r"$\circ$",
    "†": r"\dag{}",
    # What the letters of plain LaTeX lack.
    "«": "<<",
    "»": ">>",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "σ": r"$\sigma$",
    "α": r"$\alpha$",
    "γ": r"$\gamma$",
    "ρ": r"$\rho$",
    "ν": r"$\nu$",
}
_LAST_LETTER = "\xff"  # of those that LaTeX surely sets without further packages


def latex_escaped(text: str) -> str:
    """Returns the text as LaTeX prints it; letters beyond Latin-1 lose their accent, or are "?"."""
    return "".join(_LATEX.get(letter) or _latin(letter) for letter in text)


def _latin(letter: str) -> str:
    if letter <= _LAST_LETTER:
        return letter if letter.isprintable() else " "
    plain = unicodedata.normalize("NFKD", letter)[0]
    # A sign's first part may be another sign: that of "≠" is "=".
    return plain if plain.isalnum() and plain <= _LAST_LETTER else "?"
