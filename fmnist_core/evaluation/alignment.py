"""Laying one cloud of points onto another: orthogonal Procrustes.

P. H. Schönemann, A generalized solution of the orthogonal Procrustes problem (Psychometrika 31,
1966); J. C. Gower, Generalized Procrustes analysis (Psychometrika 40, 1975).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Alignment:
    """Points turned, mirrored and scaled onto others, and how well that fits.

    Attributes:
        points: (n, d) float64; centre and spread are those of the others.
        rotation: (d, d), an orthogonal matrix.
        similarity: 0..1, the share of the others' spread that the best turn and scale explains
            (1 minus Gower's disparity); 1 for the same picture, 0 where one is a single point.
    """

    points: Floats
    rotation: Floats
    similarity: float

    @property
    def mirrored(self) -> bool:
        """Whether the points had to be reflected."""
        return bool(np.linalg.det(self.rotation) < 0)

    @property
    def degrees(self) -> float:
        """By how much two-dimensional points were turned, -180..180, after any reflection."""
        first = self.rotation[0] * (-1 if self.mirrored else 1)
        return math.degrees(math.atan2(first[1], first[0]))


def align(points: ArrayLike, onto: ArrayLike) -> Alignment:
    """Returns the points, (n, d), laid onto the others, (n, d), row on row.

    They get the spread of the others. The scale of least squares would draw clouds the smaller the
    less they fit.
    """
    moved, target = np.asarray(points, np.float64), np.asarray(onto, np.float64)
    centre = target.mean(axis=0)
    moved, target = moved - moved.mean(axis=0), target - centre
    spread, goal = float(np.linalg.norm(moved)), float(np.linalg.norm(target))
    if not spread or not goal:
        return Alignment(moved + centre, np.eye(moved.shape[1]), 0.0)
    left, singular, right = np.linalg.svd(moved.T @ target)
    rotation = left @ right
    similarity = min(1.0, float(singular.sum() / (spread * goal)) ** 2)
    return Alignment(goal / spread * (moved @ rotation) + centre, rotation, similarity)
