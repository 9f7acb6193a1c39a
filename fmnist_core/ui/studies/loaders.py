"""Cached readers of the Studies page: every run's record, and each study with its numbers."""

from functools import partial
from pathlib import Path

import streamlit as st

from fmnist_core.campaign.entries import Entry, read_campaign
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.epoch_swing import read_seeds_from_epochs
from fmnist_core.evaluation.study.matching import reduced_words
from fmnist_core.evaluation.study.result import ReadAnswers, ReadSwing, StudyResult, study_result
from fmnist_core.evaluation.study.sweeps import every_result
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import Run
from fmnist_core.studies import Setup, belongs, read_studies
from fmnist_core.training.plan import Plan
from fmnist_core.ui.run_stamps import stamp_of, stamps_of

# Records of so many runs take 20 MB; the newest of more are looked at.
MOST_RUNS = 2_000


def study_results(run_ids: tuple[str, ...]) -> tuple[StudyResult, ...]:
    """Returns the studies of the files, then the reader's own sweeps, over these runs.

    Runs that cannot be read are left out; the page names them as damaged.
    """
    root = runs_root()
    return _results(root, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=2, show_spinner=False)
def _results(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> tuple[StudyResult, ...]:
    return every_result(_readable(root, _run_ids), *_readers(root))


def one_study_result(run_ids: tuple[str, ...], study_id: str) -> StudyResult:
    """Returns one study of the files over these runs, those unreadable left out."""
    root = runs_root()
    return _result(root, stamps_of(root, run_ids), study_id, run_ids)


@st.cache_resource(max_entries=4, show_spinner=False)
def _result(root: Path, stamps: int, study_id: str, _run_ids: tuple[str, ...]) -> StudyResult:
    study = next(one for one in read_studies() if one.id == study_id)
    runs = _readable(root, _run_ids)
    return study_result(study, runs, *_readers(root))


def _readers(root: Path) -> tuple[ReadAnswers, ReadSwing]:
    return partial(read_answers, root), partial(read_seeds_from_epochs, root)


def _readable(root: Path, run_ids: tuple[str, ...]) -> list[Run]:
    records = _records(root)
    runs = []
    for run_id in run_ids:
        stamp = stamp_of(root, run_id)
        known = records.get(run_id)
        if known is None or known[0] != stamp:
            try:
                known = records[run_id] = (stamp, read_run(root, run_id))
            except (RunError, UnknownNameError):
                continue
        runs.append(known[1])
    return runs


@st.cache_resource(max_entries=2, show_spinner=False)
def _records(root: Path) -> dict[str, tuple[int, Run]]:
    """Records by id, each with the stamp of its run, filled as runs appear."""
    return {}


def campaign_entry(setup: Setup) -> tuple[str, str]:
    """Returns the id of the campaign's entry that trains this level, and how much shorter it is.

    Both are empty where none does, the second where it is trained in full.
    """
    for entry in _campaign():
        plan = entry.plan
        if isinstance(plan, Plan) and belongs(setup, plan.layers, plan.recipe):
            return entry.id, reduced_words(plan.recipe, setup.recipe)
    return "", ""


@st.cache_resource(show_spinner=False)
def _campaign() -> tuple[Entry, ...]:
    return read_campaign()
