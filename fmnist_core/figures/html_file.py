"""Sections as one HTML file: no scripts, nothing fetched, light and dark, and fit for printing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from fmnist_core.figures.svg import to_svgs
from fmnist_core.figures.table import NUMERIC_KINDS, Column, printed

_WIDTH = 860
_LONG = 60  # characters of a cell that would become a column of single words
# The browser itself then refuses whatever a file may have been made to load or to run.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
figure { margin: 1rem 0; } figcaption, .note { color: #757a8a; }
svg { max-width: 100%; height: auto; overflow: visible; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.87rem; }
th { text-align: left; border-bottom: 1px solid #757a8a; border-top: 2px solid #757a8a; }
th, td { padding: 0.25rem 0.6rem; vertical-align: top; }
tbody tr:last-child td { border-bottom: 2px solid #757a8a; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.long { min-width: 24rem; }
@media print { .wide { overflow: visible; } table { font-size: 0.6rem; } .long { min-width: 0; }
  th, td { padding: 0.1rem 0.25rem; } .number { white-space: normal; } }
.key { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 50%; }
"""


@dataclass(frozen=True, eq=False)
class Section:
    """A part of the file under its title; all text is plain, and what is empty is left out.

    Attributes:
        says: paragraphs.
        items: a list below them; an item that is a pair has a list of its own below its text.
        chart: Vega-Lite specification with its data, and `caption` the words below it.
        frame: a table of these `columns`, in their order.
    """

    title: str
    says: Sequence[str] = ()
    items: Sequence[str | tuple[str, Sequence[str]]] = ()
    chart: dict[str, Any] | None = None
    caption: str = ""
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: Mapping[str, Column] = field(default_factory=dict)


def html_file(title: str, sections: Sequence[Section], *, head: str = "") -> bytes:
    """Returns the sections as a file that opens without a network.

    Args:
        head: HTML below the title.
    """
    charts = [section.chart for section in sections if section.chart]
    drawn = iter(enumerate(to_svgs(charts, width=_WIDTH) if charts else []))
    parts = [_section(section, *(next(drawn) if section.chart else ())) for section in sections]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join([f"<h1>{escape(title)}</h1>", *filter(None, [head]), *parts])
        + "\n</body>\n</html>\n"
    ).encode()


def _section(section: Section, number: int = 0, svg: str = "") -> str:
    # Names of clips and gradients count for the whole page, and each chart begins with the same.
    own = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>chart{number}-", svg)
    caption = f"<figcaption>{escape(section.caption)}</figcaption>" if section.caption else ""
    return "\n".join(
        [
            f"<h2>{escape(section.title)}</h2>",
            *(f"<p>{escape(sentence)}</p>" for sentence in section.says),
            *([_list(section.items)] if section.items else []),
            *([f"<figure>{own}{caption}</figure>"] if svg else []),
            *([_table(section.frame, section.columns)] if len(section.frame) else []),
        ]
    )


def _list(items: Sequence[str | tuple[str, Sequence[str]]]) -> str:
    pairs = [(item, ()) if isinstance(item, str) else item for item in items]
    written = (f"{escape(text)}{_list(below) if below else ''}" for text, below in pairs)
    return f"<ul>{''.join(f'<li>{text}</li>' for text in written)}</ul>"


def _table(frame: pd.DataFrame, columns: Mapping[str, Column]) -> str:
    shown = [name for name in columns if name in frame]
    heads = "".join(
        f'<th scope="col" title="{escape(column.meaning)}">{escape(column.label)}</th>'
        for column in (columns[name] for name in shown)
    )
    body = "\n".join(
        "<tr>" + "".join(_cell(record[name], columns[name]) for name in shown) + "</tr>"
        for record in frame.to_dict("records")
    )
    return (
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(value: object, column: Column) -> str:
    text = printed(value, column)
    kind = "number" if column.kind in NUMERIC_KINDS else "long" if len(text) > _LONG else ""
    named = f' class="{kind}"' if kind else ""
    return f"<td{named}>{escape(text)}</td>"
