"""How far the 60,000 training images lie from their nearest others.

The distances are stored beside this file as 1,001 quantiles, so that nobody waits for 60,000
searches: `python -m fmnist_core.inference.training_distances` makes them anew, in minutes.
"""

import functools
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fmnist_core.data import load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.inference.neighbours import Neighbours, make_neighbours

Floats = npt.NDArray[np.float32]

QUANTILES = 1_001  # from the least to the largest, a thousandth of the images apart
_STORED = Path(__file__).with_suffix(".npy")


@functools.cache
def training_distances() -> Floats:
    """Returns the stored quantiles, float32 (1001,), ascending, in levels of 255; read-only."""
    distances: Floats = np.load(_STORED, allow_pickle=False)
    distances.flags.writeable = False
    return distances


def distance_quantiles(neighbours: Neighbours) -> Floats:
    """Returns the same of any images: the distance of each to its nearest other."""
    # The nearest of all is the image itself, or one like it.
    distances = [neighbours.nearest(image, 2)[1][-1] for image in neighbours.images]
    shares = np.linspace(0, 1, QUANTILES)
    return np.quantile(np.array(distances, np.float32), shares).astype(np.float32)


def main() -> None:
    """Computes what is stored from the images, and writes it."""
    neighbours = make_neighbours(load_pool().images[:TRAIN_COUNT])
    np.save(_STORED, distance_quantiles(neighbours), allow_pickle=False)


if __name__ == "__main__":
    main()
