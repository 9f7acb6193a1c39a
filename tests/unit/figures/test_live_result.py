"""What a finished training reached, in words."""

import dataclasses
from pathlib import Path

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES, TEST_SEEN, UNSETTLED
from fmnist_core.figures.train.live_result import honest_labels, published_words, result_words
from fmnist_core.papers import find_system, systems
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import Run
from tests.fixture_runs import FixtureRun, write_fixture_run


def run(root: Path, **wanted: object) -> Run:
    return read_run(root, write_fixture_run(root, FixtureRun(**wanted)))


def test_the_result_has_its_interval_and_its_images(tmp_path: Path) -> None:
    assert result_words(run(tmp_path, accuracy=0.9)) == (
        "**90.00 %** test accuracy, 95 % interval 88.61 to 91.24 (2,000 images)."
    )


def test_a_reduced_or_stopped_run_says_so_and_a_full_one_has_no_label(tmp_path: Path) -> None:
    assert honest_labels(run(tmp_path, number=1)) == []
    assert honest_labels(run(tmp_path, number=2, budget="reduced")) == [BUDGET_BADGES["reduced"]]
    assert honest_labels(run(tmp_path, number=3, budget="stopped")) == [BUDGET_BADGES["stopped"]]


def test_a_run_whose_averages_had_not_settled_says_so(tmp_path: Path) -> None:
    short = run(tmp_path, architecture="awasthi_enhanced", epochs=1, budget="reduced")
    assert honest_labels(short) == [BUDGET_BADGES["reduced"], UNSETTLED]


@pytest.mark.parametrize(
    ("limit", "train", "labels"),
    [(500, 500, ["500 training images"]), (48_000, 48_000, []), (60_000, 48_000, [])],
)
def test_images_left_out_are_said_and_a_limit_that_leaves_none_out_is_not(
    tmp_path: Path, limit: int, train: int, labels: list[str]
) -> None:
    whole = run(tmp_path)
    recipe = dataclasses.replace(whole.recipe, limit=limit)
    images = dataclasses.replace(whole.images, train=train)
    assert honest_labels(dataclasses.replace(whole, recipe=recipe, images=images)) == labels


def test_a_split_that_saw_the_test_images_says_so(tmp_path: Path) -> None:
    assert honest_labels(run(tmp_path, protocol="test-as-validation")) == [TEST_SEEN]


def test_the_published_number_is_the_test_accuracy_where_there_is_one() -> None:
    assert published_words(find_system("ajani_m1")) == (
        "The source prints 0.8789 (test accuracy; Table 1)."
    )
    assert "about 93.3% (validation accuracy; abstract)" in published_words(
        find_system("awasthi_enhanced")
    )


def test_a_source_that_prints_no_accuracy_is_not_quoted() -> None:
    silent = [
        system
        for system in systems()
        if not any("accuracy" in number.metric for number in system.published)
    ]
    assert silent
    assert {published_words(system) for system in silent} == {""}
