"""Networks that answer as one: three rules by hand, and a choice that never sees a test image."""

import numpy as np
import pytest
from scipy.stats import gmean

from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.ensembles import (
    METHODS,
    Step,
    best_length,
    ensemble,
    ensemble_result,
    greedy_choice,
)
from fmnist_core.evaluation.sheet import read_sheet
from tests.unit.evaluation.example_sheets import (
    SHIPPED,
    needs_runs,
    says,
    sheet_of,
    shipped,
)

RANDOM = np.random.default_rng(0).dirichlet(np.full(10, 0.3), (4, 200)).astype(np.float32)


def test_the_mean_is_the_mean():
    assert ensemble(RANDOM, "mean") == pytest.approx(RANDOM.mean(axis=0), abs=1e-6)


def test_the_log_mean_is_scipys_geometric_mean_scaled_to_1():
    expected = gmean(np.maximum(RANDOM, np.finfo(np.float32).tiny).astype(float), axis=0)
    expected /= expected.sum(axis=1, keepdims=True)
    assert ensemble(RANDOM, "log_mean") == pytest.approx(expected, abs=1e-9)


def test_one_network_can_veto_in_the_log_mean_only():
    values = np.zeros((3, 1, 10), np.float32)
    values[:2, 0, 1], values[:2, 0, 2] = 0.9, 0.1
    values[2, 0, 2] = 1
    assert ensemble(values, "mean").argmax() == ensemble(values, "vote").argmax() == 1
    assert ensemble(values, "log_mean").argmax() == 2


def test_a_vote_gives_shares_and_ties_go_to_the_larger_mean_probability():
    values = np.stack([says([4], 0.6), says([4], 0.6), says([7], 0.99)])
    assert ensemble(values, "vote")[0, [4, 7]] == pytest.approx([2 / 3, 1 / 3], abs=1e-5)
    assert ensemble(values, "vote").argmax() == 4
    assert ensemble(values[1:], "vote").argmax() == 7


@pytest.mark.parametrize("method", METHODS)
def test_rows_add_up_to_1_and_one_network_alone_says_what_it_says(method):
    assert ensemble(RANDOM, method).sum(axis=1) == pytest.approx(np.ones(200), abs=1e-12)
    alone = ensemble(RANDOM[:1], method)
    assert np.array_equal(alone.argmax(axis=1), RANDOM[0].argmax(axis=1))
    twins = ensemble(RANDOM[[0, 0]], method)
    assert np.array_equal(twins.argmax(axis=1), RANDOM[0].argmax(axis=1))


def test_no_network_or_no_such_method_is_refused():
    with pytest.raises(RunError, match="at least one run"):
        ensemble(RANDOM[:0], "mean")
    with pytest.raises(UnknownNameError, match="median"):
        ensemble(RANDOM, "median")


def test_three_weak_networks_with_errors_apart_beat_each_of_them():
    labels = [0] * 9
    sheet = sheet_of(labels, a=[1] * 3 + [0] * 6, b=[0] * 3 + [1] * 3 + [0] * 3,
                     c=[0] * 6 + [1] * 2 + [0])  # fmt: skip
    result = ensemble_result(sheet, "vote")
    assert result.accuracy == 1
    assert result.best_run_id == "c"
    assert (result.pair.a, result.pair.b) == ("ensemble", "c")
    assert (result.pair.a_only_correct, result.pair.b_only_correct) == (2, 0)
    assert result.pair.mcnemar_p_holm == result.pair.mcnemar_p == 0.5


def test_the_greedy_choice_takes_the_best_and_then_what_helps_it():
    labels = [0] * 6
    validation = sheet_of(
        labels,
        twin=([0, 0, 0, 0, 1, 1], 0.8),
        best=([0, 0, 0, 0, 1, 0], 0.8),
        other=([1, 1, 0, 0, 0, 0], [0.5, 0.5, 0.9, 0.9, 0.9, 0.9]),
    )
    steps = greedy_choice(validation, "mean", 3)
    assert [step.run_id for step in steps] == ["best", "other", "twin"]
    assert [step.val_accuracy for step in steps] == pytest.approx([5 / 6, 1, 5 / 6])
    assert best_length(steps) == 2
    assert greedy_choice(validation, "mean", 1) == (Step("best", 5 / 6),)


def test_there_are_no_more_steps_than_runs_and_nothing_has_no_best_length():
    assert len(greedy_choice(sheet_of([0], a=[0], b=[0]), "vote", 9)) == 2
    assert greedy_choice(sheet_of([0], a=[0]), "mean", 0) == ()
    assert best_length(()) == 0


@needs_runs
@pytest.mark.parametrize("method", METHODS)
def test_a_step_of_the_greedy_choice_is_the_ensemble_of_the_runs_so_far(method):
    validation = read_sheet(SHIPPED, shipped()[:4], "validation")
    steps = greedy_choice(validation, method, 3)
    for length, step in enumerate(steps, 1):
        rows = [validation.run_ids.index(taken.run_id) for taken in steps[:length]]
        together = ensemble(validation.probabilities[rows], method)
        right = together.argmax(axis=1) == validation.labels
        assert step.val_accuracy == pytest.approx(right.mean(), abs=1e-12)
    assert steps[0].val_accuracy == validation.accuracies.max()
