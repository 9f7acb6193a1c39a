"""Which runs a published number is held against: by their recipe, never by their accuracy."""

import dataclasses
import itertools

import pytest

from fmnist_core.evaluation.ledger.choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import Evidence
from fmnist_core.papers import find_system
from tests.unit.evaluation.example_evidence import MadeUp

SYSTEM = find_system("ajani_m1")  # Adam, batch 32, 10 epochs


def chosen(*runs: "MadeUp | Baseline", system=SYSTEM, **row):
    evidence = [run.evidence() for run in runs]
    choices = {
        (tuple(e.run.run_id for e in choice.evidence), choice.budget, choice.departures)
        if (choice := choose_runs(system, needed_recipe(system, **row), order))
        else None
        for order in itertools.islice(itertools.permutations(evidence), 24)
    }
    (only,) = choices  # the order in which runs are found decides nothing
    return only


def number_of(run_id: str) -> int:
    return int(run_id[-6:], 16)


def chosen_numbers(*runs: "MadeUp | Baseline", **more):
    ids, budget, _ = chosen(*runs, **more)
    return [number_of(run_id) for run_id in ids], budget


def test_without_a_run_there_is_no_choice():
    assert chosen(MadeUp(system="ajani_m2")) is None


def test_all_seeds_of_the_recipe_are_taken_in_their_order():
    runs = [MadeUp(seed=2, number=1), MadeUp(seed=0, number=2), MadeUp(seed=1, number=3)]
    assert chosen_numbers(*runs) == ([2, 3, 1], "full")


def test_of_one_seed_trained_twice_the_newest_counts_and_not_the_better():
    assert chosen_numbers(MadeUp(accuracy=0.95, number=1), MadeUp(accuracy=0.5, number=2)) == (
        [2],
        "full",
    )


def test_the_full_recipe_goes_before_a_better_other_one():
    plain = MadeUp(accuracy=0.80, number=1)
    other = MadeUp(accuracy=0.95, number=2, changes={"learning_rate": 0.01})
    longer = MadeUp(accuracy=0.95, number=3, changes={"epochs": 20})
    shorter = MadeUp(accuracy=0.95, number=4, changes={"epochs": 3})
    assert chosen_numbers(plain, other, longer, shorter) == ([1], "full")


def test_threads_and_the_fused_kernel_are_no_other_recipe():
    runs = [
        MadeUp(seed=0, number=1, changes={"threads": 1}),
        MadeUp(seed=1, number=2, changes={"fused_batchnorm": False}),
    ]
    assert chosen_numbers(*runs) == ([1, 2], "full")


def test_another_precision_is_named_and_comes_after_the_sources_own():
    mixed = MadeUp(number=1, changes={"precision": "mixed_bfloat16"})
    ids, budget, departures = chosen(mixed)
    assert (number_of(ids[0]), budget) == (1, "full")
    assert departures == ("precision: mixed_bfloat16 here, float32 in our reading of the source.",)
    assert chosen_numbers(mixed, MadeUp(number=2)) == ([2], "full")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epochs": 3}, "epochs: 3 here, 10 in"),
        ({"limit": 2000}, "training images taken: 2,000 of 60,000 here, all 60,000 in"),
        ({"train_fraction": 0.5}, "share of the training images: 50 % here, 100 % in"),
    ],
    ids=str,
)
def test_less_training_is_a_reduced_budget(changes, words):
    _, budget, departures = chosen(MadeUp(number=1, changes=changes))
    assert budget == "reduced"
    assert departures[0].startswith(words)


@pytest.mark.parametrize("limit", [60_000, 70_000])
def test_a_limit_that_leaves_no_image_out_is_the_full_budget(limit):
    plain, limited = MadeUp(number=1), MadeUp(number=2, seed=1, changes={"limit": limit})
    ids, budget, departures = chosen(plain, limited)
    assert ([number_of(run_id) for run_id in ids], budget, departures) == ([1, 2], "full", ())


def test_what_the_source_prints_is_told_from_our_reading():
    _, _, departures = chosen(MadeUp(changes={"epochs": 3, "limit": 2000}))
    assert departures == (
        "epochs: 3 here, 10 in the source.",
        "training images taken: 2,000 of 60,000 here, all 60,000 in our reading of the source.",
    )


def test_of_reduced_runs_the_one_with_the_most_training_goes_first():
    quick = MadeUp(number=1, accuracy=0.95, changes={"epochs": 1})
    long = MadeUp(number=2, accuracy=0.80, changes={"epochs": 8})
    assert chosen_numbers(quick, long) == ([2], "reduced")


def test_a_stopped_run_says_where_it_stopped():
    _, budget, departures = chosen(MadeUp(status="stopped", epochs=4))
    assert budget == "stopped"
    assert departures == ("epochs: stopped after 4 of 10.",)


