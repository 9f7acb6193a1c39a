"""The sheet holds what runs said of the images that they share, and says what it leaves out."""

import numpy as np
import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.metrics import accuracy
from fmnist_core.evaluation.sheet import make_sheet, read_sheet
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.unit.evaluation.example_sheets import (
    SHIPPED,
    needs_runs,
    predictions,
    says,
    sheet_of,
    shipped,
    shipped_predictions,
)

HELD_OUT, SEEN = "holdout-80-20", "test-as-validation"


def _run(name, classes, first=60_000, protocol=HELD_OUT, **more):
    return (name, predictions(says(classes), [0] * len(classes), first=first, **more), protocol)


def test_it_holds_every_answer_with_its_confidence():
    sheet = sheet_of([3, 1, 2], a=([3, 1, 0], [0.9, 0.6, 0.8]), b=[3, 0, 2])
    assert sheet.run_ids == ("a", "b")
    assert sheet.predicted.tolist() == [[3, 1, 0], [3, 0, 2]]
    assert sheet.correct.tolist() == [[True, True, False], [True, False, True]]
    assert sheet.confidence[0] == pytest.approx([0.9, 0.6, 0.8])
    assert sheet.indices.tolist() == [60_000, 60_001, 60_002]
    assert sheet.accuracies == pytest.approx([2 / 3, 2 / 3])
    assert sheet.remarks == ()


def test_only_shared_images_are_on_it_in_their_order_and_that_is_said():
    a, b = _run("a", [1, 2, 3, 4]), _run("b", [7, 8, 9], first=60_002)
    name, stored, protocol = b
    order = [2, 0, 1]
    shuffled = predictions(stored.test_probabilities[order], stored.test_labels[order])
    object.__setattr__(shuffled, "test_indices", stored.test_indices[order])
    sheet = make_sheet([a, (name, shuffled, protocol)])
    assert sheet.indices.tolist() == [60_002, 60_003]
    assert sheet.predicted.tolist() == [[3, 4], [7, 8]]
    assert sheet.remarks == (
        "Compared on the 2 images that are test images of both runs; a (4) and b (3) have more.",
    )


def test_capsule_lengths_become_probabilities_and_nothing_is_divided_by_zero():
    lengths = np.zeros((2, 10), np.float32)
    lengths[0, :2] = 0.9, 0.6
    sheet = make_sheet([("a", predictions(lengths, [0, 5]), HELD_OUT)])
    assert sheet.probabilities.sum(axis=2) == pytest.approx(np.ones((1, 2)))
    assert sheet.probabilities[0, 0, :2] == pytest.approx([0.6, 0.4])
    assert sheet.confidence[0, 1] == pytest.approx(0.1)


def test_the_run_that_does_not_fit_is_named():
    runs = [_run("a", [0, 1]), _run("odd", [0, 1], first=0), _run("b", [1, 1])]
    with pytest.raises(RunError, match=r"odd having no .* leave it out, and the others share 2"):
        make_sheet(runs)
    with pytest.raises(RunError, match="odd having no image in common"):
        make_sheet(runs[:2])


def test_where_no_single_run_is_at_fault_the_first_that_empties_the_sheet_is_named():
    runs = [_run(name, [0], first=at) for name, at in (("a", 1), ("b", 1), ("c", 2), ("d", 3))]
    with pytest.raises(RunError, match="belongs to all 4 runs, c having no image"):
        make_sheet(runs)


def test_a_run_without_validation_images_is_named():
    runs = [_run("a", [0], validation=[1, 2]), _run("none", [0])]
    with pytest.raises(RunError, match=r"must have validation images.*Received: none"):
        make_sheet(runs, "validation")


def test_validation_images_have_a_sheet_of_their_own():
    runs = [
        _run("a", [0], validation=[1, 2, 3]),
        _run("b", [0], validation=[2], validation_first=1),
    ]
    sheet = make_sheet(runs, "validation")
    assert (sheet.indices.tolist(), sheet.labels.tolist()) == ([1], [2])


def test_a_run_that_validated_on_its_test_images_is_remarked_upon():
    test = make_sheet([_run("a", [0], protocol=SEEN), _run("b", [0])])
    assert test.remarks == ("a used its test images for validation, which flatters it.",)
    many = make_sheet([_run(name, [0], protocol=SEEN) for name in "abcde"])
    assert many.remarks == (
        "a, b, c and 2 more used their test images for validation, which flatters them.",
    )
    same = _run("a", [0], protocol=SEEN, validation=[0], validation_first=60_000)
    assert "cannot be tested on them" in make_sheet([same], "validation").remarks[0]


def test_one_run_alone_has_a_sheet_and_none_or_twice_the_same_have_not():
    assert make_sheet([_run("a", [0, 1])]).accuracies == pytest.approx([0.5])
    with pytest.raises(RunError, match="at least one run"):
        make_sheet([])
    with pytest.raises(RunError, match="a twice"):
        make_sheet([_run("a", [0]), _run("a", [0])])


def test_runs_of_other_labels_are_refused():
    other = ("b", predictions(says([0]), [4]), HELD_OUT)
    with pytest.raises(RunError, match="name the class of an image alike"):
        make_sheet([_run("a", [0]), other])


def test_a_damaged_or_unknown_stored_run_is_named(tmp_path):
    first, second = (f"a-20250131-235959-00000{digit}" for digit in "ab")
    for run_id in (first, second):
        write_example(tmp_path, run_id, light=True)
    assert read_sheet(tmp_path, [first]).run_ids == (first,)
    (tmp_path / second / "predictions.npz").write_bytes(b"")
    with pytest.raises(RunError, match=r"predictions\.npz is damaged"):
        read_sheet(tmp_path, [first, second])
    with pytest.raises(UnknownNameError):
        read_sheet(tmp_path, [first, "c-20250131-235959-00000c"])


def test_a_stopped_run_stands_beside_whole_ones(tmp_path):
    ids = [
        write_fixture_run(tmp_path, FixtureRun(number=number, budget=budget, planned=20))
        for number, budget in enumerate(("full", "stopped"))
    ]
    assert read_sheet(tmp_path, ids).correct.shape == (2, 2_000)


@needs_runs
def test_accuracies_of_stored_runs_are_those_of_their_records():
    ids = shipped()
    sheet = read_sheet(SHIPPED, ids)
    expected = [
        accuracy(
            shipped_predictions(name).test_probabilities, shipped_predictions(name).test_labels
        )
        for name in ids
    ]
    assert sheet.accuracies.tolist() == expected
