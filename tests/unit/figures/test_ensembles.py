"""Runs that answer together, how alike they are, and what seeds and fits say: tables and words."""

import numpy as np
import pandas as pd
import pytest

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.agreement import agreement_matrix, error_overlap
from fmnist_core.evaluation.ensembles import Step, ensemble_result
from fmnist_core.evaluation.fit import fit_verdict
from fmnist_core.evaluation.run_names import badges
from fmnist_core.evaluation.seeds import SeedGroup
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.figures.agreement_matrix import (
    likeness_chart,
    likeness_frame,
    mistakes_takeaway,
)
from fmnist_core.figures.curves import METRICS
from fmnist_core.figures.ensembles import member_table, steps_table
from fmnist_core.figures.fit_verdicts import fit_table, fit_takeaway
from fmnist_core.figures.seed_bands import (
    SEED_COLUMNS,
    band_frame,
    band_takeaway,
    group_names,
    seed_table,
    several,
)
from fmnist_core.runs.arrays import Predictions

LABELS = {"a": "Net A", "b": "Net B", "c": "Net C"}
COLORS = dict.fromkeys(LABELS.values(), "#123456")


def predictions(wrong: slice) -> Predictions:
    """100 test images of class 0; those in `wrong` are called class 1."""
    probabilities = np.full((100, 10), 0.01, np.float32)
    probabilities[:, 0] = 0.91
    probabilities[wrong] = np.roll(probabilities[wrong], 1, axis=1)
    labels = np.zeros(100, np.uint8)
    indices = np.arange(60_000, 60_100, dtype=np.int32)
    return Predictions(probabilities, labels, indices, probabilities, labels, indices - 30_000)


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    parts = {"a": slice(0, 10), "b": slice(5, 17), "c": slice(40, 60)}
    return make_sheet([(name, predictions(part), "holdout-80-20") for name, part in parts.items()])


def test_members_stand_below_what_they_do_together_best_first(sheet: Sheet) -> None:
    result = ensemble_result(sheet, "vote")
    table = member_table(sheet, result, LABELS, COLORS)
    assert list(table["label"]) == ["Together", "Net A", "Net B", "Net C"]
    # Two of three are wrong on images 5 to 9 alone.
    assert list(table["accuracy"]) == pytest.approx([0.95, 0.90, 0.88, 0.80])
    assert list(table["difference"])[1:] == pytest.approx([0.05, 0.07, 0.15])


def test_the_steps_of_the_choice_end_where_validation_is_best() -> None:
    steps = (Step("a", 0.90), Step("b", 0.93), Step("c", 0.92))
    table = steps_table(steps, LABELS)
    assert list(table["kept"]) == ["yes", "yes", "no"]
    assert list(table["gain"])[1:] == pytest.approx([0.03, -0.01])


def test_likeness_is_counted_for_answers_and_for_mistakes(sheet: Sheet) -> None:
    pairs = likeness_frame(sheet.run_ids, agreement_matrix(sheet), error_overlap(sheet), LABELS)
    assert list(pairs["answers"]) == pytest.approx([0.88, 0.70, 0.68])
    assert list(pairs["mistakes"]) == pytest.approx([5 / 17, 0, 0])
    words = mistakes_takeaway(pairs)
    assert words.startswith("**Net A** and **Net B** fail most on the same images (29.41 %")
    assert "**Net A** and **Net C** least (0.00 %)" in words
    assert "29.41 % are wrong for both" in mistakes_takeaway(pairs.head(1))
    chart = likeness_chart(pairs, list(LABELS.values()), "answers")
    assert len(chart["data"]) == 6


def test_two_runs_that_answer_alike_leave_a_scale_that_can_be_drawn() -> None:
    pairs = pd.DataFrame({"a": ["Net A"], "b": ["Net B"], "answers": [1.0], "mistakes": [1.0]})
    chart = likeness_chart(pairs, ["Net A", "Net B"], "answers")
    assert chart["layer"][0]["encoding"]["opacity"]["scale"]["domain"] == [100, 101]
    assert "100 % are wrong for both" in mistakes_takeaway(pairs)


