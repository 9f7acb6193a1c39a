"""PCA of features: the same images for every network, the same picture on every machine."""

import hashlib

import numpy as np
import pytest

from fmnist_core.evaluation.projection import project_features, projection_subset

OFFICIAL = np.arange(60_000, 70_000, dtype=np.int32)
LABELS = np.random.default_rng(0).permutation(np.repeat(np.arange(10), 7_000)).astype(np.uint8)


def test_the_subset_takes_every_class_in_proportion():
    labels = np.repeat(np.arange(10), 1000)
    chosen = projection_subset(OFFICIAL, labels)
    assert chosen.dtype == np.int32
    assert len(np.unique(chosen)) == 5_000
    assert np.bincount(labels[chosen - 60_000]).tolist() == [500] * 10

    uneven = np.where(np.arange(10_000) < 9_000, 0, 1)
    counts = np.bincount(uneven[projection_subset(OFFICIAL, uneven) - 60_000])
    assert counts.tolist() == [4_500, 500]


def test_the_subset_is_the_same_on_every_machine_and_in_every_order():
    labels = LABELS[OFFICIAL]
    chosen = projection_subset(OFFICIAL, labels)
    order = np.random.default_rng(1).permutation(10_000)
    assert np.array_equal(projection_subset(OFFICIAL[order], labels[order]), chosen)
    # Written down once: changing it would part new runs from the stored ones.
    digest = hashlib.sha256(projection_subset(OFFICIAL, np.zeros(10_000)).tobytes()).hexdigest()
    assert digest.startswith("5777ce944e2281cc")


def test_smaller_subsets_lie_in_larger_ones():
    labels = LABELS[OFFICIAL]
    small = projection_subset(OFFICIAL, labels, size=500)
    assert np.isin(small, projection_subset(OFFICIAL, labels, size=5_000)).all()


def test_two_protocols_show_more_common_images_than_chance_would():
    pooled = np.sort(np.random.default_rng(2).permutation(70_000)[:14_000])
    common = np.intersect1d(
        projection_subset(OFFICIAL, LABELS[OFFICIAL]), projection_subset(pooled, LABELS[pooled])
    )
    shared = np.intersect1d(OFFICIAL, pooled)
    by_chance = len(shared) * (5_000 / 10_000) * (5_000 / 14_000)
    assert len(common) > 1.5 * by_chance


def test_a_small_test_set_is_shown_whole():
    assert projection_subset([5, 3, 9], [1, 1, 0]).tolist() == [3, 5, 9]


def _features(rows: int, columns: int) -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.normal(size=(rows, columns)) @ np.diag(0.8 ** np.arange(columns)) + 3


@pytest.mark.parametrize(("rows", "columns"), [(300, 20), (300, 64), (40, 100)])
def test_the_components_are_those_of_the_singular_value_decomposition(rows, columns):
    features = _features(rows, columns)
    found = project_features(features, np.arange(rows))
    centred = features - features.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    kept = min(50, rows, columns)
    assert found.components.shape == (rows, kept)
    shares = values**2 / (values**2).sum()
    assert found.explained_variance_ratio == pytest.approx(shares[:kept], abs=1e-5)
    leading = 5  # later ones have so little variance that float32 turns them
    expected = (left * values)[:, :leading]
    signs = np.sign((expected * found.components[:, :leading]).sum(axis=0))
    assert np.allclose(found.components[:, :leading], expected * signs, atol=2e-3)


def test_wide_features_give_the_same_picture_every_time():
    features = _features(600, 1_200).astype(np.float32)
    first, second = (project_features(features, np.arange(600), seed=3) for _ in range(2))
    assert np.array_equal(first.components, second.components)
    assert first.components.shape == (600, 50)


def test_features_that_are_all_the_same_are_one_point_and_no_division_by_zero():
    found = project_features(np.full((30, 8), 7.0), np.arange(30))
    assert not found.components.any()
    assert not found.explained_variance_ratio.any()
