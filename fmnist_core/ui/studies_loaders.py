"""Cached readers of the Studies page: every run's record, and each study with its numbers."""

from pathlib import Path

import streamlit as st

from fmnist_core.campaign.entries import Entry, read_campaign
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.study import StudyResult
from fmnist_core.evaluation.study_matching import reduced_words
from fmnist_core.evaluation.study_sweeps import every_result
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import Run
from fmnist_core.studies import Setup, belongs
from fmnist_core.training.plan import Plan

# Records of so many runs take 20 MB; the newest of more are looked at.
MOST_RUNS = 2_000


def study_results(run_ids: tuple[str, ...]) -> tuple[StudyResult, ...]:
    """Returns the studies of the files, then the reader's own sweeps, over these runs.

    Runs that cannot be read are left out; the page names them as damaged.
    """
    return _results(runs_root(), run_ids)


@st.cache_resource(max_entries=2, show_spinner=False)
def _results(root: Path, run_ids: tuple[str, ...]) -> tuple[StudyResult, ...]:
    records = _records(root)
    for run_id in set(run_ids) - records.keys():
        try:
            records[run_id] = read_run(root, run_id)
        except (RunError, UnknownNameError):
            continue
    runs = [records[run_id] for run_id in run_ids if run_id in records]
    return every_result(runs, lambda run_id: read_answers(root, run_id))


@st.cache_resource(max_entries=2, show_spinner=False)
def _records(root: Path) -> dict[str, Run]:
    """Records by id, filled as runs appear; a run never changes once it is there."""
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
