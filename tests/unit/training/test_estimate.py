import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.architectures import summarize
from fmnist_core.data import PROTOCOLS, make_split
from fmnist_core.errors import RecipeError
from fmnist_core.papers import find_system
from fmnist_core.recipes import OPTIMIZERS, Recipe
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.runs.schema import ImageCounts
from fmnist_core.training.cost import (
    COLUMNS,
    OPTIMIZER_SLOTS,
    epoch_columns,
    finish_columns,
    text_work,
)
from fmnist_core.training.estimate import (
    check_fits,
    estimate,
    folder_speed,
    image_counts,
    machine_speed,
)
from fmnist_core.training.speed import run_columns
from tests.shipped_runs import IN_FULL

CACHED = Path(__file__).parents[3] / "cached_runs"
RUNS = [run for run_id in run_ids(CACHED) if (run := read_run(CACHED, run_id)).recipe]
EPYC = "AMD EPYC"
# One run of each network, however many others ship.
EPYC_RUNS = [
    run for run in RUNS if run.machine.processor == EPYC and run.run_id in IN_FULL.values()
]
ENHANCED = next(run for run in RUNS if run.architecture == "awasthi_enhanced")
IMAGES = ImageCounts(48_000, 12_000, 10_000)
ATTENTION = """conv 32 3x3 strides 2 same relu
attention 4 16
attention 4 16
global_avgpool
dense 10 softmax"""
BIG_DENSE = "flatten\ndense 5000 relu\ndense 4000 relu\ndense 10 softmax"  # 24 million parameters


def _cpu_ratio(speed, run):
    """Estimated processor seconds of a run, over those it took."""
    return float(np.dot(speed.prices, run_columns(run))) / run.train_cpu_seconds


def _slower(run, factor, **changes):
    return dataclasses.replace(run, train_cpu_seconds=factor * run.train_cpu_seconds, **changes)


def test_nine_of_ten_networks_are_estimated_within_a_factor_of_two_from_the_other_networks():
    errors, every = {}, [run for run in RUNS if run.machine.processor == EPYC]
    for run in every:
        others = [other for other in every if other.layers != run.layers]
        errors[run.run_id] = abs(np.log(_cpu_ratio(machine_speed(others, EPYC), run)))
    missed = {name: np.exp(error) for name, error in errors.items() if error > np.log(2)}
    assert len(missed) <= len(errors) / 10, missed
    assert max(errors.values()) <= np.log(4), missed


# Processor seconds of `python -m fmnist_core train NETWORK --limit 2000 --epochs 1`: of its batches
# but the first, and of what follows the epoch (`finish_run`). Most are far larger than any
# committed run. None: the first steps are too short to be timed.
@pytest.mark.parametrize(
    ("network", "batches_seconds", "finish_seconds"),
    [
        ("kadam_a1", None, 1.8),
        ("awasthi_enhanced", None, 11.0),
        ("kadam_a5_adam", 2.2, 14.0),
        ("chen_densenet", 20.3, 102.4),
        ("mcnn12", 25.1, 127.1),
        ("chen_capsnet", 35.1, 318.4),
        (ATTENTION, 6.6, 45.6),
        (BIG_DENSE, 4.2, 34.0),
    ],
    ids=lambda value: str(value)[:16],
)
def test_networks_larger_than_all_runs_are_estimated_within_a_factor_of_two(
    network, batches_seconds, finish_seconds
):
    own = network in {ATTENTION, BIG_DENSE}
    training, prediction = text_work(network if own else find_system(network).layers)
    recipe = Recipe.from_dict({} if own else find_system(network).recipe)
    prices = machine_speed(EPYC_RUNS, EPYC).prices
    if batches_seconds:
        but_the_first = ImageCounts(2_000 - recipe.batch_size, 0, 1)
        columns = epoch_columns(training, prediction, recipe, but_the_first)
        assert batches_seconds / 2 < np.dot(prices, columns) < batches_seconds * 2
    columns = finish_columns(training, prediction, recipe, ImageCounts(2_000, 12_000, 10_000))
    assert finish_seconds / 2 < np.dot(prices, columns) < finish_seconds * 2


@pytest.mark.parametrize("factor", [0.4, 5.0])
def test_three_runs_are_enough_to_learn_another_processors_pace(factor):
    elsewhere = [_slower(run, factor) for run in EPYC_RUNS]
    for start in range(0, len(elsewhere) - 3, 3):
        known, rest = elsewhere[start : start + 3], elsewhere[:start] + elsewhere[start + 3 :]
        ratios = [_cpu_ratio(machine_speed(known, EPYC), run) for run in rest]
        assert 0.4 < min(ratios) <= max(ratios) < 2.5
        assert np.median(np.abs(np.log(ratios))) < np.log(1.5)


def test_a_run_on_a_crowded_machine_hardly_moves_the_others():
    usual = machine_speed(EPYC_RUNS, EPYC)
    spoilt = machine_speed([*EPYC_RUNS[1:], _slower(EPYC_RUNS[0], 20)], EPYC)
    for run in EPYC_RUNS[1:]:
        assert _cpu_ratio(spoilt, run) == pytest.approx(_cpu_ratio(usual, run), rel=0.35)


