"""t-SNE of a projection: neighbours kept together on a plane.

L. van der Maaten, G. Hinton, Visualizing Data using t-SNE (JMLR 9, 2008), by scikit-learn's
Barnes-Hut method. It takes most of a minute for 5,000 images, so it is made once, by a command.
"""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fmnist_core.evaluation.clouds import PIXELS
from fmnist_core.evaluation.pixel_pca import pixel_digest, stored_pixels
from fmnist_core.runs.ids import check_run_id
from fmnist_core.runs.read import read_file, read_projection
from fmnist_core.runs.tsne_file import TsnePicture, read_tsne, write_tsne

PERPLEXITY = 30.0


def embed(components: ArrayLike) -> NDArray[np.float32]:
    """Returns (n, 2) of (n, k) principal components, begun from the first two of them.

    The begin keeps the large picture that of the PCA, and makes two runs of this the same (D.
    Kobak, P. Berens, The art of using t-SNE, Nature Communications 10, 2019).
    """
    # Late: the import takes a second, and no page needs it.
    from sklearn.manifold import TSNE  # noqa: PLC0415

    values = np.asarray(components, np.float32)
    if len(values) < 5 or not np.ptp(values, axis=0).any():
        return np.zeros((len(values), 2), np.float32)  # too few neighbours, or a dead network
    start = np.pad(values[:, :2], ((0, 0), (0, max(0, 2 - values.shape[1]))))
    start = 1e-4 * start / start[:, 0].std()
    perplexity = min(PERPLEXITY, (len(values) - 1) / 3)
    return np.asarray(
        TSNE(perplexity=perplexity, init=start, random_state=0).fit_transform(values), np.float32
    )


def make_tsne(root: Path, name: str) -> TsnePicture:
    """Makes and stores the picture of a run's projection, or of the pixels'.

    Raises:
        RunError: the run is damaged or has no projection.
        UnknownNameError: there is no such run.
    """
    projection = stored_pixels().projection if name == PIXELS else read_projection(root, name)
    picture = TsnePicture(
        embed(projection.components), projection.indices, projection_digest(root, name)
    )
    write_tsne(root, name, picture)
    return picture


def find_tsne(root: Path, name: str) -> TsnePicture:
    """Returns the stored picture of a run, or of the pixels. Raises `RunError`; see `read_tsne`."""
    return read_tsne(root, name, projection_digest(root, name))


def projection_digest(root: Path, name: str) -> str:
    """Returns the SHA-256 of what a picture is made of."""
    if name == PIXELS:
        return pixel_digest()
    return hashlib.sha256(read_file(root, check_run_id(name), "projection.npz")).hexdigest()
