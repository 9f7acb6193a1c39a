"""A report as one HTML file: no scripts, nothing fetched, light and dark, and fit for printing."""

import re
from collections.abc import Mapping
from html import escape

import pandas as pd

from fmnist_core.figures.critical_difference import tie_chart, tie_frame
from fmnist_core.figures.curves import METRICS, curves_chart, curves_takeaway, long_curves
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.report import Report, Table
from fmnist_core.figures.svg import to_svgs
from fmnist_core.figures.table import NUMERIC_KINDS, Column, printed
from fmnist_core.figures.training_loss import learning_curves_caveat
from fmnist_core.figures.words import without_markup

_WIDTH = 860
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
.key { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 50%; }
"""


def report_html(report: Report) -> bytes:
    """Returns the report as a file that opens without a network."""
    numbers, settings, pairs, classes = report.tables
    rows = numbers.frame
    colors, _ = run_colors(rows["label"], rows["architecture"])
    parts = [
        f"<h1>{escape(report.title)}</h1>",
        _names(report, colors),
        _section(numbers),
        *_charts(report, colors),
        _section(settings),
        _section(pairs),
        _section(classes),
        *(_findings(title, sentences) for title, sentences in report.sentences.items()),
        _sources(report),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    ).encode()


def _names(report: Report, colors: Mapping[str, str]) -> str:
    items = "".join(
        f'<li><span class="key" style="background:{colors[label]}"></span> {escape(label)} '
        f'<span class="note">{escape(run_id)}</span></li>'
        for run_id, label in report.labels.items()
    )
    return f"<ol>{items}</ol>"


def _charts(report: Report, colors: dict[str, str]) -> list[str]:
    """Returns the intervals with their tie groups, and the curves of accuracy and loss."""
    compared = report.compared
    charts = []
    if len(report.labels) > 1:
        frame = tie_frame(compared.comparison, compared.ties, report.labels, colors)
        says = " ".join(compared.says(report.labels)["tie_groups"])
        charts.append(("Accuracies and ties", says, tie_chart(frame, compared.ties)))
    rows = report.numbers.frame
    _, thin = run_colors(rows["label"], rows["architecture"])
    for name in ("accuracy", "loss"):
        long = long_curves(report.histories, METRICS[name], 0.0)
        if long.empty:
            continue
        drawn = {label: color for label, color in colors.items() if label in set(long["label"])}
        chart = curves_chart(long, METRICS[name], "epoch", drawn, thin=thin)
        named = zip(report.labels.values(), report.runs, strict=True)
        runs = {label: run for label, run in named if label in drawn}
        caveat = learning_curves_caveat(name, runs)
        says = without_markup(f"{curves_takeaway(long, METRICS[name])} {caveat}")
        charts.append((f"{METRICS[name].title} by epoch", says, chart))
    svgs = to_svgs([chart for _, _, chart in charts], width=_WIDTH)
    return [
        _figure(number, title, says, svg)
        for number, ((title, says, _), svg) in enumerate(zip(charts, svgs, strict=True))
    ]


def _figure(number: int, title: str, says: str, svg: str) -> str:
    # Names of clips and gradients count for the whole page, and each chart begins with the same.
    own = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>chart{number}-", svg)
    return (
        f"<h2>{escape(title)}</h2>\n<figure>{own}<figcaption>{escape(says)}</figcaption></figure>"
    )


def _section(table: Table) -> str:
    says = "".join(f"<p>{escape(sentence)}</p>" for sentence in table.says)
    return f"<h2>{escape(table.title)}</h2>\n{says}{_table(table.frame, table.columns)}"


def _table(frame: pd.DataFrame, columns: Mapping[str, Column]) -> str:
    shown = [name for name in columns if name in frame]
    if frame.empty or not shown:
        return ""
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
    kind = ' class="number"' if column.kind in NUMERIC_KINDS else ""
    return f"<td{kind}>{escape(printed(value, column))}</td>"


def _findings(title: str, sentences: list[str]) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<h2>{escape(title)}</h2>\n<ul>{items}</ul>"


def _sources(report: Report) -> str:
    """How each run departs from its source: what a reader must know before quoting a number."""
    items = "".join(
        f"<li>{escape(report.labels[run.run_id])}: {escape(difference)}</li>"
        for run in report.runs
        for difference in run.provenance.protocol_differences
    )
    if not items:
        return ""
    return f"<h2>Departures from the sources</h2>\n<ul>{items}</ul>"
