"""Underfit, overfit, good fit: the rules, on the numbers the sources print."""

import pytest

from fmnist_core.evaluation.fit import fit_verdict

# Training and validation (or test) accuracy as printed in the sources, and what the rules say.
PRINTED = {
    "awasthi_basic": (1.0, 0.917, "overfit"),
    "awasthi_enhanced": (0.9889, 0.933, "overfit"),
    "s002_cnn": (0.984, 0.926, "overfit"),
    "ajani_m1": (0.9104, 0.8789, "mild overfit"),
    "ajani_m2": (0.8839, 0.8775, "good fit"),
    "ajani_m3": (0.7628, 0.7984, "underfit"),
}


@pytest.mark.parametrize("name", PRINTED)
def test_the_rules_give_these_verdicts_on_published_numbers(name):
    train, validation, verdict = PRINTED[name]
    assert fit_verdict(train, validation).verdict == verdict


@pytest.mark.parametrize(
    ("train", "validation", "verdict"),
    [
        (0.84, 0.82, "underfit"),
        (0.85, 0.83, "good fit"),
        (0.84, 0.81, "mild overfit"),  # low, but not for want of capacity
        (0.90, 0.871, "good fit"),
        (0.90, 0.87, "mild overfit"),
        (0.95, 0.90, "overfit"),  # 0.04999... in binary
        (0.90, 0.95, "good fit"),
    ],
)
def test_a_limit_that_is_met_counts_as_met(train, validation, verdict):
    assert fit_verdict(train, validation).verdict == verdict


def test_a_rising_validation_loss_makes_a_mild_gap_an_overfit():
    falling = [0.5, 0.3, 0.2, 0.1]
    rising = [0.4, 0.3, 0.35, 0.375]
    found = fit_verdict(0.95, 0.91, falling, rising)
    assert found.verdict == "overfit"
    assert found.loss_rise == pytest.approx(1.25)
    assert found.train_loss_falls


@pytest.mark.parametrize(
    ("train_losses", "val_losses"),
    [
        ([0.5, 0.3, 0.2], [0.4, 0.3, 0.37]),  # not far enough
        ([0.5, 0.1, 0.2], [0.4, 0.3, 0.6]),  # the training loss rose as well
        ([0.5, 0.3, 0.2], [0.4, 0.3, None]),  # unknown at the end
        ([0.5, 0.3, None], [0.4, 0.3, 0.6]),
        ([], [0.4, 0.3, 0.6]),
        ([], []),
    ],
)
def test_without_that_signature_a_mild_gap_stays_mild(train_losses, val_losses):
    assert fit_verdict(0.95, 0.91, train_losses, val_losses).verdict == "mild overfit"


def test_the_rising_loss_alone_does_not_decide():
    assert fit_verdict(0.92, 0.91, [0.5, 0.1], [0.3, 0.9]).verdict == "good fit"


def test_the_reason_gives_the_numbers_that_led_to_it():
    found = fit_verdict(0.9889, 0.933, [0.5, 0.04], [0.2, 0.31])
    assert "98.89 %" in found.reason
    assert "93.30 %" in found.reason
    assert "5.59 points below" in found.reason
    assert "1.55 times its smallest" in found.reason
    above = fit_verdict(0.7628, 0.7984)
    assert "3.56 points above" in above.reason
    assert "loss" not in above.reason


def test_a_validation_loss_of_zero_is_no_divisor():
    assert fit_verdict(1.0, 1.0, [0.1, 0.0], [0.0, 0.0]).loss_rise is None
