"""Coverage against risk, by hand and against the definition."""

import numpy as np
import pytest

from fmnist_core.evaluation.metrics import doubts
from fmnist_core.evaluation.selective import coverage_risk, risk_at
from tests.unit.evaluation.example_sheets import (
    needs_runs,
    random_answers,
    says,
    shipped,
    shipped_predictions,
)


def test_the_surest_answers_come_first():
    curve = coverage_risk(says([0, 0, 1, 0], [0.9, 0.5, 0.7, 0.8]), [0, 0, 0, 0])
    assert curve.coverage == pytest.approx([0.25, 0.5, 0.75, 1])
    assert curve.risk == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert curve.aurc == pytest.approx((1 / 3 + 1 / 4) / 4)


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_mean_over_all_orders_of_equal_confidences(seed):
    probabilities, labels = random_answers(seed, 60)
    confidence = np.maximum(np.round(probabilities.max(axis=1), 1), 0.2)
    wrong = probabilities.argmax(axis=1) != labels
    probabilities = says(probabilities.argmax(axis=1), confidence)
    generator = np.random.default_rng(seed)
    areas = []
    for _ in range(3_000):
        order = np.lexsort((generator.random(60), -confidence))
        areas.append((wrong[order].cumsum() / np.arange(1, 61)).mean())
    assert coverage_risk(probabilities, labels).aurc == pytest.approx(np.mean(areas), abs=3e-3)


def test_the_order_of_the_images_does_not_matter():
    probabilities, labels = random_answers(0)
    curve = coverage_risk(probabilities, labels)
    back = coverage_risk(probabilities[::-1], labels[::-1])
    assert np.allclose(curve.risk, back.risk, rtol=0, atol=1e-12)


def test_a_mistake_among_wholly_sure_answers_has_its_place():
    values = np.zeros((4, 10), np.float32)
    values[:, 0], values[:, 1] = 1, [1e-25, 1e-9, 1e-20, 1e-8]
    curve = coverage_risk(values, [0, 1, 0, 0])
    assert curve.risk == pytest.approx([0, 0, 1 / 3, 1 / 4])


@needs_runs
def test_a_real_curve_ends_at_the_error_of_all_and_follows_the_definition():
    stored = shipped_predictions(shipped()[0])
    values, labels = stored.test_probabilities, stored.test_labels
    curve = coverage_risk(values, labels)
    wrong = values.argmax(axis=1) != labels
    assert curve.risk[-1] == pytest.approx(wrong.mean(), abs=1e-12)
    doubt = doubts(values)
    for threshold in np.quantile(doubt, [0.1, 0.4, 0.7]):
        answered = doubt <= threshold
        place = int(answered.sum()) - 1
        assert curve.risk[place] == pytest.approx(wrong[answered].mean(), abs=1e-9)


def test_the_risk_is_read_where_at_least_the_coverage_is_reached():
    curve = coverage_risk(says([0, 0, 1, 0], [0.9, 0.5, 0.7, 0.8]), [0, 0, 0, 0])
    assert risk_at(curve, 0.5) == 0
    assert risk_at(curve, 0.51) == pytest.approx(1 / 3)
    assert risk_at(curve, 1) == pytest.approx(0.25)
    ten = coverage_risk(says([0] * 10, np.linspace(0.5, 0.9, 10)), [0] * 10)
    assert len(ten.coverage) == 10
    assert risk_at(ten, 0.1 + 0.2) == 0


def test_without_images_there_is_no_curve():
    empty = coverage_risk(np.empty((0, 10)), np.empty(0))
    assert (len(empty.coverage), empty.aurc, risk_at(empty, 0.9)) == (0, 0, None)
