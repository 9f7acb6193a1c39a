"""Does an image look like the training data? Measured, and said in words."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.neighbours import Neighbours, make_neighbours

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_VISIBLE = 12  # Zalando's 5 % of 255: darker is background
_SAMPLE = 300  # training images whose own nearest neighbour is looked up
_LEAST_LONGEST_SIDE = 26  # of every training image
_UNUSUAL, _UNLIKE = 99.0, 99.8  # percentiles of the training data

Verdict = Literal["like the training data", "unusual", "unlike"]


@dataclass(frozen=True, eq=False)
class Reference:
    """What the training images measure; made once, 20 MB beside the images.

    Attributes:
        neighbours: the training images, searchable.
        intensities: float32 (n,), sorted mean intensities, 0..255.
        borders: float32 (n,), sorted mean intensities of the outermost pixels.
        distances: float32 (300,), sorted distances from training images to their nearest others.
    """

    neighbours: Neighbours
    intensities: Floats
    borders: Floats
    distances: Floats


@dataclass(frozen=True)
class Likeness:
    """How an image compares with the training images.

    Attributes:
        box_height: rows from the first to the last visible pixel.
        box_width: columns from the first to the last visible pixel.
        mean_intensity: 0..255.
        intensity_percentile: 0..100, how many training images are darker.
        border: mean intensity of the outermost pixels, 0..255.
        border_percentile: 0..100, how many training images have darker borders.
        nearest_distance: Euclidean distance to the nearest training image, in levels of 255.
        distance_percentile: 0..100, how many training images are nearer to their nearest.
        verdict: the sum of it.
        words: one or two sentences for the person who brought the picture.
    """

    box_height: int
    box_width: int
    mean_intensity: float
    intensity_percentile: float
    border: float
    border_percentile: float
    nearest_distance: float
    distance_percentile: float
    verdict: Verdict
    words: str


def make_reference(images: Pixels) -> Reference:
    """Measures the training images, uint8 (n, 28, 28); about 1 s for all 60,000."""
    neighbours = make_neighbours(images)
    chosen = np.random.default_rng(0).choice(len(images), min(_SAMPLE, len(images)), replace=False)
    # The nearest of all is the image itself.
    distances = [neighbours.nearest(images[index], 2)[1][-1] for index in chosen]
    return Reference(
        neighbours,
        np.sort(images.mean(axis=(1, 2), dtype=np.float32)),
        np.sort(_border(images)),
        np.sort(np.array(distances, np.float32)),
    )


def likeness(image: Pixels, reference: Reference) -> Likeness:
    """Compares uint8 (28, 28), light on dark, with the training images."""
    visible = image > _VISIBLE
    height, width = _extent(visible, axis=1), _extent(visible, axis=0)
    intensity, border = float(image.mean()), float(_border(image[None])[0])
    distance = float(reference.neighbours.nearest(image, 1)[1][0])
    intensity_percentile = _percentile(reference.intensities, intensity)
    border_percentile = _percentile(reference.borders, border)
    distance_percentile = _percentile(reference.distances, distance)
    far = "Even the nearest training image is far from it."
    doubts: list[tuple[bool, str]] = []  # whether it is beyond the data, and what to say
    if max(height, width) < _LEAST_LONGEST_SIDE:
        small = f"The garment is {max(height, width)} pixels long, in the training data 28."
        doubts.append((max(height, width) < _LEAST_LONGEST_SIDE - 4, small))
    if border_percentile > _UNUSUAL:
        doubts.append((border_percentile > _UNLIKE, "Its borders are light, as a background is."))
    if intensity_percentile > _UNUSUAL or intensity_percentile < 100 - _UNUSUAL:
        extreme = max(intensity_percentile, 100 - intensity_percentile) > _UNLIKE
        side = "light" if intensity_percentile > 50 else "dark"
        doubts.append((extreme, f"It is unusually {side} as a whole."))
    if distance_percentile > _UNUSUAL:
        doubts.append((distance_percentile > _UNLIKE, far))
    verdict, words = _sum_up(doubts)
    return Likeness(
        height,
        width,
        intensity,
        intensity_percentile,
        border,
        border_percentile,
        distance,
        distance_percentile,
        verdict,
        words,
    )


def _sum_up(doubts: list[tuple[bool, str]]) -> tuple[Verdict, str]:
    if not doubts:
        return "like the training data", "It looks like the training data."
    reasons = " ".join(reason for _, reason in doubts)
    if any(beyond for beyond, _ in doubts):
        return "unlike", f"It does not look like the training data: do not rely on it. {reasons}"
    return "unusual", f"It looks unusual beside the training data. {reasons}"


def _percentile(ordered: Floats, value: float) -> float:
    """How many of the values in order lie below, in percent."""
    return 100 * float(np.searchsorted(ordered, value)) / len(ordered)


def _extent(visible: npt.NDArray[np.bool_], axis: int) -> int:
    where = np.flatnonzero(visible.any(axis=axis))
    return int(where[-1] - where[0] + 1) if len(where) else 0


def _border(images: Pixels) -> Floats:
    """Mean intensity of the 108 outermost pixels of each image."""
    inside = images[:, 1:-1, 1:-1].sum(axis=(1, 2), dtype=np.int64)
    around = images.sum(axis=(1, 2), dtype=np.int64) - inside
    borders: Floats = (around / 108).astype(np.float32)
    return borders
