"""Settings in words: one manner of saying them for the ledger, the studies and Compare."""

import dataclasses

import pytest

from fmnist_core.evaluation.recipe_words import (
    departure,
    differing_keys,
    setting_name,
    setting_words,
)
from fmnist_core.figures.comparison import settings_table
from fmnist_core.recipes import Recipe
from tests.unit.evaluation.example_evidence import MadeUp


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({}, "limit", "all 48,000"),
        ({"limit": 25_500, "protocol": "test-as-validation"}, "limit", "25,500 of 60,000"),
        ({"limit": 60_000}, "limit", "all 48,000"),
        ({"limit": 6_000, "train_fraction": 0.25}, "limit", "6,000 of 12,000"),
        ({"train_fraction": 0.25}, "train_fraction", "25 %"),
        ({"augmentation": ""}, "augmentation", "none"),
        ({"learning_rate": 1e-05}, "learning_rate", "1e-05"),
        ({"batch_size": 1024}, "batch_size", "1,024"),
        ({"early_stopping": 0}, "early_stopping", "none"),
        ({"early_stopping": 1}, "early_stopping", "1 epoch"),
        ({"fused_batchnorm": False}, "fused_batchnorm", "no"),
        ({"protocol": "test-as-validation"}, "protocol", "test set as validation"),
    ],
)
def test_a_value_is_said_as_a_reader_takes_it(changes, key, words):
    assert setting_words(Recipe(**changes), key) == words


def test_every_setting_has_a_name_of_words_and_a_value():
    recipe = Recipe()
    for field in dataclasses.fields(Recipe):
        assert "_" not in setting_name(field.name)
        assert setting_words(recipe, field.name)


@pytest.mark.parametrize("limit", [48_000, 60_000])
def test_a_limit_that_leaves_no_image_out_is_no_difference(limit):
    assert differing_keys(Recipe(limit=limit), Recipe()) == []


def test_a_limit_of_none_is_never_the_number_zero():
    ours, theirs = Recipe(limit=24_000), Recipe()
    assert differing_keys(ours, theirs) == ["limit"]
    assert departure("limit", ours, theirs, "in our reading of the source") == (
        "training images taken: 24,000 of 48,000 here, all 48,000 in our reading of the source."
    )


def test_values_that_agree_in_four_digits_are_said_in_all_of_them():
    ours, theirs = Recipe(learning_rate=0.000206001), Recipe(learning_rate=0.00020600061539343008)
    assert departure("learning_rate", ours, theirs, "in the source") == (
        "learning rate: 0.000206001 here, 0.00020600061539343008 in the source."
    )


def test_seed_and_threads_are_no_difference_of_training():
    assert differing_keys(Recipe(seed=3, threads=1, fused_batchnorm=False), Recipe()) == []


def test_compare_says_settings_in_the_same_words():
    runs = [
        MadeUp(number=1, changes={"limit": 2000}).evidence().run,
        MadeUp(number=2, changes={"train_fraction": 0.5}).evidence().run,
    ]
    table = settings_table(runs).set_index("setting")
    taken = table.loc["training images taken"]
    assert list(taken) == ["2,000 of 60,000", "all 30,000"]
    assert list(table.loc["share of the training images"]) == ["100 %", "50 %"]
