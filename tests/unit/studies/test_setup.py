"""What a level asks for, and the command that trains it."""

import dataclasses
import shlex
import subprocess

import pytest

from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.studies import Level, Series, belongs, setup_of
from tests.fixture_studies import setups

SERIES = Series("a", "A", (), architecture="s003_enhanced")


def test_a_catalogue_level_has_the_sources_layers_and_recipe_with_its_changes():
    setup = setup_of(SERIES, Level("32", recipe={"batch_size": 32}))
    assert setup.layers == find_system("s003_enhanced").layers
    assert (setup.recipe.batch_size, setup.recipe.protocol) == (32, "test-as-validation")
    assert setup.changes == {"batch_size": 32}
    assert setup.command == "python -m fmnist_core train s003_enhanced --recipe batch_size=32"


def test_the_command_of_own_layers_pipes_exactly_their_text():
    setup = setups("batch_normalisation", "awasthi_enhanced")["Before the activation"]
    pipe, train = setup.command.split(" | ")
    printed = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == setup.layers.strip()
    assert shlex.split(train)[:6] == shlex.split(
        "python -m fmnist_core train awasthi_enhanced --layers"
    )


def test_a_word_with_spaces_is_quoted_in_the_command():
    setup = setups("augmentation", "awasthi_enhanced")["Rotation, shift and zoom"]
    assert shlex.split(setup.command)[-1] == "augmentation=rotation=10 shift=0.1 zoom=0.1"


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"seed": 7}, True),
        ({"threads": 1}, True),
        ({"fused_batchnorm": False}, True),
        ({"epochs": 3, "limit": 1000}, True),  # shorter, but of this level
        ({"augmentation": "zoom shift=0.1 rotation"}, True),  # the same words, their defaults
        ({"augmentation": "rotation=15 shift=0.1 zoom=0.1"}, False),
        ({"optimizer": "sgd"}, False),
        ({"precision": "mixed_bfloat16"}, False),
    ],
)
def test_a_training_belongs_by_what_it_does(changes, same):
    setup = setup_of(SERIES, Level("as is"))
    recipe = dataclasses.replace(setup.recipe, **changes)
    assert belongs(setup, setup.layers, recipe) is same


def test_other_words_for_the_same_layers_are_the_same_network():
    setup = setup_of(Series("a", "A", (), architecture="kadam_a1"), Level("as is"))
    assert belongs(setup, "flatten  # first\n\ndense 128 relu\ndense   10 softmax", setup.recipe)
    assert not belongs(setup, "flatten\ndense 128 tanh\ndense 10 softmax", setup.recipe)
    assert isinstance(setup.recipe, Recipe)
