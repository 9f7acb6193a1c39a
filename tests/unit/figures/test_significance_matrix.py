"""Who beats whom as a square, and the bars that join runs which cannot be told apart."""

import re

import numpy as np
import pytest

from fmnist_core.evaluation.compare import Comparison, compare_answers
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.tie_groups import tie_groups
from fmnist_core.figures.critical_difference import tie_chart, tie_frame, tie_takeaway
from fmnist_core.figures.significance_matrix import (
    matrix_chart,
    matrix_frame,
    ranked_names,
    untested_words,
)
from tests.unit.figures.drawings import drawn_svg

LABELS = {name: f"Net {name.upper()}" for name in "abcdefghijklmnopq"}
COLORS = dict.fromkeys(LABELS.values(), "#123456")


def run(name: str, right: int, *, first: int = 60_000) -> Answers:
    """1,000 test images, of which the first `right` are named correctly."""
    return Answers(name, np.arange(1000) < right, np.arange(first, first + 1000, dtype=np.int32))


def compared(*runs: Answers) -> Comparison:
    return compare_answers(list(runs))


def test_each_ordered_pair_has_a_cell_with_the_rows_advantage() -> None:
    cells = matrix_frame(compared(run("a", 800), run("b", 900)), LABELS)
    assert list(cells["row_name"]) == ["Net B", "Net A"]  # the more accurate one first
    assert list(cells["points"]) == pytest.approx([10, -10])
    assert list(cells["row_only"]) == [100, 0]
    assert list(cells["says"]) == ["the row is better", "the column is better"]
    low, high = map(float, cells["interval"].iloc[0].split(" to "))
    assert low < 10 < high
    assert cells["interval"].iloc[1] == f"{-high:+.2f} to {-low:+.2f}"


def test_names_that_only_their_full_length_tells_apart_stay_apart() -> None:
    labels = {"a": "CNN, 2 layers (S)", "b": "CNN, 3 layers (S)", "c": "Net, small (S)"}
    comparison = compared(run("a", 900), run("b", 800), run("c", 700))
    assert list(ranked_names(comparison.runs, labels).values()) == [
        "1. CNN, 2 layers (S)",
        "2. CNN, 3 layers (S)",
        "3. Net (S)",
    ]
    apart = compared(run("a", 900), run("b", 900), run("c", 100))
    words = tie_takeaway(apart, tie_groups(apart), labels)
    assert "**CNN, 2 layers (S)** and **CNN, 3 layers (S)**" in words


@pytest.mark.parametrize(("plot", "name"), [(300, "1. Net · seed 0"), (700, "1. Net (S) · seed 0")])
def test_on_a_phone_the_source_gives_way_to_what_tells_seeds_apart(plot: int, name: str) -> None:
    labels = {"a": "Net (S) · seed 0", "b": "Net (S) · seed 1"}
    comparison = compared(run("a", 900), run("b", 800))
    names = re.findall(
        ">([^<]+)</text>", drawn_svg(matrix_chart(matrix_frame(comparison, labels)), plot)
    )
    assert name in names


def test_what_is_not_separated_or_not_tested_is_marked() -> None:
    runs = (run("a", 900), run("b", 901), run("c", 500), run("d", 900, first=0))
    comparison = compared(*runs)
    cells = matrix_frame(comparison, LABELS).set_index(["row_name", "column_name"])
    assert cells.loc[("Net A", "Net B"), "mark"] == "≈"
    assert cells.loc[("Net A", "Net C"), "mark"] == ""
    assert cells.loc[("Net A", "Net D"), "mark"] == "–"
    assert np.isnan(cells.loc[("Net A", "Net D"), "size"])
    assert untested_words(comparison).startswith("3 pairs share no test image")
    assert untested_words(compared(*runs[:3])) == ""


def test_numbers_stand_in_the_cells_of_few_runs_and_leave_those_of_many() -> None:
    few = matrix_chart(matrix_frame(compared(run("a", 900), run("b", 901)), LABELS))
    assert list(few["data"]["written"]) == ["≈ +0.10", "≈ -0.10"]
    runs = [run(name, 800 + n) for n, name in enumerate(LABELS)]
    many = matrix_chart(matrix_frame(compared(*runs), LABELS))
    assert set(many["data"]["written"]) <= {"≈", ""}


def test_equal_runs_divide_by_nothing() -> None:
    chart = matrix_chart(matrix_frame(compared(run("a", 0), run("b", 0)), LABELS))
    assert chart["layer"][0]["encoding"]["opacity"]["scale"]["domain"] == [0, 1]


def test_bars_join_the_tie_groups_and_take_a_second_column_where_they_overlap() -> None:
    runs = [run("a", 900), run("b", 895), run("c", 890), run("d", 500)]
    comparison = compared(*runs)
    groups = tie_groups(comparison)
    assert [group.run_ids for group in groups] == [("a", "b"), ("b", "c"), ("d",)]
    frame = tie_frame(comparison, groups, LABELS, COLORS)
    assert list(frame["groups"]) == ["1", "1, 2", "2", "alone"]
    bars = tie_chart(frame, groups)["layer"][2]["data"]["values"]
    assert len(bars) == 4
    assert len({bar["place"] for bar in bars}) == 2
    assert all(bar["place"] > 100 * frame["high"].max() for bar in bars)
    words = tie_takeaway(comparison, groups, LABELS)
    assert "form 2 tie groups" in words
    assert "they overlap" in words
    assert "The top is **Net A** and **Net B**, 2 runs that cannot be told apart." in words


def test_without_ties_there_are_no_bars() -> None:
    comparison = compared(run("a", 900), run("b", 500))
    groups = tie_groups(comparison)
    frame = tie_frame(comparison, groups, LABELS, COLORS)
    assert len(tie_chart(frame, groups)["layer"]) == 2
    assert "separated from every other" in tie_takeaway(comparison, groups, LABELS)
    apart = compared(run("a", 900), run("b", 500, first=0))
    assert (
        tie_takeaway(apart, tie_groups(apart), LABELS)
        == "No two neighbours in this order are tied."
    )
