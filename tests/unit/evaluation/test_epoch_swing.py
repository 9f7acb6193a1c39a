"""How far a training swings at its end, and what that tells of other seeds."""

import math
import statistics
from collections import defaultdict
from pathlib import Path

import pytest

from fmnist_core.evaluation.epoch_swing import SEEDS_OF_SWING, epoch_swing, seeds_from_epochs
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.read import read_history, read_run, run_ids

SHIPPED = Path(__file__).parents[3] / "cached_runs"


def history(*accuracies: float | None) -> list[EpochRow]:
    return [
        EpochRow(number, 0.1, 0.9, 0.3, value, 1e-3, 1.0, 2.0)
        for number, value in enumerate(accuracies, 1)
    ]


def test_a_trend_is_no_swing_and_a_zigzag_is_one():
    rising = history(*(0.5 + 0.01 * step for step in range(20)))
    assert epoch_swing(rising).deviation == pytest.approx(0, abs=1e-9)
    zigzag = history(*(0.5 + 0.01 * step + 0.02 * (-1) ** step for step in range(20)))
    # Steps of -0.04 and 0.04 about the trend, nine of them.
    assert epoch_swing(zigzag).deviation == pytest.approx(
        math.sqrt(statistics.variance([-0.04, 0.04] * 4 + [-0.04]) / 2)
    )
    assert epoch_swing(zigzag).degrees == 8


def test_only_the_end_of_a_training_counts():
    early = history(0.1, 0.9, 0.1, 0.9, *[0.5] * 10)
    assert epoch_swing(early).deviation == 0
    assert epoch_swing(history(0.1, 0.5, 0.9, 0.5, 0.9)) is None  # its second half is three epochs
    assert epoch_swing(history(*[None] * 10)) is None
    assert seeds_from_epochs([]) is None


def test_seeds_move_the_shipped_networks_as_far_as_their_epochs_tell():
    """The factor was taken from these runs; more of them should not call it wrong."""
    groups = defaultdict(list)
    for run_id in run_ids(SHIPPED):
        run = read_run(SHIPPED, run_id)
        if run.recipe and (swing := epoch_swing(read_history(SHIPPED, run_id))):
            recipe = {k: v for k, v in vars(run.recipe).items() if k not in ("seed", "threads")}
            groups[run.layers, str(recipe)].append((run.metrics.test_accuracy, swing.deviation))
    several = [runs for runs in groups.values() if len(runs) >= 3]
    assert len(several) > 15
    seeds = statistics.fmean(statistics.variance([end for end, _ in runs]) for runs in several)
    swings = statistics.fmean(swing**2 for runs in several for _, swing in runs)
    assert math.sqrt(seeds / swings) == pytest.approx(SEEDS_OF_SWING, abs=0.1)
