"""Cached readers: what is on the disk, each thing read once until it changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from fmnist_core.data import find_data, load_pool
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.evaluation.compare import Comparison, compare_answers, read_answers
from fmnist_core.evaluation.significance import Answers
from fmnist_core.figures.histories import history_frame
from fmnist_core.figures.leaderboard import leaderboard_frame
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import DamagedRun, list_runs
from fmnist_core.runs.read import read_history, read_run
from fmnist_core.runs.schema import Run
from fmnist_core.ui.run_stamps import stamp_of, stamps_of

if TYPE_CHECKING:  # as below
    from fmnist_core.inference.neighbours import Neighbours


@dataclass(frozen=True)
class Leaderboard:
    """Every run of the runs folder.

    Attributes:
        frame: `leaderboard_frame` of the whole runs; shared between sessions, not to be changed.
        labels: run id -> the name it has on every page.
        damaged: the runs that cannot be read, each with its reason.
    """

    frame: pd.DataFrame
    labels: dict[str, str]
    damaged: tuple[DamagedRun, ...]


def leaderboard() -> Leaderboard:
    """Returns the runs as they were at most a few seconds ago. Raises `RunError`."""
    return _leaderboard(runs_root())


def forget_leaderboard() -> None:
    """Has the next reader look at the disk, where a run is known to have been added."""
    _leaderboard.clear()


@st.cache_resource(ttl=5, max_entries=4, show_spinner=False)
def _leaderboard(root: Path) -> Leaderboard:
    index = list_runs(root)
    frame = leaderboard_frame(index.runs)
    return Leaderboard(
        frame, dict(zip(frame["run_id"], frame["label"], strict=True)), index.damaged
    )


@st.cache_data(ttl=30, show_spinner=False)
def data_is_found() -> bool:
    """Says whether the image files are there, without opening them."""
    return find_data() is not None


@st.cache_resource(show_spinner=False)
def training_neighbours() -> "Neighbours":
    """Returns the training images, searchable: made once a process, 16 MB. Raises `DataError`."""
    from fmnist_core.inference.neighbours import (  # noqa: PLC0415  # brings SciPy along
        make_neighbours,
    )

    return make_neighbours(load_pool().images[:TRAIN_COUNT])


def comparison(run_ids: tuple[str, ...]) -> Comparison:
    """Returns accuracies and paired tests of these runs. Raises `RunError` for a damaged one."""
    root = runs_root()
    return _comparison(root, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=64, show_spinner=False)
def _comparison(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> Comparison:
    return compare_answers([answers(name) for name in _run_ids])


def answers(run_id: str) -> Answers:
    """Returns which test images a run gets right. Raises `RunError`."""
    root = runs_root()
    return _answers(root, run_id, stamp_of(root, run_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _answers(root: Path, run_id: str, stamp: int) -> Answers:
    """Keeps 50 kB of a run's predictions: which images it gets right."""
    return read_answers(root, run_id)


def histories(run_ids: tuple[str, ...]) -> pd.DataFrame:
    """Returns `history_frame` of these runs below each other. Raises `RunError`."""
    root = runs_root()
    frames = [_history(root, run_id, stamp_of(root, run_id)) for run_id in run_ids]
    return pd.concat(frames, ignore_index=True)


@st.cache_resource(max_entries=256, show_spinner=False)
def _history(root: Path, run_id: str, stamp: int) -> pd.DataFrame:
    return history_frame(run_record(run_id), epochs(run_id))


def epochs(run_id: str) -> tuple[EpochRow, ...]:
    """Returns the history of a run, one row an epoch. Raises `RunError`."""
    root = runs_root()
    return _epochs(root, run_id, stamp_of(root, run_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _epochs(root: Path, run_id: str, stamp: int) -> tuple[EpochRow, ...]:
    return read_history(root, run_id)


def run_record(run_id: str) -> Run:
    """Returns `run.json` of a run. Raises `RunError`."""
    root = runs_root()
    return _run_record(root, run_id, stamp_of(root, run_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _run_record(root: Path, run_id: str, stamp: int) -> Run:
    return read_run(root, run_id)
