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


FORMULAS = ["=cmd|' /C calc'!A0", "+cmd", "-2+3+cmd", "@SUM(1+1)", "\t=1", "\n=1", "=1", "-1,2-A1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_holds_no_text_that_a_spreadsheet_would_run(text: str) -> None:
    frame = pd.DataFrame({"file": [text, "plain"], "runs": [[text, "b"], ["a", text]]})
    rows = list(csv.DictReader(io.StringIO(to_csv(frame).decode(), newline="")))
    assert rows[0] == {"file": f"'{text}", "runs": f"'{text};b"}
    assert rows[1] == {"file": "plain", "runs": f"a;{text}"}


@pytest.mark.parametrize("text", ["\r=1", "a\r=1", "a\r\n=1"])
def test_csv_has_no_row_that_begins_in_the_middle_of_a_text(text: str) -> None:
    frame = pd.DataFrame({"file": [text]})
    lines = to_csv(frame).decode().split("\r")
    assert len(lines) == 1
    (row,) = csv.DictReader(io.StringIO(lines[0], newline=""))
    assert row["file"].lstrip("'a") == "\n=1"


def test_csv_keeps_numbers_and_what_reads_as_one() -> None:
    frame = pd.DataFrame({"change": [-0.25], "text": ["-0.25"], "points": ["+1.2e-3"], "n": [None]})
    (row,) = csv.DictReader(io.StringIO(to_csv(frame).decode()))
    assert row == {"change": "-0.25", "text": "-0.25", "points": "+1.2e-3", "n": ""}


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
