"""What is in a report: the numbers, settings, tests and curves of the runs it compares."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from fmnist_core.errors import RunError
from fmnist_core.evaluation.compare_report import CompareReport, compare_report
from fmnist_core.evaluation.run_names import split_warnings
from fmnist_core.figures.calibration_charts import scores_limits
from fmnist_core.figures.classes.scores import class_order, scores_frame, wide_table
from fmnist_core.figures.comparison import (
    PAIR_COLUMNS,
    TESTS_NOTE,
    numbers_takeaway,
    pairs_table,
    settings_columns,
    settings_table,
    settings_takeaway,
    short_runs_caveat,
)
from fmnist_core.figures.critical_difference import NO_PROOF
from fmnist_core.figures.fit_verdicts import fit_limits
from fmnist_core.figures.histories import history_frame
from fmnist_core.figures.leaderboard import COLUMNS, leaderboard_frame
from fmnist_core.figures.seed_bands import SEEDS_NOTE
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
# What has no table, in the order in which a report says it.
_TOPICS = {
    "tie_groups": "Which runs are tied",
    "seed_groups": "Seeds",
    "fit": "Do they fit?",
    "calibration": "Calibration",
    "coverage": "Answering only when sure",
    "agreement": "Agreement",
}


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the report under its title; all text is plain.

    Attributes:
        says: what it comes to, and what must be known to read it.
        items: further sentences, which stand in the rows of the table where there is one.
        frame: a table of these `columns`, in their order; without rows there is none.
    """

    title: str
    says: Sequence[str] = ()
    items: Sequence[str] = ()
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: dict[str, Column] = field(default_factory=dict)


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
    numbers: Part
    settings: Part
    pairs: Part
    classes: Part
    histories: pd.DataFrame

    @property
    def title(self) -> str:
        """What the report is about."""
        count = len(self.labels)
        return f"{count} network{'s' if count > 1 else ''} on Fashion-MNIST"

    @property
    def tables(self) -> tuple[Part, ...]:
        """All tables, in the order of the report."""
        return self.numbers, self.settings, self.pairs, self.classes

    @property
    def topics(self) -> list[Part]:
        """What has no table: the further findings, and how each run departs from its source."""
        found = self.compared.says(self.labels)
        of_fit = fit_limits({self.labels[run.run_id]: run for run in self.runs})
        limits = {
            "tie_groups": [NO_PROOF],
            "seed_groups": [SEEDS_NOTE],
            "fit": [without_markup(limit) for limit in of_fit],
            "calibration": scores_limits(run.protocol for run in self.runs),
        }
        departures = [
            f"{self.labels[run.run_id]}: {difference}"
            for run in self.runs
            for difference in run.provenance.protocol_differences
        ]
        parts = [
            *(Part(title, limits.get(name, ()), found[name]) for name, title in _TOPICS.items()),
            Part("Departures from the sources", items=departures),
        ]
        return [part for part in parts if part.items]


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
        pairs=_pairs(compared, labels, rows),
        classes=_classes(compared, labels),
        histories=pd.concat(histories, ignore_index=True).assign(
            label=lambda frame: frame["run_id"].map(labels)
        ),
    )


def _numbers(rows: pd.DataFrame, runs: Sequence[Run]) -> Part:
    frame = rows.assign(
        number=range(1, len(rows) + 1), macro_f1=[run.metrics.test_macro_f1 for run in runs]
    )
    says = [without_markup(numbers_takeaway(rows, "")), *split_warnings(rows["protocol"])]
    return Part("Numbers", says, (), frame, NUMBER_COLUMNS)


def _settings(runs: Sequence[Run], labels: dict[str, str]) -> Part:
    frame = settings_table(runs)
    says = settings_takeaway(frame) if len(runs) > 1 else "One run differs from nothing."
    columns = settings_columns(list(labels), labels)
    return Part("What was set differently", [says], (), frame, columns)


def _pairs(compared: CompareReport, labels: dict[str, str], rows: pd.DataFrame) -> Part:
    found = compared.says(labels)
    pairs = compared.comparison.pairs
    frame = pairs_table(compared.comparison, labels) if len(labels) > 1 else pd.DataFrame()
    limits = [TESTS_NOTE] if pairs else []
    if short := short_runs_caveat(rows):
        limits.append(without_markup(short))
    each = found["pairs"] if len(pairs) > 1 else []
    return Part(
        "Is the difference more than chance?",
        [*found["comparison"], *limits],
        [*each, *found["untested"]],
        frame,
        PAIR_COLUMNS,
    )


def _classes(compared: CompareReport, labels: dict[str, str]) -> Part:
    title = "F1 of every class"
    if compared.sheet is None or compared.classes is None:
        return Part(title, compared.says(labels)["agreement"][:1])
    scores = scores_frame(compared.classes, labels)
    frame, columns = wide_table(scores, "f1", class_order(scores, "f1", "worst"))
    says = f"On the {len(compared.sheet.labels):,} test images that all share; hardest class first."
    return Part(title, [says], (), frame, columns)