def test_the_basis_and_the_range_say_what_is_known():
    summary = summarize(ENHANCED.layers)
    cases = {
        "No run to go by": ([], EPYC, 4),
        f"From {len(EPYC_RUNS)} runs of this processor": (EPYC_RUNS, EPYC, 2),
        "From 1 run of this processor": (EPYC_RUNS[:1], EPYC, 3),
        "No run of this processor yet": (RUNS, "Another", 4),
    }
    for words, (runs, processor, factor) in cases.items():
        found = estimate(summary, ENHANCED.recipe, IMAGES, machine_speed(runs, processor))
        assert words in found.basis
        assert found.low_seconds == pytest.approx(found.seconds / factor)
        assert found.high_seconds == pytest.approx(found.seconds * factor)


def test_a_processors_own_runs_count_and_not_those_of_a_slower_one():
    slower = [
        _slower(run, 10, machine=dataclasses.replace(run.machine, processor="Old"))
        for run in EPYC_RUNS
    ]
    both = machine_speed([*EPYC_RUNS, *slower], EPYC)
    assert both.prices == machine_speed(EPYC_RUNS, EPYC).prices


def test_a_processor_whose_only_run_cannot_be_counted_goes_by_the_others():
    unreadable = dataclasses.replace(
        ENHANCED,
        layers="a layer of tomorrow",
        machine=dataclasses.replace(ENHANCED.machine, processor="New"),
    )
    speed = machine_speed([unreadable, *EPYC_RUNS], "New")
    assert f"from {len(EPYC_RUNS)} runs of other ones" in speed.basis


def test_runs_that_cannot_be_counted_are_passed_over():
    unreadable = dataclasses.replace(ENHANCED, layers="a layer of tomorrow")
    baseline = dataclasses.replace(ENHANCED, layers="", recipe=None)
    untimed = _slower(ENHANCED, 0)
    speed = machine_speed([unreadable, baseline, untimed], EPYC)
    assert "No run to go by" in speed.basis
    assert speed.factor == 4


def test_on_two_idle_cores_awasthi_enhanced_takes_as_long_as_it_was_measured_to():
    # 15.4 s for 48,000 training images and 1.3 s for 12,000 validation images (fused batch
    # normalisation, batch 512, nothing else on the machine).
    speed = dataclasses.replace(machine_speed(EPYC_RUNS, EPYC), cores=2)
    found = estimate(summarize(ENHANCED.layers), ENHANCED.recipe, IMAGES, speed)
    assert found.seconds_per_epoch == pytest.approx(16.7, rel=0.2)
    assert found.seconds == pytest.approx(100 * found.seconds_per_epoch, rel=0.05)


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        ({"threads": 1}, 1.5, 1.9),
        ({"threads": 64}, 0.999, 1.001),  # there are two cores
        ({"augmentation": "rotation=10"}, 1.02, 1.2),
        ({"batch_size": 8}, 1.2, 3),
        ({"fused_batchnorm": False}, 1.2, 1.8),
        ({"precision": "mixed_bfloat16"}, 0.7, 0.9),
        ({"optimizer": "sgd"}, 0.9, 1),
    ],
)
def test_what_changes_the_work_changes_the_time(changes, low, high):
    speed = dataclasses.replace(machine_speed(EPYC_RUNS, EPYC), cores=2)
    summary = summarize(ENHANCED.layers)
    usual = estimate(summary, ENHANCED.recipe, IMAGES, speed)
    changed = estimate(summary, dataclasses.replace(ENHANCED.recipe, **changes), IMAGES, speed)
    assert low <= changed.seconds / usual.seconds <= high


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "changes",
    [{}, {"train_fraction": 0.333}, {"limit": 999}, {"train_fraction": 1e-6}, {"limit": 69_999}],
)
def test_the_images_are_those_that_the_split_will_hold(protocol, changes):
    recipe = Recipe(protocol=protocol, **changes)
    labels = np.repeat(np.arange(10, dtype=np.uint8), 7_000)
    split = make_split(protocol, labels, 0, recipe.train_fraction, recipe.limit)
    expected = ImageCounts(len(split.train), len(split.validation), len(split.test))
    assert image_counts(recipe) == expected


def test_every_optimizer_is_known():
    assert OPTIMIZER_SLOTS.keys() == set(OPTIMIZERS)


def test_the_fit_goes_by_the_newest_two_hundred_runs():
    many = [
        dataclasses.replace(run, layers=f"# {number}\n{run.layers}")
        for number in range(1000 // len(EPYC_RUNS) + 1)
        for run in EPYC_RUNS
    ]
    assert "From 200 runs" in machine_speed(many, EPYC).basis


def test_the_speed_of_a_folder_is_that_of_its_runs_and_a_missing_folder_has_none(tmp_path):
    assert folder_speed(CACHED, EPYC).prices == machine_speed(RUNS, EPYC).prices
    assert "No run to go by" in folder_speed(tmp_path / "none", EPYC).basis
    assert len(folder_speed(CACHED, EPYC).prices) == len(COLUMNS)


def test_what_does_not_fit_into_the_memory_is_refused_in_a_sentence(monkeypatch):
    speed = machine_speed([], EPYC)
    found = estimate(summarize(ENHANCED.layers), ENHANCED.recipe, IMAGES, speed)
    monkeypatch.setattr(f"{estimate.__module__}.memory_limit", lambda: found.memory_bytes)
    check_fits(found)
    monkeypatch.setattr(f"{estimate.__module__}.memory_limit", lambda: found.memory_bytes - 1)
    with pytest.raises(
        RecipeError, match=r"must fit into .* Received: .* Use a smaller batch_size"
    ):
        check_fits(found)


def test_estimates_need_neither_keras_nor_scipy():
    code = (
        "import fmnist_core.training.budgets, json, sys;"
        "print(json.dumps([n for n in ('keras', 'tensorflow', 'scipy') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == []
