"""The chance of other seeds: pooled over levels, joined with that of the images."""

import numpy as np
import pytest

from fmnist_core.evaluation.seed_spread import SeedSpread, joint_test, pooled_spread
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.student import student_quantile
from fmnist_core.evaluation.study.effects import effect, scores, with_seed_spread

IMAGES = 4_000


def test_the_deviation_is_pooled_over_levels_with_several_seeds():
    spread = pooled_spread([[0.90, 0.92], [0.80, 0.80, 0.86], [0.5]])
    assert spread is not None
    assert spread.degrees == 3
    # Sums of squares about the levels' own means: 0.0002 and 0.0024.
    assert spread.deviation == pytest.approx((0.0026 / 3) ** 0.5)
    assert pooled_spread([[0.9], [], [0.8]]) is None
    assert pooled_spread([[0.9, 0.91], [0.8]]) is None  # two seeds tell next to nothing


def test_without_an_error_of_images_it_is_students_t():
    """t = 0.03 / (0.01 * sqrt(1/2 + 1/2)) = 3 with 2 degrees: two-sided p 0.0955 (any table)."""
    (low, high), p = joint_test(0.03, 0.0, SeedSpread(0.01, 2), (2, 2))
    assert p == pytest.approx(0.0955, abs=0.0001)
    assert (low, high) == pytest.approx((0.03 - 4.3027 * 0.01, 0.03 + 4.3027 * 0.01), abs=1e-6)


def test_seeds_that_never_move_leave_the_normal_test_of_the_images():
    (low, high), p = joint_test(0.0196, 0.01, SeedSpread(0.0, 4), (3, 1))
    assert p == pytest.approx(0.05, abs=0.0001)
    assert (low, high) == pytest.approx((0.0, 0.0392), abs=0.0001)
    assert joint_test(0.0, 0.0, SeedSpread(0.0, 4), (3, 1)) == ((0.0, 0.0), 1.0)


def test_a_single_training_that_swings_moves_as_it_swings_and_no_other():
    pooled, swing = SeedSpread(0.001, 4), SeedSpread(0.02, 8)
    (calm, _), _ = joint_test(0.03, 0.004, pooled, (1, 3))
    (low, high), p = joint_test(0.03, 0.004, pooled, (1, 3), (swing, swing))
    assert low < 0 < calm
    assert p > 0.05
    # One side swings: 0.02 squared, and the pooled third of 0.001 squared.
    variance = 0.004**2 + 0.02**2 + 0.001**2 / 3
    degrees = variance**2 / (0.02**4 / 8 + (0.001**2 / 3) ** 2 / 4)
    assert high - 0.03 == pytest.approx(student_quantile(degrees) * variance**0.5)
    small = SeedSpread(0.0005, 8)
    assert joint_test(0.03, 0.004, pooled, (1, 3), (small, None))[0][0] == calm


@pytest.mark.parametrize("seeds", [(3, 3), (1, 3)])
@pytest.mark.parametrize("deviation", [0.0, 0.25, 1.0])
def test_equal_recipes_are_called_different_in_about_five_per_cent_at_most(seeds, deviation):
    """A seed moves a whole training by `deviation` standard errors of the images."""
    rng = np.random.default_rng(0)
    indices = np.arange(60_000, 60_000 + IMAGES, dtype=np.int32)
    shift = deviation * (0.1 * 0.9 / IMAGES) ** 0.5
    wrong, tries = 0, 300
    for _ in range(tries):
        easy = rng.beta(9, 1, IMAGES)  # of each image, the same for all trainings
        levels = [
            [
                Answers("x", rng.random(IMAGES) < easy + rng.normal(0, shift), indices)
                for _ in range(count)
            ]
            for count in seeds
        ]
        found = effect("s", "a", "b", scores(levels[0]), scores(levels[1]))
        spread = pooled_spread([[float(run.correct.mean()) for run in level] for level in levels])
        assert found is not None
        assert spread is not None
        wrong += with_seed_spread(found, spread, seeds).separated
    assert wrong / tries <= 0.07
