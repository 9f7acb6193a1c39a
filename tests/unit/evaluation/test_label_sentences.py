"""What is said of suspected labels follows from the numbers."""

from fmnist_core.evaluation.label_errors import (
    PublishedExample,
    confident_learning,
    ranking_without,
)
from fmnist_core.evaluation.label_sentences import (
    published_sentences,
    ranking_sentence,
    suspects_sentence,
)
from tests.unit.evaluation.example_sheets import says, sheet_of

NAMES = {name: f"Net {name}" for name in "abc"}


def test_suspects_are_counted_and_ambiguity_is_not_called_error():
    learned = confident_learning(says([0, 0, 1, 1]), [0, 0, 0, 1])
    words = suspects_sentence(learned, 2)
    assert words.startswith("Of 4 images, 1 (25.0 %) look")
    assert "the mean of 2 runs" in words
    assert "Shirt" in words
    assert "mean of 1 run." in suspects_sentence(learned, 1)


def test_no_suspect_is_said_so():
    assert "no label is suspected" in suspects_sentence(confident_learning(says([0]), [0]), 1)
    nothing = confident_learning(says([]), [])
    assert suspects_sentence(nothing, 1) == "Of 0 images, no label is suspected."


def test_published_examples_stand_with_their_place_and_the_unknown_ones_are_named():
    examples = [
        PublishedExample(16691, 900),
        PublishedExample(
            42018, 900, runs=3, label=2, suggested=3, self_confidence=0.001, rank=12,
            self_confidence_rank=5, suspected=True,
        ),
    ]  # fmt: skip
    words = published_sentences(examples)
    assert words[0] == (
        "Of 2 published examples, 1 was held out by a run, and 1 of those is suspected here too."
    )
    assert words[1] == (
        "Image 42,018, labelled Pullover, is suspected: place 12 of 900 by margin and 5 by "
        "self-confidence, 0.1 % for its label, rather Dress."
    )
    assert words[2] == "Nothing can be said of 16,691: every run here was trained on it."
    assert len(published_sentences(examples[:1])) == 1


def test_a_moved_ranking_names_the_run_that_moves_most():
    sheet = sheet_of([0] * 4, a=[1, 0, 0, 0], b=[0, 0, 1, 1], c=[0, 1, 1, 0])
    words = ranking_sentence(ranking_without(sheet, [2, 3]), NAMES)
    assert words == (
        "Without these 2 images, accuracies move by -25.00 to +50.00 points, and 2 of 3 runs "
        "change their rank, most of all Net a: from 1 to 2."
    )


def test_a_ranking_that_stays_one_run_alone_and_nothing_left_out():
    sheet = sheet_of([0] * 4, a=[1, 0, 0, 0], b=[1, 0, 1, 1])
    assert "all 2 runs keep their ranks" in ranking_sentence(ranking_without(sheet, [0]), NAMES)
    alone = sheet_of([0] * 4, a=[1, 0, 0, 0])
    assert ranking_sentence(ranking_without(alone, [0]), NAMES) == (
        "Without this image, Net a moves by +25.00 points."
    )
    assert "nothing moves" in ranking_sentence(ranking_without(alone, []), NAMES)
