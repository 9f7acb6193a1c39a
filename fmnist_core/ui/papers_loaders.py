"""Cached readers of the Papers page: the ledger, and the runs that stand for its networks."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.fit import FitVerdict, run_fit
from fmnist_core.evaluation.ledger import LedgerRow, ledger
from fmnist_core.evaluation.ledger_evidence import Evidence, evidence_run_ids, read_evidence
from fmnist_core.evaluation.metrics import per_class_report
from fmnist_core.evaluation.significance import Pair
from fmnist_core.figures.papers_checks import Facts
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import DamagedRun, RunIndex, list_runs
from fmnist_core.runs.read import read_predictions
from fmnist_core.runs.schema import Run
from fmnist_core.ui import loaders
from fmnist_core.ui.run_stamps import stamp_of, stamps_of

_Ledger = tuple[tuple[LedgerRow, ...], tuple[DamagedRun, ...]]


def ledger_rows() -> tuple[LedgerRow, ...]:
    """Returns every published number beside ours; without runs, beside nothing.

    A damaged run counts as missing; `damaged_runs` names it.

    Raises:
        RunError: the runs folder cannot be read.
    """
    return _current_ledger()[0]


def damaged_runs() -> tuple[DamagedRun, ...]:
    """Returns the runs that cannot be read, in what the ledger reads of them too.

    Raises:
        RunError: the runs folder cannot be read.
    """
    return _index(runs_root()).damaged + _current_ledger()[1]


def standing_runs() -> dict[str, Run]:
    """Returns system id -> the run that stands for it: full, as its source says, lowest seed.

    Raises:
        RunError: the runs folder cannot be read.
    """
    found: dict[str, tuple[int, str]] = {}
    for run in _index(runs_root()).runs:
        if run.budget == "full" and run.variant is None and not run.protocol_differences:
            known = found.get(run.architecture)
            if known is None or run.seed < known[0]:
                found[run.architecture] = (run.seed, run.run_id)
    standing = {}
    for system, (_, run_id) in found.items():
        try:
            standing[system] = loaders.run_record(run_id)
        except (RunError, UnknownNameError):
            continue  # named in the list of damaged runs, or deleted since it was listed
    return standing


def facts() -> Facts:
    """Returns what the checks of the claims are made with. Raises `RunError` as `ledger_rows`."""
    return Facts(ledger_rows(), standing_runs(), _pair, _fit, class_f1, _val_accuracies)


def class_f1(run_id: str) -> tuple[float, ...]:
    """Returns the F1 of the ten classes on a run's test images. Raises `RunError`."""
    root = runs_root()
    return _class_f1(root, run_id, stamp_of(root, run_id))


@st.cache_resource(ttl=5, max_entries=4, show_spinner=False)
def _index(root: Path) -> RunIndex:
    return list_runs(root)


def _current_ledger() -> _Ledger:
    root = runs_root()
    run_ids = evidence_run_ids(_index(root))
    return _ledger(root, stamps_of(root, run_ids), run_ids)


@st.cache_resource(max_entries=4, show_spinner=False)
def _ledger(root: Path, stamps: int, _run_ids: tuple[str, ...]) -> _Ledger:
    evidence, damaged = [], []
    for run_id in _run_ids:
        try:
            evidence.append(_evidence(root, run_id, stamp_of(root, run_id)))
        except RunError as error:
            damaged.append(DamagedRun(run_id, str(error)))
        except UnknownNameError:
            continue  # deleted since it was listed
    return ledger(evidence), tuple(damaged)


@st.cache_resource(max_entries=512, show_spinner=False)
def _evidence(root: Path, run_id: str, stamp: int) -> Evidence:
    return read_evidence(root, run_id)


@st.cache_resource(max_entries=256, show_spinner=False)
def _class_f1(root: Path, run_id: str, stamp: int) -> tuple[float, ...]:
    predictions = read_predictions(root, run_id)
    predicted = predictions.test_probabilities.argmax(axis=1)
    return tuple(row.f1 for row in per_class_report(predictions.test_labels, predicted).classes)


def _pair(a: str, b: str) -> Pair | None:
    pairs: Sequence[Pair] = loaders.comparison((a, b)).pairs
    return pairs[0] if pairs else None


def _fit(run_id: str) -> FitVerdict | None:
    return run_fit(loaders.run_record(run_id), loaders.epochs(run_id))


def _val_accuracies(run_id: str) -> tuple[float, ...]:
    values = (row.val_accuracy for row in loaders.epochs(run_id))
    return tuple(value for value in values if value is not None)
