"""Tables as text: what a cell says, CSV and LaTeX."""

import csv
import io

import pandas as pd
import pytest

from fmnist_core.figures.table import Column, printed, to_csv, to_latex


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (0.91705, Column("", "percent"), "91.70"),
        (-0.0042, Column("", "points"), "-0.42"),
        (0.0042, Column("", "points"), "+0.42"),
        (1_386_506, Column("", "integer"), "1,386,506"),
        (2.5, Column("", "change", digits=0), "+250"),
        (0.12345, Column("", "decimal", digits=3), "0.123"),
        (float("nan"), Column("", "percent"), "–"),
        (None, Column("", "integer"), "–"),
        (["a", "b"], Column("", "badges"), "a, b"),
        ("name", Column(""), "name"),
    ],
)
def test_a_cell_prints_as_its_column_means(value: object, column: Column, text: str) -> None:
    assert printed(value, column) == text


def test_csv_keeps_machine_names_full_precision_and_every_column() -> None:
    frame = pd.DataFrame({"label": ["a, b"], "test_accuracy": [0.9170512], "badges": [["x", "y"]]})
    (row,) = csv.DictReader(io.StringIO(to_csv(frame).decode()))
    assert row == {"label": "a, b", "test_accuracy": "0.9170512", "badges": "x;y"}


def test_latex_is_a_booktabs_table_with_escaped_names() -> None:
    frame = pd.DataFrame({"run": ["50%_a & b"], "accuracy": [0.91705], "hidden": [1]})
    columns = {"run": Column("Run"), "accuracy": Column("Accuracy (%)", "percent")}
    text = to_latex(frame, columns, "Runs_1").decode()
    assert r"50\%\_a \& b & 91.70 \\" in text
    assert r"\begin{tabular}{lr}" in text
    assert r"\caption{Runs\_1}" in text
    assert [rule for rule in ("toprule", "midrule", "bottomrule") if f"\\{rule}" not in text] == []
    assert "hidden" not in text


def test_latex_escapes_each_character_once() -> None:
    text = to_latex(pd.DataFrame({"a": ["\\{x}"]}), {"a": Column("A")}, "").decode()
    assert r"\textbackslash{}\{x\} \\" in text
