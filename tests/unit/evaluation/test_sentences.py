"""Sentence held against number: better, worse, not separable, identical, and not testable."""

import re

import numpy as np
import pytest

from fmnist_core.evaluation.compare import Comparison, compare_answers
from fmnist_core.evaluation.ensembles import ensemble_result
from fmnist_core.evaluation.seeds import SeedGroup
from fmnist_core.evaluation.selective import coverage_risk
from fmnist_core.evaluation.sentences import (
    agreement_sentences,
    comparison_sentence,
    coverage_sentence,
    ensemble_sentence,
    pair_sentence,
    renamed,
    seed_sentences,
    tie_remark,
    tie_sentences,
    untested_sentence,
    verdict,
)
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.tie_groups import tie_groups
from tests.unit.evaluation.example_sheets import says, sheet_of

NAMES = {name: f"Net {name.upper()}" for name in "abcd"}


def _run(name: str, right: int, *, first: int = 60_000, offset: int = 0) -> Answers:
    """1,000 test images, of which `right` from `offset` on are named correctly."""
    place = (np.arange(1000) - offset) % 1000
    return Answers(name, place < right, np.arange(first, first + 1000, dtype=np.int32))


def _compared(*runs: Answers) -> Comparison:
    return compare_answers(list(runs))


def _numbers(sentence: str, pair) -> None:
    """Reads the numbers of a sentence back and holds them against the pair."""
    found = re.search(
        r"right on ([\d,]+) images that .* gets wrong, and wrong on ([\d,]+) that it gets right: "
        r"([+-][\d.]+) points \(95 % interval ([+-][\d.]+) to ([+-][\d.]+)\).*"
        r"\(p (?:= |< )([\d.]+)\)",
        sentence,
    )
    a_only, b_only, points, low, high, p = (float(x.replace(",", "")) for x in found.groups())
    assert (a_only, b_only) == (pair.a_only_correct, pair.b_only_correct)
    assert points == pytest.approx(100 * pair.accuracy_difference, abs=0.005)
    assert (low, high) == pytest.approx([100 * end for end in pair.difference_ci95], abs=0.005)
    assert p == pytest.approx(max(pair.mcnemar_p_holm, 1e-4), abs=5e-5)


@pytest.mark.parametrize(
    ("right_a", "right_b", "said", "ending"),
    [
        (950, 900, "A is better", "more than chance explains (p < 0.0001); Net A is better."),
        (880, 900, "B is better", "more than chance explains (p < 0.0001); Net B is better."),
        (903, 900, "not separated", "which chance alone can explain (p = 0.2500); they are not"),
    ],
)
def test_better_worse_and_not_separable(right_a, right_b, said, ending):
    (pair,) = _compared(_run("a", right_a), _run("b", right_b)).pairs
    sentence = pair_sentence(pair, NAMES)
    assert verdict(pair) == said
    assert ending in sentence
    assert ("is better" in sentence) == (pair.mcnemar_p_holm < 0.05)
    _numbers(sentence, pair)


def test_the_verdict_follows_the_adjusted_value_and_not_the_plain_one():
    runs = [_run("a", 907), _run("b", 900), *(_run(n, 900, offset=0) for n in "cd")]
    pair = _compared(*runs).pairs[0]
    assert pair.mcnemar_p < 0.05 < pair.mcnemar_p_holm
    assert "not separated" in pair_sentence(pair, NAMES)


def test_identical_runs_are_called_so():
    (pair,) = _compared(_run("a", 900), _run("b", 900)).pairs
    assert pair_sentence(pair, NAMES) == (
        "Net A and Net B get exactly the same of 1,000 images right and wrong."
    )


def test_equal_accuracy_by_other_images_is_not_called_identical():
    (pair,) = _compared(_run("a", 900), _run("b", 900, offset=50)).pairs
    sentence = pair_sentence(pair, NAMES)
    assert "+0.00 points" in sentence
    assert "not separated" in sentence


def test_runs_without_a_shared_image_cannot_be_compared():
    comparison = _compared(_run("a", 900), _run("b", 900, first=0))
    assert untested_sentence(comparison.untested[0], NAMES) == (
        "Net A and Net B cannot be compared: no image was a test image of both."
    )
    assert "no test can compare them" in comparison_sentence(comparison, NAMES)


