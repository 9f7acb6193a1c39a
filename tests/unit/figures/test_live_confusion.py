"""What a network takes for what, live."""

import altair
import numpy as np
import pytest
from sklearn.metrics import f1_score

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.train.live_confusion import (
    confusion_chart,
    confusion_frame,
    confusion_takeaway,
    f1_chart,
    f1_frame,
    f1_takeaway,
)


def counts(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 20, (10, 10)) + np.diag(rng.integers(50, 90, 10))


def test_f1_is_that_of_scikit_learn() -> None:
    matrix = counts()
    true, predicted = np.indices(matrix.shape)
    labels = np.repeat(true.ravel(), matrix.ravel()), np.repeat(predicted.ravel(), matrix.ravel())
    expected = f1_score(*labels, average=None)
    scores = f1_frame(matrix.tolist())
    assert scores["f1"].to_numpy() == pytest.approx(100 * expected)
    assert scores["support"].tolist() == matrix.sum(axis=1).tolist()


def test_a_class_that_never_occurs_has_an_f1_of_zero_and_no_share() -> None:
    matrix = counts()
    matrix[3], matrix[:, 3] = 0, 0
    assert f1_frame(matrix)["f1"][3] == 0
    cells = confusion_frame(matrix)
    assert (cells[cells["true"] == CLASS_NAMES[3]]["share"] == 0).all()


def test_shares_add_up_to_one_in_each_true_class() -> None:
    cells = confusion_frame(counts())
    assert cells.groupby("true")["share"].sum().to_numpy() == pytest.approx(np.ones(10))


def test_the_takeaways_name_the_worst() -> None:
    matrix = np.diag([100] * 10)
    matrix[6, 0], matrix[6, 6] = 40, 60
    assert confusion_takeaway(confusion_frame(matrix)) == (
        "Most frequent confusion: **Shirt** taken for **T-shirt/top**, 40 times."
    )
    assert f1_takeaway(f1_frame(matrix)).startswith("Hardest class: **Shirt** (F1 75.0 %)")


def test_a_perfect_network_has_no_confusion() -> None:
    assert confusion_takeaway(confusion_frame(np.diag([5] * 10))) == "Every image is recognised."


def test_the_charts_are_valid_vega_lite() -> None:
    for spec in (confusion_chart(confusion_frame(counts()), "#123"), f1_chart(f1_frame(counts()))):
        altair.Chart.from_json(to_vega_lite(spec).decode(), validate=True)
