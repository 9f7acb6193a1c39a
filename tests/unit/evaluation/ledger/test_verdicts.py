"""The rules of the verdicts, with made-up numbers on each side of each border."""

import dataclasses
import math

import numpy as np
import pytest

from fmnist_core.evaluation.ledger.verdicts import (
    RULES,
    Measured,
    expected_interval,
    needs_own_seeds,
    rounding,
    verdict,
)
from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import Published

STATED = find_system("s003_enhanced")
PARTLY = find_system("kadam_a2")
RECONSTRUCTED = find_system("kayed_lenet5")

# A run between 0.90 and 0.92 is expected.
OURS = Measured(0.91, (0.90, 0.92), seeds=1, images=True, budget="full")


def number(value, printed="", metric="test_accuracy", **more):
    more = {"split": "test", **more}
    return Published(metric, value, printed or str(value), "a place", **more)


def word(published, measured=OURS, system=STATED, missing=""):
    return verdict(system, published, measured, missing).word


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.90, "reproduced"),  # the ends belong to the interval
        (0.92, "reproduced"),
        (0.9201, "not reproduced"),
        (0.8999, "not reproduced"),
    ],
)
def test_a_published_accuracy_is_reproduced_inside_the_interval_of_ours(value, expected):
    # Printed in words, so that no rounding widens it.
    assert word(number(value, printed="in words")) == expected


@pytest.mark.parametrize(
    ("value", "printed", "expected"),
    [
        (0.925, "92.5%", "reproduced"),  # may stand for 92.45
        (0.925, "0.925", "reproduced"),
        (0.925, "92.50%", "not reproduced"),  # at least 92.495
        (0.93, "93%", "not reproduced"),  # at least 92.5
        (0.90, "90", "reproduced"),  # may stand for 90.5
        (0.90, "0.900", "not reproduced"),  # at most 0.9005
    ],
)
def test_the_rounding_of_the_printed_number_widens_the_border(value, printed, expected):
    measured = dataclasses.replace(OURS, interval=(0.904, 0.9246))
    assert word(number(value, printed=printed), measured) == expected


def test_about_doubles_the_rounding():
    exact, about = number(0.921, printed="92.1%"), number(0.921, printed="92.1%", qualifier="about")
    assert word(exact) == "not reproduced"
    assert word(about) == "reproduced"


def test_over_asks_only_whether_ours_reaches_it():
    assert word(number(0.92, qualifier="over", printed="0.92000")) == "reproduced"
    assert word(number(0.50, qualifier="over", printed="0.50")) == "reproduced"
    assert word(number(0.93, qualifier="over", printed="93%")) == "not reproduced"
    # A border is not rounded: at most 92.0 % is not over 92.4 %, however that is printed.
    assert word(number(0.924, qualifier="over", printed="92%")) == "not reproduced"


@pytest.mark.parametrize(
    ("printed", "metric", "qualifier", "half"),
    [
        ("93.56%", "test_accuracy", "", 0.00005),
        ("0.7478", "val_accuracy", "", 0.00005),
        ("86", "val_accuracy", "", 0.005),
        ("86", "val_accuracy", "about", 0.01),
        ("80.73", "test_accuracy", "", 0.00005),
        ("100%", "train_accuracy", "", 0.005),
        ("0.90", "precision", "", 0.005),
        (".995", "precision", "", 0.0005),
        ("0.5%", "precision", "", 0.0005),
        ("1%", "recall", "", 0.005),
        ("97.4 %", "train_accuracy", "", 0.0005),
        ("1.108", "val_loss", "", 0.0005),
        ("982/1000", "recall", "", 0.0),
        ("422922", "params", "", 0.0),
        ("17 hours", "train_seconds", "about", 0.0),
    ],
)
def test_a_printed_number_stands_for_half_a_unit_of_its_last_digit(
    printed, metric, qualifier, half
):
    value = number(0.5, printed=printed, metric=metric, qualifier=qualifier)
    assert rounding(value) == pytest.approx(half, abs=1e-15)


def test_a_count_must_be_the_same():
    assert word(number(422922, "422922", "params"), Measured(422922.0)) == "reproduced"
    assert word(number(422922, "422922", "params"), Measured(422923.0)) == "not reproduced"


def test_a_count_that_no_reading_gives_is_not_reproducible():
    mcnn9 = find_system("mcnn9")
    published = next(n for n in mcnn9.published if n.metric == "trainable_params")
    answer = verdict(mcnn9, published, Measured(2219466.0))
    assert answer.word == "not reproducible"
    assert "exhaustively" in answer.reason