def test_several_pairs_are_counted_with_those_that_cannot_be_tested():
    three = _compared(_run("a", 950), _run("b", 949), _run("c", 800))
    words = comparison_sentence(three, NAMES)
    assert words.startswith("The exact McNemar tests separate 2 of 3 pairs")
    assert "the others may differ only by which images were drawn" in words
    odd = _compared(_run("a", 950), _run("b", 800), _run("c", 800, first=0))
    words = comparison_sentence(odd, NAMES)
    assert "Net A is better. Tested with McNemar's exact test." in words
    assert words.endswith("2 more cannot be tested: they share no test image.")


def test_one_run_alone_has_nothing_to_be_compared_with():
    assert "needs two runs" in comparison_sentence(_compared(_run("a", 900)), NAMES)
    assert tie_sentences(tie_groups(_compared(_run("a", 900))), NAMES) == []


def test_tie_groups_in_words():
    comparison = _compared(_run("a", 950), _run("b", 949), _run("c", 800))
    assert tie_sentences(tie_groups(comparison), NAMES) == [
        "No test separates Net A and Net B (94.90 to 95.00 %).",
        "Net C stands alone: nothing next to it is tied with it.",
    ]
    assert tie_remark(comparison) == ""
    assert "never joined" in tie_remark(_compared(_run("a", 900), _run("b", 900, first=0)))
    overlapping = _compared(_run("a", 900), _run("b", 900), _run("c", 900, first=60_500))
    assert "harder to separate" in tie_remark(overlapping)


def test_seeds_in_words():
    several = SeedGroup(("a", "b"), (0, 1), (0.9, 0.92), 0.91, 0.01414, same_test_images=True)
    one, other = (
        SeedGroup((name,), (0,), (0.9,), 0.9, None, same_test_images=True) for name in "cd"
    )
    assert seed_sentences([several, one], NAMES) == [
        "Net A was trained with 2 seeds that reach 90.00, 92.00 %: mean 91.00 %, standard "
        "deviation 1.41 points.",
        "Net C was trained with one seed: how far another would move it is not known.",
    ]
    assert seed_sentences([one, other], NAMES) == [
        "Net C and Net D were each trained with one seed: how far another would move them is not "
        "known."
    ]
    pooled = SeedGroup(("a", "b"), (0, 1), (0.9, 0.9), 0.9, 0.0, same_test_images=False)
    assert "drew other test images" in seed_sentences([pooled], NAMES)[0]
    assert seed_sentences([], NAMES) == []


def test_agreement_in_words():
    sheet = sheet_of([0] * 4, a=[0, 0, 1, 1], b=[0, 0, 1, 2], c=[0, 3, 3, 3])
    assert agreement_sentences(sheet, NAMES) == [
        "Of 4 images Net A and Net B (75.0 %) name most alike, "
        "and Net A and Net C (25.0 %) fewest.",
        "All 3 are right on 1 of them and wrong on 2.",
    ]
    two = sheet_of([0] * 4, a=[0, 0, 1, 1], b=[0, 0, 1, 2])
    assert agreement_sentences(two, NAMES)[0] == "Net A and Net B name 75.0 % of 4 images alike."
    alone = sheet_of([0] * 4, a=[0, 0, 1, 1])
    assert agreement_sentences(alone, NAMES) == ["Net A gets 2 of 4 images wrong."]


def test_silence_in_words():
    curve = coverage_risk(says([0] * 9 + [1], np.linspace(0.9, 0.5, 10)), [0] * 10)
    assert coverage_sentence(curve, "Net A") == (
        "Answering only the 90 % of images it is surest of, Net A is wrong on 0.00 % of them "
        "instead of 10.00 % of all."
    )
    empty = coverage_risk(np.empty((0, 10)), [])
    assert "nothing can be said" in coverage_sentence(empty, "Net A")


def test_an_ensemble_in_words():
    sheet = sheet_of([0] * 20, a=[0] * 10 + [1] * 10, b=[1] * 9 + [0] * 11, c=[0] * 20)
    words = ensemble_sentence(ensemble_result(sheet, "vote"), NAMES)
    assert words.startswith("Together they reach 100.00 % (95 % interval")
    assert "The ensemble and Net C get exactly the same of 20 images" in words


def test_remarks_get_the_names_that_are_shown():
    assert renamed("a-1 used its test images", {"a-1": "Net A"}) == "Net A used its test images"
