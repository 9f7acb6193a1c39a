"""A report as one long CSV table: a value a row, and which runs, class or epoch it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.metrics import per_class_report
from fmnist_core.evaluation.settings import differing_settings
from fmnist_core.figures.report.contents import Report
from fmnist_core.figures.table import to_csv

_COLUMNS = ("table", "run_id", "other_run_id", "class", "epoch", "name", "value")
_NUMBERS = (
    *("label", "test_accuracy", "low", "high", "macro_f1", "val_accuracy", "train_accuracy"),
    *("params", "macs", "size_kb", "epochs", "train_seconds", "train_cpu_seconds", "latency_ms"),
    *("protocol", "seed", "budget", "paper", "basis"),
)
_PAIR = (
    *("images", "a_only_correct", "b_only_correct", "accuracy_difference"),
    *("mcnemar_p", "mcnemar_p_holm", "remark"),
)
_SCORES = ("precision", "recall", "f1", "support")
_CURVES = (
    *("loss", "accuracy", "val_loss", "val_accuracy"),
    *("learning_rate", "seconds", "cpu_seconds"),
)


def report_csv(report: Report) -> bytes:
    """Returns every number of the report; accuracies and differences as fractions.

    The tables are `numbers`, `settings`, `pairs` (run_id minus other_run_id), `classes` and
    `history`. Names stand in the column `name`, so that one pivot gives each table back.
    """
    rows = [
        *_numbers(report),
        *_settings(report),
        *_pairs(report),
        *_classes(report),
        *_history(report),
    ]
    return to_csv(pd.DataFrame(rows, columns=_COLUMNS).astype({"epoch": "Int64"}))


def _row(table: str, name: str, value: Any, **place: Any) -> dict[str, Any]:
    return {"table": table, "name": name, "value": value, **place}


def _named(
    table: str, values: Mapping[Any, Any], names: Sequence[str], **place: Any
) -> Iterator[dict[str, Any]]:
    for name in names:
        yield _row(table, name, values[name], **place)


def _numbers(report: Report) -> Iterator[dict[str, Any]]:
    for record in report.numbers.frame.to_dict("records"):
        yield from _named("numbers", record, _NUMBERS, run_id=record["run_id"])


def _settings(report: Report) -> Iterator[dict[str, Any]]:
    for setting in differing_settings(report.runs):
        for run, value in zip(report.runs, setting.values, strict=True):
            yield _row("settings", setting.name, value, run_id=run.run_id)


def _pairs(report: Report) -> Iterator[dict[str, Any]]:
    for pair in report.compared.comparison.pairs:
        low, high = pair.difference_ci95
        place = {"run_id": pair.a, "other_run_id": pair.b}
        yield from _named("pairs", vars(pair), _PAIR, **place)
        yield _row("pairs", "difference_low", low, **place)
        yield _row("pairs", "difference_high", high, **place)


def _classes(report: Report) -> Iterator[dict[str, Any]]:
    sheet = report.compared.sheet
    if sheet is None:
        return
    for run_id, predicted in zip(sheet.run_ids, sheet.predicted, strict=True):
        scores = per_class_report(sheet.labels, predicted).classes
        for class_name, score in zip(CLASS_NAMES, scores, strict=True):
            place = {"run_id": run_id, "class": class_name}
            yield from _named("classes", vars(score), _SCORES, **place)


def _history(report: Report) -> Iterator[dict[str, Any]]:
    for record in report.histories.to_dict("records"):
        place = {"run_id": record["run_id"], "epoch": record["epoch"]}
        yield from _named("history", record, _CURVES, **place)
