"""Paired tests: exact, adjusted, and only on images that both networks were tested on."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.intervals import newcombe_paired_interval
from fmnist_core.evaluation.significance import Answers, holm, mcnemar_exact, paired_tests


def _answers(run_id: str, correct, first: int = 60_000, *, selected: bool = False) -> Answers:
    correct = np.asarray(correct, bool)
    indices = np.arange(first, first + len(correct), dtype=np.int32)
    return Answers(run_id, correct, indices, selected)


@pytest.mark.parametrize(
    ("a_only", "b_only", "p"),
    [(0, 0, 1), (1, 7, 18 / 256), (7, 1, 18 / 256), (5, 5, 1), (0, 6, 2 / 64)],
)
def test_mcnemar_counts_coin_flips(a_only, b_only, p):
    """1 against 7 is Bentur et al.'s table in Fagerland, Lydersen and Laake, chapter 8."""
    assert mcnemar_exact(a_only, b_only) == p


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemar_equals_the_binomial_test_of_scipy(a_only, b_only):
    if a_only + b_only:
        expected = binomtest(a_only, a_only + b_only).pvalue
        assert mcnemar_exact(a_only, b_only) == pytest.approx(expected, rel=1e-9, abs=1e-200)


def test_mcnemar_has_no_largest_count():
    assert mcnemar_exact(0, 10_000) == 0  # 2^-9999, below the smallest number
    assert mcnemar_exact(5_000, 5_000) == 1


def test_two_equal_networks_are_called_different_in_no_more_than_five_per_cent():
    """2,000 draws: both are right on 92 % of 10,000 images, each alone on 2 %."""
    tables = np.random.default_rng(0).multinomial(10_000, [0.90, 0.02, 0.02, 0.06], size=2_000)
    called = np.mean([mcnemar_exact(int(a), int(b)) < 0.05 for _, a, b, _ in tables])
    assert 0.03 < called < 0.065


def test_holm_equals_r():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.2]) == [0.2]
    assert holm([0.9, 0.9]) == [1, 1]


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_holm_is_the_closed_test_of_bonferronis(p_values):
    """The proof of Holm's procedure: p is the largest Bonferroni value of any set with the test."""
    tests = range(len(p_values))
    for test, adjusted in enumerate(holm(p_values)):
        sets = [
            chosen
            for size in range(1, len(p_values) + 1)
            for chosen in itertools.combinations(tests, size)
            if test in chosen
        ]
        largest = max(min(1, len(s) * min(p_values[i] for i in s)) for s in sets)
        assert adjusted == pytest.approx(largest)


def test_a_pair_counts_what_only_one_gets_right():
    a = _answers("a", [1, 1, 1, 1, 0, 0, 1, 1])
    b = _answers("b", [1, 0, 0, 1, 1, 0, 1, 1])
    (pair,), untested = paired_tests([a, b])
    assert untested == ()
    assert (pair.a, pair.b, pair.images) == ("a", "b", 8)
    assert (pair.a_only_correct, pair.b_only_correct) == (2, 1)
    assert pair.accuracy_difference == 1 / 8
    assert pair.difference_ci95 == newcombe_paired_interval(4, 2, 1, 1)
    assert pair.mcnemar_p == mcnemar_exact(2, 1)
    assert pair.remark == ""


def test_p_values_are_adjusted_over_all_pairs_in_the_order_of_the_runs():
    generator = np.random.default_rng(0)
    runs = [_answers(name, generator.random(2_000) < share) for name, share in
            (("a", 0.90), ("b", 0.87), ("c", 0.85))]  # fmt: skip
    pairs, _ = paired_tests(runs)
    assert [(pair.a, pair.b) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [pair.mcnemar_p_holm for pair in pairs] == holm([pair.mcnemar_p for pair in pairs])
    assert pairs[1].mcnemar_p < 0.001


def test_the_order_of_the_images_does_not_matter():
    generator = np.random.default_rng(0)
    right_a, right_b = generator.random(500) < 0.9, generator.random(500) < 0.8
    order = generator.permutation(500)
    a, b = _answers("a", right_a), _answers("b", right_b)
    shuffled = Answers("b", b.correct[order], b.indices[order])
    assert paired_tests([a, b]) == paired_tests([a, shuffled])


def test_runs_on_other_images_are_compared_on_those_they_share():
    a = _answers("a", np.ones(100), first=60_000)
    b = _answers("b", np.arange(100) % 2, first=60_060)
    (pair,), _ = paired_tests([a, b])
    assert pair.images == 40
    assert (pair.a_only_correct, pair.b_only_correct) == (20, 0)
    assert "on the 40 images that were test images of both" in pair.remark


def test_runs_that_share_no_image_are_told_apart_in_words_and_not_adjusted_for():
    a = _answers("a", np.ones(20))
    b = _answers("b", np.arange(20) < 12)
    c = _answers("c", np.ones(20), first=0)
    pairs, untested = paired_tests([a, b, c])
    assert [(pair.a, pair.b) for pair in pairs] == [("a", "b")]
    assert pairs[0].mcnemar_p_holm == pairs[0].mcnemar_p
    assert [(pair.a, pair.b) for pair in untested] == [("a", "c"), ("b", "c")]
    assert "no image was a test image of both" in untested[0].reason


def test_a_run_that_validated_on_its_test_images_is_remarked_upon():
    runs = [_answers("a", np.ones(5)), _answers("b", np.ones(5), selected=True)]
    (pair,), _ = paired_tests(runs)
    assert pair.remark == "b used its test images for validation, which flatters it."


def test_two_networks_with_equal_answers_do_not_differ():
    right = np.arange(1000) % 10 > 0
    (pair,), _ = paired_tests([_answers("a", right), _answers("b", right)])
    assert (pair.accuracy_difference, pair.mcnemar_p, pair.mcnemar_p_holm) == (0, 1, 1)
    low, high = pair.difference_ci95
    assert -0.005 < low <= 0 <= high < 0.005


@pytest.mark.parametrize("runs", [[], [_answers("a", [1, 0])]])
def test_fewer_than_two_runs_have_no_pairs(runs):
    assert paired_tests(runs) == ((), ())


def test_a_run_is_not_compared_with_itself():
    with pytest.raises(RunError, match="Received: a twice"):
        paired_tests([_answers("a", [1]), _answers("a", [1])])


def test_every_pair_of_twenty_four_runs_is_tested():
    generator = np.random.default_rng(0)
    runs = [_answers(f"run{i}", generator.random(10_000) < 0.85 + i / 300) for i in range(24)]
    pairs, _ = paired_tests(runs)
    assert len(pairs) == 276
