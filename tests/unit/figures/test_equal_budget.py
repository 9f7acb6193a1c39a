"""What is said of runs at an equal budget, held against their numbers."""

import dataclasses

import pandas as pd
import pytest

from fmnist_core.evaluation.budget import Reached
from fmnist_core.figures.equal_budget import (
    UNFINISHED,
    amount_words,
    budget_caveats,
    budget_columns,
    budget_table,
    budget_takeaway,
    budget_words,
)
from fmnist_core.recipes import Recipe
from fmnist_core.runs.read import read_run
from tests.fixture_runs import FixtureRun, write_fixture_run

LABELS = {"a": "Net A", "b": "Net B", "c": "Net C"}


def at(name: str, accuracy: float | None, **changes: object) -> Reached:
    values = {
        "run_id": name,
        "epoch": 5,
        "spent": 50.0,
        "val_accuracy": accuracy,
        "val_accuracy_ci95": (accuracy - 0.005, accuracy + 0.005) if accuracy else None,
        "val_loss": 0.5,
        "best_val_accuracy": accuracy,
        "best_epoch": 5 if accuracy else None,
        "end_epoch": 9,
        "end_val_accuracy": accuracy,
        "schedule_unfinished": False,
    }
    return Reached(**(values | changes))  # type: ignore[arg-type]


def rows(**protocols: str) -> pd.DataFrame:
    names = list(protocols) or list(LABELS)
    return pd.DataFrame(
        {
            "run_id": names,
            "label": [LABELS[name] for name in names],
            "protocol": [protocols.get(name, "holdout-80-20") for name in names],
            "protocol_title": "80/20",
            "badges": [[] for _ in names],
        }
    )


def says(*reached: Reached, baseline: str = "", board: pd.DataFrame | None = None) -> str:
    table = budget_table(reached, rows() if board is None else board, "epochs", baseline)
    return budget_takeaway(table, "5 epochs", baseline)


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("epochs", 1, "1 epoch"),
        ("epochs", 20, "20 epochs"),
        ("seconds", 431.26, "431 s"),
        ("seconds", 12_345.6, "12,300 s"),
        ("seconds", 0.15, "0.15 s"),
        ("macs", 1.44e9, "1.44 GMACs"),
        ("macs", 2.5e12, "2.5 TMACs"),
        ("macs", 12.0, "12 MACs"),
    ],
)
def test_a_budget_has_its_unit(kind: str, amount: float, words: str) -> None:
    assert amount_words(kind, amount) == words


def test_seconds_say_of_what() -> None:
    assert budget_words("seconds", 30) == "30 s of processor time"
    assert budget_words("macs", 3e12) == "3 TMACs"


def test_differences_are_those_to_the_baseline() -> None:
    table = budget_table(
        [at("a", 0.90, val_loss=0.4), at("b", 0.88, val_loss=0.5)], rows(), "epochs", "b"
    )
    assert list(table["val_accuracy_difference"]) == pytest.approx([0.02, 0])
    assert list(table["val_loss_difference"]) == pytest.approx([-0.2, 0])
    assert set(budget_columns("epochs", with_baseline=True)) <= set(table)


def test_a_baseline_that_reached_nothing_gives_no_differences() -> None:
    table = budget_table([at("a", 0.9)], rows(), "epochs", "b")
    assert "val_accuracy_difference" not in table
    assert set(budget_columns("macs", with_baseline=False)) <= set(table)


def test_runs_of_another_split_have_no_difference_and_no_ranking() -> None:
    board = rows(a="holdout-80-20", b="pooled-60-20-20")
    table = budget_table([at("a", 0.90), at("b", 0.95)], board, "epochs", "a")
    assert table["val_accuracy_difference"].isna().tolist() == [False, True]
    words = budget_takeaway(table, "5 epochs", "a")
    assert "2 unlike splits" in words
    assert "ahead" not in words


def test_the_leader_is_called_so_only_with_what_its_interval_says() -> None:
    close = says(at("a", 0.900), at("b", 0.905))
    assert close.startswith("At 5 epochs, **Net B** is ahead with 90.50 % of the validation images")
    assert "0.50 points before **Net A**" in close
    assert "intervals overlap" in close
    assert "do not overlap" in says(at("a", 0.900), at("b", 0.950))


def test_equal_runs_are_level() -> None:
    assert "**Net A** and **Net B** are level at 90.00 %" in says(at("a", 0.9), at("b", 0.9))


