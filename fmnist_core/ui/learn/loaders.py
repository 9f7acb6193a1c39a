"""Cached steps of the Learn page: a network's weights, and one image on its way through it."""

from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.errors import FmnistError
from fmnist_core.figures.learn.maps import maps_picture
from fmnist_core.inference.layer_outputs import Trace, trace
from fmnist_core.runs.arrays import Floats
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_stored_weights
from fmnist_core.ui.loaders import run_record
from fmnist_core.ui.run_stamps import stamp_of


def weights(run_id: str) -> dict[str, Floats]:
    """Returns the tensors of a run by name. Raises `RunError`."""
    root = runs_root()
    return _weights(root, run_id, stamp_of(root, run_id))


# 5 MB for the largest of the catalogue's common networks.
@st.cache_resource(max_entries=6, show_spinner=False)
def _weights(root: Path, run_id: str, stamp: int) -> dict[str, Floats]:
    return read_stored_weights(root, run_id)


def traced(run_id: str, image: NDArray[np.uint8], dropout_seed: int | None = None) -> Trace:
    """Returns what every layer makes of an image, uint8 (28, 28).

    Args:
        run_id: of the network.
        image: light on dark.
        dropout_seed: draws dropout masks, as while training; `None` as while predicting.

    Raises:
        RunError: the run is damaged, or was stored without weights that fit.
        LayerTextError: its layers cannot be read.
    """
    root = runs_root()
    return _traced(root, run_id, stamp_of(root, run_id), image.tobytes(), dropout_seed)


# 3 ms each and 1 MB; 8 MB for the largest of the catalogue.
@st.cache_resource(max_entries=8, show_spinner=False)
def _traced(root: Path, run_id: str, stamp: int, pixels: bytes, dropout_seed: int | None) -> Trace:
    run = run_record(run_id)
    recipe = run.recipe
    return trace(
        run.layers,
        _weights(root, run_id, stamp),
        np.frombuffer(pixels, np.uint8).reshape(28, 28),
        pixel_mean=recipe.pixel_mean if recipe else 0.0,
        pixel_std=recipe.pixel_std if recipe else 1.0,
        dropout_seed=dropout_seed,
    )


def layer_picture(run_id: str, image: NDArray[np.uint8], layer: str, most: int) -> bytes:
    """Returns the first maps, or units, of a layer as a PNG."""
    root = runs_root()
    return _layer_picture(root, run_id, stamp_of(root, run_id), image.tobytes(), layer, most)


@st.cache_resource(max_entries=256, show_spinner=False)
def _layer_picture(
    root: Path, run_id: str, stamp: int, pixels: bytes, layer: str, most: int
) -> bytes:
    return maps_picture(_traced(root, run_id, stamp, pixels, None).outputs[layer], most)


def layer_words(run_id: str) -> frozenset[str]:
    """Returns the kinds of layer that a run's text names, such as {"conv", "dense"}.

    None for a run that was deleted meanwhile, or is damaged.
    """
    try:
        lines = run_record(run_id).layers.splitlines()
    except FmnistError:
        return frozenset()
    return frozenset(line.split()[0] for line in lines if line.strip())
