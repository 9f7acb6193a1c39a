import numpy as np
import pytest

from fmnist_core.recipes import OPTIMIZERS, Recipe
from fmnist_core.training.optimizers import make_optimizer
from fmnist_core.training.schedule import scheduled_rate


def _rate(recipe, step, steps_per_epoch=10):
    optimizer = make_optimizer(recipe, steps_per_epoch)
    optimizer.iterations.assign(step)
    return float(optimizer.learning_rate)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_name_makes_that_keras_optimizer_with_the_rate(name):
    optimizer = make_optimizer(Recipe(optimizer=name, learning_rate=0.03, weight_decay=0.01), 10)
    expected = {"momentum": "SGD", "nesterov": "SGD"}.get(name, name).lower()
    assert type(optimizer).__name__.lower() == expected
    assert float(optimizer.learning_rate) == pytest.approx(0.03)
    assert optimizer.weight_decay == pytest.approx(0.01)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_weight_decay_in_the_recipe_is_none_in_the_optimizer(name):
    assert not make_optimizer(Recipe(optimizer=name), 10).weight_decay


def test_a_whole_number_is_a_learning_rate_too():
    assert float(make_optimizer(Recipe(learning_rate=1), 10).learning_rate) == 1


def test_momentum_and_nesterov_are_sgd_with_nine_tenths():
    plain, momentum, nesterov = (
        make_optimizer(Recipe(optimizer=name), 10) for name in ("sgd", "momentum", "nesterov")
    )
    assert (plain.momentum, momentum.momentum, nesterov.momentum) == (0.0, 0.9, 0.9)
    assert (momentum.nesterov, nesterov.nesterov) == (False, True)


def test_cosine_falls_from_the_peak_to_zero_over_all_epochs():
    recipe = Recipe(schedule="cosine", learning_rate=0.2, epochs=4)
    rates = [_rate(recipe, step) for step in (0, 20, 40)]
    np.testing.assert_allclose(rates, [0.2, 0.1, 0.0], atol=1e-7)


def test_one_cycle_warms_up_for_three_tenths_and_ends_at_zero():
    recipe = Recipe(schedule="one_cycle", learning_rate=0.5, epochs=10)
    assert _rate(recipe, 0) == pytest.approx(0.02)
    assert _rate(recipe, 30) == pytest.approx(0.5)
    assert _rate(recipe, 15) == pytest.approx((0.02 + 0.5) / 2)
    assert _rate(recipe, 100) == pytest.approx(0, abs=1e-7)


def test_step_divides_by_ten_after_half_and_after_three_quarters():
    recipe = Recipe(schedule="step", learning_rate=1.0, epochs=4)
    rates = [_rate(recipe, step) for step in (0, 20, 21, 30, 31)]
    np.testing.assert_allclose(rates, [1, 1, 0.1, 0.1, 0.01], rtol=1e-5)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle", "step"])
def test_the_rate_that_is_shown_is_the_rate_that_keras_uses(schedule):
    recipe = Recipe(schedule=schedule, learning_rate=0.3, epochs=4)
    optimizer = make_optimizer(recipe, 10)
    for step in range(40):
        optimizer.iterations.assign(step)
        assert scheduled_rate(recipe, step, 40) == pytest.approx(
            float(optimizer.learning_rate), abs=1e-6
        )