@pytest.mark.parametrize("dataset", ["mnist", "other"])
def test_numbers_on_other_data_are_shown_as_published(dataset):
    answer = verdict(STATED, number(0.91, dataset=dataset), None)
    assert answer.word == "not reproducible"
    assert "as published" in answer.reason


def test_an_impossible_number_is_not_reproducible_even_where_it_agrees():
    answer = verdict(STATED, number(0.91, impossible="It cannot be."), OURS)
    assert (answer.word, answer.reason) == ("not reproducible", "It cannot be.")
    # How many images a class has is right in an impossible report too.
    support = number(1000, "1000", "support", impossible="It cannot be.")
    assert word(support, Measured(1000.0)) == "reproduced"


def test_a_number_on_images_that_are_not_named_is_not_reproducible():
    assert word(number(0.91, metric="accuracy", split="not said")) == "not reproducible"
    assert word(number(0.91, metric="accuracy", split="test")) == "reproduced"


def test_the_difference_to_a_network_of_ours_is_shown_without_a_judgement():
    for value in (0.91, 0.99):
        assert word(number(value), system=RECONSTRUCTED) == "reconstruction only"
    assert word(number(0.91, split="not said"), system=RECONSTRUCTED) == "reconstruction only"
    assert word(number(0.91), system=PARTLY) == "reproduced"


@pytest.mark.parametrize("system_id", ["ajani_m4a", "ajani_m6", "saranya_3conv"])
def test_a_network_whose_every_size_is_ours_is_judged_by_none_of_its_numbers(system_id):
    for value in (0.91, 0.99):
        answer = verdict(find_system(system_id), number(value), OURS)
        assert answer.word == "reconstruction only"
        assert answer.reason.startswith("The source names the kinds of layers and no sizes")


def test_layers_of_the_network_s_authors_are_not_ours_and_are_judged():
    # Model 5 gives its sizes by naming Model 4-B.
    for system_id in ("mcnn15", "ajani_m5"):
        assert word(number(0.91), system=find_system(system_id)) == "reproduced"


def test_without_a_run_nothing_is_measured_and_the_reason_says_why():
    answer = verdict(STATED, number(0.91), None, "No run yet.")
    assert (answer.word, answer.reason) == ("not measured", "No run yet.")


@pytest.mark.parametrize("budget", ["reduced", "stopped", "other recipe"])
@pytest.mark.parametrize("value", [0.91, 0.99])
def test_less_than_the_full_recipe_judges_nothing(budget, value):
    measured = dataclasses.replace(OURS, budget=budget, departures=("epochs: 2 here.",))
    answer = verdict(STATED, number(value), measured)
    assert answer.word == "not judged"
    assert "epochs: 2 here." in answer.reason


def test_seconds_are_never_judged():
    measured = Measured(75.0, None, seeds=5, budget="full")
    assert word(number(75, "75s", "seconds_per_epoch"), measured) == "not judged"


@pytest.mark.parametrize(
    ("seeds", "value", "expected"),
    [
        (1, 0.91, "not judged"),
        (2, 0.91, "not judged"),
        (3, 0.91, "reproduced"),
        (3, 0.95, "not reproduced"),
    ],
)
@pytest.mark.parametrize(
    "what",
    [
        {"metric": "train_accuracy"},
        {"metric": "train_loss"},
        {"metric": "test_loss"},
        {"metric": "val_accuracy", "epoch": 3},
        {"metric": "recall", "class_name": "Shirt"},
    ],
)
def test_what_the_seed_moves_takes_three_seeds_to_judge(seeds, value, expected, what):
    measured = dataclasses.replace(OURS, seeds=seeds)
    assert word(number(value, **what), measured) == expected


@pytest.mark.parametrize(
    ("metric", "moved"),
    [
        ("test_accuracy", False),
        ("val_accuracy", False),
        ("macro_f1", False),
        ("weighted_precision", False),
        ("f1", False),
        ("train_accuracy", True),
        ("val_loss", True),
        ("params", False),
    ],
)
def test_accuracies_over_all_held_out_images_can_be_judged_with_one_seed(metric, moved):
    assert needs_own_seeds(number(0.9, metric=metric)) is moved


def test_a_failure_names_what_the_source_leaves_open():
    failed = verdict(PARTLY, number(0.99), OURS)
    assert "learning rate" in failed.reason
    assert failed.reason.endswith("parts of the layers, padding among them.")
    stated_padding = verdict(find_system("s002_ann"), number(0.99), OURS)
    assert stated_padding.reason.endswith("parts of the layers.")
    assert "batch size" not in failed.reason  # it is printed
    assert "leaves open" not in verdict(PARTLY, number(0.91), OURS).reason


