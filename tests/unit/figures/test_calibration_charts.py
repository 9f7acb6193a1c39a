"""Calibration of several runs, and error against coverage: tables and charts."""

import numpy as np
import pandas as pd
import pytest

from fmnist_core.evaluation.calibration_report import (
    CalibrationReport,
    calibration_report,
    calibration_scores,
)
from fmnist_core.evaluation.selective import CoverageRisk, coverage_risk
from fmnist_core.evaluation.trust_sentences import risks
from fmnist_core.figures.calibration_charts import (
    calibration_table,
    not_scaled,
    not_scaled_caveat,
    reliability_chart,
    reliability_frame,
)
from fmnist_core.figures.coverage_risk import (
    RISK_COLUMNS,
    coverage_chart,
    coverage_rows,
    risk_table,
)
from fmnist_core.runs.arrays import Predictions

COLORS = {"Sure": "#aa0000", "Modest": "#0000aa"}


def sheet(confidence: float, accuracy: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """All answers are class 0 with one confidence; the stated share of them is right."""
    probabilities = np.full((count, 10), (1 - confidence) / 9, np.float32)
    probabilities[:, 0] = confidence
    labels = np.where(np.arange(count) < accuracy * count, 0, 1).astype(np.uint8)
    return probabilities, labels


def report(confidence: float, accuracy: float, *, protocol: str = "holdout-80-20"):
    test, labels = sheet(confidence, accuracy, 1000)
    indices = np.arange(60_000, 61_000, dtype=np.int32)
    return calibration_report(
        Predictions(test, labels, indices, test, labels, indices - 30_000), protocol
    )


@pytest.fixture(scope="module")
def reports() -> dict[str, CalibrationReport]:
    return {"Sure": report(0.97, 0.8), "Modest": report(0.7, 0.75)}


def test_a_row_holds_the_scores_before_and_after(reports: dict[str, CalibrationReport]) -> None:
    table = calibration_table(reports)
    assert list(table["ece"]) == pytest.approx([0.17, 0.05], abs=1e-3)
    assert table["temperature"].iloc[0] > 1 > table["temperature"].iloc[1]
    assert list(table["ece_after"]) == pytest.approx([0, 0], abs=1e-3)


def test_the_axes_fit_the_bins_that_say_something() -> None:
    probabilities, labels = sheet(0.9, 0.8, 1000)
    one, _ = sheet(0.2, 0.0, 1)
    scores = calibration_scores(np.vstack([probabilities, one]), np.append(labels, 1))
    bins = reliability_frame({"Sure": CalibrationReport(scores, None, None, "")}, "before")
    assert len(bins) == 2
    chart = reliability_chart(bins, {"Sure": COLORS["Sure"]})
    assert chart["layer"][1]["encoding"]["x"]["scale"]["domain"] == pytest.approx(
        [76, 100], abs=0.1
    )


def test_a_run_without_a_temperature_is_named_and_has_no_bins_after_it() -> None:
    seen = {"Seen": report(0.9, 0.8, protocol="test-as-validation")}
    assert not_scaled(seen) == ["Seen"]
    assert "**Seen** has no temperature" in not_scaled_caveat(not_scaled(seen), 1)
    assert not_scaled_caveat([], 3) == ""
    assert not_scaled_caveat(list("abcde"), 6).startswith("5 of 6 runs have no temperature")
    assert reliability_frame(seen, "after").empty
    table = calibration_table(seen)
    assert table["ece_after"].isna().all()


def curve(wrong_from: int, wrong: int) -> CoverageRisk:
    """1,000 images of falling confidence; `wrong` of them are wrong, from that place on."""
    confidence = np.linspace(0.99, 0.5, 1000)
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    labels = np.zeros(1000, int)
    labels[wrong_from : wrong_from + wrong] = 1
    return coverage_risk(probabilities, labels)


def test_a_curve_keeps_a_hundred_points_and_its_end_is_the_error() -> None:
    found = curve(900, 80)
    rows = coverage_rows(found.coverage, found.risk)
    assert len(rows) == 96  # from 5 to 100 %
    assert rows["coverage"].is_monotonic_increasing
    assert rows["risk"].iloc[-1] == pytest.approx(0.08)
    assert rows["risk"].iloc[0] == 0


def test_the_risks_stand_by_the_area_under_the_curve() -> None:
    curves = {"Lucky": curve(0, 40), "Knowing": curve(900, 80)}
    table = risk_table({label: risks(found) for label, found in curves.items()})
    assert list(table["label"]) == ["Knowing", "Lucky"]
    assert list(table["at_50"]) == pytest.approx([0, 0.08])
    assert set(RISK_COLUMNS) == set(table)
    rows = pd.concat(
        coverage_rows(found.coverage, found.risk).assign(label=label)
        for label, found in curves.items()
    )
    marked = coverage_chart(rows, {"Lucky": "#aa0000", "Knowing": "#0000aa"})["data"]["marked"]
    assert marked.sum() == 20
