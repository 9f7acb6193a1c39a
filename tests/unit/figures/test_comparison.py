"""Runs beside each other: words and tables of the paired tests, and signed differences."""

import numpy as np
import pandas as pd
import pytest

from fmnist_core.evaluation.compare import Comparison, compare_answers
from fmnist_core.evaluation.significance import Answers
from fmnist_core.figures.comparison import (
    PAIR_COLUMNS,
    has_short_runs,
    number_columns,
    numbers_table,
    numbers_takeaway,
    pairs_table,
    pairs_takeaway,
    settings_takeaway,
    short_runs_caveat,
)

LABELS = {"a": "Net A", "b": "Net B", "c": "Net C"}


def run(name: str, right: int, *, first: int = 60_000) -> Answers:
    """1,000 test images, of which the first `right` are named correctly."""
    return Answers(name, np.arange(1000) < right, np.arange(first, first + 1000, dtype=np.int32))


def compared(*runs: Answers) -> Comparison:
    return compare_answers(list(runs))


def test_two_runs_are_compared_in_one_sentence_with_all_its_numbers() -> None:
    words = pairs_takeaway(compared(run("a", 950), run("b", 900)), LABELS)
    assert words.startswith("**Net A** is right on 50 images that **Net B** gets wrong")
    assert "+5.00 points" in words
    assert "more than chance explains" in words
    assert "(p < 0.0001)" in words


def test_a_difference_that_chance_can_explain_is_not_called_one() -> None:
    comparison = compared(run("a", 902), run("b", 900))
    assert "chance alone can explain (p = 0.5000)" in pairs_takeaway(comparison, LABELS)
    assert list(pairs_table(comparison, LABELS)["verdict"]) == ["not separated"]


def test_many_pairs_are_counted() -> None:
    runs = [run("a", 950), run("b", 949), run("c", 800)]
    words = pairs_takeaway(compared(*runs), LABELS)
    assert "separate 2 of 3 pairs" in words
    assert "the others" in words
    apart = pairs_takeaway(compared(run("a", 950), run("b", 850), run("c", 700)), LABELS)
    assert "separate 3 of 3 pairs" in apart
    assert "the others" not in apart


def test_the_verdict_says_which_of_the_two_is_better() -> None:
    table = pairs_table(compared(run("a", 800), run("b", 900)), LABELS)
    assert list(table["verdict"]) == ["B is better"]
    assert list(table["a"]) == ["Net A"]
    assert table["accuracy_difference"].iloc[0] == pytest.approx(-0.1)


def test_runs_without_a_shared_image_cannot_be_compared_and_say_so() -> None:
    comparison = compared(run("a", 900), run("b", 900, first=0))
    assert "no test can compare them" in pairs_takeaway(comparison, LABELS)
    table = pairs_table(comparison, LABELS)
    assert list(table["verdict"]) == ["cannot be compared"]
    assert table["remark"].iloc[0]
    assert set(table) <= set(PAIR_COLUMNS) | {"mcnemar_p", "mcnemar_p_holm", "difference_ci95"}


def rows(**accuracies: float) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "run_id": list(accuracies),
            "label": [LABELS[name] for name in accuracies],
            "test_accuracy": list(accuracies.values()),
            "interval": "",
            "protocol": "holdout-80-20",
        }
    )
    costs = ["params", "macs", "size_kb", "train_cpu_seconds", "latency_ms"]
    return frame.assign(**{cost: [100.0 * (1 + n) for n in range(len(frame))] for cost in costs})


def test_a_baseline_gives_points_for_accuracy_and_shares_for_costs() -> None:
    table = numbers_table(rows(a=0.9, b=0.92), "a")
    assert table["test_accuracy_difference"].tolist() == pytest.approx([0, 0.02])
    assert table["params_difference"].tolist() == pytest.approx([0, 1.0])


def test_a_baseline_of_no_cost_gives_no_difference_of_it() -> None:
    table = numbers_table(rows(a=0.1, b=0.92).assign(macs=[0.0, 100.0]), "a")
    assert table["macs_difference"].isna().all()
    assert table["params_difference"].notna().all()


def test_without_a_baseline_there_are_no_differences() -> None:
    assert not [name for name in number_columns(with_baseline=False) if "difference" in name]
    assert "test_accuracy_difference" not in numbers_table(rows(a=0.9), "")


def test_every_difference_knows_which_direction_is_good() -> None:
    for name, column in number_columns(with_baseline=True).items():
        if name.endswith("_difference"):
            assert column.better == ("higher" if "accuracy" in name else "lower")


def test_the_numbers_in_words() -> None:
    assert "lie above **Net A**" in numbers_takeaway(rows(a=0.9, b=0.92, c=0.8), "a")
    assert numbers_takeaway(rows(a=0.9), "").startswith("**Net A** reaches 90.00 %")
    mixed = rows(a=0.9, b=0.92)
    mixed["protocol"] = ["holdout-80-20", "pooled-60-20-20"]
    assert "not as a ranking" in numbers_takeaway(mixed, "")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ([], "Nothing: these runs have the same architecture, recipe, seed, data and versions."),
        (["seed"], "They differ in one setting, seed; everything else was the same."),
        (["seed", "epochs"], "They differ in 2 settings; everything else was the same."),
    ],
)
def test_the_settings_that_differ_are_counted(settings: list[str], says: str) -> None:
    assert settings_takeaway(pd.DataFrame({"setting": settings})) == says


def test_runs_trained_unlike_their_source_are_named_by_how() -> None:
    full = rows(a=0.9, b=0.91, c=0.92).assign(budget="full")
    assert short_runs_caveat(full) == ""
    assert not has_short_runs(full)
    mixed = full.assign(budget=["full", "stopped", "reduced"])
    words = short_runs_caveat(mixed)
    assert "Stopped before its plan was done: **Net B**." in words
    assert "Fewer epochs or images than the source's: **Net C**." in words
    assert "is also one of training" in words
    assert has_short_runs(mixed)
    varied = full.assign(budget=["full", "full", "varied"])
    assert "one of settings" in short_runs_caveat(varied)
    assert not has_short_runs(varied)
    assert short_runs_caveat(mixed.tail(1)) == ""
    assert not has_short_runs(mixed.tail(1))
