"""How often the tests err, and how often the intervals hold, over 2,000 draws of test images.

Two networks are right with the same chance and correlated as real ones are: with a correlation of
0.6 at 92 %, each alone is right on 2.9 % of the images. The exact McNemar test is conservative: it
keeps its promise for every number of flips, and so errs in somewhat less than 5 % of the draws.
"""

import itertools

import numpy as np
import pytest

from fmnist_core.evaluation.intervals import newcombe_paired_interval, wilson_interval
from fmnist_core.evaluation.sheet import read_sheet
from fmnist_core.evaluation.significance import SEPARATED_BELOW, holm, mcnemar_exact
from tests.unit.evaluation.example_sheets import SHIPPED, needs_runs, shipped

DRAWS = 2_000


def _shares(accuracy_a: float, accuracy_b: float, correlation: float) -> list[float]:
    """Chances of both right, only a, only b, both wrong."""
    spread = (accuracy_a * (1 - accuracy_a) * accuracy_b * (1 - accuracy_b)) ** 0.5
    both = accuracy_a * accuracy_b + correlation * spread
    return [both, accuracy_a - both, accuracy_b - both, 1 - accuracy_a - accuracy_b + both]


def _draw(shares, images, seed=0) -> list[list[int]]:
    return np.random.default_rng(seed).multinomial(images, shares, DRAWS).tolist()


def _covered(intervals, truth) -> float:
    low, high = np.transpose(list(intervals))
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize("images", [10_000, 2_028])
def test_equal_networks_are_called_different_in_at_most_five_per_cent_of_draws(images):
    tables = _draw(_shares(0.92, 0.92, 0.6), images)
    called = np.mean([mcnemar_exact(a, b) < SEPARATED_BELOW for _, a, b, _ in tables])
    assert 0.03 <= called <= 0.065


def test_with_holm_any_wrong_call_among_four_equal_networks_is_as_rare():
    """Given the difficulty of an image the four err independently; they reach 92 % on average."""
    generator = np.random.default_rng(0)
    patterns = np.array(list(itertools.product([0, 1], repeat=4)))
    difficulties, weights = np.array([0.99, 0.75, 0.3]), np.array([0.83, 0.1, 0.07])
    weights = weights / weights.sum()
    chances = np.prod(
        np.where(patterns[:, None, :] == 1, difficulties[:, None], 1 - difficulties[:, None]),
        axis=2,
    )
    counts = generator.multinomial(10_000, chances @ weights, DRAWS)
    assert counts @ patterns / 10_000 == pytest.approx(0.92, abs=0.02)
    wrong = 0
    for draw in counts:
        p_values = [
            mcnemar_exact(
                int(draw[(patterns[:, i] == 1) & (patterns[:, j] == 0)].sum()),
                int(draw[(patterns[:, i] == 0) & (patterns[:, j] == 1)].sum()),
            )
            for i, j in itertools.combinations(range(4), 2)
        ]
        wrong += min(holm(p_values)) < SEPARATED_BELOW
    assert 0.01 <= wrong / DRAWS <= 0.065


@pytest.mark.parametrize("images", [10_000, 2_028])
@pytest.mark.parametrize(("a", "b"), [(0.92, 0.92), (0.92, 0.91), (0.9, 0.82)])
def test_newcombes_interval_holds_the_true_difference(a, b, images):
    tables = _draw(_shares(a, b, 0.6), images, seed=1)
    covered = _covered((newcombe_paired_interval(*table) for table in tables), a - b)
    assert 0.935 <= covered <= 0.965


@pytest.mark.parametrize("images", [14_000, 10_000, 2_028])
@pytest.mark.parametrize("accuracy", [0.92, 0.85])
def test_wilsons_interval_holds_the_true_accuracy(accuracy, images):
    hits = np.random.default_rng(2).binomial(images, accuracy, DRAWS).tolist()
    covered = _covered((wilson_interval(count, images) for count in hits), accuracy)
    assert 0.935 <= covered <= 0.965


@needs_runs
def test_the_intervals_hold_for_test_sets_drawn_from_the_answers_of_real_networks():
    """The 10,000 images stand for all; draws of as many with replacement for other test sets."""
    right_a, right_b = read_sheet(SHIPPED, shipped()[:2]).correct
    shares = [
        float((of_a & of_b).mean())
        for of_a, of_b in ((right_a, right_b), (right_a, ~right_b), (~right_a, right_b),
                           (~right_a, ~right_b))
    ]  # fmt: skip
    tables = _draw(shares, 10_000, seed=3)
    difference = shares[1] - shares[2]
    covered = _covered((newcombe_paired_interval(*table) for table in tables), difference)
    assert 0.935 <= covered <= 0.965
    covered = _covered((wilson_interval(t[0] + t[1], 10_000) for t in tables), right_a.mean())
    assert 0.935 <= covered <= 0.965
