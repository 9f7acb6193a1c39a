"""Projections of several networks, and of the pixels, cut down to the images that all show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import RunError
from fmnist_core.evaluation.alignment import Alignment, align
from fmnist_core.evaluation.pixel_pca import scores_of, stored_pixels
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.runs.arrays import Projection

Floats = NDArray[np.float32]

PIXELS = "pixels"


@dataclass(frozen=True, eq=False)
class Cloud:
    """One space of features.

    Attributes:
        name: a run's id, or `PIXELS`.
        scores: (n, k) float32, principal components of the shared images, k 3 at least, with
            zeros where there are fewer; or points on a plane, (n, 2).
        shares: (k,) float32, of the variance of all features; empty for points that are no
            components.
    """

    name: str
    scores: Floats
    shares: Floats

    def shown(self, components: int) -> float:
        """The share of all variance in the first components, 0..1."""
        return float(self.shares[:components].sum())


@dataclass(frozen=True, eq=False)
class Clouds:
    """Spaces of features, row on row the same images.

    Attributes:
        indices: (n,) int32, images of the pool, ascending.
        labels: (n,) uint8.
        positions: (n,) int64, where they stand on the sheet; empty without one.
    """

    clouds: tuple[Cloud, ...]
    indices: NDArray[np.int32]
    labels: NDArray[np.uint8]
    positions: NDArray[np.int64]

    def laid_onto(self, baseline: str, components: int) -> dict[str, Alignment]:
        """Returns every cloud's first components, laid onto the baseline's."""
        (target,) = (cloud for cloud in self.clouds if cloud.name == baseline)
        return {
            cloud.name: align(
                _columns(cloud.scores, components), _columns(target.scores, components)
            )
            for cloud in self.clouds
        }


def shared_clouds(sheet: Sheet, projections: Mapping[str, Projection], *, pixels: bool) -> Clouds:
    """Returns the projections of runs on the images that all of them show.

    Args:
        sheet: holds these runs, and says the classes.
        projections: of one run or more.
        pixels: put the pixels' cloud first.

    Raises:
        RunError: there is no such image.
        DataError: the pixels of these images are neither stored nor here.
    """
    shared = sheet.indices
    for projection in projections.values():
        shared = np.intersect1d(shared, projection.indices)
    if not len(shared):
        raise RunError(
            "projections must share test images to be drawn side by side. Received: runs whose "
            "splits have none in common; choose runs of one split."
        )
    clouds = [
        _cloud(run_id, _rows_of(projection, shared), projection.explained_variance_ratio)
        for run_id, projection in projections.items()
    ]
    if pixels:
        shares = stored_pixels().projection.explained_variance_ratio
        clouds.insert(0, _cloud(PIXELS, scores_of(shared), shares))
    positions = np.searchsorted(sheet.indices, shared)
    return Clouds(tuple(clouds), shared.astype(np.int32), sheet.labels[positions], positions)


def pixel_cloud() -> Clouds:
    """Returns the pixels alone, on the stored images."""
    stored = stored_pixels()
    projection = stored.projection
    cloud = _cloud(PIXELS, projection.components, projection.explained_variance_ratio)
    return Clouds((cloud,), projection.indices, stored.labels, np.empty(0, np.int64))


def _rows_of(projection: Projection, shared: NDArray[np.int32]) -> Floats:
    order = np.argsort(projection.indices)
    return projection.components[order[np.searchsorted(projection.indices[order], shared)]]


def _cloud(name: str, scores: Floats, shares: Floats) -> Cloud:
    wide = max(3, scores.shape[1])
    return Cloud(
        name,
        _columns(scores, wide),
        np.concatenate([shares, np.zeros(wide - len(shares), np.float32)]),
    )


def _columns(scores: Floats, count: int) -> Floats:
    """Returns exactly so many columns; a network with fewer features has no spread in the rest."""
    missing = max(0, count - scores.shape[1])
    return np.pad(scores[:, :count], ((0, 0), (0, missing)))
