"""How far the classes lie apart in a space of features: silhouettes and nearest neighbours.

P. J. Rousseeuw, Silhouettes (J. Comput. Appl. Math. 20, 1987); T. Cover, P. Hart, Nearest neighbor
pattern classification (IEEE Trans. Inf. Theory 13, 1967), each image left out in its turn. Both
equal scikit-learn's; they are computed here together, from distances that are made only once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

NEIGHBOURS = 10
_CHUNK = 256  # rows of 5,000 distances: 10 MB
_SAMPLED = 8  # every eighth distance bounds the k-th smallest of all


@dataclass(frozen=True, eq=False)
class Separation:
    """Measures of labelled points.

    Attributes:
        silhouette: mean over all points, -1..1; 0 where classes overlap. `None` with fewer than
            two classes.
        class_silhouettes: class -> mean over its points.
        knn_accuracy: share of points whose nearest others name their class by majority, the
            smallest class of equal ones. `None` with one point.
        neighbours: how many others were asked.
        neighbour_shares: class -> class -> share of it among the nearest others of the first's
            points; empty with one point.
    """

    silhouette: float | None
    class_silhouettes: dict[int, float]
    knn_accuracy: float | None
    neighbours: int
    neighbour_shares: dict[int, dict[int, float]]


def separation(points: ArrayLike, labels: ArrayLike, neighbours: int = NEIGHBOURS) -> Separation:
    """Returns the measures of points (n, d) and their classes (n,); 0.5 s for 5,000 of 50.

    Distances are Euclidean.
    """
    values, classes = np.asarray(points, np.float64), np.asarray(labels, np.int64)
    values = values - values.mean(axis=0)  # the formula below loses digits far from the origin
    present, codes = np.unique(classes, return_inverse=True)
    count = len(values)
    asked = min(neighbours, count - 1)
    members = np.eye(len(present))[codes]
    squares = np.einsum("ij,ij->i", values, values)
    silhouettes, hits = np.zeros(count), 0
    shared = np.zeros((len(present), len(present)))  # neighbours of each class's points, by class
    for start in range(0, count, _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, count))
        distances = values[rows] @ values.T
        distances *= -2
        distances += squares[rows, None]
        distances += squares
        np.maximum(distances, 0, out=distances)
        distances[np.arange(len(rows)), rows] = 0
        np.sqrt(distances, out=distances)
        if len(present) > 1:
            silhouettes[rows] = _silhouettes(distances @ members, members.sum(axis=0), codes[rows])
        if asked:
            distances[np.arange(len(rows)), rows] = np.inf
            votes = _votes(distances, codes, asked)
            hits += int((votes.argmax(axis=1) == codes[rows]).sum())
            shared += members[rows].T @ votes
    whole = len(present) > 1
    by_class = {
        int(label): float(silhouettes[codes == code].mean()) for code, label in enumerate(present)
    }
    shares = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    names = present.tolist()
    return Separation(
        silhouette=float(silhouettes.mean()) if whole else None,
        class_silhouettes=by_class if whole else {},
        knn_accuracy=hits / count if asked else None,
        neighbours=asked,
        neighbour_shares={
            one: dict(zip(names, row, strict=True))
            for one, row in zip(names, shares.tolist(), strict=True)
        }
        if asked
        else {},
    )


def _silhouettes(sums: Floats, sizes: Floats, own: Counts) -> Floats:
    """Returns (b - a) / max(a, b) of each row; 0 for the only member of a class, and for 0/0."""
    rows = np.arange(len(sums))
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    larger = np.maximum(within, nearest)
    values: Floats = np.divide(nearest - within, larger, out=np.zeros(len(sums)), where=larger > 0)
    values[sizes[own] == 1] = 0
    return values


def _votes(distances: Floats, codes: Counts, asked: int) -> Floats:
    """Returns how many of the nearest of each row are of each class, (rows, classes).

    The k-th smallest of a sample bounds the k-th smallest of all, which leaves few to be sorted: a
    third of the time of partitioning all.
    """
    sample = distances[:, ::_SAMPLED]
    if sample.shape[1] <= asked:
        sample = distances
    bounds = np.partition(sample, asked - 1, axis=1)[:, asked - 1 : asked]
    row, column = np.nonzero(distances <= bounds)
    order = np.lexsort((distances[row, column], row))
    row, column = row[order], column[order]
    first = np.searchsorted(row, np.arange(len(distances)))
    nearest = column[first[:, None] + np.arange(asked)]
    votes: Floats = np.zeros((len(distances), int(codes.max()) + 1))
    np.add.at(votes, (np.arange(len(distances))[:, None], codes[nearest]), 1)
    return votes
