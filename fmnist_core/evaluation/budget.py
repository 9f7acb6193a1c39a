"""Runs at an equal budget: what each had reached when all had cost the same.

A network that needs a hundred epochs may look better than one that got ten only because it was
given more. So the histories are cut where every run has spent the same, and read there.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run

Kind = Literal["epochs", "seconds", "macs"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# A training step is a forward pass and a backward pass, and the latter has the multiply-accumulates
# of two forward ones: gradients by the weights and by the inputs (Kaplan et al. 2020, section 2.1,
# arXiv:2001.08361). Slightly too much for a first layer, whose input needs no gradient.
PASSES_PER_STEP = 3
# Their learning rate is laid out over the planned epochs, unlike a constant or a plateau one.
PLANNED_SCHEDULES = ("cosine", "one_cycle", "step")

_ROUND_NUMBERS = (1, 1.5, 2, 3, 4, 5, 7)
# Closer to the largest budget, a round number would be no choice of its own.
_APART = 0.98


@dataclass(frozen=True)
class Course:
    """A run, its epochs, and what they had cost by the end of each."""

    run: Run
    epochs: tuple[EpochRow, ...]
    spent: tuple[float, ...]


@dataclass(frozen=True)
class Reached:
    """Where a run stood after its last whole epoch within a budget, all on validation images.

    Attributes:
        spent: by the end of `epoch`, in the unit of the budget.
        val_accuracy_ci95: Wilson's interval over the validation images; seeds are not in it.
        best_val_accuracy: of all epochs within the budget, first reached in `best_epoch`.
        end_val_accuracy: after `end_epoch`, the run's last.
        schedule_unfinished: its learning rate was laid out over more epochs than these.
    """

    run_id: str
    epoch: int
    spent: float
    val_accuracy: float | None
    val_accuracy_ci95: tuple[float, float] | None
    val_loss: float | None
    best_val_accuracy: float | None
    best_epoch: int | None
    end_epoch: int
    end_val_accuracy: float | None
    schedule_unfinished: bool


def training_macs(run: Run) -> int | None:
    """Returns the multiply-accumulates of one epoch, forward and backward; `None` if not stated."""
    return PASSES_PER_STEP * run.macs * run.images.train if run.macs else None


def course(run: Run, epochs: Sequence[EpochRow], kind: Kind) -> Course | None:
    """Returns the run with its cost so far; `None` where it has no epochs or states no such cost.

    Args:
        kind: "seconds" are those of the processor over all threads, which other work on a shared
            machine hardly changes; validation between the epochs counts in none of the three.
    """
    macs = training_macs(run)
    if not epochs or (kind == "macs" and macs is None):
        return None
    each: dict[Kind, list[float]] = {
        "epochs": [1] * len(epochs),
        "seconds": [row.cpu_seconds for row in epochs],
        "macs": [macs or 0] * len(epochs),
    }
    return Course(run, tuple(epochs), tuple(itertools.accumulate(each[kind])))


def largest_common_budget(courses: Sequence[Course]) -> float:
    """Returns the most that every one of these runs has spent; there must be at least one."""
    return min(course.spent[-1] for course in courses)


def budget_choices(courses: Sequence[Course], kind: Kind) -> tuple[float, ...]:
    """Returns budgets to choose from, growing: round numbers, and last the largest common one.

    The smallest leaves at least one run a whole epoch.
    """
    largest = largest_common_budget(courses)
    if kind == "epochs":
        return tuple(range(1, int(largest) + 1))
    cheapest = min(course.spent[0] for course in courses)
    if not 0 < cheapest < largest:
        return (largest,)
    powers = range(math.floor(math.log10(cheapest)), math.ceil(math.log10(largest)) + 1)
    # A power below one is divided by: 3 * 0.1 is not 0.3 in binary.
    numbers = (
        number * 10**power if power >= 0 else number / 10**-power
        for power in powers
        for number in _ROUND_NUMBERS
    )
    round_numbers = (float(n) for n in numbers if cheapest <= n < _APART * largest)
    return (*round_numbers, largest)


def reached(course: Course, budget: float) -> Reached | None:
    """Returns where the run stood at this budget; `None` when its first epoch costs more."""
    # Sums of seconds differ in their last bits.
    within = [row for row, spent in _pairs(course) if spent <= budget * (1 + 1e-9)]
    if not within:
        return None
    run, last, end = course.run, within[-1], course.epochs[-1]
    known = [(row.val_accuracy, -row.epoch) for row in within if row.val_accuracy is not None]
    best = max(known) if known else None
    planned = run.recipe is not None and run.recipe.schedule in PLANNED_SCHEDULES
    return Reached(
        run_id=run.run_id,
        epoch=last.epoch,
        spent=course.spent[len(within) - 1],
        val_accuracy=last.val_accuracy,
        val_accuracy_ci95=_interval(last.val_accuracy, run.images.validation),
        val_loss=last.val_loss,
        best_val_accuracy=best[0] if best else None,
        best_epoch=-best[1] if best else None,
        end_epoch=end.epoch,
        end_val_accuracy=end.val_accuracy,
        schedule_unfinished=planned and last.epoch < run.epochs_planned,
    )


def _pairs(course: Course) -> "zip[tuple[EpochRow, float]]":
    return zip(course.epochs, course.spent, strict=True)


def _interval(accuracy: float | None, images: int) -> tuple[float, float] | None:
    if accuracy is None or not images:
        return None
    return wilson_interval(round(accuracy * images), images)
