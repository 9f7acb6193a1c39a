"""Where t-SNE pictures of projections lie: `tsne/NAME.npz` beside the runs.

They follow from the projections and are no part of a run: deleted, they can be made anew.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import RunError
from fmnist_core.runs.arrays import pack, unpack
from fmnist_core.runs.disk import read_bounded, write_durably, writing_to

FOLDER = "tsne"
_MOST_BYTES = 4_000_000
_ARRAYS = ("points", "indices", "digest")


@dataclass(frozen=True, eq=False)
class TsnePicture:
    """A picture of one projection.

    Attributes:
        points: (n, 2) float32.
        indices: (n,) int32, which images of the pool, in the order of the projection.
        digest: SHA-256 of the projection that it was made of, in hexadecimal digits.
    """

    points: NDArray[np.float32]
    indices: NDArray[np.int32]
    digest: str


def write_tsne(root: Path, name: str, picture: TsnePicture) -> None:
    """Stores a picture under the id of its run; raises `RunError` where the disk refuses."""
    data = pack(
        {
            "points": picture.points.astype(np.float16),
            "indices": picture.indices,
            "digest": np.frombuffer(bytes.fromhex(picture.digest), np.uint8),
        }
    )
    folder = root / FOLDER
    with writing_to(root):
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(folder / f"{name}.npz", data)


def read_tsne(root: Path, name: str, digest: str) -> TsnePicture:
    """Returns the picture of the projection with this digest.

    Raises:
        RunError: there is none, it is of another projection, or its file is damaged.
    """
    path = root / FOLDER / f"{name}.npz"
    if not path.is_file():
        raise RunError(
            f"{name} has no t-SNE picture yet; `python -m fmnist_core runs tsne` makes one in a "
            "minute."
        )
    what = f"{FOLDER}/{path.name}"
    stored = unpack(read_bounded(path, _MOST_BYTES), what, _ARRAYS)
    points, indices = stored["points"], stored["indices"]
    if points.shape != (len(indices), 2) or not np.isfinite(points).all():
        raise RunError(f"{what} must hold two finite numbers an image. `runs tsne` makes it anew.")
    if stored["digest"].astype(np.uint8).tobytes().hex() != digest:
        raise RunError(
            f"{what} must belong to the projection that is there now. Received: one made of "
            "another; `runs tsne` makes it anew."
        )
    return TsnePicture(points, indices, digest)