def test_the_reason_says_value_and_interval():
    reason = verdict(STATED, number(0.89, printed="0.89000"), OURS).reason
    assert reason.startswith("89.00 % lies outside 90.00 % to 92.00 %")
    assert "by the chance of images alone (one seed)." in reason
    assert "one more run" not in reason
    three = dataclasses.replace(OURS, seeds=3, deviation=0.001)
    assert "where one more run is expected, from the chance of images and 3 seeds." in (
        verdict(STATED, number(0.91), three).reason
    )
    borrowed = dataclasses.replace(OURS, spread_of_others=0.0042)
    assert verdict(STATED, number(0.91), borrowed).reason.endswith(
        "where one more run is expected, from the chance of images and one seed; how far seeds "
        "move it is taken from other networks (0.42 points, standard deviation)."
    )
    swinging = dataclasses.replace(OURS, spread_of_epochs=0.0141)
    assert verdict(STATED, number(0.91), swinging).reason.endswith(
        "how far seeds move it is told from the swing of its last epochs (1.41 points, standard "
        "deviation)."
    )
    within = verdict(STATED, number(0.89, printed="0.9"), OURS).reason
    assert "within its own rounding" in within


@pytest.mark.parametrize(
    ("half", "said"), [(0.049, ""), (0.051, " An interval of ±5.1 points asks little.")]
)
def test_an_interval_in_which_much_would_lie_says_so(half, said):
    wide = dataclasses.replace(OURS, interval=(0.91 - half, 0.91 + half), seeds=3)
    reason = verdict(STATED, number(0.91), wide).reason
    assert reason.endswith(f"and 3 seeds.{said}")
    # It is no excuse of what lies outside, and a loss has no points.
    assert "asks little" not in verdict(STATED, number(0.5), wide).reason
    loss = Measured(0.5, (0.3, 0.7), seeds=3, images=True, budget="full")
    assert "asks little" not in verdict(STATED, number(0.5, metric="test_loss"), loss).reason


def test_every_word_has_a_rule():
    assert set(RULES) == {
        "reproduced",
        "not reproduced",
        "not reproducible",
        "reconstruction only",
        "not judged",
        "not measured",
    }


def test_one_seed_gives_the_interval_of_its_images():
    assert expected_interval([0.91], [(0.90, 0.93)]) == pytest.approx((0.90, 0.93))


def test_two_seeds_are_too_few_for_a_spread():
    images = [(0.90, 0.92), (0.93, 0.95)]
    assert expected_interval([0.91, 0.94], images) == pytest.approx((0.915, 0.935))
    assert expected_interval([0.91, 0.94], []) is None


@pytest.mark.parametrize(("values", "runs"), [([0.91], 1), ([0.90, 0.92], 2)])
def test_the_spread_of_other_networks_stands_in_for_too_few_seeds(values, runs):
    # t(43) = 2.0167.
    images = [(value - 0.01, value + 0.01) for value in values]
    half = math.hypot(0.01, 2.0167 * 0.004 * math.sqrt(1 + 1 / runs))
    found = expected_interval(values, images, SeedSpread(0.004, 43))
    assert found == pytest.approx((0.91 - half, 0.91 + half), abs=1e-6)


def test_three_seeds_of_its_own_need_no_other_network():
    values, images = [0.90, 0.91, 0.92], [(0.90, 0.92)] * 3
    assert expected_interval(values, images, SeedSpread(0.1, 43)) == expected_interval(
        values, images
    )


def test_three_seeds_give_the_prediction_interval_of_a_normal_sample():
    # t(2) = 4.3027, s = 0.01: half a width of 4.3027 * 0.01 * sqrt(4/3).
    half = 4.3027 * 0.01 * math.sqrt(4 / 3)
    low, high = expected_interval([0.90, 0.91, 0.92], [])
    assert (low, high) == pytest.approx((0.91 - half, 0.91 + half))


def test_seeds_and_images_add_up_by_squares():
    alone = expected_interval([0.90, 0.91, 0.92], [])
    both = expected_interval([0.90, 0.91, 0.92], [(v - 0.01, v + 0.02) for v in (0.90, 0.91, 0.92)])
    spread = alone[1] - 0.91
    assert both == pytest.approx((0.91 - math.hypot(0.01, spread), 0.91 + math.hypot(0.02, spread)))


def test_a_further_run_falls_into_the_interval_95_times_in_100():
    rng = np.random.default_rng(0)
    samples = rng.normal(0.9, 0.003, size=(4_000, 4))
    hits = 0
    for first in samples:
        low, high = expected_interval(list(first[:3]), [])
        hits += low <= first[3] <= high
    assert hits / len(samples) == pytest.approx(0.95, abs=0.012)
