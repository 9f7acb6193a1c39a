"""What the sources print above the best that was measured here: all of it, told by its images."""

import re

from fmnist_core.evaluation.ledger.ceiling import ceiling_sentence
from fmnist_core.evaluation.ledger.rows import ledger
from fmnist_core.evaluation.ledger.systems_table import system_lines
from tests.unit.evaluation.example_evidence import MadeUp


def said(*runs):
    evidence = [run.evidence() for run in runs]
    return ceiling_sentence(system_lines(evidence), ledger(evidence))


def counted(text):
    """How many networks are counted in all, and by what the sources say of the images."""
    total = re.search(r"accuracies of (\d+) networks?:", text)
    parts = re.findall(r"(?:for|and for) (\d+) (?:of these|others?|more)", text)
    return int(total[1]), [int(part) for part in parts]


def test_without_a_full_training_there_is_no_best():
    assert said() == "No network was trained at its full protocol yet."


def test_the_best_is_that_of_one_split_at_full_budget():
    seen = MadeUp("ajani_m1", accuracy=0.95)  # its source validates on the test images
    full = MadeUp("kadam_a1", accuracy=0.90)
    reduced = MadeUp("kadam_a4", accuracy=0.95, changes={"epochs": 2})
    text = said(seen, full, reduced)
    assert text.startswith(
        "The one network trained here at full budget on the split 80/20 of the training set "
        "reaches 90.00 % (`kadam_a1`"
    )
    more = said(seen, full, reduced, MadeUp("vijayaraj_cnn", accuracy=0.89))
    assert more.startswith("None of the 2 networks trained here at full budget on the split 80/20")


def test_every_network_that_a_source_puts_above_the_best_is_counted_once():
    best, guessed = MadeUp("kadam_a5_adam", accuracy=0.927), MadeUp("vijayaraj_cnn", accuracy=0.91)
    text = said(best, guessed)
    # Kadam's third and Model 6 are not trained, the MCNNs have another split.
    assert "on test images for 2 of these 2 (1 of them a reconstruction) and for 6 others" in text
    # No size of Model 6 is its source's.
    assert "on that split in full (1 of them a reconstruction), the highest by 1.8 points" in text
    assert "(0.9452 for `vijayaraj_cnn`)" in text
    assert "on validation images alone for 1 more, 93.3% for `awasthi_enhanced`" in text
    assert text.endswith(
        "on images that they do not name for 2 more (2 of them reconstructions), up to 99.1% for "
        "`henrique_dropout3`."
    )
    total, parts = counted(text)
    assert (total, sum(parts)) == (11, 11)


def test_a_network_trained_here_on_another_split_is_one_of_the_others():
    best, same = MadeUp("kadam_a5_adam", accuracy=0.927), MadeUp("kadam_a3", accuracy=0.91)
    assert "for 2 of these 2 and for 6 others that were not trained" in said(best, same)
    moved = MadeUp("kadam_a3", accuracy=0.91, changes={"protocol": "test-as-validation"})
    assert "for this one and for 7 others that were not trained" in said(best, moved)
    # Model 6 validates on its test images, so that its 0.9371 is of test images.
    model_6 = MadeUp("ajani_m6", accuracy=0.93)
    assert "for 2 of these 2 and for 6 others that were not trained" in said(best, same, model_6)
    assert "0.9452 for `vijayaraj_cnn`" in said(best, same, model_6)


def test_numbers_of_images_that_no_source_names_are_told_apart():
    text = said(MadeUp("kadam_a5_adam", accuracy=0.95))
    assert text.endswith(
        "Above that interval the sources print accuracies of 2 networks: on images that they do "
        "not name for 2 (2 of them reconstructions), up to 99.1% for `henrique_dropout3`."
    )
    assert said(MadeUp("henrique_dropout3", accuracy=0.995)).endswith(
        ", and no accuracy that a source prints lies above that."
    )
