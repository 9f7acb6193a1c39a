"""A comparison of runs as one file to keep or to send: what is in it, and as HTML, LaTeX or CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fmnist_core.data import PROTOCOLS
from fmnist_core.errors import RunError
from fmnist_core.evaluation.compare_report import CompareReport, compare_report
from fmnist_core.figures.classes_scores import class_order, scores_frame, wide_table
from fmnist_core.figures.comparison import (
    PAIR_COLUMNS,
    numbers_takeaway,
    pairs_table,
    settings_columns,
    settings_table,
    settings_takeaway,
)
from fmnist_core.figures.histories import history_frame
from fmnist_core.figures.leaderboard import COLUMNS, leaderboard_frame
from fmnist_core.figures.table import Column
from fmnist_core.figures.words import without_markup
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_history, read_run
from fmnist_core.runs.schema import Run

NUMBER_COLUMNS = {
    "number": Column("No.", "integer"),
    "label": COLUMNS["label"],
    "test_accuracy": COLUMNS["test_accuracy"],
    "interval": COLUMNS["interval"],
    "macro_f1": Column("Macro F1 (%)", "percent"),
    "val_accuracy": Column("Validation accuracy (%)", "percent"),
    "train_accuracy": Column("Training accuracy (%)", "percent"),
    "params": COLUMNS["params"],
    "macs": COLUMNS["macs"],
    "epochs": COLUMNS["epochs"],
    "train_cpu_seconds": COLUMNS["train_cpu_seconds"],
    "protocol_title": COLUMNS["protocol_title"],
    "badges": COLUMNS["badges"],
}
# Sentences beyond the pairs, in the order in which a report says them.
TOPICS = {
    "tie_groups": "Which runs are tied",
    "seed_groups": "Seeds",
    "fit": "Do they fit?",
    "calibration": "Calibration",
    "coverage": "Answering only when sure",
    "agreement": "Agreement",
}


@dataclass(frozen=True)
class Table:
    """A table of the report: its title, what it says in words, and its columns in order."""

    title: str
    says: tuple[str, ...]
    frame: pd.DataFrame
    columns: dict[str, Column]


@dataclass(frozen=True, eq=False)
class Report:
    """Several runs beside each other.

    Attributes:
        labels: run id -> the name it has on every page, in the order of the runs.
        numbers: one row a run; `settings`, `pairs` and `classes` may have no row, and then say why.
        histories: `history_frame` of the runs, with their labels.
    """

    runs: tuple[Run, ...]
    labels: dict[str, str]
    compared: CompareReport
    numbers: Table
    settings: Table
    pairs: Table
    classes: Table
    histories: pd.DataFrame

    @property
    def title(self) -> str:
        """What the report is about."""
        count = len(self.labels)
        return f"{count} network{'s' if count > 1 else ''} on Fashion-MNIST"

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in the order of the report."""
        return self.numbers, self.settings, self.pairs, self.classes

    @property
    def sentences(self) -> dict[str, list[str]]:
        """The further findings by the title of their topic; topics without any left out."""
        says = self.compared.says(self.labels)
        return {title: says[topic] for topic, title in TOPICS.items() if says[topic]}


def make_report(root: Path, run_ids: Sequence[str]) -> Report:
    """Returns everything about stored runs that a report prints, from their cached predictions.

    Raises:
        RunError: a run is damaged, or comes twice.
        UnknownNameError: there is no such run.
    """
    compared = compare_report(root, run_ids)  # first: it names what cannot be read
    runs = tuple(read_run(root, run_id) for run_id in run_ids)
    index = list_runs(root)
    for damaged in index.damaged:
        if damaged.run_id in run_ids:
            raise RunError(f"{damaged.run_id} must be whole. {damaged.reason}")
    board = leaderboard_frame(index.runs).set_index("run_id", drop=False)
    rows = board.loc[list(run_ids)].reset_index(drop=True)
    labels = dict(zip(rows["run_id"], rows["label"], strict=True))
    histories = [history_frame(run, read_history(root, run.run_id)) for run in runs]
    return Report(
        runs=runs,
        labels=labels,
        compared=compared,
        numbers=_numbers(rows, runs),
        settings=_settings(runs, labels),
        pairs=_pairs(compared, labels),
        classes=_classes(compared, labels),
        histories=pd.concat(histories, ignore_index=True).assign(
            label=lambda frame: frame["run_id"].map(labels)
        ),
    )


def report_bytes(report: Report, ending: str) -> bytes:
    """Returns the report as a file: `"html"`, `"tex"` or `"csv"`."""
    # Each format is a module of its own, and only one of them is asked for.
    match ending:
        case "html":
            from fmnist_core.figures.report_html import report_html  # noqa: PLC0415

            return report_html(report)
        case "tex":
            from fmnist_core.figures.report_latex import report_latex  # noqa: PLC0415

            return report_latex(report)
        case _:
            from fmnist_core.figures.report_csv import report_csv  # noqa: PLC0415

            return report_csv(report)


def _numbers(rows: pd.DataFrame, runs: Sequence[Run]) -> Table:
    frame = rows.assign(
        number=range(1, len(rows) + 1), macro_f1=[run.metrics.test_macro_f1 for run in runs]
    )
    warnings = [
        f"{PROTOCOLS[name].title}: {PROTOCOLS[name].warning}"
        for name in dict.fromkeys(rows["protocol"])
        if name in PROTOCOLS and PROTOCOLS[name].warning
    ]
    says = (without_markup(numbers_takeaway(rows, "")), *warnings)
    return Table("Numbers", says, frame, NUMBER_COLUMNS)


def _settings(runs: Sequence[Run], labels: dict[str, str]) -> Table:
    frame = settings_table(runs)
    says = settings_takeaway(frame) if len(runs) > 1 else "One run differs from nothing."
    columns = settings_columns(list(labels), labels)
    return Table("What was set differently", (says,), frame, columns)


def _pairs(compared: CompareReport, labels: dict[str, str]) -> Table:
    says = compared.says(labels)
    comparison = compared.comparison
    frame = pairs_table(comparison, labels) if len(labels) > 1 else pd.DataFrame()
    each = says["pairs"] if len(comparison.pairs) > 1 else []
    sentences = (*says["comparison"], *each, *says["untested"])
    return Table("Is the difference more than chance?", sentences, frame, PAIR_COLUMNS)


def _classes(compared: CompareReport, labels: dict[str, str]) -> Table:
    title = "F1 of every class"
    if compared.sheet is None or compared.classes is None:
        return Table(title, tuple(compared.says(labels)["agreement"][:1]), pd.DataFrame(), {})
    scores = scores_frame(compared.classes, labels)
    frame, columns = wide_table(scores, "f1", class_order(scores, "f1", "worst"))
    says = f"On the {len(compared.sheet.labels):,} test images that all share; hardest class first."
    return Table(title, (says,), frame, columns)
