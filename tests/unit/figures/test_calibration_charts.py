"""Calibration of several runs, and error against coverage: tables, charts and sentences."""

import numpy as np
import pandas as pd
import pytest

from fmnist_core.evaluation.calibration_report import (
    CalibrationReport,
    calibration_report,
    calibration_scores,
)
from fmnist_core.evaluation.selective import coverage_risk
from fmnist_core.figures.calibration_charts import (
    calibration_table,
    calibration_takeaway,
    not_scaled,
    not_scaled_caveat,
    reliability_chart,
    reliability_frame,
    reliability_takeaway,
)
from fmnist_core.figures.coverage_risk import (
    coverage_chart,
    coverage_rows,
    coverage_takeaway,
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
    words = calibration_takeaway(table)
    assert "**Modest** is calibrated best (ECE 5.0 %), **Sure** worst (17.0 %)" in words
    assert "smaller for 2 of 2 runs" in words


def test_the_sentence_says_who_is_too_sure(reports: dict[str, CalibrationReport]) -> None:
    bins = reliability_frame(reports, "before")
    assert list(bins["images"]) == [1000, 1000]
    words = reliability_takeaway(bins)
    assert words.startswith(
        "1 of 2 runs is more sure than right on average, **Sure** most, by 17.0"
    )
    assert "**Modest** is the least sure of itself, 5.0 points below" in words


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
    assert "temperature" not in calibration_takeaway(table).lower()


def curve(wrong_from: int, wrong: int) -> tuple[pd.DataFrame, float]:
    """1,000 images of falling confidence; `wrong` of them are wrong, from that place on."""
    confidence = np.linspace(0.99, 0.5, 1000)
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    labels = np.zeros(1000, int)
    labels[wrong_from : wrong_from + wrong] = 1
    found = coverage_risk(probabilities, labels)
    return coverage_rows(found.coverage, found.risk), found.aurc


def test_a_curve_keeps_a_hundred_points_and_its_end_is_the_error() -> None:
    rows, _ = curve(900, 80)
    assert len(rows) == 96  # from 5 to 100 %
    assert rows["coverage"].is_monotonic_increasing
    assert rows["risk"].iloc[-1] == pytest.approx(0.08)
    assert rows["risk"].iloc[0] == 0


def test_who_knows_where_it_is_wrong_is_told_from_who_is_wrong_least() -> None:
    knowing, area = curve(900, 80)
    lucky, larger = curve(0, 40)
    rows = pd.concat([lucky.assign(label="Lucky"), knowing.assign(label="Knowing")])
    table = risk_table(rows, {"Lucky": larger, "Knowing": area})
    assert list(table["label"]) == ["Knowing", "Lucky"]
    assert list(table["at_50"]) == pytest.approx([0, 0.08])
    words = coverage_takeaway(table)
    assert words.startswith("**Knowing** errs least on average over all coverages")
    assert "wrong in 0.00 % of the half it is surest of, and in 8.00 % of all" in words
    assert "On all images **Lucky** errs least (4.00 %)" in words
    assert coverage_takeaway(table.head(1)).startswith("**Knowing** is wrong in 0.00 %")
    marked = coverage_chart(rows, {"Lucky": "#aa0000", "Knowing": "#0000aa"})["data"]["marked"]
    assert marked.sum() == 20
