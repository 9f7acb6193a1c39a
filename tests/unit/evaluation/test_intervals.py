"""Intervals equal their papers' examples and keep their promised coverage."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from fmnist_core.evaluation.intervals import newcombe_paired_interval, wilson_interval

# R. G. Newcombe, Statistics in Medicine 17:857-872, 1998, Table I, method 3.
NEWCOMBE_SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]

# Both right, only a, only b, both wrong; printed difference and limits.
PUBLISHED_PAIRED = {
    # D. G. Altman et al., Statistics with Confidence, 2nd ed., 2000, p. 52 (Newcombe's chapter).
    "thallium stress test": (14, 5, 0, 22, 0.122, 0.011, 0.226),
    # Fagerland, Lydersen, Laake, Statistical Analysis of Contingency Tables, 2017, chapter 8.
    "complete response": (59, 6, 16, 80, -0.0621, -0.1186, -0.0046),
}


@pytest.mark.parametrize(("successes", "count", "low", "high"), NEWCOMBE_SINGLE)
def test_wilsons_interval_equals_the_published_examples(successes, count, low, high):
    found = wilson_interval(successes, count)
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_wilsons_interval_equals_scipy(confidence):
    for count in (1, 2, 10, 999, 10_000):
        for successes in {0, 1, count // 3, count // 2, count - 1, count}:
            expected = binomtest(successes, count).proportion_ci(confidence, method="wilson")
            found = wilson_interval(successes, count, confidence)
            assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_an_interval_holds_its_estimate_and_never_leaves_0_to_1():
    for count in (1, 3, 7, 10_000):
        for successes in {0, 1, count // 2, count - 1, count}:
            low, high = wilson_interval(successes, count)
            assert 0 <= low <= successes / count <= high <= 1
    assert wilson_interval(0, 0) == (0, 1)


@pytest.mark.parametrize("share", [0.85, 0.9, 0.92, 0.95])
def test_wilsons_interval_covers_the_truth_as_often_as_it_says(share):
    """Exactly, over all outcomes of 10,000 images, not by drawing."""
    outcomes = np.arange(10_001)
    weights = binom.pmf(outcomes, 10_000, share)
    covered = [
        wilson_interval(int(outcome), 10_000)[0]
        <= share
        <= wilson_interval(int(outcome), 10_000)[1]
        for outcome in outcomes[weights > 1e-12]
    ]
    assert 0.945 < weights[weights > 1e-12][covered].sum() < 0.955


@pytest.mark.parametrize("name", PUBLISHED_PAIRED)
def test_newcombes_interval_equals_the_published_examples(name):
    *table, difference, low, high = PUBLISHED_PAIRED[name]
    assert (table[1] - table[2]) / sum(table) == pytest.approx(difference, abs=5e-4)
    digits = 5e-4 if name.startswith("thallium") else 5e-5
    assert newcombe_paired_interval(*table) == pytest.approx((low, high), abs=digits)


def test_newcombes_interval_holds_its_estimate_turns_with_the_order_and_stays_in_range():
    for both, a_only, b_only, neither in itertools.product((0, 1, 5, 90), repeat=4):
        count = both + a_only + b_only + neither
        low, high = newcombe_paired_interval(both, a_only, b_only, neither)
        assert -1 <= low <= high <= 1
        if count:
            assert low <= (a_only - b_only) / count <= high
        turned = newcombe_paired_interval(both, b_only, a_only, neither)
        assert turned == pytest.approx((-high, -low), abs=1e-12)


def test_newcombes_interval_without_images_says_nothing():
    assert newcombe_paired_interval(0, 0, 0, 0) == (-1, 1)


@pytest.mark.parametrize(("a_only", "b_only"), [(0.02, 0.02), (0.03, 0.02), (0.06, 0.01)])
def test_newcombes_interval_covers_the_truth_as_often_as_it_says(a_only, b_only):
    """2,000 draws of 10,000 images on which two networks are right about 90 % of the time."""
    shares = [0.88, a_only, b_only, 0.12 - a_only - b_only]
    tables = np.random.default_rng(1).multinomial(10_000, shares, size=2_000)
    intervals = np.array([newcombe_paired_interval(*map(int, table)) for table in tables])
    truth = a_only - b_only
    covered = ((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean()
    assert 0.935 < covered < 0.965
