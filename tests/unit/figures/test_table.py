"""Tables as text: what a cell says, and CSV."""

import csv
import io

import pandas as pd
import pytest

from fmnist_core.figures.table import Column, printed, to_csv


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


def test_csv_names_a_column_whose_machine_name_tells_nothing_and_leaves_out_what_is_drawn() -> None:
    frame = pd.DataFrame({"c0": [0.5], "c1": [0.25], "run_id": ["a"], "color": ["#123456"]})
    columns = {"c0": Column("loss", in_csv="train loss"), "c1": Column("other")}
    (row,) = csv.DictReader(io.StringIO(to_csv(frame, columns).decode()))
    assert row == {"train loss": "0.5", "c1": "0.25", "run_id": "a"}
    (row,) = csv.DictReader(io.StringIO(to_csv(frame, {"color": Column("Colour")}).decode()))
    assert row["color"] == "#123456"


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
