"""Silhouettes and neighbours equal scikit-learn's, and say nothing where nothing can be said."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples
from sklearn.neighbors import NearestNeighbors

from fmnist_core.evaluation.pixel_pca import stored_pixels
from fmnist_core.evaluation.separation_measures import separation


def reference(
    points: np.ndarray, labels: np.ndarray, neighbours: int
) -> tuple[np.ndarray, float, np.ndarray]:
    search = NearestNeighbors(n_neighbors=neighbours, algorithm="brute").fit(points)
    nearest = search.kneighbors(return_distance=False)  # each point left out in its turn
    votes = np.stack([np.bincount(row, minlength=labels.max() + 1) for row in labels[nearest]])
    right = float((votes.argmax(axis=1) == labels).mean())
    return silhouette_samples(points, labels), right, votes / neighbours


def check(points: np.ndarray, labels: np.ndarray, neighbours: int = 10) -> None:
    found = separation(points, labels, neighbours)
    values, classes = points.astype(np.float64), labels.astype(np.int64)
    silhouettes, right, shares = reference(values, classes, neighbours)
    assert found.silhouette == pytest.approx(silhouettes.mean(), abs=1e-9)
    assert found.knn_accuracy == right
    for label, value in found.class_silhouettes.items():
        assert value == pytest.approx(silhouettes[labels == label].mean(), abs=1e-9)
        of_others = found.neighbour_shares[label]
        expected = shares[labels == label].mean(axis=0)[list(of_others)]
        assert list(of_others.values()) == pytest.approx(expected.tolist(), abs=1e-9)


def test_they_equal_scikit_learns_on_real_images():
    stored = stored_pixels()
    check(stored.projection.components[:1_500], stored.labels[:1_500])


@pytest.mark.parametrize("seed", range(5))
def test_they_equal_scikit_learns_on_random_points(seed: int):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(40, 700))
    labels = rng.choice([0, 3, 4, 9], count)  # classes that are missing leave no gap
    points = rng.standard_normal((count, 6)) + labels[:, None] * rng.random() + 1_000
    check(points, labels, neighbours=int(rng.integers(1, 20)))


def test_an_only_member_of_a_class_has_silhouette_0():
    points, labels = np.random.default_rng(0).standard_normal((30, 2)), np.zeros(30, int)
    labels[7], labels[10:] = 5, 2
    check(points, labels)
    assert separation(points, labels).class_silhouettes[5] == 0


def test_a_dead_network_says_nothing_and_divides_nothing_by_zero():
    found = separation(np.ones((40, 3)), np.arange(40) % 2)
    assert found.silhouette == 0
    assert found.knn_accuracy is not None


def test_one_class_and_one_point_have_no_separation():
    one_class = separation(np.random.default_rng(0).standard_normal((20, 2)), np.zeros(20))
    assert one_class.silhouette is None
    assert one_class.class_silhouettes == {}
    assert one_class.knn_accuracy == 1
    one_point = separation(np.zeros((1, 2)), np.zeros(1))
    assert one_point.knn_accuracy is None
    assert one_point.neighbour_shares == {}
    two = separation(np.array([[0.0], [1.0]]), np.array([0, 1]))
    assert (two.neighbours, two.knn_accuracy) == (1, 0)
