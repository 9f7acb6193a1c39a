import pytest

from fmnist_core.papers import find_system
from fmnist_core.training.plan import plan_run
from fmnist_core.training.provenance import budget, protocol_differences, provenance


def _plan(**changes):
    return plan_run("kadam_a1", changes)  # 50 epochs on 48,000 images


@pytest.mark.parametrize(
    ("changes", "epochs", "expected"),
    [
        ({}, 50, "full"),
        ({"epochs": 60}, 60, "full"),
        ({"epochs": 5}, 5, "reduced"),
        ({"early_stopping": 3}, 12, "reduced"),
        ({"early_stopping": 3}, 50, "full"),
        ({"limit": 47_999}, 50, "reduced"),
        ({"limit": 48_000}, 50, "full"),
        ({"train_fraction": 0.5}, 50, "reduced"),
    ],
)
def test_a_budget_is_full_when_the_epochs_and_images_of_the_source_were_seen(
    changes, epochs, expected
):
    assert budget(_plan(**changes), epochs=epochs, stopped=False) == expected
    assert budget(_plan(**changes), epochs=epochs, stopped=True) == "stopped"


def test_a_network_of_ones_own_sets_its_own_budget():
    plan = plan_run(
        "custom", {"epochs": 9, "early_stopping": 2}, layers="flatten\ndense 10 softmax"
    )
    assert budget(plan, epochs=4, stopped=False) == "full"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"limit": 12_000}, "reduced"), ({"train_fraction": 0.25}, "reduced"), ({}, "full")],
)
def test_a_cut_of_the_images_is_one_for_own_layers_too_however_it_is_asked_for(changes, expected):
    plan = plan_run("custom", {"epochs": 1, **changes}, layers="flatten\ndense 10 softmax")
    assert budget(plan, epochs=1, stopped=False) == expected


def test_every_departure_from_the_recipe_is_a_sentence_and_the_seed_is_none():
    system = find_system("kadam_a1")
    assert protocol_differences(_plan(seed=3), system) == ()
    (sentence,) = protocol_differences(_plan(optimizer="sgd"), system)
    assert sentence.startswith("optimizer: sgd here, adam in ")
    (tried,) = protocol_differences(
        plan_run("ajani_m6", {"optimizer": "nadam"}), find_system("ajani_m6")
    )
    assert tried == (
        "optimizer: nadam here, adam in the source's main training; it prints numbers for both."
    )
    (short,) = protocol_differences(_plan(limit=24_000), system)
    assert short.startswith("training images taken: 24,000 of 48,000 here, all 48,000 in ")
    variant = plan_run("kadam_a2", {}, variant="same")
    assert protocol_differences(variant, find_system("kadam_a2")) == (
        "layers: the variant 'same'.",
    )


def test_a_diverged_training_says_so_beside_the_users_notes():
    plan = plan_run("kadam_a1", {}, notes="First try.")
    assert provenance(plan).notes == "First try."
    assert "First try.\nThe training diverged" in provenance(plan, diverged=True).notes
    assert provenance(_plan(), diverged=True).notes.startswith("The training diverged")
