"""Suspected labels: confident learning by hand, on planted errors, and on the published ones."""

import numpy as np
import pytest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.label_errors import (
    PUBLISHED_TRAIN_INDICES,
    confident_learning,
    out_of_sample,
    published_check,
    ranking_without,
    suspected_errors,
)
from fmnist_core.evaluation.sheet import read_sheet
from fmnist_core.runs.read import read_predictions, run_ids
from tests.unit.evaluation.example_sheets import (
    SHIPPED,
    needs_runs,
    predictions,
    says,
    sheet_of,
    shipped,
)

# Three images labelled 0, two labelled 1; the third says 1 with certainty.
PROBABILITIES = np.array([[0.9, 0.1], [0.7, 0.3], [0.1, 0.9], [0.2, 0.8], [0.4, 0.6]])
LABELS = np.array([0, 0, 0, 1, 1])


def test_confident_learning_by_hand():
    learned = confident_learning(PROBABILITIES, LABELS)
    # Thresholds are the means of each class over the images labelled so, 0.57 and 0.7: the third
    # counts as 1, and the last, which reaches neither, as nothing.
    assert learned.positions.tolist() == [2]
    assert learned.suggested.tolist() == [1, 1, 1, 0, 0]
    assert learned.self_confidence == pytest.approx([0.9, 0.7, 0.1, 0.8, 0.6])
    assert learned.margin == pytest.approx([0.8, 0.4, -0.8, 0.6, 0.2])
    assert learned.ranks.tolist() == [5, 3, 1, 4, 2]


def test_planted_errors_are_found_first():
    generator = np.random.default_rng(0)
    true = generator.integers(0, 10, 2_000)
    named = np.where(generator.random(2_000) < 0.95, true, generator.integers(0, 10, 2_000))
    given, planted = true.copy(), generator.choice(2_000, 40, replace=False)
    given[planted] = (given[planted] + 1) % 10
    learned = confident_learning(says(named, generator.uniform(0.5, 0.99, 2_000)), given)
    found = set(learned.positions.tolist()) & set(planted.tolist())
    assert len(found) >= 18  # half of the answers are below the mean confidence of their class
    assert np.median(learned.ranks[planted]) < 100


def test_a_class_without_images_and_one_image_alone_divide_by_nothing():
    alone = confident_learning(says([3]), [3])
    assert alone.positions.tolist() == []
    nothing = confident_learning(np.empty((0, 10)), np.empty(0, int))
    assert len(nothing.positions) == 0


def test_the_runs_of_a_sheet_are_asked_together():
    labels = [0, 0, 0, 1]
    sheet = sheet_of(labels, a=[0, 0, 1, 1], b=([0, 0, 1, 1], 0.7))
    learned = suspected_errors(sheet)
    assert learned.positions.tolist() == [2]
    mean = sheet.probabilities.mean(axis=0)
    assert learned.self_confidence == pytest.approx(mean[np.arange(4), labels])


def test_every_image_is_judged_by_the_runs_that_held_it_out():
    a = predictions(says([1, 2], 0.9), [1, 2], validation=[5])
    b = predictions(says([2, 2], 0.5), [2, 4], first=60_001)
    held_out = out_of_sample([a, b])
    assert held_out.indices.tolist() == [0, 60_000, 60_001, 60_002]
    assert held_out.labels.tolist() == [5, 1, 2, 4]
    assert held_out.runs.tolist() == [1, 1, 2, 1]
    assert held_out.probabilities[2, 2] == pytest.approx(0.7)
    with pytest.raises(RunError, match="at least one run"):
        out_of_sample([])


def test_validation_images_that_are_the_test_images_count_once():
    run = predictions(says([1, 2]), [1, 2], validation=[1, 2], validation_first=60_000)
    assert out_of_sample([run]).runs.tolist() == [1, 1]


def test_published_examples_are_looked_up_where_some_run_held_them_out():
    index = PUBLISHED_TRAIN_INDICES[2]
    run = predictions(says([4, 4, 6], [0.9, 0.8, 0.9]), [4, 4, 4], first=index - 2)
    held_out = out_of_sample([run])
    examples = published_check(held_out, confident_learning(held_out.probabilities, [4, 4, 4]))
    known = [example for example in examples if example.runs]
    assert [example.index for example in examples] == list(PUBLISHED_TRAIN_INDICES)
    (found,) = known
    assert (found.index, found.rank, found.of, found.label) == (index, 1, 3, 4)
    assert found.suggested == 6
    assert all(example.rank is None for example in examples if example != found)


@needs_runs
def test_the_published_examples_are_among_the_most_suspect_of_the_shipped_runs():
    """They are told apart by other people and another method; ours must not overlook them."""
    held_out = out_of_sample([read_predictions(SHIPPED, name) for name in run_ids(SHIPPED)])
    learned = confident_learning(held_out.probabilities, held_out.labels)
    known = [example for example in published_check(held_out, learned) if example.runs]
    assert known
    assert all(example.rank <= 0.02 * example.of for example in known)
    assert sum(example.suspected for example in known) > len(known) / 2


@needs_runs
def test_suspects_of_real_networks_are_images_they_mostly_get_wrong():
    sheet = read_sheet(SHIPPED, shipped())
    learned = suspected_errors(sheet)
    assert 0 < len(learned.positions) < 0.05 * len(sheet.labels)
    wrong = ~sheet.correct[:, learned.positions]
    assert wrong.mean() > 0.9


def test_leaving_images_out_moves_accuracies_and_ranks():
    sheet = sheet_of([0] * 4, a=[1, 0, 0, 0], b=[0, 0, 1, 1], c=[0, 1, 1, 0])
    move = ranking_without(sheet, [2, 3])
    assert move.before == pytest.approx([0.75, 0.5, 0.5])
    assert move.after == pytest.approx([0.5, 1, 0.5])
    assert move.ranks_before.tolist() == [1, 2, 2]
    assert move.ranks_after.tolist() == [2, 1, 2]


def test_nothing_left_out_moves_nothing_and_something_must_be_left():
    sheet = sheet_of([0, 1], a=[0, 0])
    assert ranking_without(sheet, []).after.tolist() == ranking_without(sheet, []).before.tolist()
    with pytest.raises(RunError, match="at least one image must be left"):
        ranking_without(sheet, [0, 1])
