"""A study as one file: conclusions, charts and tables."""

import pytest

from fmnist_core.evaluation.study.result import study_result
from fmnist_core.evaluation.study.sentences import conclusions
from fmnist_core.figures.studies.report import study_report
from fmnist_core.figures.studies.words import caveats
from fmnist_core.runs.index import DamagedRun
from fmnist_core.runs.read import read_history
from fmnist_core.studies import read_studies
from tests.fixture_studies import setups
from tests.html_outline import assert_stands_alone


@pytest.fixture
def opened(tmp_path):
    def make(result, damaged=()):
        file = study_report(result, lambda run_id: read_history(tmp_path, run_id), damaged)
        return assert_stands_alone(file.decode())

    return make


def test_a_study_has_its_sentences_its_charts_and_the_published_table(result_of, opened):
    result = result_of("optimizers", "ajani_m6", {"Adam": (0.93, 0.92), "Adadelta": 0.8})
    outline = opened(result)
    assert result.study.question in outline.words
    for sentence in [*conclusions(result), *caveats(result)]:
        assert sentence in outline.words
    assert outline.tags["svg"] == 2 + 4  # levels, effects, four panels
    assert "93.00" in outline.words
    assert "Published and ours" in outline.words
    assert "Holm over the study" in outline.words


def test_two_factors_are_a_table_in_colours_and_an_order_is_a_line(result_of, opened):
    cells = {"ReLU with Adam": 0.9, "Tanh with Adam": 0.9, "ReLU with SGD": 0.8}
    grid = opened(result_of("activation_optimizer", "kadam_a1", cells))
    assert "90.00 ref" in grid.words
    assert "Filled where" not in grid.words
    share = opened(result_of("data_share", "chen_cnn", {"25 %": 0.85, "100 %": 0.9}))
    assert share.tags["svg"] == 2 + 4


def test_a_grid_of_many_lines_is_drawn_row_by_row(result_of, opened):
    asks = setups("activation_optimizer", "kadam_a1")
    outline = opened(result_of("activation_optimizer", "kadam_a1", dict.fromkeys(asks, 0.9)))
    rows = {one.split(" with ")[0] for one in asks}
    assert len(rows) == 4
    for row in rows:
        assert f"{row}: Training loss" in outline.words
    assert outline.tags["svg"] == 1 + 4 * 4  # the grid, four panels of each row


def test_a_damaged_history_costs_the_curves_alone(result_of, opened, tmp_path):
    result = result_of("data_share", "chen_cnn", {"25 %": 0.85, "100 %": 0.9})
    next(tmp_path.glob("*/history.jsonl")).write_text("no epochs")
    outline = opened(result)
    assert "history.jsonl" in outline.words
    assert outline.tags["svg"] == 2


def test_a_damaged_run_is_named_above_the_levels(result_of, opened):
    result = result_of("data_share", "chen_cnn", {"25 %": 0.85, "100 %": 0.9})
    lost = DamagedRun("chen_cnn-20260101-000000-abcdef", "run.json is damaged.")
    words = opened(result, [lost]).words
    assert f"{lost.run_id}: {lost.reason}" in words
    assert words.index("1 damaged run left out") < words.index("\nLevels")
    assert "damaged" not in opened(result).words


@pytest.mark.parametrize("study", read_studies(), ids=lambda study: study.id)
def test_a_study_without_runs_says_so(study, opened):
    def unasked(run_id):
        raise AssertionError(run_id)

    outline = opened(study_result(study, [], unasked))
    assert study.question in outline.words
    assert outline.tags["svg"] == 0
