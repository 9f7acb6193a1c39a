"""Average precision and ROC equal scikit-learn's, and have no value where they have no meaning."""

import numpy as np
import pytest
import sklearn.metrics

from fmnist_core.evaluation.ranking_metrics import (
    average_precision,
    class_odds,
    class_rankings,
    precision_recall_curve,
    roc_auc,
    roc_curve,
)
from tests.unit.evaluation.example_sheets import (
    needs_runs,
    random_answers,
    shipped,
    shipped_predictions,
)


def _check(truth, scores):
    """Both kinds of images must be there."""
    expected = sklearn.metrics.average_precision_score(truth, scores)
    assert average_precision(truth, scores) == pytest.approx(expected, abs=1e-9)
    expected = sklearn.metrics.roc_auc_score(truth, scores)
    assert roc_auc(truth, scores) == pytest.approx(expected, abs=1e-9)
    curve = roc_curve(truth, scores)
    false_rate, true_rate, thresholds = sklearn.metrics.roc_curve(truth, scores)
    assert np.allclose(curve.false_positive_rate, false_rate, rtol=0, atol=1e-12)
    assert np.allclose(curve.true_positive_rate, true_rate, rtol=0, atol=1e-12)
    assert np.allclose(curve.thresholds, thresholds, rtol=0, atol=1e-12)
    found = precision_recall_curve(truth, scores)
    # Theirs begins at the lowest threshold, ends with a point of its own, and may stop at recall 1.
    precision, recall, _ = sklearn.metrics.precision_recall_curve(truth, scores)
    count = len(recall) - 1
    assert np.allclose(found.precision[:count], precision[-2::-1], rtol=0, atol=1e-12)
    assert np.allclose(found.recall[:count], recall[-2::-1], rtol=0, atol=1e-12)
    assert found.recall[-1] == 1


@pytest.mark.parametrize("seed", range(10))
def test_every_class_of_random_networks_equals_scikit_learn(seed):
    probabilities, labels = random_answers(seed)
    for label in np.unique(labels):
        _check(labels == label, probabilities[:, label])


@needs_runs
def test_every_class_of_real_networks_equals_scikit_learn():
    for run_id in shipped()[:2]:
        stored = shipped_predictions(run_id)
        rankings = class_rankings(stored.test_probabilities, stored.test_labels)
        for label in range(10):
            truth, scores = stored.test_labels == label, stored.test_probabilities[:, label]
            _check(truth, scores)
            assert rankings[label].average_precision == average_precision(truth, scores)
            assert rankings[label].roc_auc == roc_auc(truth, scores)


@pytest.mark.parametrize("scores", [[0.5, 0.5], [1, 0], [0, 1]])
def test_two_images_and_ties(scores):
    _check(np.array([True, False]), np.array(scores, float))


@pytest.mark.parametrize("labels", [[], [1, 1], [0, 0]])
def test_a_class_without_images_or_without_others_has_no_curve(labels):
    truth, scores = np.array(labels, bool), np.full(len(labels), 0.3)
    assert roc_auc(truth, scores) is roc_curve(truth, scores) is None
    assert precision_recall_curve(truth, scores) is None
    assert average_precision(truth, scores) == (1 if any(labels) else None)


def test_a_class_that_is_never_predicted_is_ranked_all_the_same():
    probabilities = np.array([[0.6, 0.4], [0.9, 0.1]])
    assert class_rankings(probabilities, [1, 0])[1].roc_auc == 1


def test_odds_keep_the_order_and_part_what_is_rounded_to_1():
    probabilities, _ = random_answers(0)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    odds = class_odds(probabilities)
    for label in range(probabilities.shape[1]):
        order = np.argsort(odds[:, label], kind="stable")
        assert (np.diff(probabilities[order, label]) >= -1e-7).all()
    sure = np.array([[1, 1e-9, 0], [1, 1e-12, 0], [1, 0, 0]], np.float32)
    first = class_odds(sure)[:, 0]
    assert first[0] < first[1] < first[2] < np.inf
    assert list(class_odds(sure)[:, 2]) == [0, 0, 0]
    assert class_rankings(class_odds(sure), [1, 0, 0])[0].average_precision == 1
