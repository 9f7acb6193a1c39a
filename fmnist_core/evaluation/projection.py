"""PCA of a network's penultimate layer, computed once, when a run ends."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.runs.arrays import Projection

COMPONENTS = 50
SUBSET_SIZE = 5_000


def projection_subset(
    test_indices: ArrayLike, labels: ArrayLike, size: int = SUBSET_SIZE
) -> NDArray[np.int32]:
    """Returns which test images a projection shows: the same for every network, sorted.

    Every image of the pool has a fixed rank, and each class gives its lowest ranks, in proportion
    to its size. So a smaller test set that shares images with a larger one shares points with it.

    Args:
        test_indices: (n,) indices of the test images in the pool of 70,000.
        labels: (n,) classes of those images.
        size: how many are wanted; all when there are fewer.

    Returns:
        (min(size, n),) int32 indices in the pool.
    """
    indices = np.sort(np.asarray(test_indices, np.int64))
    classes = np.asarray(labels)[np.argsort(np.asarray(test_indices), kind="stable")]
    size = min(size, len(indices))
    by_rank = np.argsort(_rank(indices), kind="stable")
    # The position of each image within its class, as a share of the class: taking the smallest
    # shares first takes the same share of every class, to within one image.
    share = np.empty(len(indices))
    for label in np.unique(classes):
        members = by_rank[classes[by_rank] == label]
        share[members] = (np.arange(len(members)) + 0.5) / len(members)
    chosen = np.lexsort((classes, share))[:size]
    return np.sort(indices[chosen]).astype(np.int32)


def project_features(
    features: ArrayLike, indices: ArrayLike, seed: int = 0, components: int = COMPONENTS
) -> Projection:
    """Returns the first principal components of the features of the given images.

    Features are centred and not scaled, as PCA is usually drawn. Each component's sign is such that
    its largest loading is positive, so that two machines draw the same picture.

    Args:
        features: (n, d) penultimate-layer features.
        indices: (n,) the images' indices in the pool of 70,000.
        seed: of the randomised solver that is used for wide features.
        components: how many to keep; fewer when n or d is smaller.
    """
    # Late: the import takes a second, and only the end of a training needs it.
    from sklearn.decomposition import PCA  # noqa: PLC0415

    values = np.asarray(features, np.float32)
    kept = min(components, *values.shape)
    if not np.ptp(values, axis=0).any():
        # A dead network gives one point; its shares of no variance are 0, not 0/0.
        nothing = np.zeros((len(values), kept), np.float32)
        return Projection(nothing, np.zeros(kept, np.float32), np.asarray(indices, np.int32))
    pca = PCA(kept, random_state=seed)
    scores = pca.fit_transform(values)
    return Projection(
        components=scores.astype(np.float32),
        explained_variance_ratio=pca.explained_variance_ratio_.astype(np.float32),
        indices=np.asarray(indices, np.int32),
    )


def _rank(indices: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A fixed shuffle of the pool: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

    numpy does not promise that a seeded shuffle stays the same from version to version.
    """
    mixed = (indices.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
