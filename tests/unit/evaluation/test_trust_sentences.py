"""Confidence, temperatures and silence of one run and of several, in words."""

import dataclasses

import numpy as np
import pytest

from fmnist_core.evaluation.calibration_report import CalibrationReport, calibration_report
from fmnist_core.evaluation.selective import CoverageRisk, coverage_risk
from fmnist_core.evaluation.trust_sentences import (
    Risks,
    calibration_sentences,
    confidence_sentences,
    coverage_sentences,
    risks,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {"s": "Sure", "m": "Modest", "t": "True", "v": "Very"}


def report(
    confidence: float, accuracy: float, *, protocol: str = "holdout-80-20"
) -> CalibrationReport:
    """All answers are class 0 with one confidence; the stated share of them is right."""
    probabilities = np.full((1000, 10), (1 - confidence) / 9, np.float32)
    probabilities[:, 0] = confidence
    labels = np.where(np.arange(1000) < accuracy * 1000, 0, 1).astype(np.uint8)
    indices = np.arange(60_000, 61_000, dtype=np.int32)
    return calibration_report(
        Predictions(probabilities, labels, indices, probabilities, labels, indices - 30_000),
        protocol,
    )


SURE, MODEST, RIGHT = report(0.97, 0.8), report(0.7, 0.75), report(0.8, 0.8)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ({"s": SURE}, "Sure is on average more sure than right, by 17.0 points."),
        ({"m": MODEST}, "Modest is on average less sure than right, by 5.0 points."),
        ({"t": RIGHT}, "True is on average as sure as it is right."),
    ],
)
def test_one_run_is_spoken_of_as_one(only: dict[str, CalibrationReport], said: str) -> None:
    first, second = confidence_sentences(only, NAMES)
    assert first == said
    assert second == "Its fullest bin holds 100 % of its images."


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        (
            {"s": SURE, "m": MODEST},
            "1 of 2 runs is more sure than right on average, Sure by 17.0 points; Modest is the "
            "least sure of itself, 5.0 points below its accuracy.",
        ),
        (
            {"s": SURE, "v": report(0.97, 0.9)},
            "Both runs are more sure than right on average, Sure most, by 17.0 points.",
        ),
        (
            {"m": MODEST, "t": RIGHT},
            "Neither run is more sure than right on average; Modest is the least sure of "
            "itself, 5.0 points below its accuracy.",
        ),
    ],
)
def test_several_runs_are_counted(reports: dict[str, CalibrationReport], said: str) -> None:
    assert confidence_sentences(reports, NAMES)[0] == said


def test_after_scaling_only_runs_with_a_temperature_are_spoken_of() -> None:
    seen = report(0.9, 0.8, protocol="test-as-validation")
    assert confidence_sentences({"s": seen}, NAMES, "after") == []
    (first, _) = confidence_sentences({"s": SURE, "m": seen}, NAMES, "after")
    assert first.startswith("Sure is on average")


def test_the_best_and_the_worst_calibrated_are_named() -> None:
    first, second = calibration_sentences({"s": SURE, "m": MODEST}, NAMES)
    assert first == (
        "By the expected calibration error (ECE), as they answer, Modest is calibrated best "
        "(5.0 %), Sure worst (17.0 %)."
    )
    assert "make it smaller for 2 of 2 runs" in second
    (alone,) = calibration_sentences({"s": report(0.9, 0.8, protocol="test-as-validation")}, NAMES)
    assert alone == "Sure has an expected calibration error (ECE) of 10.0 %."
    _, temperature = calibration_sentences({"s": SURE}, NAMES)
    assert "turns its error of 17.0 % into 0.0 %." in temperature


def test_equal_numbers_make_no_range() -> None:
    first, second = calibration_sentences({"s": SURE, "v": SURE}, NAMES)
    assert first == "As they answer, both runs have an expected calibration error (ECE) of 17.0 %."
    assert second.startswith(f"A temperature of {SURE.temperature:.2f} each makes it smaller")
    other = dataclasses.replace(SURE, temperature=SURE.temperature + 1)
    (_, second) = calibration_sentences({"s": SURE, "v": other}, NAMES)
    assert second.startswith(f"Temperatures from {SURE.temperature:.2f} to {other.temperature:.2f}")


def curve(wrong_from: int, wrong: int) -> CoverageRisk:
    """1,000 images of falling confidence; `wrong` of them are wrong, from that place on."""
    confidence = np.linspace(0.99, 0.5, 1000)
    labels = np.zeros(1000, int)
    labels[wrong_from : wrong_from + wrong] = 1
    return coverage_risk(np.stack([confidence, 1 - confidence], axis=1), labels)


def test_who_knows_where_it_is_wrong_is_told_from_who_is_wrong_least() -> None:
    known = {"s": risks(curve(0, 40)), "m": risks(curve(900, 80))}
    first, second = coverage_sentences(known, NAMES)
    assert first.startswith("Modest errs least on average over all coverages")
    assert first.endswith("wrong in 0.00 % of the half it is surest of, and in 8.00 % of all.")
    assert second == "On all images Sure errs least (4.00 %), but it knows less well where."
    assert coverage_sentences({"m": known["m"]}, NAMES) == [
        "Modest is wrong in 0.00 % of the half it is surest of, and in 8.00 % of all."
    ]


def test_an_equal_error_on_all_images_belongs_to_nobody_alone() -> None:
    at = {0.5: 0.01, 0.8: 0.02, 0.9: 0.05, 1.0: 0.1}
    assert len(coverage_sentences({"s": Risks(0.03, at), "m": Risks(0.02, at)}, NAMES)) == 1
