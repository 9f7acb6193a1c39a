"""How far test probabilities can be believed, with a temperature that no test image has seen."""

import itertools

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss as sklearn_log_loss

from fmnist_core.evaluation.calibration import BINS, apply_temperature, fit_temperature
from fmnist_core.evaluation.calibration_report import (
    calibration_report,
    calibration_scores,
    why_no_temperature,
)
from tests.unit.evaluation.example_sheets import (
    needs_runs,
    predictions,
    random_answers,
    says,
    shipped,
    shipped_predictions,
)


def _sure_and_often_wrong(**more):
    wrong = np.arange(400) % 4 == 0
    return predictions(says(np.where(wrong, 1, 0), 0.97), np.zeros(400), **more)


def _reference_ece(confidence, right):
    """Guo et al.'s published loop (github.com/gpleiss/temperature_scaling, `_ECELoss`)."""
    error = 0.0
    edges = np.linspace(0, 1, BINS + 1)
    for low, high in itertools.pairwise(edges):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
    return error


def _normalised(run_id):
    stored = shipped_predictions(run_id)
    values = stored.test_probabilities.astype(float)
    return values / values.sum(axis=1, keepdims=True), stored.test_labels


def _check(probabilities, labels):
    scores = calibration_scores(probabilities, labels)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    assert scores.ece == pytest.approx(_reference_ece(confidence, right), abs=1e-9)
    share_right, mean_confidence = calibration_curve(right, confidence, n_bins=BINS)
    known = [row for row in scores.bins if row.images]
    assert [row.accuracy for row in known] == pytest.approx(share_right, abs=1e-9)
    assert [row.confidence for row in known] == pytest.approx(mean_confidence, abs=1e-9)
    brier = ((probabilities - np.eye(10)[labels]) ** 2).sum(axis=1).mean()
    assert scores.brier == pytest.approx(brier, abs=1e-9)
    order = np.array_split(np.argsort(confidence, kind="stable"), BINS)
    adaptive = sum(
        abs(confidence[group].mean() - right[group].mean()) * len(group) for group in order
    )
    assert scores.adaptive_ece == pytest.approx(adaptive / len(labels), abs=1e-9)
    # scikit-learn takes what is below 1e-15 for that; these networks say far less.
    clipped = np.maximum(probabilities, 1e-15)
    clipped /= clipped.sum(axis=1, keepdims=True)
    expected = sklearn_log_loss(labels, clipped, labels=range(10))
    given = probabilities[np.arange(len(labels)), labels]
    expected += np.log(np.maximum(given, 1e-15) / given).mean()
    assert scores.nll == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_random_networks_equal_the_reference_implementations(seed):
    probabilities, labels = random_answers(seed)
    probabilities = np.maximum(probabilities, 1e-10)
    _check(probabilities / probabilities.sum(axis=1, keepdims=True), labels)


@needs_runs
def test_scores_of_real_networks_equal_the_reference_implementations():
    for run_id in shipped()[:3]:
        _check(*_normalised(run_id))


@needs_runs
def test_the_temperature_is_fitted_on_validation_and_applied_to_test_images():
    stored = shipped_predictions(shipped()[0])
    report = calibration_report(stored, "holdout-80-20")
    fitted = fit_temperature(stored.validation_probabilities, stored.validation_labels)
    assert report.temperature == fitted
    softened = apply_temperature(stored.test_probabilities, fitted)
    assert report.after == calibration_scores(softened, stored.test_labels)
    assert f"temperature of {fitted:.2f}" in report.says
    assert f"to {100 * report.after.ece:.1f} %" in report.says


def test_the_sentence_says_how_sure_and_how_right_it_is():
    report = calibration_report(_sure_and_often_wrong(), "holdout-80-20")
    assert report.says.startswith(
        "Its largest probability is 97.0 % on average and right 75.0 % of the time: 22.0 points "
        "too sure (expected calibration error 22.0 %)."
    )
    humble = predictions(says([0] * 50, 0.6), [0] * 50)
    assert "40.0 points not sure enough" in calibration_report(humble, "holdout-80-20").says
    fair = predictions(says([0] * 4, 0.75), [0, 0, 0, 1])
    assert "as sure as it may be" in calibration_report(fair, "holdout-80-20").says


@pytest.mark.parametrize(
    ("more", "protocol", "said"),
    [
        ({}, "holdout-80-20", "without validation images"),
        ({"validation": [1, 2]}, "test-as-validation", "its validation images are its test"),
        ({"validation": [0], "validation_first": 60_001}, "holdout-80-20", "some of its"),
    ],
)
def test_where_no_temperature_may_be_fitted_the_reason_is_given(more, protocol, said):
    stored = _sure_and_often_wrong(**more)
    report = calibration_report(stored, protocol)
    assert report.temperature is report.after is None
    assert said in report.says
    assert why_no_temperature(stored, protocol) in report.says


def test_a_network_that_is_always_right_has_a_finite_report():
    report = calibration_report(predictions(says([3] * 20), [3] * 20, validation=[1] * 20),
                                "holdout-80-20")  # fmt: skip
    assert report.after is not None
    assert np.isfinite([report.before.nll, report.after.nll, report.after.ece]).all()


def test_without_images_every_score_is_0():
    empty = calibration_scores(np.empty((0, 10)), np.empty(0, int))
    assert (empty.images, empty.nll, empty.brier, empty.ece, empty.adaptive_ece) == (0, 0, 0, 0, 0)
