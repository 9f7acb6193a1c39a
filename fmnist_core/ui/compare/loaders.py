"""Cached readers of the Compare page: what runs said of the same images, and how sure they were."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from fmnist_core.evaluation.calibration_report import CalibrationReport, calibration_report
from fmnist_core.evaluation.ensembles import Method
from fmnist_core.evaluation.member_choice import Choice, choose_members
from fmnist_core.evaluation.selective import coverage_risk
from fmnist_core.evaluation.sheet import Images, Sheet, read_sheet
from fmnist_core.evaluation.trust_sentences import Risks, risks
from fmnist_core.figures.coverage_risk import coverage_rows
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_predictions, read_run
from fmnist_core.ui.run_stamps import stamp_of, stamps_of


@dataclass(frozen=True)
class Trust:
    """How far a run's confidence can be believed.

    Attributes:
        coverage: `coverage_rows` of its test images; shared, not to be changed.
    """

    report: CalibrationReport
    coverage: pd.DataFrame
    risks: Risks


def trust(run_id: str) -> Trust:
    """Returns calibration and coverage-risk of a run. Raises `RunError` for a damaged one."""
    root = runs_root()
    return _trust(root, run_id, stamp_of(root, run_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _trust(root: Path, run_id: str, stamp: int) -> Trust:
    predictions = read_predictions(root, run_id)
    curve = coverage_risk(predictions.test_probabilities, predictions.test_labels)
    return Trust(
        calibration_report(predictions, read_run(root, run_id).protocol),
        coverage_rows(curve.coverage, curve.risk),
        risks(curve),
    )


def sheet(run_ids: tuple[str, ...], images: Images = "test") -> Sheet:
    """Returns what runs said of the images they share. Raises `RunError` where there are none."""
    root = runs_root()
    return _sheet(root, stamps_of(root, run_ids), run_ids, images)


# 0.4 MB a run on 10,000 images, and 5 ms to read it again: so only the last few are kept.
@st.cache_resource(max_entries=2, show_spinner=False)
def _sheet(root: Path, stamps: int, _run_ids: tuple[str, ...], images: Images) -> Sheet:
    return read_sheet(root, _run_ids, images)


def greedy(run_ids: tuple[str, ...], method: Method) -> Choice:
    """Returns the greedy choice among these runs. Raises `RunError` for a damaged one."""
    root = runs_root()
    return _greedy(root, stamps_of(root, run_ids), run_ids, method)


@st.cache_resource(max_entries=32, show_spinner=False)
def _greedy(root: Path, stamps: int, _run_ids: tuple[str, ...], method: Method) -> Choice:
    runs = [
        (name, read_predictions(root, name), read_run(root, name).protocol) for name in _run_ids
    ]
    return choose_members(runs, method)
