"""Cached readers of the Classes page."""

import base64
from pathlib import Path

import streamlit as st

from fmnist_core.data import load_image
from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.class_scores import ClassScores, class_scores
from fmnist_core.evaluation.label_errors import (
    PublishedExample,
    confident_learning,
    out_of_sample,
    published_check,
)
from fmnist_core.evaluation.sheet import Sheet, make_sheet, read_sheet
from fmnist_core.figures.pictures import tile_png
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_predictions, read_run
from fmnist_core.ui.run_stamps import stamps_of

# A sheet of 24 runs takes 11 MB.
_SHEETS = 3
_Given = tuple[str, Predictions, str]  # id, predictions, protocol


def chosen_sheet(run_ids: tuple[str, ...]) -> tuple[Sheet, tuple[str, ...]]:
    """Returns what these runs said of the test images they share, and why a run is left out.

    Raises:
        RunError: no run can be read, or those that can be share no test image.
    """
    root = runs_root()
    try:
        return _sheet(root, stamps_of(root, run_ids), run_ids), ()
    except FmnistError as error:
        readable, reasons = _readable(root, run_ids)
        if not readable or not reasons:
            raise error from None
        return make_sheet(readable), tuple(reasons)


def known_scores(sheet: Sheet) -> tuple[ClassScores, ...]:
    """Returns how well each run of a sheet of test images knows each class."""
    root = runs_root()
    return _scores(root, stamps_of(root, sheet.run_ids), sheet)


# Ranking 24 runs takes 0.2 s; what is kept of each is small.
@st.cache_resource(max_entries=64, show_spinner=False)
def _scores(root: Path, stamps: int, _sheet: Sheet) -> tuple[ClassScores, ...]:
    return class_scores(_sheet)


@st.cache_resource(max_entries=_SHEETS, show_spinner=False)
def _sheet(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> Sheet:
    return read_sheet(root, _run_ids)


def _readable(
    root: Path, run_ids: tuple[str, ...]
) -> tuple[list[tuple[str, Predictions, str]], list[str]]:
    readable: list[tuple[str, Predictions, str]] = []
    reasons: list[str] = []
    for run_id in run_ids:
        try:
            run = read_run(root, run_id)
            readable.append((run_id, read_predictions(root, run_id), run.protocol))
        except FmnistError as error:
            reasons.append(f"{run_id} is left out: {error}")
    return readable, reasons


def published_examples(run_ids: tuple[str, ...]) -> tuple[PublishedExample, ...]:
    """Returns what these runs say of the published mislabelled images. Raises `RunError`."""
    root = runs_root()
    return _published(root, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=64, show_spinner=False)
def _published(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> tuple[PublishedExample, ...]:
    held_out = out_of_sample([read_predictions(root, run_id) for run_id in _run_ids])
    return published_check(held_out, confident_learning(held_out.probabilities, held_out.labels))


@st.cache_resource(max_entries=4096, show_spinner=False)
def tile(index: int, side: int) -> str:
    """Returns an image of the pool as a `data:` address of a PNG, each pixel a square.

    A file of Streamlit's own is gone once the next click has drawn others, and a browser that was
    still fetching it complains. Raises `DataError`.
    """
    picture = tile_png(load_image(index), side)
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