def test_more_training_is_another_recipe():
    assert chosen_numbers(MadeUp(number=1, changes={"epochs": 20})) == ([1], "other recipe")
    assert chosen_numbers(MadeUp(number=1, changes={"batch_size": 64})) == ([1], "other recipe")


def test_other_layers_and_variants_are_not_the_system():
    assert chosen(MadeUp(layers="flatten\ndense 10 softmax\n")) is None
    assert chosen(MadeUp(variant="same")) is None


def test_a_row_of_another_optimizer_takes_runs_with_it_only():
    m6 = find_system("ajani_m6")
    adam = MadeUp("ajani_m6", number=1)
    sgd = MadeUp("ajani_m6", number=2, changes={"optimizer": "sgd", "learning_rate": 0.01})
    nadam = MadeUp("ajani_m6", number=3, changes={"optimizer": "nadam"})
    runs = (adam, sgd, nadam)
    assert chosen_numbers(*runs, system=m6) == ([1], "full")
    assert chosen_numbers(*runs, system=m6, optimizer="adam") == ([1], "full")
    assert chosen_numbers(*runs, system=m6, optimizer="sgd") == ([2], "full")
    assert chosen_numbers(*runs, system=m6, optimizer="nadam") == ([3], "full")
    assert chosen(*runs, system=m6, optimizer="adadelta") is None


def test_an_optimizer_whose_rate_is_not_printed_is_needed_at_keras_own():
    m6 = find_system("ajani_m6")
    assert needed_recipe(m6, "sgd").learning_rate == 0.01
    assert needed_recipe(m6, "adadelta").learning_rate == 0.001
    assert needed_recipe(m6, "adam").learning_rate == m6.recipe["learning_rate"]
    wrong = MadeUp("ajani_m6", changes={"optimizer": "sgd", "learning_rate": 0.1})
    assert chosen_numbers(wrong, system=m6, optimizer="sgd") == ([0], "other recipe")


def test_a_row_of_a_share_of_the_data_needs_that_share():
    chen = find_system("chen_cnn")
    quarter = MadeUp("chen_cnn", number=1, changes={"train_fraction": 0.25})
    whole = MadeUp("chen_cnn", number=2)
    assert chosen_numbers(quarter, whole, system=chen, train_fraction=0.25) == ([1], "full")
    assert chosen_numbers(quarter, whole, system=chen) == ([2], "full")


SVC = find_system("svc")  # 80/20 of the training set: 48,000 images


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A made-up fit of the support vector machine, which has no recipe."""

    number: int = 0
    seed: int = 0
    protocol: str = "holdout-80-20"
    images: int = 48_000

    def evidence(self) -> Evidence:
        made_up = MadeUp("kadam_a1", seed=self.seed, number=self.number).evidence()
        run = dataclasses.replace(
            made_up.run,
            run_id=f"svc-20250101-0000{self.number:02d}-{self.number:06x}",
            architecture="svc",
            layers="",
            recipe=None,
            protocol=self.protocol,
            epochs=0,
            epochs_planned=0,
            budget="full",
            images=dataclasses.replace(made_up.run.images, train=self.images),
        )
        return dataclasses.replace(made_up, run=run, epochs=())


def test_a_baseline_on_another_split_is_another_recipe():
    other = Baseline(number=1, protocol="test-as-validation", images=60_000)
    ids, budget, departures = chosen(other, system=SVC)
    assert (number_of(ids[0]), budget) == (1, "other recipe")
    assert departures == (
        "split: test set as validation here, 80/20 of the training set in our reading of the "
        "source.",
    )
    assert chosen_numbers(other, Baseline(number=2), system=SVC) == ([2], "full")
    few = Baseline(number=3, images=300)
    assert chosen_numbers(other, few, system=SVC) == ([3], "reduced")


def test_of_reduced_baselines_the_one_on_most_images_goes_first_and_says_how_many():
    fits = [Baseline(number=n, images=images) for n, images in enumerate((9_000, 24_000, 300), 1)]
    ids, budget, departures = chosen(*fits, system=SVC)
    assert (number_of(ids[0]), budget) == (2, "reduced")
    assert departures == (
        "training images taken: 24,000 of 48,000 here, all 48,000 in our reading of the source.",
    )


def test_all_seeds_of_a_baseline_are_taken():
    fits = (Baseline(number=1, seed=1), Baseline(number=2, seed=0), Baseline(number=3, images=300))
    assert chosen_numbers(*fits, system=SVC) == ([2, 1], "full")


def test_a_baseline_on_a_split_that_there_is_not_stands_for_nothing():
    assert chosen(Baseline(protocol="of-tomorrow"), system=SVC) is None
