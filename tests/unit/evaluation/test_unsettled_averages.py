"""A training too short for its batch normalisation is said to be one, before and after."""

from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.evaluation.unsettled_averages import (
    is_unsettled,
    unsettled_note,
    will_be_unsettled,
)
from fmnist_core.recipes import Recipe
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import Run
from tests.fixture_runs import FixtureRun, write_fixture_run

NORMALISED = "conv 8 3x3 relu\nbatchnorm\nflatten\ndense 10 softmax"
QUICK = NORMALISED.replace("batchnorm", "batchnorm momentum 0.9")
PLAIN = "flatten\ndense 10 softmax"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Of 3 epochs of 22,700 images in batches of 512: 135 steps."""
    whole = read_run(tmp_path, write_fixture_run(tmp_path, FixtureRun(epochs=3, planned=30)))
    recipe = replace(whole.recipe, batch_size=512)
    images = replace(whole.images, train=22_700)
    return replace(whole, layers=NORMALISED, recipe=recipe, images=images)


def test_a_short_training_is_said_beforehand_to_lag_behind() -> None:
    words = will_be_unsettled(NORMALISED, Recipe(epochs=3, batch_size=512), 22_700)
    assert "After 135 steps" in words
    assert "26 % what they began as" in words
    almost = will_be_unsettled(NORMALISED, Recipe(epochs=1, batch_size=128), 48_000)  # 375 steps
    assert "still 2.3 % what they began as, so" in almost
    assert will_be_unsettled(NORMALISED, Recipe(epochs=6, batch_size=512), 48_000) == ""
    assert will_be_unsettled(QUICK, Recipe(epochs=2, batch_size=512), 22_700) == ""
    assert will_be_unsettled(PLAIN, Recipe(epochs=1, batch_size=512), 1_000) == ""


def test_what_is_left_adds_up_over_the_layers() -> None:
    deep = NORMALISED.replace("batchnorm", "\n".join(["conv 8 3x3 same", "batchnorm"] * 39))
    half_of_the_images = Recipe(epochs=3, batch_size=128)
    words = will_be_unsettled(deep, half_of_the_images, 24_000)  # 564 steps: 0.35 % of each
    assert "still 13 % what they began as, its 39 layers together" in words
    assert will_be_unsettled(NORMALISED, half_of_the_images, 24_000) == ""
    slow = NORMALISED.replace("batchnorm", "batchnorm\nbatchnorm momentum 0.999")
    assert "still 57 % what" in will_be_unsettled(slow, half_of_the_images, 24_000)


def test_the_run_of_it_says_so_beside_its_accuracy(run: Run) -> None:
    assert "After 135 steps" in is_unsettled(run)
    assert "still 26 % what they began as" in is_unsettled(run)
    assert is_unsettled(replace(run, epochs=30)) == ""
    assert is_unsettled(replace(run, layers=QUICK)) == ""
    assert is_unsettled(replace(run, layers="of another version")) == ""
    assert is_unsettled(replace(run, layers="", recipe=None)) == ""


def test_the_averages_are_those_of_the_epoch_that_was_kept(run: Run) -> None:
    best = replace(run.metrics, best_epoch=1)
    long = replace(run, epochs=30, metrics=best)
    assert is_unsettled(long) == ""
    assert "After 45 steps" in is_unsettled(replace(long, recipe=replace(long.recipe, keep="best")))


def test_runs_whose_accuracies_say_little_are_named(run: Run) -> None:
    settled = replace(run, epochs=30)
    assert unsettled_note({"A": settled}) == ""
    assert unsettled_note({"A": run, "B": settled}) == (
        "The training of A ended while the running averages of its batch normalisation "
        "were still 26 % what they began as, all layers together. Its accuracies, which are "
        "measured with them, say how short the training was, and little about the network."
    )
    note = unsettled_note({"A": run, "B": replace(run, epochs=1), "C": run})
    assert note.startswith("The training of A, B and C ended")
    assert "of their batch normalisation were still 26 to 64 %" in note
