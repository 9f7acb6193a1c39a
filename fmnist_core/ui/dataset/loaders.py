"""Cached steps of the Dataset page: tiles of images, neighbours, and what runs stored of one."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.data import known_labels, load_image
from fmnist_core.data.statistics import Part, read_statistics
from fmnist_core.errors import FmnistError
from fmnist_core.figures.dataset.image import Said, Use
from fmnist_core.figures.dataset.pixels import mean_picture, variance_picture
from fmnist_core.figures.pictures import tile_png
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_predictions
from fmnist_core.ui.dataset.choice import PART_RANGES
from fmnist_core.ui.loaders import training_neighbours
from fmnist_core.ui.run_stamps import stamp_of


@dataclass(frozen=True, eq=False)
class _Answers:
    """300 kB of a run's predictions: one row an image, by pool index, ascending."""

    indices: NDArray[np.int32]
    tested: NDArray[np.bool_]
    predicted: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    of_label: NDArray[np.float32]


@st.cache_resource(max_entries=1_024, show_spinner=False)
def image_tile(index: int, side: int) -> bytes:
    """Returns an image of the pool as a PNG. Raises `DataError`."""
    return tile_png(load_image(index), side)


@st.cache_resource(max_entries=33, show_spinner=False)
def matching_images(part: Part, label: int | None) -> NDArray[np.intp]:
    """Returns the pool indices of a part and class (None: every), ascending. Raises `DataError`."""
    first, end = PART_RANGES[part]
    labels = known_labels()[first:end]
    chosen = np.ones(len(labels), bool) if label is None else labels == label
    return first + np.flatnonzero(chosen)


@st.cache_resource(max_entries=6, show_spinner=False)
def mean_tiles(part: Part, side: int) -> tuple[list[bytes], list[bytes]]:
    """Returns the mean images of the ten classes as PNGs, and their variance images."""
    statistics = read_statistics()
    variances = statistics.variance_images(part)
    largest = float(variances.max())
    return (
        [tile_png(mean_picture(mean), side) for mean in statistics.mean_images(part)],
        [tile_png(variance_picture(variance, largest), side) for variance in variances],
    )


@st.cache_resource(max_entries=512, show_spinner=False)
def nearest_training_images(index: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Returns indices and distances of the nearest, without the image itself. Raises `DataError`.

    The distances are Euclidean, in grey levels.
    """
    # One more is asked for: a training image is its own nearest.
    indices, distances = training_neighbours().nearest(load_image(index), count + 1)
    others = indices != index
    return indices[others][:count], distances[others][:count]


def what_runs_said(run_ids: tuple[str, ...], index: int) -> tuple[list[Said], list[str]]:
    """Returns what these runs stored of an image, and a sentence for each damaged one."""
    root = runs_root()
    said, problems = [], []
    for run_id in run_ids:
        try:
            said.append(_said(run_id, _answers(root, run_id, stamp_of(root, run_id)), index))
        except FmnistError as error:
            problems.append(str(error))
    return said, problems


def _said(run_id: str, stored: _Answers, index: int) -> Said:
    place = int(np.searchsorted(stored.indices, index))
    if place == len(stored.indices) or stored.indices[place] != index:
        return Said(run_id, "")
    use: Use = "test" if stored.tested[place] else "validation"
    return Said(
        run_id,
        use,
        int(stored.predicted[place]),
        float(stored.confidence[place]),
        float(stored.of_label[place]),
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _answers(root: Path, run_id: str, stamp: int) -> _Answers:
    found = read_predictions(root, run_id)
    indices = np.concatenate([found.test_indices, found.validation_indices])
    labels = np.concatenate([found.test_labels, found.validation_labels])
    probabilities = np.concatenate([found.test_probabilities, found.validation_probabilities])
    tested = np.arange(len(indices)) < len(found.test_indices)
    # Where test images served for validation, each comes twice: as a test image it counts.
    indices, order = np.unique(indices, return_index=True)
    predicted = probabilities.argmax(axis=1).astype(np.uint8)
    return _Answers(
        indices,
        tested[order],
        predicted[order],
        probabilities.max(axis=1)[order],
        probabilities[np.arange(len(labels)), labels][order],
    )
