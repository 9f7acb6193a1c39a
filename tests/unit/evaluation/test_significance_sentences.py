"""Who beats whom, in words."""

import numpy as np

from fmnist_core.evaluation.compare import Comparison, compare_answers
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.significance_sentences import identical_sentence, leader_sentences

NAMES = {name: f"Net {name.upper()}" for name in "abcdefgh"}


def run(name: str, right: int, *, first: int = 60_000) -> Answers:
    """1,000 test images, of which the first `right` are named correctly."""
    return Answers(name, np.arange(1000) < right, np.arange(first, first + 1000, dtype=np.int32))


def compared(*runs: Answers) -> Comparison:
    return compare_answers(list(runs))


def test_whom_the_best_run_beats_is_counted_and_the_others_are_named() -> None:
    first, second = leader_sentences(compared(run("c", 500), run("a", 901), run("b", 900)), NAMES)
    assert first.startswith("Net A has the highest accuracy and beats 1 of the 2 others")
    assert "by 40.10 points; the test cannot tell it from Net B." in first
    assert second.startswith("Of 3 pairs, 2 are separated")
    first, second = leader_sentences(compared(*(run(name, 900) for name in NAMES)), NAMES)
    assert "beats" not in first
    assert "Net B, Net C, Net D, Net E and 3 more." in first
    assert second.startswith("Of 28 pairs, 0 are separated")


def test_one_pair_among_unlike_test_sets_is_one_pair() -> None:
    runs = (run("a", 950), run("b", 900), run("c", 600, first=0))
    first, second = leader_sentences(compared(*runs), NAMES)
    assert "beats the only run that it can be tested against" in first
    assert second.startswith("Of 1 pair, 1 is separated")


def test_two_runs_have_no_leader() -> None:
    assert leader_sentences(compared(run("a", 950), run("b", 900)), NAMES) == []
    apart = (run("a", 900), run("b", 900, first=0), run("c", 900, first=10_000))
    assert leader_sentences(compared(*apart), NAMES) == []


def test_runs_with_the_same_answers_are_named() -> None:
    words = identical_sentence(compared(run("a", 900), run("b", 900), run("c", 899)), NAMES)
    assert "Net A and Net B." in words
    assert "Net C" not in words
    assert identical_sentence(compared(run("a", 900), run("c", 899)), NAMES) == ""
    many = identical_sentence(compared(*(run(name, 900) for name in "abcd")), NAMES)
    assert "; and 2 more pairs." in many
