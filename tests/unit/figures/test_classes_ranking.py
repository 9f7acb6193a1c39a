"""The curves of one class against the rest, held against the scores that are their areas."""

import dataclasses

import numpy as np
import pytest

from fmnist_core.evaluation.class_scores import class_scores
from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.figures.classes.ranking import (
    CURVES,
    curve_chart,
    curve_columns,
    curve_frame,
    curve_takeaway,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {"a": "Net A", "b": "Net B"}
COLORS = {"Net A": "#aa0000", "Net B": "#0000aa"}
LABELS = (np.arange(1000) % 10).astype(np.uint8)


def run(noise: float) -> Predictions:
    """1,000 test images of ten classes, drowned in so much noise."""
    rng = np.random.default_rng(3)
    values = np.eye(10)[LABELS] + noise * rng.random((len(LABELS), 10))
    return Predictions(
        (values / values.sum(axis=1, keepdims=True)).astype(np.float32),
        LABELS,
        np.arange(60_000, 61_000, dtype=np.int32),
        np.empty((0, 10), np.float32),
        np.empty(0, np.uint8),
        np.empty(0, np.int32),
    )


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return make_sheet([("a", run(0.5), "holdout-80-20"), ("b", run(3.0), "holdout-80-20")])


def test_precision_is_read_at_recalls_that_are_the_same_for_all(sheet: Sheet) -> None:
    rows = curve_frame(sheet, 6, NAMES, "pr")
    assert list(rows["x"][:101]) == list(rows["x"][101:])
    assert rows["x"].min() == 0.5
    assert rows["x"].max() == pytest.approx(1)
    assert (rows[rows["label"] == "Net A"]["y"] == 1).all()
    scores, truth = sheet.probabilities[1, :, 6], LABELS == 6
    at_80 = np.sort(scores[truth])[::-1][79]  # 80 of its 100 images score at least this
    expected = truth[scores >= at_80].mean()
    found = rows[(rows["label"] == "Net B") & np.isclose(rows["x"], 0.8)]["y"]
    assert found.item() == pytest.approx(expected)


def test_images_of_probability_zero_are_in_no_order(sheet: Sheet) -> None:
    probabilities = sheet.probabilities.copy()
    last = np.flatnonzero(LABELS == 6)[:10]
    probabilities[1, last, 6] = 0
    rows = curve_frame(dataclasses.replace(sheet, probabilities=probabilities), 6, NAMES, "pr")
    ends = rows.groupby("label")["x"].max()
    assert ends["Net A"] == pytest.approx(1)
    assert ends["Net B"] == pytest.approx(0.9)


def test_recall_grows_with_false_positives_from_the_first_of_them(sheet: Sheet) -> None:
    rows = curve_frame(sheet, 6, NAMES, "roc")
    for _, of_run in rows.groupby("label"):
        assert of_run["y"].is_monotonic_increasing
        assert of_run["x"].iloc[0] == pytest.approx(1 / 900)
        assert of_run["y"].iloc[-1] == 1


@pytest.mark.parametrize("curve", CURVES)
def test_the_axes_fit_and_the_table_has_every_point(sheet: Sheet, curve: str) -> None:
    rows = curve_frame(sheet, 6, NAMES, curve)
    chart = curve_chart(rows, curve, COLORS)
    low, high = chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert 0 <= low < high <= 100
    assert set(curve_columns(curve)) == set(rows)


def test_the_sentence_carries_the_areas(sheet: Sheet) -> None:
    scores = class_scores(sheet)
    worst = scores[1].rankings[6]
    words = curve_takeaway(scores, 6, "Shirt", "pr", NAMES)
    assert "**Net A** parts this class from the others best (average precision 100.00 %)" in words
    assert f"**Net B** worst ({100 * worst.average_precision:.2f} %)." in words
    assert f"({100 * worst.roc_auc:.2f} %)" in curve_takeaway(scores, 6, "Shirt", "roc", NAMES)
    alone = curve_takeaway(scores[:1], 6, "Shirt", "roc", NAMES)
    assert alone.endswith("**Net A** has an area under the ROC curve of 100.00 %.")
    alike = curve_takeaway((scores[0], scores[0]), 6, "Shirt", "pr", NAMES)
    assert "best" not in alike


@pytest.mark.parametrize("curve", CURVES)
def test_a_class_without_images_has_no_points(sheet: Sheet, curve: str) -> None:
    few = make_sheet([("a", run(0.5), "holdout-80-20")])
    assert curve_frame(few, 6, NAMES, curve)["label"].nunique() == 1
    without = dataclasses.replace(few, labels=np.zeros(1000, np.uint8))
    assert curve_frame(without, 6, NAMES, curve).empty
