"""Effects of levels: exact for single runs, over images for several seeds."""

import numpy as np
import pytest

from fmnist_core.evaluation.intervals import newcombe_paired_interval, wilson_interval
from fmnist_core.evaluation.significance import Answers, holm, mcnemar_exact
from fmnist_core.evaluation.study.effects import (
    accuracy_interval,
    adjusted,
    effect,
    scores,
    with_seeds,
)

INDICES = np.arange(60_000, 62_000, dtype=np.int32)


def answers(right: np.ndarray, indices: np.ndarray = INDICES) -> Answers:
    return Answers("x", right.astype(bool), indices)


def one_run(right: np.ndarray):
    return scores([answers(right)])


def test_two_single_runs_are_compared_exactly():
    a, b = np.ones(2_000), np.ones(2_000)
    a[:40], b[30:100] = 0, 0  # both wrong 10, a alone wrong 30, b alone wrong 60
    found = effect("s", "a", "b", one_run(a), one_run(b))
    assert found is not None
    assert found.difference == pytest.approx(30 / 2_000)
    assert found.p == mcnemar_exact(60, 30)
    assert found.ci95 == newcombe_paired_interval(1_900, 60, 30, 10)
    assert accuracy_interval(one_run(a)) == (0.98, wilson_interval(1_960, 2_000))


def test_several_seeds_count_each_image_once():
    """Three copies of one run say no more than the run itself, whatever their number."""
    rng = np.random.default_rng(0)
    a, b = rng.random(2_000) < 0.92, rng.random(2_000) < 0.90
    single = effect("s", "a", "b", one_run(a), one_run(b))
    copied = effect("s", "a", "b", scores([answers(a)] * 3), scores([answers(b)] * 3))
    assert single is not None
    assert copied is not None
    assert copied.difference == pytest.approx(single.difference)
    assert copied.ci95 == pytest.approx(single.ci95, abs=0.0005)
    assert copied.p == pytest.approx(single.p, rel=0.15)


def test_the_interval_over_seeds_covers_the_true_difference_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        easy = rng.beta(5, 1, 1_000)  # of each image, the same for all runs
        runs = [
            [answers(rng.random(1_000) < easy * share, INDICES[:1_000]) for _ in range(3)]
            for share in (1.0, 0.97)
        ]
        found = effect("s", "a", "b", scores(runs[0]), scores(runs[1]))
        assert found is not None
        low, high = found.ci95
        covered += low <= 0.03 * 5 / 6 <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_runs_of_different_test_images_meet_on_those_they_share():
    early, late = INDICES[:1_500], INDICES[500:]
    a = scores([answers(np.ones(1_500), early)])
    b = scores([answers(np.zeros(1_500), late)])
    found = effect("s", "a", "b", a, b)
    assert found is not None
    assert (found.images, found.difference) == (1_000, 1.0)
    apart = scores([answers(np.zeros(1_000), INDICES[:1_000] - 30_000)])
    assert effect("s", "a", "b", a, apart) is None


def test_equal_answers_of_several_seeds_are_no_difference():
    right = np.random.default_rng(2).random(2_000) < 0.9
    found = effect("s", "a", "b", scores([answers(right)] * 2), scores([answers(right)] * 2))
    assert found is not None
    assert (found.difference, found.p) == (0.0, 1.0)


def test_the_p_values_are_adjusted_for_all_effects_of_the_study():
    rng = np.random.default_rng(3)
    base = rng.random(2_000) < 0.9
    found = [
        effect("s", str(share), "base", one_run(rng.random(2_000) < share), one_run(base))
        for share in (0.93, 0.9, 0.85)
    ]
    tested = adjusted([one for one in found if one])
    assert [one.p_holm for one in tested] == holm([one.p for one in found if one])


def test_seeds_are_paired_by_number_and_kept_apart():
    right = np.ones(2_000)
    found = effect("s", "a", "b", one_run(right), one_run(right))
    assert found is not None
    paired = with_seeds(found, {0: 0.92, 1: 0.93, 5: 0.99}, {0: 0.91, 1: 0.90, 2: 0.5})
    assert paired.seed_differences == pytest.approx((0.01, 0.03))
