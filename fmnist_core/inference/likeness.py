"""Does an image look like the training data? Measured, and said in words.

A bag reaches the borders, trousers never do: what is usual is asked of the classes of the nearest
training images, not of all ten.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fmnist_core.inference.neighbours import Neighbours
from fmnist_core.inference.training_distances import training_distances
from fmnist_core.listing import listed

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_VISIBLE = 12  # Zalando's 5 % of 255: darker is background
_LEAST_LONGEST_SIDE = 26  # of every training image
_NEAREST = 10  # training images whose classes an image is judged by
_UNUSUAL, _UNLIKE = 99.0, 99.8  # percentiles of the training data
_EXTREME = 99.5  # of either end
# Percentiles between which most training images lie. Nothing can be too near to them, and a dark
# border is what they have. Of 2,500 training images, held against all others, 25 % leave at least
# one of the four.
BANDS = {
    "height by width": (5, 95),
    "mean intensity": (5, 95),
    "border": (0, 95),
    "distance": (0, 90),
}
_MANY = 3  # marks, none of which is proof by itself

Verdict = Literal["nothing unusual", "at the edge", "unusual", "unlike"]


@dataclass(frozen=True, eq=False)
class Reference:
    """What the training images measure; made once, 20 MB beside the images.

    Attributes:
        neighbours: the training images, searchable.
        labels: int (n,), their classes.
        of_classes: box, intensity and border, each sorted, for each class.
    """

    neighbours: Neighbours
    labels: npt.NDArray[np.integer]
    of_classes: Mapping[int, "ClassMeasures"]


@dataclass(frozen=True, eq=False)
class ClassMeasures:
    """What the training images of one class measure, float32 (n,) each, sorted.

    Attributes:
        intensities: mean intensities, 0..255.
        borders: mean intensities of the outermost pixels, 0..255.
        slopes: height of the visible box by its width.
    """

    intensities: Floats
    borders: Floats
    slopes: Floats


@dataclass(frozen=True)
class Peers:
    """The training images of one class, beside which an image is placed.

    Attributes:
        label: the class.
        nearest: how many of the ten nearest training images are of it: the weight of its places.
        images: how many training images are of it.
    """

    label: int
    nearest: int
    images: int


@dataclass(frozen=True)
class Likeness:
    """How an image compares with the training images.

    The percentiles of box, intensity and border are those among the peers, weighted.

    Attributes:
        peers: the classes of the nearest training images, the most frequent first.
        box_height: rows from the first to the last visible pixel.
        box_width: columns from the first to the last visible pixel.
        box_percentile: 0..100, how many are less tall for their width.
        mean_intensity: 0..255.
        intensity_percentile: 0..100, how many are darker.
        border: mean intensity of the outermost pixels, 0..255.
        border_percentile: 0..100, how many have darker borders.
        nearest_distance: Euclidean distance to the nearest training image, in levels of 255.
        distance_percentile: 0..100, how many of all training images are nearer to their nearest.
        verdict: the sum of it.
        words: one sentence or more for the person who brought the picture.
    """

    peers: tuple[Peers, ...]
    box_height: int
    box_width: int
    box_percentile: float
    mean_intensity: float
    intensity_percentile: float
    border: float
    border_percentile: float
    nearest_distance: float
    distance_percentile: float
    verdict: Verdict
    words: str

    @property
    def doubtful(self) -> bool:
        """Whether an answer is to be doubted: a measure at the edge alone is no reason."""
        return self.verdict in ("unusual", "unlike")


def make_reference(neighbours: Neighbours, labels: npt.NDArray[np.integer]) -> Reference:
    """Measures the 60,000 training images."""
    images = neighbours.images.reshape(-1, 28, 28)
    intensities, borders = images.mean(axis=(1, 2), dtype=np.float32), _border(images)
    slopes = _slopes(images)
    return Reference(
        neighbours,
        labels,
        {
            int(label): ClassMeasures(
                *(np.sort(values[labels == label]) for values in (intensities, borders, slopes))
            )
            for label in np.unique(labels)
        },
    )


def likeness(image: Pixels, reference: Reference) -> Likeness:
    """Compares uint8 (28, 28), light on dark, with the training images."""
    visible = image > _VISIBLE
    height, width = _extent(visible, axis=1), _extent(visible, axis=0)
    intensity, border = float(image.mean()), float(_border(image[None])[0])
    nearest, distances = reference.neighbours.nearest(image, _NEAREST)
    peers = _peers(reference, nearest)
    slope = _place(reference, peers, "slopes", height / max(1, width))
    place = _place(reference, peers, "intensities", intensity)
    border_place = _place(reference, peers, "borders", border)
    distance = float(distances[0])
    distance_percentile = _percentile(training_distances(), distance)
    doubts: list[tuple[bool, str]] = []  # whether it is beyond the data, and what to say
    if max(height, width) < _LEAST_LONGEST_SIDE:
        small = f"The garment is {max(height, width)} pixels long, in the training data 28."
        doubts.append((max(height, width) < _LEAST_LONGEST_SIDE - 4, small))
    elif _is_extreme(slope):
        shape = "tall" if slope > 50 else "wide"
        doubts.append((False, f"It is unusually {shape} for what it resembles."))
    if border_place > _UNUSUAL:
        # A bag may fill its picture: the borders alone are no proof.
        doubts.append((False, "Its borders are light, as a background is."))
    if _is_extreme(place):
        side = "light" if place > 50 else "dark"
        doubts.append((False, f"It is unusually {side} as a whole for what it resembles."))
    if distance_percentile > _UNUSUAL:
        far = "Even the nearest training image is far from it."
        doubts.append((distance_percentile > _UNLIKE, far))
    places = dict(zip(BANDS, (slope, place, border_place, distance_percentile), strict=True))
    at_edge = [name for name, (low, high) in BANDS.items() if not low <= places[name] <= high]
    verdict, words = _sum_up(doubts, at_edge)
    return Likeness(
        peers,
        height,
        width,
        slope,
        intensity,
        place,
        border,
        border_place,
        distance,
        distance_percentile,
        verdict,
        words,
    )


def _peers(reference: Reference, nearest: npt.NDArray[np.integer]) -> tuple[Peers, ...]:
    counts = Counter(reference.labels[nearest].tolist()).most_common()
    return tuple(
        Peers(label, count, len(reference.of_classes[label].slopes)) for label, count in counts
    )


def _place(
    reference: Reference,
    peers: tuple[Peers, ...],
    measure: Literal["intensities", "borders", "slopes"],
    value: float,
) -> float:
    """The percentile of a value in the classes of the nearest images, by how many are of each."""
    places = [
        _percentile(getattr(reference.of_classes[one.label], measure), value) for one in peers
    ]
    return float(np.average(places, weights=[one.nearest for one in peers]))


def _is_extreme(percentile: float) -> bool:
    return percentile > _EXTREME or percentile < 100 - _EXTREME


def _sum_up(doubts: list[tuple[bool, str]], at_edge: list[str]) -> tuple[Verdict, str]:
    if not doubts and not at_edge:
        return "nothing unusual", "Every measure lies where most training images lie."
    if not doubts:
        return "at the edge", f"In its {listed(at_edge)} it lies beyond most training images."
    reasons = " ".join(reason for _, reason in doubts)
    if any(beyond for beyond, _ in doubts) or len(doubts) >= _MANY:
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


def _slopes(images: Pixels) -> Floats:
    """Height of each image's visible box by its width, (n,); 1 where nothing is visible."""
    visible: npt.NDArray[np.bool_] = np.asarray(images > _VISIBLE, np.bool_)
    rows, columns = np.asarray(visible.any(axis=2)), np.asarray(visible.any(axis=1))
    sides = [28 - seen.argmax(axis=1) - seen[:, ::-1].argmax(axis=1) for seen in (rows, columns)]
    slopes: Floats = (sides[0] / np.maximum(1, sides[1])).astype(np.float32)
    return slopes
