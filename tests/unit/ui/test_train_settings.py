"""How a job trains, in words."""

from dataclasses import replace

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES, TEST_SEEN, UNSETTLED
from fmnist_core.jobs.record import Job
from fmnist_core.training.plan import plan_run
from fmnist_core.ui.train.settings import headline, planned_labels, recipe_words

PLAN = plan_run("awasthi_enhanced", {"epochs": 10})


def job(architecture: str = "kadam_a1", *, keep: bool = False, **recipe: object) -> Job:
    plan = plan_run(architecture, recipe)
    return Job(plan.run_id, plan, "queued", keep, "", 0.0, None, None, "", 0)


def test_the_network_is_named_where_the_job_has_a_name_of_its_own() -> None:
    assert headline(PLAN) == "10 epochs · adam at 0.001 · batches of 512 · seed 0"
    assert headline(replace(PLAN, name="Mine")).startswith("Enhanced CNN (Awasthi & Soni) · ")
    assert headline(replace(PLAN, architecture="custom")).startswith("Own layers · ")


def test_fewer_images_and_augmentation_are_part_of_the_headline() -> None:
    recipe = replace(PLAN.recipe, limit=6_000, augmentation="flip")
    words = headline(replace(PLAN, recipe=recipe))
    assert "6,000 images" in words
    assert words.endswith("flip")
    larger = replace(PLAN.recipe, limit=60_000)  # than the 48,000 of its split
    assert headline(replace(PLAN, recipe=larger)) == headline(PLAN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"protocol": "test-as-validation"}, "test set as validation"),
        ({"train_fraction": 0.25}, "25 % of the training images"),
        ({"schedule": "one_cycle"}, "one-cycle schedule"),
        ({"weight_decay": 1e-4}, "weight decay 0.0001"),
        ({"label_smoothing": 0.1}, "label smoothing 0.1"),
        ({"precision": "mixed_bfloat16"}, "mixed_bfloat16"),
        ({"early_stopping": 5}, "early stopping after 5"),
        ({"keep": "best"}, "weights of the best epoch"),
        ({"pixel_mean": 0.25}, "pixel mean 0.25"),
    ],
)
def test_every_departure_from_the_source_is_said(change: dict[str, object], words: str) -> None:
    assert words not in recipe_words(plan_run("kadam_a1", {}))
    assert recipe_words(plan_run("kadam_a1", change)).endswith(f" · {words}")


def test_what_the_source_has_and_a_job_has_not_is_said_too() -> None:
    source = plan_run("s003_enhanced", {})
    assert source.recipe.augmentation
    without = replace(source, recipe=replace(source.recipe, augmentation=""))
    assert recipe_words(without).endswith("not augmented")


@pytest.mark.parametrize(
    ("wanted", "labels"),
    [
        (job(), []),
        (job(epochs=2), [BUDGET_BADGES["reduced"]]),
        (job(optimizer="lion"), [BUDGET_BADGES["varied"]]),
        (job(keep=True), [BUDGET_BADGES["stopped"]]),
        (
            job(protocol="test-as-validation", limit=600),
            [TEST_SEEN, BUDGET_BADGES["reduced"]],
        ),
        (job("awasthi_enhanced", epochs=3, limit=6_000), [BUDGET_BADGES["reduced"], UNSETTLED]),
        (job("awasthi_enhanced"), []),
    ],
)
def test_the_labels_of_the_run_are_known_before_it_is_there(wanted: Job, labels: list[str]) -> None:
    assert planned_labels(wanted) == labels


def test_a_catalogue_entry_that_has_gone_has_no_budget() -> None:
    known = job()
    gone = replace(known, plan=replace(known.plan, architecture="gone"))
    assert planned_labels(gone) == []
