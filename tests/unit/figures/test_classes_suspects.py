"""Suspected labels in words, and the ranking without them."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from fmnist_core.evaluation.label_errors import (
    PublishedExample,
    RankingMove,
    ranking_without,
    suspected_errors,
)
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.figures.classes.suspects import (
    published_table,
    published_takeaway,
    ranking_table,
    ranking_takeaway,
    suspect_pick,
    suspects_takeaway,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {"a": "Net A", "b": "Net B", "c": "Net C"}


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    """200 images; two networks are sure that three shirts are coats and one bag a dress."""
    labels = np.repeat(np.arange(10), 20).astype(np.uint8)
    truth = labels.copy()
    truth[120:123], truth[160] = 4, 3
    probabilities = np.full((200, 10), 0.01, np.float32)
    probabilities[np.arange(200), truth] = 0.91
    said = Predictions(
        probabilities,
        labels,
        np.arange(200, dtype=np.int32),
        np.empty((0, 10), np.float32),
        np.empty(0, np.uint8),
        np.empty(0, np.int32),
    )
    return make_sheet([("a", said, "holdout-80-20"), ("b", said, "holdout-80-20")])


def test_planted_errors_are_found_and_counted(sheet: Sheet) -> None:
    learned = suspected_errors(sheet)
    assert suspects_takeaway(sheet, learned) == (
        "**4** labels are suspected among 200 images; most often an image labelled **Shirt** that "
        "the networks would call **Coat** (3)."
    )
    pick = suspect_pick(sheet, learned, None)
    assert sorted(pick.positions.tolist()) == [120, 121, 122, 160]
    assert pick.confidence == pytest.approx([0.91] * 4, abs=1e-3)
    bags = suspect_pick(sheet, learned, 8)
    assert bags.positions.tolist() == [160]
    assert bags.said.tolist() == [3]
    assert bags.says == "**1 image**: labelled **Bag**, which is suspected."
    assert pick.says == "**4 images**: label suspected."


def test_where_nothing_is_suspected_no_image_is_counted(sheet: Sheet) -> None:
    learned = suspected_errors(sheet)
    assert suspect_pick(sheet, learned, 1).says == "No image labelled **Trouser** is suspected."
    none = dataclasses.replace(learned, positions=learned.positions[:0])
    assert suspect_pick(sheet, none, None).says == "No label is suspected."


def test_leaving_them_out_moves_accuracies_and_says_by_how_much(sheet: Sheet) -> None:
    learned = suspected_errors(sheet)
    table = ranking_table(ranking_without(sheet, learned.positions), NAMES)
    assert list(table["after"]) == [1.0, 1.0]
    assert ranking_takeaway(table, 4) == (
        "Without 4 images, accuracies move by +2.00 points, and the ranking of 2 networks stays as "
        "it is."
    )
    assert ranking_takeaway(table.head(1), 4).endswith("move by +2.00 points.")


def test_a_changed_rank_is_named() -> None:
    move = RankingMove(
        ("a", "b", "c"),
        np.array([0.93, 0.92, 0.91]),
        np.array([0.940, 0.935, 0.945]),
        np.array([1, 2, 3]),
        np.array([2, 3, 1]),
    )
    table = ranking_table(move, NAMES)
    assert list(table["run"]) == ["Net C", "Net A", "Net B"]
    words = ranking_takeaway(table, 50)
    assert "move by +1.00 to +3.50 points" in words
    assert "3 of 3 networks change their rank, most of all **Net C**, from 3 to 1." in words


def test_one_changed_rank_is_one() -> None:
    accuracies = np.array([0.93, 0.92, 0.91])
    # Two that were level before are no longer.
    before, after = np.array([1, 1, 3]), np.array([1, 2, 3])
    move = RankingMove(("a", "b", "c"), accuracies, accuracies + 0.01, before, after)
    words = ranking_takeaway(ranking_table(move, NAMES), 50)
    assert "; 1 of 3 networks changes its rank: **Net B**, from 1 to 2." in words


def examples(**changes: object) -> PublishedExample:
    known = {
        "index": 42018,
        "runs": 3,
        "label": 2,
        "suggested": 3,
        "self_confidence": 0.01,
        "rank": 5,
        "of": 1000,
        "suspected": True,
    }
    names = PublishedExample.__dataclass_fields__
    known |= dict.fromkeys(set(names) - set(known))
    return PublishedExample(**(known | changes))


def test_published_examples_are_counted_only_where_a_run_held_them_out() -> None:
    nothing = {"runs": 0, "label": None, "suggested": None, "self_confidence": None, "rank": None}
    unseen = examples(**nothing, suspected=False)
    both = (examples(), unseen, examples(rank=900, suspected=False))
    words = published_takeaway(both)
    assert "2 were held out by a chosen run. **1** of these is suspected here" in words
    assert "1 is among the most doubtful tenth of 1,000" in words
    alone = published_takeaway([examples(rank=900, suspected=False), unseen])
    assert "1 was held out by a chosen run. It is not suspected here, and is not among" in alone
    assert "nothing can be said of them" in published_takeaway([unseen])
    table = published_table(both)
    assert list(table["verdict"]) == ["suspected", "not held out", "not suspected"]
    assert pd.isna(table["rank"].iloc[1])
