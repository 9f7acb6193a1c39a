import dataclasses

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.papers import find_system, systems
from fmnist_core.recipes import Recipe
from fmnist_core.runs.read import read_run
from fmnist_core.training.budgets import BUDGETS, FULL, QUICK, SHORT, recipe_for
from fmnist_core.training.estimate import estimate, image_counts, machine_speed
from tests.shipped_runs import IN_FULL, SHIPPED

NETWORKS = [system.id for system in systems() if system.layers]


@pytest.fixture(scope="module")
def speed():
    runs = [read_run(SHIPPED, run_id) for run_id in IN_FULL.values()]
    return dataclasses.replace(machine_speed(runs, "AMD EPYC"), cores=2)


def _shortened(system_id, budget, speed, **changes):
    """The recipe before and after, the estimate of what is left, and the changes."""
    system = find_system(system_id)
    summary = summarize(system.layers)
    recipe = Recipe.from_dict({**system.recipe, **changes})
    changed = recipe_for(budget, recipe, summary, image_counts, speed)
    shorter = dataclasses.replace(recipe, **changed)
    return recipe, shorter, estimate(summary, shorter, image_counts(shorter), speed), changed


def test_the_budgets_have_their_ids_and_only_full_has_no_end():
    assert [budget.id for budget in BUDGETS] == ["quick", "short", "full"]
    assert [budget.seconds is None for budget in BUDGETS] == [False, False, True]


def test_a_quick_look_at_awasthi_enhanced_ends_well_within_a_minute_and_shows_a_curve(speed):
    _, shorter, found, _ = _shortened("awasthi_enhanced", QUICK, speed)
    assert found.seconds <= 55 / 1.3
    assert found.seconds - 3 * found.seconds_per_epoch < 15  # the most of it is training
    assert shorter.epochs >= 3
    assert shorter.limit > 10_000


@pytest.mark.parametrize("system_id", NETWORKS)
@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.id)
def test_a_budget_only_shortens_and_is_kept_where_it_can_be(system_id, budget, speed):
    recipe, shorter, found, changed = _shortened(system_id, budget, speed)
    images = image_counts(shorter).train
    assert changed.keys() <= {"epochs", "limit"}
    assert 1 <= shorter.epochs <= recipe.epochs
    assert recipe.batch_size <= images <= image_counts(recipe).train
    if budget is FULL:
        assert changed == {}
    elif found.seconds > budget.seconds:  # its evaluation alone takes so long
        assert (shorter.epochs, images) == (1, max(1000, recipe.batch_size))
    elif changed:
        assert found.seconds > 0.7 * budget.seconds
    if shorter.epochs < 3:
        assert images < image_counts(recipe).train


def test_a_small_network_is_trained_by_its_whole_recipe(speed):
    assert _shortened("sivakumar_ann", QUICK, speed)[3] == {}
    assert _shortened("s002_cnn", SHORT, speed)[3] == {}


def test_epochs_go_first_and_images_stay_while_three_epochs_fit(speed):
    changed = _shortened("awasthi_enhanced", SHORT, speed)[3]
    assert changed.keys() == {"epochs"}
    assert 3 <= changed["epochs"] < 100


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 2},
        {"limit": 700},
        {"train_fraction": 0.01, "batch_size": 480},
        {"batch_size": 2_000, "epochs": 1},
        {"limit": 2_000, "epochs": 1_000},
    ],
)
def test_a_recipe_that_is_shorter_still_keeps_what_it_has(changes, speed):
    recipe, shorter, found, changed = _shortened("chen_resnet", QUICK, speed, **changes)
    assert shorter.epochs <= recipe.epochs
    assert shorter.batch_size <= image_counts(shorter).train <= image_counts(recipe).train
    assert changed.get("limit") != image_counts(recipe).train
    assert (
        found.seconds
        < estimate(
            summarize(find_system("chen_resnet").layers), recipe, image_counts(recipe), speed
        ).seconds
        or not changed
    )


def test_a_slow_machine_gets_less_to_do(speed):
    slow = dataclasses.replace(speed, prices=tuple(3 * price for price in speed.prices))
    usual = _shortened("awasthi_enhanced", QUICK, speed)[1]
    less = _shortened("awasthi_enhanced", QUICK, slow)[1]
    assert (less.epochs, less.limit) < (usual.epochs, usual.limit)
