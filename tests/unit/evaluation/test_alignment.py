"""Procrustes: what was only turned, mirrored, moved and scaled comes to lie on itself again."""

import numpy as np
import pytest
from scipy.spatial import procrustes

from fmnist_core.evaluation.alignment import align

POINTS = np.random.default_rng(0).standard_normal((60, 2)) * [3, 1] + [5, -2]


def turned(degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


@pytest.mark.parametrize("degrees", [0, 30, -137, 179])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_mirrored_scaled_and_moved_cloud_lies_on_itself_again(
    degrees: float, mirrored: bool
):
    mirror = np.diag([-1.0, 1.0]) if mirrored else np.eye(2)
    # Undoing what was done to the cloud is what is asked for.
    moved = 0.2 * (POINTS - [5, -2]) @ turned(-degrees) @ mirror + [100, 3]
    found = align(moved, POINTS)
    assert np.allclose(found.points, POINTS)
    assert found.similarity == pytest.approx(1)
    assert found.mirrored is mirrored
    assert found.degrees == pytest.approx(degrees, abs=1e-6)


def test_similarity_is_one_minus_scipys_disparity_in_any_dimension():
    rng = np.random.default_rng(1)
    for dimensions in (2, 3, 50):
        one, other = rng.standard_normal((2, 200, dimensions))
        expected = 1 - procrustes(other, one)[2]
        assert align(one, other).similarity == pytest.approx(expected, abs=1e-12)


def test_a_poor_fit_is_not_drawn_smaller():
    other = np.random.default_rng(2).standard_normal((60, 2))
    found = align(other, POINTS)
    assert found.similarity < 0.2
    assert np.linalg.norm(found.points - found.points.mean(axis=0)) == pytest.approx(
        np.linalg.norm(POINTS - POINTS.mean(axis=0))
    )


def test_a_dead_network_is_one_point_and_like_nothing():
    found = align(np.ones((60, 2)), POINTS)
    assert np.allclose(found.points, POINTS.mean(axis=0))
    assert found.similarity == 0
    assert align(POINTS, np.ones((60, 2))).similarity == 0