def test_a_turned_order_at_the_end_is_said() -> None:
    words = says(at("a", 0.90, end_val_accuracy=0.93, end_epoch=40), at("b", 0.91))
    assert "**Net B** is ahead" in words
    assert "ends of their own trainings **Net A** is ahead (93.00 % after 40 epochs)" in words
    assert "too." in says(at("a", 0.90), at("b", 0.91))
    assert "all of their trainings ended" in says(
        at("a", 0.9, end_epoch=5), at("b", 0.91, end_epoch=5)
    )


def test_those_above_the_baseline_are_counted() -> None:
    words = says(at("a", 0.90), at("b", 0.91), at("c", 0.89), baseline="a")
    assert "1 of 2 lie above **Net A**" in words


def test_one_run_alone_is_not_compared() -> None:
    assert "no other run" in says(at("a", 0.9))
    assert "no other run" in says(at("a", 0.9), at("b", None))
    assert "none of these runs" in says(at("a", None), at("b", None))


def test_names_are_text_not_markup() -> None:
    board = rows(a="holdout-80-20", b="holdout-80-20").assign(label=["*x*", "[y](z)"])
    assert r"\*x\*" in says(at("a", 0.92), at("b", 0.9), board=board)


@pytest.fixture
def records(tmp_path):
    """Records of the runs a and b, alike but for what a test changes."""
    found = read_run(tmp_path, write_fixture_run(tmp_path, FixtureRun(), test_images=100))
    return lambda **of_b: [
        dataclasses.replace(found, run_id="a"),
        dataclasses.replace(found, run_id="b", **of_b),
    ]


def caveats(runs, kind: str, *reached: Reached, board: pd.DataFrame | None = None) -> str:
    both = reached or (at("a", 0.9), at("b", 0.9))
    table = budget_table(both, rows() if board is None else board, kind, "")
    return "\n".join(budget_caveats(table, runs, kind, LABELS))


def test_validation_and_one_seed_are_always_said(records) -> None:
    text = caveats(records(), "epochs")
    assert "not test accuracy" in text
    assert "another seed" in text
    assert "stands in" not in text


def test_amounts_that_whole_epochs_leave_unequal_are_said(records) -> None:
    quick, full = at("a", 0.8, spent=1.79e12), at("b", 0.7, spent=1.12e12)
    text = caveats(records(), "macs", quick, full)
    assert "**Net A** 1.79 TMACs, but **Net B** 1.12 TMACs (63 %)." in text
    three = (at("c", 0.9, spent=24.0), at("a", 0.8, spent=30.0), at("b", 0.7, spent=15.0))
    seconds = caveats(records(), "seconds", *three)
    assert "**Net A** 30 s, but **Net B** 15 s (50 %) and **Net C** 24 s (80 %)." in seconds
    alike = caveats(records(), "seconds", at("a", 0.8, spent=30.0), at("b", 0.7, spent=27.5))
    assert "not equal" not in alike
    assert "not equal" not in caveats(records(), "epochs", quick, full)
    assert "not equal" not in caveats(records(), "macs", quick, at("b", None, spent=1e11))


def test_where_the_test_set_stands_in_for_validation_it_is_said(records) -> None:
    board = rows(a="holdout-80-20", b="test-as-validation")
    assert "the test set stands in" in caveats(records(), "epochs", board=board)


def test_runs_cut_within_their_schedule_are_named(records) -> None:
    recipe = Recipe(schedule="one_cycle", epochs=20)
    table = budget_table([at("b", 0.9, schedule_unfinished=True)], rows(), "epochs", "")
    assert table["badges"].iloc[0] == [UNFINISHED]
    text = caveats(
        records(recipe=recipe), "epochs", at("a", 0.9), at("b", 0.9, schedule_unfinished=True)
    )
    assert "**Net B** (one-cycle over 20 epochs)" in text
    assert "**Net A**" not in text


def test_what_equal_leaves_unequal_is_said(records) -> None:
    assert "An epoch is not the same" not in caveats(records(), "epochs")
    (run, _) = records()
    fewer = dataclasses.replace(run.images, train=5_000)
    assert "5,000 images for **Net B**, 48,000 for **Net A**" in caveats(
        records(images=fewer), "epochs"
    )
    other = dataclasses.replace(run.machine, processor="another")
    assert "unlike" not in caveats(records(), "seconds")
    assert "2 unlike set-ups" in caveats(records(machine=other), "seconds")
    assert "arXiv:2001.08361" in caveats(records(), "macs")
