"""Class scores, confusions, flips and hard images as frames, sentences and charts."""

import numpy as np
import pandas as pd
import pytest

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.class_scores import class_scores
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.figures.classes.confusions import (
    difference_chart,
    difference_takeaway,
    matrix_chart,
    matrix_takeaway,
    pair_frame,
    without_diagonal,
)
from fmnist_core.figures.classes.flips import flips_chart, flips_frame, flips_takeaway
from fmnist_core.figures.classes.hard import (
    failing_chart,
    failing_frame,
    failing_takeaway,
    only_frame,
    only_takeaway,
)
from fmnist_core.figures.classes.scores import (
    METRICS,
    absent_classes,
    class_order,
    never_predicted,
    scores_chart,
    scores_frame,
    scores_takeaway,
    wide_table,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {"a": "Net A", "b": "Net B"}


def run(said: np.ndarray, labels: np.ndarray) -> Predictions:
    return Predictions(
        np.eye(10, dtype=np.float32)[said],
        labels.astype(np.uint8),
        np.arange(len(labels), dtype=np.int32),
        np.empty((0, 10), np.float32),
        np.empty(0, np.uint8),
        np.empty(0, np.int32),
    )


def sheet_of(*said: np.ndarray, labels: np.ndarray) -> Sheet:
    names = "abcdefgh"[: len(said)]
    return make_sheet(
        [(name, run(s, labels), "holdout-80-20") for name, s in zip(names, said, strict=True)]
    )


LABELS = np.repeat(np.arange(10), 20)
# A takes 5 shirts for T-shirts and 3 coats for pullovers; B 1 shirt and 7 bags for coats.
SAID_A, SAID_B = LABELS.copy(), LABELS.copy()
SAID_A[120:125], SAID_A[80:83] = 0, 2
SAID_B[120:121], SAID_B[160:167] = 0, 4


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return sheet_of(SAID_A, SAID_B, labels=LABELS)


@pytest.fixture(scope="module")
def scores(sheet: Sheet) -> pd.DataFrame:
    return scores_frame(class_scores(sheet), NAMES)


def test_scores_are_those_of_scikit_learn(sheet: Sheet, scores: pd.DataFrame) -> None:
    from sklearn.metrics import classification_report

    for number, name in enumerate("ab"):
        theirs = classification_report(LABELS, sheet.predicted[number], output_dict=True)
        ours = scores[scores["run_id"] == name].set_index("class_name")
        for label, class_name in enumerate(CLASS_NAMES):
            for metric, key in (("precision",) * 2, ("recall",) * 2, ("f1", "f1-score")):
                assert ours.loc[class_name, metric] == pytest.approx(theirs[str(label)][key])
        assert ours.loc["Macro", "f1"] == pytest.approx(theirs["macro avg"]["f1-score"])
        weighted = theirs["weighted avg"]["precision"]
        assert ours.loc["Weighted", "precision"] == pytest.approx(weighted)


def test_classes_are_ordered_by_the_metric_and_averages_stay_last(scores: pd.DataFrame) -> None:
    worst = class_order(scores, "recall", "worst")
    assert worst[0] == "Bag"
    assert worst[-2:] == ["Macro", "Weighted"]
    assert class_order(scores, "recall", "best")[9] == "Bag"
    assert class_order(scores, "recall", "az")[:3] == ["Ankle boot", "Bag", "Coat"]


def test_the_takeaway_names_the_hardest_class_and_where_networks_part(
    scores: pd.DataFrame,
) -> None:
    words = scores_takeaway(scores, "recall")
    assert words.startswith("Hardest class: **Bag** (recall 82.5 %, mean of 2 networks)")
    assert "They differ most on **Bag**: from 65.0 % (Net B) to 100.0 % (Net A)." in words


def test_the_table_has_a_column_a_network_and_all_metrics_of_a_single_one(
    scores: pd.DataFrame,
) -> None:
    order = class_order(scores, "f1", "az")
    table, columns = wide_table(scores, "f1", order)
    assert list(table["class_name"]) == order
    assert [columns[name].label for name in ("a", "b")] == ["Net A (%)", "Net B (%)"]
    one, columns = wide_table(scores[scores["run_id"] == "a"], "f1", order)
    assert {"precision", "recall", "f1", "predicted"} <= set(columns)
    assert len(one) == 12


def test_a_class_that_is_never_said_and_one_without_images_are_named() -> None:
    said = np.where(LABELS == 6, 0, LABELS)
    scores = scores_frame(class_scores(sheet_of(said, labels=LABELS)), NAMES)
    (words,) = never_predicted(scores)
    assert "**Net A** never says Shirt" in words
    few = LABELS[LABELS < 9]
    scores = scores_frame(class_scores(sheet_of(few, labels=few)), NAMES)
    assert "No image of Ankle boot" in absent_classes(scores)
    assert not never_predicted(scores)
    for metric in METRICS:
        assert np.isfinite(scores_chart(scores, metric, [], ("", ""))["data"]["strength"]).all()
    rankings = scores.set_index("class_name")["roc_auc"]
    assert rankings["Macro"] == rankings["Weighted"] == 1
    assert np.isnan(rankings["Ankle boot"])
    assert class_order(scores, "roc_auc", "worst")[-3:] == ["Ankle boot", "Macro", "Weighted"]


def test_a_class_without_images_keeps_its_row_and_is_not_the_hardest() -> None:
    few = LABELS[LABELS < 9]
    scores = scores_frame(class_scores(sheet_of(few, few, labels=few)), NAMES)
    for metric in METRICS:
        order = class_order(scores, metric, "worst")
        assert order[9] == "Ankle boot"
        table, _ = wide_table(scores, metric, order)
        assert list(table["class_name"]) == order
        assert "Ankle boot" not in scores_takeaway(scores, metric)


def test_ranking_scores_are_those_of_scikit_learn(sheet: Sheet, scores: pd.DataFrame) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    ours = scores[scores["run_id"] == "b"].set_index("class_name")
    bags = (LABELS == 8, sheet.probabilities[1, :, 8])
    assert ours.loc["Bag", "average_precision"] == pytest.approx(average_precision_score(*bags))
    assert ours.loc["Bag", "roc_auc"] == pytest.approx(roc_auc_score(*bags))
    means = ours.loc[list(CLASS_NAMES), "average_precision"].mean()
    assert ours.loc["Macro", "average_precision"] == pytest.approx(means)
    assert "average precision" in scores_takeaway(scores, "average_precision")
    assert "(ROC AUC " in scores_takeaway(scores, "roc_auc")


def test_a_narrow_chart_rounds_its_numbers(scores: pd.DataFrame) -> None:
    layers = scores_chart(scores, "f1", list(CLASS_NAMES), ("", ""))["layer"]
    formats = {layer["encoding"]["text"]["format"]: layer for layer in layers[2:]}
    assert set(formats) == {".1f", ".0f"}
    shown = [formats[name]["encoding"]["opacity"]["value"]["expr"] for name in (".1f", ".0f")]
    assert shown == ["width < 460 ? 0 : 1", "width < 460 ? 1 : 0"]


def test_matrices_and_their_difference_count_the_same_cells(sheet: Sheet) -> None:
    cells = pair_frame(sheet, "a", "b").set_index(["true", "predicted"])
    assert cells.loc[("Shirt", "T-shirt/top"), "count_a"] == 5
    assert cells.loc[("Shirt", "T-shirt/top"), "difference"] == 4
    assert cells.loc[("Bag", "Coat"), "share_b"] == pytest.approx(0.35)
    assert cells["count_a"].sum() == cells["count_b"].sum() == 200
    assert (cells["difference"] == cells["count_a"] - cells["count_b"]).all()


def test_sentences_of_the_matrices_carry_their_numbers(sheet: Sheet) -> None:
    cells = pair_frame(sheet, "a", "b")
    assert matrix_takeaway(cells, "b", "Net B") == (
        "**Net B** is wrong on 8 images, most often **Bag** taken for **Coat** (7); as a pair, "
        "both ways, **Coat** and **Bag** (7)."
    )
    said, labels = np.array([6, 6, 6, 0, 0, 6, 6]), np.array([4, 4, 4, 6, 6, 0, 0])
    both_ways = sheet_of(said, said, labels=labels)
    assert matrix_takeaway(pair_frame(both_ways, "a", "a"), "a", "Net A") == (
        "**Net A** is wrong on 7 images, most often **Coat** taken for **Shirt** (3); as a pair, "
        "both ways, **T-shirt/top** and **Shirt** (4)."
    )
    words = difference_takeaway(cells, ("Net A", "Net B"))
    assert "**Net A** makes 8 mistakes, **Net B** 8." in words
    assert "**Net A** more often takes **Shirt** for **T-shirt/top** (5 against 1)." in words
    assert "**Net B** more often takes **Bag** for **Coat** (7 against 0)." in words


def test_a_perfect_network_and_two_alike_are_said_to_be(sheet: Sheet) -> None:
    perfect = sheet_of(LABELS, LABELS, labels=LABELS)
    cells = pair_frame(perfect, "a", "b")
    assert matrix_takeaway(cells, "a", "Net A") == "**Net A** recognises every image."
    assert "more often" not in difference_takeaway(cells, ("Net A", "Net B"))
    blank = without_diagonal(cells)
    options = {"rates": True, "log": True, "chosen": ("", "")}
    assert (matrix_chart(blank, "a", "#3f90da", **options)["data"]["strength"] == 0).all()
    assert (difference_chart(blank, **options)["data"]["strength"] == 0).all()
    frame = flips_frame(perfect, "a", "b")
    assert "exactly the same of 200 images" in flips_takeaway(frame, ("Net A", "Net B"))
    assert flips_chart(frame, ("", ""))["data"]["images"].sum() == 0


def test_both_matrices_are_coloured_on_one_scale(sheet: Sheet) -> None:
    cells = without_diagonal(pair_frame(sheet, "a", "b"))
    options = {"rates": False, "log": False, "chosen": ("", "")}
    strongest = [
        matrix_chart(cells, side, "#3f90da", **options)["data"]["strength"].max() for side in "ab"
    ]
    assert strongest == pytest.approx([5 / 7, 1.0])


def test_log_colours_lift_rare_mistakes_beside_the_diagonal(sheet: Sheet) -> None:
    cells = pair_frame(sheet, "a", "b")
    shirts = (cells["true"] == "Shirt") & (cells["predicted"] == "T-shirt/top")
    linear, log = (
        matrix_chart(cells, "b", "#3f90da", rates=False, log=log, chosen=("", ""))["data"]
        for log in (False, True)
    )
    assert linear.loc[shirts, "strength"].item() == pytest.approx(1 / 20)
    assert log.loc[shirts, "strength"].item() == pytest.approx(np.log(2) / np.log(21))


def test_the_chosen_cell_is_framed(sheet: Sheet) -> None:
    cells = pair_frame(sheet, "a", "b")
    chart = matrix_chart(cells, "a", "#3f90da", rates=False, log=True, chosen=("Shirt", "Coat"))
    framed = chart["data"][chart["data"]["chosen"]]
    assert framed[["true", "predicted"]].to_numpy().tolist() == [["Shirt", "Coat"]]


def test_flips_add_up_to_the_difference_in_right_answers(sheet: Sheet) -> None:
    frame = flips_frame(sheet, "a", "b")
    assert frame["fixed"].sum() == 4 + 3
    assert frame["broken"].sum() == 7
    words = flips_takeaway(frame, ("Net A", "Net B"))
    assert "**Net B** fixes 7 that **Net A** gets wrong and breaks 7 that it gets right" in words
    assert "Gains most: **Shirt** (+4). Loses most: **Bag** (-7)." in words


def test_hard_images_are_counted(sheet: Sheet) -> None:
    frame = failing_frame(sheet)
    assert list(frame["images"]) == [185, 14, 1]
    assert failing_takeaway(frame) == (
        "Of 200 images, both networks get **185** right; **1** is wrong by both."
    )
    assert list(failing_chart(frame, 2)["data"]["failing"]) == [1, 2]


def test_only_one_gets_it_right_is_counted_for_each(sheet: Sheet) -> None:
    frame = only_frame(sheet, NAMES, {"a": "kadam_a1", "b": "kadam_a2"})
    assert dict(zip(frame["run_id"], frame["images"], strict=True)) == {"a": 7, "b": 7}
    assert only_takeaway(frame).startswith("14 images are right by one network alone")
