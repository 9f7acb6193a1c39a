r"""A report as a LaTeX document: booktabs tables that can be copied into a paper one by one."""

from dataclasses import replace

from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.evaluation.significance import test_seen_sentence
from fmnist_core.figures.report.contents import Part, Report
from fmnist_core.figures.table import Column, Kind, printed
from fmnist_core.figures.table_latex import latex_escaped, to_latex
from fmnist_core.figures.words import short_names

_PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{array,booktabs,longtable,pdflscape}
\begin{document}
"""
_SEEN = "†"
_MOST_NAMED = 12  # in a caption; LaTeX cannot even measure one of eighty names
_NUMBERS = {
    "number": Column("No.", "integer"),
    "label": Column("Network"),
    "accuracy": Column("Accuracy (%), 95 % CI"),
    "macro_f1": Column("Macro F1 (%)", "percent"),
    "params": Column("Parameters", "integer"),
    "epochs": Column("Epochs", "integer"),
    "train_cpu_seconds": Column("Processor (s)", "integer"),
}
_PAIRS = {
    "a": Column("A"),
    "b": Column("B"),
    "difference": Column("A − B (points), 95 % CI"),
    "a_only_correct": Column("Only A right", "integer"),
    "b_only_correct": Column("Only B right", "integer"),
    "p": Column("p (Holm)"),
    "verdict": Column("Verdict"),
    "images": Column("Images", "integer"),
}


def report_latex(report: Report) -> bytes:
    """Returns the report as a document that compiles by itself; runs have numbers in its tables."""
    lines = [rf"\section*{{{latex_escaped(report.title)}}}"]
    tables = _numbers(report), _settings(report), _pairs(report), _classes(report)
    for part in (*tables, *report.topics):
        lines.append(rf"\subsection*{{{latex_escaped(part.title)}}}")
        lines += [_paragraph(sentence) for sentence in part.says]
        if part.frame.empty:
            lines += [_paragraph(sentence) for sentence in part.items]
        else:
            lines.append(to_latex(part.frame, part.columns, _caption(report, part)).decode())
    return (_PREAMBLE + "\n".join(lines) + "\n\\end{document}\n").encode()


def _numbers(report: Report) -> Part:
    table = report.numbers
    accuracy = [
        f"{100 * row['test_accuracy']:.2f}{mark} [{100 * row['low']:.2f}, {100 * row['high']:.2f}]"
        for row, mark in zip(table.frame.to_dict("records"), _marks(report), strict=True)
    ]
    names = table.frame["run_id"].map(short_names(report.labels))
    frame = table.frame.assign(accuracy=accuracy, label=names)
    return replace(table, frame=frame, columns=_NUMBERS)


def _marks(report: Report) -> list[str]:
    """Returns for each run the sign that it knew its test images, which `_explained` explains."""
    return [_SEEN if run.protocol == TEST_SEEN_PROTOCOL else "" for run in report.runs]


def _explained(report: Report) -> str:
    return f" {test_seen_sentence(_SEEN)}" if any(_marks(report)) else ""


def _settings(report: Report) -> Part:
    table = report.settings
    columns = {"setting": table.columns["setting"], **_run_columns(report)}
    return replace(table, columns=columns)


def _pairs(report: Report) -> Part:
    table = report.pairs
    if table.frame.empty:
        return table
    named = zip(report.labels.values(), _marks(report), strict=True)
    numbers = {label: f"({n}){mark}" for n, (label, mark) in enumerate(named, 1)}
    frame = table.frame.assign(a=table.frame["a"].map(numbers), b=table.frame["b"].map(numbers))
    if "interval" in frame:
        differences = frame["accuracy_difference"].map(
            lambda value: printed(value, Column("", "points"))
        )
        frame = frame.assign(difference=differences + " [" + frame["interval"].fillna("–") + "]")
    return replace(table, frame=frame, columns=_PAIRS)


def _classes(report: Report) -> Part:
    table = report.classes
    own = {name: column for name, column in table.columns.items() if name not in report.labels}
    runs = _run_columns(report, "percent") if len(report.labels) > 1 else {}
    return replace(table, title=f"{table.title} (%)", columns=own | runs)


def _run_columns(report: Report, kind: Kind = "text") -> dict[str, Column]:
    return {run_id: Column(f"({n})", kind) for n, run_id in enumerate(report.labels, 1)}


def _caption(report: Report, table: Part) -> str:
    if table.columns is _NUMBERS:
        return (
            f"{table.title}. Accuracy on each network's own test images with Wilson's interval, "
            f"which knows of the images drawn and not of training seeds.{_explained(report)}"
        )
    if table.columns is _PAIRS:
        return (
            "Exact McNemar tests on the test images that two networks share; p-values adjusted "
            f"after Holm, Newcombe's intervals for paired proportions.{_explained(report)}"
        )
    if len(report.labels) > _MOST_NAMED:
        return f"{table.title}. The networks have the numbers of the first table."
    names = "; ".join(f"({n}) {label}" for n, label in enumerate(report.labels.values(), 1))
    return f"{table.title}. {names}"


def _paragraph(sentence: str) -> str:
    return latex_escaped(sentence) + "\n"
