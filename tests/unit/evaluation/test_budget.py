"""Where runs stood when all had cost the same."""

import dataclasses
from pathlib import Path

import pytest

from fmnist_core.evaluation.budget import (
    budget_choices,
    course,
    largest_common_budget,
    reached,
    training_macs,
)
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import ImageCounts, Run
from tests.fixture_runs import FixtureRun, write_fixture_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of 8 epochs planned for 20 with a cosine schedule, on 48,000 training images."""
    root: Path = tmp_path_factory.mktemp("runs")
    wanted = FixtureRun(epochs=8, planned=20, schedule="cosine", params=1_000, budget="stopped")
    return read_run(root, write_fixture_run(root, wanted, test_images=100))


def epochs(*accuracies: float | None, seconds: float = 10.0) -> tuple[EpochRow, ...]:
    return tuple(
        EpochRow(number, 0.5, 0.5, 1 / number, accuracy, 1e-3, seconds, seconds)
        for number, accuracy in enumerate(accuracies, start=1)
    )


def test_an_epoch_costs_three_forward_passes_of_every_training_image(run: Run) -> None:
    assert training_macs(run) == 3 * 10_000 * 48_000
    # A dense layer: outputs x inputs once forward; backward once by weights, once by inputs.
    one = dataclasses.replace(run, macs=784 * 10, images=ImageCounts(1, 100, 100))
    assert training_macs(one) == 784 * 10 + (784 * 10 + 784 * 10)


@pytest.mark.parametrize(
    ("kind", "spent"),
    [("epochs", (1, 2, 3)), ("seconds", (10, 20, 30)), ("macs", (1.44e9, 2.88e9, 4.32e9))],
)
def test_each_budget_adds_up_over_the_epochs(run: Run, kind: str, spent: tuple) -> None:
    assert course(run, epochs(0.7, 0.8, 0.9), kind).spent == spent


def test_the_largest_common_budget_is_that_of_the_run_which_spent_least(run: Run) -> None:
    slow = course(run, epochs(0.7, 0.8, seconds=30), "seconds")
    quick = course(run, epochs(*[0.8] * 9, seconds=5), "seconds")
    assert largest_common_budget([slow, quick]) == 45


def test_a_run_is_read_after_its_last_whole_epoch_within_the_budget(run: Run) -> None:
    at = reached(course(run, epochs(0.7, 0.9, 0.8, 0.95), "seconds"), 39.9)
    assert (at.epoch, at.spent, at.val_accuracy) == (3, 30, 0.8)
    assert at.val_loss == pytest.approx(1 / 3)
    assert (at.best_val_accuracy, at.best_epoch) == (0.9, 2)
    assert (at.end_epoch, at.end_val_accuracy) == (4, 0.95)
    assert at.val_accuracy_ci95 == wilson_interval(80, 100)


def test_a_budget_met_to_the_last_bit_counts_as_met(run: Run) -> None:
    # 0.1 + 0.1 + 0.1 is above 0.3 in binary.
    assert reached(course(run, epochs(0.7, 0.8, 0.9, seconds=0.1), "seconds"), 0.3).epoch == 3


def test_of_equally_good_epochs_the_first_is_the_best_so_far(run: Run) -> None:
    assert reached(course(run, epochs(0.7, 0.9, 0.9), "epochs"), 3).best_epoch == 2


def test_a_run_whose_first_epoch_costs_more_has_reached_nothing(run: Run) -> None:
    assert reached(course(run, epochs(0.7, seconds=30), "seconds"), 29) is None


def test_a_run_that_does_not_state_the_cost_has_no_course(run: Run) -> None:
    uncounted = dataclasses.replace(run, macs=None)
    assert course(uncounted, epochs(0.7), "macs") is None
    assert course(uncounted, epochs(0.7), "seconds") is not None
    assert course(run, (), "epochs") is None


def test_a_run_without_validation_has_no_accuracy_and_no_interval(run: Run) -> None:
    at = reached(course(run, epochs(None, None), "epochs"), 2)
    assert at.epoch == 2
    assert (at.val_accuracy, at.val_accuracy_ci95, at.best_val_accuracy) == (None, None, None)


@pytest.mark.parametrize(
    ("schedule", "unfinished"),
    [
        ("cosine", True),
        ("one_cycle", True),
        ("step", True),
        ("constant", False),
        ("plateau", False),
    ],
)
def test_a_schedule_laid_out_over_more_epochs_is_unfinished(
    run: Run, schedule: str, unfinished: bool
) -> None:
    planned = dataclasses.replace(
        run, recipe=dataclasses.replace(run.recipe, schedule=schedule, epochs=20)
    )
    assert reached(course(planned, epochs(0.7, 0.8), "epochs"), 2).schedule_unfinished is unfinished
    whole = dataclasses.replace(planned, epochs_planned=2, epochs=2)
    assert not reached(course(whole, epochs(0.7, 0.8), "epochs"), 2).schedule_unfinished


def test_epochs_can_be_chosen_one_by_one(run: Run) -> None:
    courses = [course(run, epochs(*[0.8] * n), "epochs") for n in (5, 9)]
    assert budget_choices(courses, "epochs") == (1, 2, 3, 4, 5)


def test_other_budgets_are_round_numbers_from_the_cheapest_epoch_to_all(run: Run) -> None:
    courses = [
        course(run, epochs(*[0.8] * 10, seconds=4.3), "seconds"),
        course(run, epochs(*[0.8] * 3, seconds=300), "seconds"),
    ]
    assert budget_choices(courses, "seconds") == (5, 7, 10, 15, 20, 30, 40, pytest.approx(43))


def test_round_numbers_below_one_are_round(run: Run) -> None:
    choices = budget_choices([course(run, epochs(*[0.8] * 5, seconds=0.11), "seconds")], "seconds")
    assert choices[:3] == (0.15, 0.2, 0.3)


def test_a_budget_of_one_epoch_leaves_no_choice(run: Run) -> None:
    assert budget_choices([course(run, epochs(0.8), "macs")], "macs") == (1.44e9,)
    free = [course(run, epochs(0.8, 0.9, seconds=0), "seconds")]
    assert budget_choices(free, "seconds") == (0,)
