"""Which images a click means, their order, and the sentence that counts them."""

import numpy as np
import pytest

from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.figures.classes.images import (
    answers_table,
    one_image_table,
    one_image_words,
    tile_words,
)
from fmnist_core.figures.classes.picks import (
    cell_pick,
    class_pick,
    flip_pick,
    hard_pick,
    image_count,
    only_right_pick,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {"a": "Net A", "b": "Net B", "c": "Net C"}
LABELS = [6, 6, 6, 6, 0, 0, 3, 3]
SAID = {
    "a": [0, 0, 6, 6, 0, 6, 3, 4],
    "b": [0, 6, 0, 6, 0, 0, 4, 4],
    "c": [0, 6, 6, 6, 0, 6, 4, 4],
}
SURE = [0.5, 0.9, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75]


def predictions(said: list[int]) -> Predictions:
    count = len(said)
    probabilities = np.zeros((count, 10), np.float32)
    # What is left goes to one class that nobody says.
    probabilities[:, 9] = 1 - np.array(SURE)
    probabilities[np.arange(count), said] = SURE
    return Predictions(
        probabilities,
        np.array(LABELS, np.uint8),
        np.arange(60_000, 60_000 + count, dtype=np.int32),
        np.empty((0, 10), np.float32),
        np.empty(0, np.uint8),
        np.empty(0, np.int32),
    )


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return make_sheet([(name, predictions(said), "holdout-80-20") for name, said in SAID.items()])


def test_a_cell_holds_exactly_its_images_the_surest_first(sheet: Sheet) -> None:
    pick = cell_pick(sheet, ("a", "b"), (6, 0), "a", NAMES)
    assert pick.positions.tolist() == [1, 0]
    assert pick.confidence.tolist() == pytest.approx([0.9, 0.5])
    assert pick.says == (
        "**2 images**: truth **Shirt**, said **T-shirt/top** by **Net A**. **Net B** says the same "
        "of 1 of them."
    )


def test_a_run_is_not_compared_with_itself(sheet: Sheet) -> None:
    pick = cell_pick(sheet, ("a", "a"), (6, 0), "a", NAMES)
    assert pick.says == "**2 images**: truth **Shirt**, said **T-shirt/top** by **Net A**."


def test_a_cell_of_the_difference_leaves_out_what_both_say(sheet: Sheet) -> None:
    only_a = cell_pick(sheet, ("a", "b"), (6, 0), "only_a", NAMES)
    only_b = cell_pick(sheet, ("a", "b"), (6, 0), "only_b", NAMES)
    assert only_a.positions.tolist() == [1]
    assert only_b.positions.tolist() == [2]
    assert "said **T-shirt/top** by **Net B** and not by **Net A**." in only_b.says


def test_a_cell_of_the_diagonal_and_an_empty_one_are_put_in_words(sheet: Sheet) -> None:
    assert "said so by **Net A**" in cell_pick(sheet, ("a", "b"), (6, 6), "a", NAMES).says
    empty = cell_pick(sheet, ("a", "b"), (1, 2), "a", NAMES)
    assert not len(empty.positions)
    assert empty.says.startswith("**No image**:")


@pytest.mark.parametrize(
    ("kind", "positions"), [("missed", [1, 0]), ("false", [5]), ("right", [3, 2])]
)
def test_a_score_opens_what_was_missed_falsely_called_or_recognised(
    sheet: Sheet, kind: str, positions: list[int]
) -> None:
    assert class_pick(sheet, "a", 6, kind, NAMES).positions.tolist() == positions


def test_fixed_and_broken_are_one_list_that_can_be_narrowed(sheet: Sheet) -> None:
    pair = ("a", "b")
    assert flip_pick(sheet, pair, "fixed", None, NAMES).positions.tolist() == [1, 5]
    assert flip_pick(sheet, pair, "broken", None, NAMES).positions.tolist() == [6, 2]
    assert flip_pick(sheet, pair, "both", None, NAMES).positions.tolist() == [1, 6, 2, 5]
    shirts = flip_pick(sheet, pair, "both", 6, NAMES)
    assert shirts.positions.tolist() == [1, 2]
    assert "truth **Shirt**" in shirts.says


def test_hard_images_are_those_that_exactly_so_many_fail(sheet: Sheet) -> None:
    everybody = hard_pick(sheet, 3)
    assert everybody.positions.tolist() == [7, 0]
    assert everybody.says == "**2 images**: wrong by all 3 networks."
    assert everybody.said.tolist() == [4, 0]
    assert "by 1 of 3 networks" in hard_pick(sheet, 1).says


def test_only_one_gets_it_right(sheet: Sheet) -> None:
    assert only_right_pick(sheet, "a", NAMES).positions.tolist() == [6]
    assert only_right_pick(sheet, "b", NAMES).positions.tolist() == [5]
    assert only_right_pick(sheet, "c", NAMES).says.startswith("**No image**")


def test_every_pick_has_a_key_of_its_own(sheet: Sheet) -> None:
    picks = [
        cell_pick(sheet, ("a", "b"), (6, 0), "a", NAMES),
        cell_pick(sheet, ("a", "b"), (6, 0), "b", NAMES),
        class_pick(sheet, "a", 6, "missed", NAMES),
        flip_pick(sheet, ("a", "b"), "fixed", None, NAMES),
        flip_pick(sheet, ("a", "b"), "fixed", 6, NAMES),
        hard_pick(sheet, 2),
        only_right_pick(sheet, "a", NAMES),
    ]
    assert len({pick.key for pick in picks}) == len(picks)


def test_what_every_network_said_stands_in_a_row_an_image(sheet: Sheet) -> None:
    table, columns = answers_table(sheet, np.array([5, 1]), NAMES)
    assert list(table["image"]) == ["60005", "60001"]
    assert list(table["a"]) == ["Shirt 55 %", "T-shirt/top 90 %"]
    assert list(table["failing"]) == [2, 1]
    assert columns["b"].label == "Net B"


def test_one_image_names_each_answer_with_its_probability(sheet: Sheet) -> None:
    table = one_image_table(sheet, 1, NAMES)
    assert list(table["verdict"]) == ["wrong", "right", "right"]
    assert list(table["probability"]) == pytest.approx([0.9, 0.9, 0.9])
    assert list(table["label_probability"]) == pytest.approx([0.0, 0.9, 0.9])
    assert one_image_words(sheet, 1) == "2 of 3 networks say **Shirt**, 1 T-shirt/top."
    assert one_image_words(sheet, 0) == "All 3 networks say **T-shirt/top**."


def test_a_tile_has_the_number_of_its_image_its_label_and_what_was_said(sheet: Sheet) -> None:
    words = tile_words(sheet, cell_pick(sheet, ("a", "b"), (6, 0), "a", NAMES), 0)
    caption, alt = (text.replace("\u00a0", " ") for text in words)
    assert caption == "60001: Shirt → T-shirt/top 90 %"
    assert alt == "Image 60001, label Shirt, said T-shirt/top 90 %"
    right, _ = tile_words(sheet, class_pick(sheet, "a", 3, "right", NAMES), 0)
    assert right.replace("\u00a0", " ") == "60006: Dress 65 %"


def test_counts_are_words() -> None:
    assert [image_count(count) for count in (0, 1, 2000)] == ["no image", "1 image", "2,000 images"]