def board(**protocols: str) -> pd.DataFrame:
    """What the leaderboard says of the split of these runs."""
    return pd.DataFrame(
        {
            "run_id": list(protocols),
            "protocol": list(protocols.values()),
            "protocol_title": [PROTOCOLS[name].title for name in protocols.values()],
            "badges": [badges(name, "full") for name in protocols.values()],
        }
    )


GROUPS = (
    SeedGroup(("a", "b"), (0, 1), (0.90, 0.92), 0.91, 0.0141, True),
    SeedGroup(("c",), (0,), (0.95,), 0.95, None, True),
)


def test_a_seed_table_has_only_recipes_that_ran_more_than_once() -> None:
    labels = {"a": "Net · seed 0", "b": "Net · seed 1", "c": "Other"}
    names = group_names(GROUPS, labels)
    assert names == {"a": "Net", "b": "Net", "c": "Other"}
    table = seed_table(GROUPS, names, board(a="holdout-80-20", b="holdout-80-20"))
    assert list(table["label"]) == ["Net"]
    assert table["deviation"].iloc[0] == pytest.approx(1.41)
    assert table["each"].iloc[0] == "0: 90.00, 1: 92.00"
    assert several(GROUPS) == [GROUPS[0]]


def test_a_seed_table_ranks_within_one_split_and_says_what_keeps_each_from_being_compared() -> None:
    groups = [
        SeedGroup(("s", "t"), (0, 1), (0.99, 0.97), 0.98, 0.014, True),
        SeedGroup(("a", "b"), (0, 1), (0.90, 0.92), 0.91, 0.014, True),
        SeedGroup(("c", "d"), (0, 1), (0.94, 0.96), 0.95, 0.014, True),
    ]
    names = {"s": "Seen", "a": "Net", "c": "Other"}
    of_runs = board(a="holdout-80-20", c="holdout-80-20", s="test-as-validation")
    table = seed_table(groups, names, of_runs)
    assert list(table["label"]) == ["Other", "Net", "Seen"]
    assert list(table["badges"]) == [[], [], ["test set used for validation"]]
    assert table["protocol_title"].iloc[-1] == "test set as validation"
    assert set(table) == set(SEED_COLUMNS)


def test_a_band_is_one_deviation_and_ends_where_one_seed_goes_on_alone() -> None:
    long = pd.DataFrame(
        {
            "run_id": ["a", "a", "a", "b", "b"],
            "kind": "Validation",
            "epoch": [1, 2, 3, 1, 2],
            "smoothed": [80.0, 90.0, 91.0, 82.0, 94.0],
        }
    )
    bands = band_frame(long, {"a": "Net", "b": "Net"}, "epoch")
    assert list(bands["mean"]) == [81, 92, 91]
    assert list(bands["seeds"]) == [2, 2, 1]
    assert bands["high"].iloc[1] - bands["low"].iloc[1] == pytest.approx(2 * 8**0.5)
    assert bands["high"].iloc[2] == bands["low"].iloc[2] == 91
    assert "**Net** 92 ± 2.8 points" in band_takeaway(bands, METRICS["accuracy"])
    alone = band_frame(long[long["run_id"] == "a"], {"a": "Net"}, "epoch")
    assert "no band" in band_takeaway(alone, METRICS["accuracy"])


def test_fits_are_counted_in_words_and_stand_with_their_numbers() -> None:
    over, good = fit_verdict(0.99, 0.90), fit_verdict(0.92, 0.91)
    words = fit_takeaway({"Net A": over, "Net B": good, "Net C": None})
    assert words == "Overfit: **Net A**; good fit: **Net B**; not known: **Net C**."
    table = fit_table({"Net A": over, "Net C": None})
    assert list(table["fit"]) == ["overfit", "not known"]
    assert table["validation"].iloc[0] == pytest.approx(0.90)
    assert "9.00 points below" in fit_takeaway({"Net A": over})
    assert "no validation accuracy" in fit_takeaway({"Net C": None})
