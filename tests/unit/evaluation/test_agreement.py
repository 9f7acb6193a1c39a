"""Where networks part ways, counted by hand."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score

from fmnist_core.errors import UnknownNameError
from fmnist_core.evaluation.agreement import (
    agreement_matrix,
    error_overlap,
    flips,
    only_right,
    wrong_counts,
)
from tests.unit.evaluation.example_sheets import sheet_of

LABELS = [0, 0, 0, 0, 0, 0]
SHEET = sheet_of(
    LABELS,
    a=[0, 0, 1, 1, 2, 0],
    b=([0, 1, 0, 0, 3, 1], [0.9, 0.6, 0.5, 0.8, 0.9, 0.7]),
    c=[0, 1, 1, 1, 2, 1],
)


def test_fixed_and_broken_images_come_with_the_most_confident_answer_first():
    found = flips(SHEET, "a", "b")
    assert found.fixed.tolist() == [3, 2]
    assert found.broken.tolist() == [5, 1]
    back = flips(SHEET, "b", "a")
    assert sorted(back.fixed) == sorted(found.broken)
    assert sorted(back.broken) == sorted(found.fixed)


def test_a_run_fixes_and_breaks_nothing_against_itself():
    same = flips(SHEET, "a", "a")
    assert len(same.fixed) == len(same.broken) == 0
    with pytest.raises(UnknownNameError):
        flips(SHEET, "a", "d")


def test_hard_images_are_those_that_all_get_wrong():
    assert wrong_counts(SHEET).tolist() == [0, 2, 2, 2, 3, 2]


def test_what_only_one_gets_right():
    assert only_right(SHEET, "a").tolist() == [1, 5]
    assert only_right(SHEET, "b").tolist() == [3, 2]
    assert only_right(SHEET, "c").tolist() == []


def test_one_run_alone_beats_no_other():
    alone = sheet_of(LABELS, a=[0] * 6)
    assert only_right(alone, "a").tolist() == []
    assert agreement_matrix(alone).tolist() == [[1]]
    assert error_overlap(alone).tolist() == [[1]]


def test_agreement_counts_equal_answers_right_or_wrong():
    matrix = agreement_matrix(SHEET)
    assert matrix[0, 1] == pytest.approx(1 / 6)
    assert matrix[0, 2] == pytest.approx(4 / 6)
    assert np.array_equal(matrix, matrix.T)
    assert matrix.diagonal() == pytest.approx([1, 1, 1])


def test_the_overlap_of_errors_is_jaccards_index():
    overlap = error_overlap(SHEET)
    wrong = ~SHEET.correct
    for i in range(3):
        for j in range(3):
            assert overlap[i, j] == pytest.approx(jaccard_score(wrong[i], wrong[j]), abs=1e-12)


def test_two_networks_without_errors_have_none_apart():
    assert error_overlap(sheet_of(LABELS, a=LABELS, b=LABELS)).tolist() == [[1, 1], [1, 1]]
