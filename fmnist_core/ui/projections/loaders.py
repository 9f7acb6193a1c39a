"""Cached readers of the Projections page."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data import load_pool, load_test_images
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import FmnistError, RunError
from fmnist_core.evaluation.clouds import PIXELS, Cloud, Clouds, pixel_cloud, shared_clouds
from fmnist_core.evaluation.separation_measures import Separation, separation
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.evaluation.tsne import find_tsne
from fmnist_core.figures.projections.linked import thumbnail
from fmnist_core.runs.arrays import Projection
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_projection
from fmnist_core.runs.tsne_file import TsnePicture
from fmnist_core.ui.run_stamps import stamp_of, stamps_of

MOST_RUNS = 5


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page draws: the clouds, and the sheet they belong to.

    Attributes:
        key: names the content in keys of widgets and caches.
        sheet: `None` where no run is drawn.
    """

    key: tuple[str, ...]
    clouds: Clouds
    sheet: Sheet | None


def only_pixels() -> Shown:
    """Returns the pixels of the stored images."""
    return _only_pixels()


@st.cache_resource(show_spinner=False)
def _only_pixels() -> Shown:
    return Shown((PIXELS,), pixel_cloud(), None)


def readable(run_ids: tuple[str, ...], labels: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Returns the first `MOST_RUNS` whose projection can be read, and why those before cannot."""
    root = runs_root()
    found: list[str] = []
    reasons: list[str] = []
    for run_id in run_ids:
        if len(found) == MOST_RUNS:
            break
        try:
            _projection(root, run_id, stamp_of(root, run_id))
            found.append(run_id)
        except FmnistError as error:
            why = str(error).replace(run_id, "it")
            reasons.append(f"{labels.get(run_id, run_id)} is left out: {why}")
    return found, reasons


def shown(sheet: Sheet, *, pixels: bool) -> Shown:
    """Returns the clouds of the runs on the sheet. Raises `RunError` and `DataError`."""
    root = runs_root()
    return _shown(root, stamps_of(root, sheet.run_ids), pixels, sheet)


@st.cache_resource(max_entries=4, show_spinner=False)
def _shown(root: Path, stamps: int, pixels: bool, _sheet: Sheet) -> Shown:
    projections = {
        run_id: _projection(root, run_id, stamp_of(root, run_id)) for run_id in _sheet.run_ids
    }
    clouds = shared_clouds(_sheet, projections, pixels=pixels)
    return Shown(tuple(cloud.name for cloud in clouds.clouds), clouds, _sheet)


# 1 MB each.
@st.cache_resource(max_entries=12, show_spinner=False)
def _projection(root: Path, run_id: str, stamp: int) -> Projection:
    return read_projection(root, run_id)


def neighbour_pictures(content: Shown) -> tuple[Shown | None, dict[str, str]]:
    """Returns the same images laid out by t-SNE, and why some of the clouds are left out.

    None where none is left.
    """
    clouds: list[Cloud] = []
    reasons: dict[str, str] = {}
    for cloud in content.clouds.clouds:
        try:
            clouds.append(_tsne_cloud(cloud.name, content))
        except FmnistError as error:
            reasons[cloud.name] = str(error)
    if not clouds:
        return None, reasons
    whole = content.clouds
    laid_out = Clouds(tuple(clouds), whole.indices, whole.labels, whole.positions)
    # The whole content names it: a cloud that is left out still decides which images are shared.
    return Shown(("tsne", *content.key), laid_out, content.sheet), reasons


def _tsne_cloud(name: str, content: Shown) -> Cloud:
    root = runs_root()
    picture = _tsne(root, name, stamp_of(root, name))
    order = np.argsort(picture.indices)
    places = np.searchsorted(picture.indices[order], content.clouds.indices)
    places = order[places.clip(max=len(order) - 1)]
    if not np.array_equal(picture.indices[places], content.clouds.indices):
        raise RunError(
            f"{name} has a t-SNE picture of other images than are drawn here; choose runs that "
            "were tested on the official test images to see it."
        )
    return Cloud(name, picture.points[places], np.empty(0, np.float32))


# 60 kB each.
@st.cache_resource(max_entries=64, show_spinner=False)
def _tsne(root: Path, name: str, stamp: int) -> TsnePicture:
    return find_tsne(root, name)


def separations(content: Shown) -> list[Separation]:
    """Returns the measures of every cloud; half a second for each that is new."""
    root = runs_root()
    stamps = stamps_of(root, content.sheet.run_ids if content.sheet else ())
    return [
        _separation(root, content.key, stamps, cloud.name, content)
        for cloud in content.clouds.clouds
    ]


@st.cache_resource(max_entries=256, show_spinner=False)
def _separation(
    root: Path, key: tuple[str, ...], stamps: int, name: str, _content: Shown
) -> Separation:
    (cloud,) = (cloud for cloud in _content.clouds.clouds if cloud.name == name)
    return separation(cloud.scores, _content.clouds.labels)


def thumbnails(content: Shown) -> pd.Series:
    """Returns the drawn images as base64 PNGs, 2 MB for 5,000. Raises `DataError`."""
    return _thumbnails(content.clouds.indices.tobytes())


@st.cache_resource(max_entries=2, show_spinner=False)
def _thumbnails(indices: bytes) -> pd.Series:
    wanted = np.frombuffer(indices, np.int32)
    # The test images alone are a sixth of all, in time and memory.
    first = TRAIN_COUNT if wanted.min() >= TRAIN_COUNT else 0
    images = load_test_images() if first else load_pool().images
    return pd.Series([thumbnail(images[i - first]) for i in wanted])
