"""PCA of the pixels: the published shares, measured; what is stored is what the images give."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from fmnist_core.data import find_data, load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.evaluation.pixel_pca import (
    KEPT,
    compute_pixel_pca,
    scores_of,
    stored_pixels,
)
from fmnist_core.evaluation.projection import projection_subset

needs_images = pytest.mark.skipif(find_data() is None, reason="needs the image files")


def images_of(count: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    ramp = np.linspace(0, 1, 784) * rng.random((count, 1)) * 128
    return (ramp + rng.integers(0, 100, (count, 784))).astype(np.uint8).reshape(count, 28, 28)


def test_the_shares_of_the_training_images_are_the_known_ones():
    pca = stored_pixels().pca
    shares = 100 * pca.explained_variance_ratio
    assert [f"{share:.2f}" for share in shares[:2]] == ["29.04", "17.76"]
    assert f"{shares[:2].sum():.2f}" == "46.79"
    assert f"{shares[:3].sum():.2f}" == "52.81"
    assert pca.components_for(0.9) == 84
    assert [pca.components_for(share) for share in (0.5, 0.8, 0.85, 0.95, 0.99)] == [
        3,
        24,
        43,
        187,
        459,
    ]


@needs_images
def test_what_is_stored_is_what_the_images_give():
    pool, stored = load_pool(), stored_pixels()
    again = compute_pixel_pca(pool.images[:TRAIN_COUNT], KEPT)
    assert np.allclose(again.variances, stored.pca.variances, rtol=1e-9, atol=1e-12)
    assert np.array_equal(again.mean, stored.pca.mean)
    assert np.abs(again.directions - stored.pca.directions).max() < 2e-4  # float16
    indices = stored.projection.indices
    assert np.array_equal(
        indices, projection_subset(np.arange(60_000, 70_000), pool.labels[60_000:])
    )
    assert np.array_equal(stored.labels, pool.labels[indices])
    scores = again.project(pool.images[indices], 50)
    assert np.abs(scores - stored.projection.components).max() < 0.01  # of a spread of 4


def test_it_equals_scikit_learns_up_to_the_signs():
    images = images_of(400)
    ours = compute_pixel_pca(images, 5)
    theirs = PCA(5, svd_solver="full").fit(images.reshape(-1, 784) / 255)
    assert np.allclose(ours.variances[:5], theirs.explained_variance_, rtol=1e-9)
    assert np.allclose(
        ours.explained_variance_ratio[:5], theirs.explained_variance_ratio_, rtol=1e-9
    )
    cosines = np.abs(np.einsum("ij,ij->i", ours.directions, theirs.components_))
    assert np.allclose(cosines, 1, atol=1e-5)
    largest = np.abs(ours.directions).argmax(axis=1)
    assert (ours.directions[np.arange(5), largest] > 0).all()


def test_all_components_give_the_image_back_and_none_the_mean():
    images = images_of(50)
    pca = compute_pixel_pca(images)
    assert np.allclose(pca.reconstruct(images[7], 784), images[7] / 255, atol=1e-4)
    assert np.allclose(pca.reconstruct(images[7], 0).ravel(), pca.mean)
    errors = [
        np.square(pca.reconstruct(images[7], count) - images[7] / 255).sum()
        for count in (0, 1, 5, 20, 49)
    ]
    assert errors == sorted(errors, reverse=True)


def test_equal_images_have_no_components_and_divide_nothing_by_zero():
    pca = compute_pixel_pca(np.full((3, 28, 28), 9, np.uint8))
    assert not pca.explained_variance_ratio.any()


@needs_images
def test_scores_of_images_that_are_not_stored_come_from_their_pixels():
    stored = stored_pixels().projection
    assert np.array_equal(scores_of(stored.indices[:9]), stored.components[:9])
    mixed = np.array([5, int(stored.indices[0])], np.int32)
    scores = scores_of(mixed)
    assert scores.shape == (2, 50)
    assert np.allclose(scores[1], stored.components[0], atol=0.01)
