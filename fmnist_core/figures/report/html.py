"""A report as one HTML file."""

from collections.abc import Mapping
from html import escape

from fmnist_core.figures.critical_difference import TIES_NOTE, tie_chart, tie_frame
from fmnist_core.figures.curves import METRICS, curves_chart, curves_takeaway, long_curves
from fmnist_core.figures.html_file import Section, html_file
from fmnist_core.figures.palette import run_colors
from fmnist_core.figures.report.contents import Part, Report
from fmnist_core.figures.training_loss import learning_curves_caveat
from fmnist_core.figures.words import without_markup


def report_html(report: Report) -> bytes:
    """Returns the report as a file that opens without a network."""
    rows = report.numbers.frame
    colors, _ = run_colors(rows["label"], rows["architecture"])
    numbers, *others = map(_section, report.tables)
    sections = [
        numbers,
        *_charts(report, colors),
        *others,
        *map(_section, report.topics),
    ]
    return html_file(report.title, sections, head=_names(report, colors))


def _section(part: Part) -> Section:
    return Section(part.title, part.says, part.items, frame=part.frame, columns=part.columns)


def _names(report: Report, colors: Mapping[str, str]) -> str:
    items = "".join(
        f'<li><span class="key" style="background:{colors[label]}"></span> {escape(label)} '
        f'<span class="note">{escape(run_id)}</span></li>'
        for run_id, label in report.labels.items()
    )
    return f"<ol>{items}</ol>"


def _charts(report: Report, colors: dict[str, str]) -> list[Section]:
    """Returns the intervals with their tie groups, and the curves of accuracy and loss."""
    compared = report.compared
    charts = []
    if len(report.labels) > 1:
        frame = tie_frame(compared.comparison, compared.ties, report.labels, colors)
        says = " ".join([*compared.says(report.labels)["tie_groups"], TIES_NOTE])
        chart = tie_chart(frame, compared.ties)
        charts.append(Section("Accuracies and ties", chart=chart, caption=says))
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
        charts.append(Section(f"{METRICS[name].title} by epoch", chart=chart, caption=says))
    return charts
