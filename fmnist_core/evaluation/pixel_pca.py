"""PCA of the pixels of the 60,000 training images: what is there before any network looks.

It is stored beside this file, so that no page waits for it or needs the images:
`python -m fmnist_core.evaluation.pixel_pca` computes it anew, in two seconds.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.data import load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.evaluation.projection import COMPONENTS, projection_subset
from fmnist_core.runs.arrays import Projection

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

PIXELS = 784
# Of 784: 95.4 % of the variance, in 0.3 MB.
KEPT = 200
_STORED = Path(__file__).with_suffix(".npz")
# 256 * 255 * 255 < 2**24: float32 holds every sum of so many products of two levels exactly.
_CHUNK = 256


@dataclass(frozen=True, eq=False)
class PixelPca:
    """Principal components of images as 784 numbers from 0 to 1, centred and not scaled.

    Attributes:
        mean: (784,) float32, the mean image.
        variances: (784,) float64, of all components, largest first.
        directions: (k, 784) float32, of the first k: rows of length 1 whose largest entry is
            positive.
    """

    mean: Floats
    variances: NDArray[np.float64]
    directions: Floats

    @property
    def explained_variance_ratio(self) -> NDArray[np.float64]:
        """The share of all variance that each component holds, (784,)."""
        total = float(self.variances.sum())
        return self.variances / total if total else np.zeros_like(self.variances)

    def components_for(self, share: float) -> int:
        """Returns how many of the first components hold at least this share of the variance."""
        return int(np.searchsorted(np.cumsum(self.explained_variance_ratio), share)) + 1

    def project(self, images: Pixels, components: int) -> Floats:
        """Returns the scores (n, components) float32 of uint8 (n, 28, 28)."""
        values = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
        return np.asarray((values - self.mean) @ self.directions[:components].T, np.float32)

    def reconstruct(self, image: Pixels, components: int) -> Floats:
        """Returns what the first components alone say of uint8 (28, 28): (28, 28), mostly 0..1.

        None of them gives the mean image.
        """
        scores = self.project(image[None], components)
        return np.asarray(
            (self.mean + scores @ self.directions[:components])[0], np.float32
        ).reshape(28, 28)


def compute_pixel_pca(images: Pixels, kept: int = PIXELS) -> PixelPca:
    """Returns the PCA of uint8 (n, 28, 28), n of 2 and more; 0.7 s for 60,000, without a copy.

    The covariance is exact up to the last division, so its sums do not depend on the machine.

    Args:
        kept: how many directions to keep.
    """
    flat = images.reshape(len(images), PIXELS)
    products, total = np.zeros((PIXELS, PIXELS)), np.zeros(PIXELS)
    for start in range(0, len(flat), _CHUNK):
        levels = flat[start : start + _CHUNK].astype(np.float32)
        products += levels.T @ levels
        total += levels.sum(axis=0, dtype=np.float64)
    mean = total / len(flat)
    covariance = (products - len(flat) * np.outer(mean, mean)) / ((len(flat) - 1) * 255**2)
    variances, vectors = np.linalg.eigh(covariance)
    directions = vectors.T[::-1][:kept]
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return PixelPca(
        mean=(mean / 255).astype(np.float32),
        variances=variances[::-1].clip(0),
        directions=(directions * np.where(largest < 0, -1, 1)).astype(np.float32),
    )


@dataclass(frozen=True, eq=False)
class StoredPixels:
    """What is kept of the pixels: the PCA, and the test images that every network's shows.

    Attributes:
        pca: of the 60,000 training images.
        projection: 50 scores of 5,000 test images, with the variance shares of those components
            among the training images.
        labels: (5000,) uint8, the classes of those images.
    """

    pca: PixelPca
    projection: Projection
    labels: Pixels


@functools.lru_cache(maxsize=1)
def stored_pixels() -> StoredPixels:
    """Returns what is stored: 2 MB in memory, once a process."""
    with np.load(_STORED) as file:
        pca = PixelPca(file["mean"], file["variances"], np.asarray(file["directions"], np.float32))
        shares = pca.explained_variance_ratio[:COMPONENTS].astype(np.float32)
        scores = np.asarray(file["scores"], np.float32)
        return StoredPixels(pca, Projection(scores, shares, file["indices"]), file["labels"])


def pixel_digest() -> str:
    """Returns the SHA-256 of the file that `stored_pixels` reads."""
    return hashlib.sha256(_STORED.read_bytes()).hexdigest()


def scores_of(indices: ArrayLike) -> Floats:
    """Returns the 50 scores of these images of the pool, (n, 50).

    Raises:
        DataError: not all of them are stored, and the image files are not here.
    """
    wanted, stored = np.asarray(indices, np.int32), stored_pixels()
    known = stored.projection.indices
    places = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    if np.array_equal(known[places], wanted):
        return np.asarray(stored.projection.components[places], np.float32)
    return stored.pca.project(load_pool().images[wanted], COMPONENTS)


def main() -> None:
    """Computes what is stored from the images, and writes it."""
    pool = load_pool()
    pca = compute_pixel_pca(pool.images[:TRAIN_COUNT], KEPT)
    indices = projection_subset(np.arange(TRAIN_COUNT, len(pool.labels)), pool.labels[TRAIN_COUNT:])
    np.savez_compressed(
        _STORED,
        mean=pca.mean,
        variances=pca.variances,
        directions=pca.directions.astype(np.float16),
        scores=pca.project(pool.images[indices], COMPONENTS).astype(np.float16),
        indices=indices,
        labels=pool.labels[indices],
    )


if __name__ == "__main__":
    main()
