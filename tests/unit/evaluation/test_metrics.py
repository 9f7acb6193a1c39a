"""Metrics equal scikit-learn's, and divide by nothing."""

import numpy as np
import pytest
import sklearn.metrics

from fmnist_core.evaluation.metrics import (
    accuracy,
    confusion_matrix,
    correct,
    doubts,
    log_loss,
    per_class_report,
)

SEEDS = range(20)


def _answers(seed: int, count: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """Random probabilities and labels; some classes never occur, others are never predicted."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(10, 0.3), count)
    probabilities[:, generator.integers(0, 10)] = 0
    present = generator.permutation(10)[: generator.integers(2, 11)]
    labels = np.where(
        generator.random(count) < 0.6,
        probabilities.argmax(axis=1),
        generator.choice(present, count),
    )
    return probabilities / probabilities.sum(axis=1, keepdims=True), labels


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_of_every_class_equal_scikit_learn(seed):
    probabilities, labels = _answers(seed)
    predicted = probabilities.argmax(axis=1)
    report = per_class_report(labels, predicted)
    expected = sklearn.metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(10), zero_division=0
    )
    found = [(row.precision, row.recall, row.f1, row.support) for row in report.classes]
    assert np.allclose(found, np.transpose(expected), rtol=0, atol=1e-12)
    for name in ("macro", "weighted"):
        expected = sklearn.metrics.precision_recall_fscore_support(
            labels, predicted, labels=range(10), zero_division=0, average=name
        )
        average = getattr(report, name)
        assert np.allclose(
            (average.precision, average.recall, average.f1), expected[:3], rtol=0, atol=1e-12
        )
    assert report.accuracy == sklearn.metrics.accuracy_score(labels, predicted)
    assert accuracy(probabilities, labels) == report.accuracy


@pytest.mark.parametrize("seed", SEEDS)
def test_the_confusion_matrix_equals_scikit_learn(seed):
    probabilities, labels = _answers(seed)
    predicted = probabilities.argmax(axis=1)
    expected = sklearn.metrics.confusion_matrix(labels, predicted, labels=range(10))
    assert np.array_equal(confusion_matrix(labels, predicted), expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_loss_equals_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(10), 300)
    labels = generator.integers(0, 10, 300)
    expected = sklearn.metrics.log_loss(labels, probabilities, labels=range(10))
    assert log_loss(probabilities, labels) == pytest.approx(expected, rel=1e-6)


def test_the_loss_stays_finite_for_a_zero():
    probabilities = np.eye(10, dtype=np.float32)[:2]
    assert log_loss(probabilities, [0, 0]) == pytest.approx(-np.log(2.0**-126) / 2, rel=1e-6)


def test_the_loss_knows_how_small_a_small_probability_is():
    probabilities = np.array([[1, 1e-20, *[0] * 8]], np.float32)
    assert log_loss(probabilities, [1]) == pytest.approx(20 * np.log(10), rel=1e-6)


def test_doubt_orders_images_whose_largest_probability_is_1():
    sure = np.zeros((3, 10), np.float32)
    sure[:, 4], sure[:, 2] = 1, [1e-9, 1e-30, 1e-12]
    assert (sure.max(axis=1) == 1).all()
    assert doubts(sure) == pytest.approx([1e-9, 1e-30, 1e-12])
    assert list(np.argsort(doubts(sure))) == [1, 2, 0]


def test_doubt_is_1_less_the_largest_share():
    lengths = np.array([[[0.9, 0.3, 0.3], [0, 0, 0]]])
    assert doubts(lengths) == pytest.approx(np.array([[0.4, 2 / 3]]))


def test_the_loss_of_capsule_lengths_is_that_of_their_shares():
    lengths = np.full((4, 10), 0.9)
    assert log_loss(lengths, [0, 1, 2, 3]) == pytest.approx(np.log(10))


def test_of_equal_probabilities_the_first_counts():
    assert correct([[0.5, 0.5], [0.5, 0.5]], [0, 1]).tolist() == [True, False]


def test_without_images_nothing_is_divided_by_zero():
    nothing = np.zeros((0, 10))
    assert accuracy(nothing, []) == 0
    assert log_loss(nothing, []) == 0
    report = per_class_report(np.zeros(0, int), np.zeros(0, int))
    assert report.accuracy == report.macro.f1 == report.weighted.f1 == 0


def test_a_class_that_is_never_predicted_has_no_precision_to_speak_of():
    report = per_class_report([0, 0, 1], [0, 0, 0], classes=2)
    assert report.classes[1].predicted == 0
    assert report.classes[1].precision == 0
    assert report.classes[0].precision == pytest.approx(2 / 3)
    assert report.macro.recall == 0.5
