"""Cached readers of the Papers page: the ledger, and the runs that stand for its networks."""

import functools
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path

import streamlit as st

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.fit import FitVerdict, run_fit
from fmnist_core.evaluation.ledger.choice import Choice, choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import Evidence, evidence_run_ids, read_evidence
from fmnist_core.evaluation.ledger.rows import LedgerRow, ledger
from fmnist_core.evaluation.metrics import per_class_report
from fmnist_core.figures.papers.facts import Facts
from fmnist_core.papers import systems
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import DamagedRun, RunIndex, list_runs
from fmnist_core.runs.read import read_predictions
from fmnist_core.ui import loaders
from fmnist_core.ui.run_stamps import stamp_of, stamps_of
from fmnist_core.ui.studies.loaders import MOST_RUNS, one_study_result


@dataclass(frozen=True)
class _Reading:
    """What the runs of a folder say of the published numbers, and which cannot be read."""

    rows: tuple[LedgerRow, ...]
    choices: Mapping[str, Choice]
    damaged: tuple[DamagedRun, ...]


def ledger_rows() -> tuple[LedgerRow, ...]:
    """Returns every published number beside ours; without runs, beside nothing.

    A damaged run counts as missing; `damaged_runs` names it.

    Raises:
        RunError: the runs folder cannot be read.
    """
    return _reading().rows


def damaged_runs() -> tuple[DamagedRun, ...]:
    """Returns the runs that cannot be read, in what the ledger reads of them too.

    Raises:
        RunError: the runs folder cannot be read.
    """
    return _index(runs_root()).damaged + _reading().damaged


def standing_choices() -> Mapping[str, Choice]:
    """Returns system id -> the runs that the ledger takes for it, at the catalogue's recipe.

    Raises:
        RunError: the runs folder cannot be read.
    """
    return _reading().choices


def facts() -> Facts:
    """Returns what the checks of the claims are made with. Raises `RunError` as `ledger_rows`."""
    full = {
        system: [item.run for item in choice.evidence]
        for system, choice in standing_choices().items()
        if choice.budget == "full"
    }
    newest = nlargest(MOST_RUNS, _index(runs_root()).runs, key=lambda run: run.created)
    run_ids = tuple(run.run_id for run in newest)
    return Facts(
        ledger_rows(),
        full,
        loaders.answers,
        _fit,
        class_f1,
        _val_losses,
        functools.cache(lambda study: one_study_result(run_ids, study)),  # asked by several checks
    )


def class_f1(run_id: str) -> tuple[float, ...]:
    """Returns the F1 of the ten classes on a run's test images. Raises `RunError`."""
    root = runs_root()
    return _class_f1(root, run_id, stamp_of(root, run_id))


@st.cache_resource(ttl=5, max_entries=4, show_spinner=False)
def _index(root: Path) -> RunIndex:
    return list_runs(root)


def _reading() -> _Reading:
    root = runs_root()
    run_ids = evidence_run_ids(_index(root))
    return _read(root, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=4, show_spinner=False)
def _read(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> _Reading:
    evidence, damaged = [], []
    for run_id in _run_ids:
        try:
            evidence.append(_evidence(root, run_id, stamp_of(root, run_id)))
        except RunError as error:
            damaged.append(DamagedRun(run_id, str(error)))
        except UnknownNameError:
            continue  # deleted since it was listed
    of_system: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        of_system[item.run.architecture].append(item)
    chosen = {
        system.id: choose_runs(system, needed_recipe(system), of_system[system.id])
        for system in systems()
    }
    choices = {name: choice for name, choice in chosen.items() if choice}
    return _Reading(ledger(evidence), choices, tuple(damaged))


@st.cache_resource(max_entries=512, show_spinner=False)
def _evidence(root: Path, run_id: str, stamp: int) -> Evidence:
    return read_evidence(root, run_id)


@st.cache_resource(max_entries=256, show_spinner=False)
def _class_f1(root: Path, run_id: str, stamp: int) -> tuple[float, ...]:
    predictions = read_predictions(root, run_id)
    predicted = predictions.test_probabilities.argmax(axis=1)
    return tuple(row.f1 for row in per_class_report(predictions.test_labels, predicted).classes)


def _fit(run_id: str) -> FitVerdict | None:
    return run_fit(loaders.run_record(run_id), loaders.epochs(run_id))


def _val_losses(run_id: str) -> tuple[float, ...]:
    values = (row.val_loss for row in loaders.epochs(run_id))
    return tuple(value for value in values if value is not None)
