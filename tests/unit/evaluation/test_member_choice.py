"""Members chosen on validation images: who takes part, and what is said of the others."""

import numpy as np
import pytest

from fmnist_core.evaluation.ensembles import Step
from fmnist_core.evaluation.member_choice import (
    Choice,
    choice_sentence,
    choose_members,
    left_out_sentences,
)
from fmnist_core.runs.arrays import Predictions

NAMES = {name: f"Net {name.upper()}" for name in "abcde"}


def run(name: str, validation: range, *, wrong: int = 0, protocol: str = "holdout-80-20"):
    """A run whose validation images are these, of which the first `wrong` are named wrongly."""
    count = len(validation)
    labels = np.zeros(count, np.uint8)
    probabilities = np.full((count, 10), 0.01, np.float32)
    probabilities[np.arange(count), np.where(np.arange(count) < wrong, 1, 0)] = 0.91
    return (
        name,
        Predictions(
            np.full((1, 10), 0.1, np.float32),
            np.zeros(1, np.uint8),
            np.array([60_000], np.int32),
            probabilities,
            labels,
            np.asarray(validation, np.int32),
        ),
        protocol,
    )


def test_a_run_without_validation_images_blocks_no_choice() -> None:
    runs = [run("a", range(0)), run("b", range(100), wrong=9), run("c", range(100), wrong=5)]
    choice = choose_members(runs, "mean")
    assert [step.run_id for step in choice.steps] == ["c", "b"]
    assert choice.kept == ("c",)
    assert (choice.seen, choice.apart, choice.images) == ((), ("a",), 100)
    assert left_out_sentences(choice, NAMES) == [
        "Left out of the choice, since they share no validation image with the others: Net A."
    ]


def test_the_one_without_which_most_is_shared_goes() -> None:
    runs = [run("a", range(500, 600)), run("b", range(100)), run("c", range(50, 150))]
    choice = choose_members(runs, "vote")
    assert (choice.apart, choice.images) == (("a",), 50)


def test_several_strangers_go_before_those_that_share() -> None:
    runs = [
        run("a", range(500, 600)),
        run("b", range(100)),
        run("c", range(50, 150)),
        run("d", range(900, 1000)),
    ]
    choice = choose_members(runs, "mean")
    assert set(choice.apart) == {"a", "d"}
    assert {step.run_id for step in choice.steps} == {"b", "c"}


def test_runs_that_saw_their_test_images_are_named_apart() -> None:
    runs = [run(name, range(100)) for name in "ab"]
    runs.append(run("c", range(100), protocol="test-as-validation"))
    choice = choose_members(runs, "mean")
    assert (choice.seen, choice.apart) == (("c",), ())
    (sentence,) = left_out_sentences(choice, NAMES)
    assert "their validation images are their test images: Net C." in sentence


@pytest.mark.parametrize(
    "runs", [[], [run("a", range(100))], [run("a", range(100)), run("b", range(200, 300))]]
)
def test_fewer_than_two_that_share_are_no_choice(runs) -> None:
    choice = choose_members(runs, "mean")
    assert (choice.steps, choice.kept) == ((), ())
    assert choice_sentence(choice, NAMES).startswith("Nothing to choose from")


def test_the_sentence_says_where_the_choice_ends() -> None:
    steps = (Step("a", 0.90), Step("b", 0.93), Step("c", 0.92))
    words = choice_sentence(Choice(steps, 12_000, (), (), ()), NAMES)
    assert words.startswith("On 12,000 validation images the choice starts with Net A (90.00 %)")
    assert "best with 2 of 3 runs (93.00 %)" in words
    alone = choice_sentence(Choice((Step("a", 0.9), Step("b", 0.9)), 500, (), (), ()), NAMES)
    assert alone == "On 500 validation images no second run helps Net A (90.00 %)."
    many = Choice(steps, 1, (), tuple("abcd"), ())
    assert left_out_sentences(many, NAMES)[0].endswith(": 4 runs.")
