"""Seeds: grouped by everything else, with a deviation only where there are several."""

import dataclasses
import statistics

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.evaluation.seeds import seed_groups


@pytest.fixture
def run(tmp_path):
    return write_example(tmp_path, "example-20250131-235959-000000", light=True)


def _seed(run, seed, accuracy=0.9, *, end="1", **changes):
    """The run again under another seed."""
    low, high = min(accuracy, 0.5), max(accuracy, 0.5)
    return dataclasses.replace(
        run,
        run_id=run.run_id[:-1] + end,
        seed=seed,
        recipe=dataclasses.replace(run.recipe, seed=seed, **changes.pop("recipe", {})),
        metrics=dataclasses.replace(
            run.metrics, test_accuracy=accuracy, test_accuracy_ci95=(low, high)
        ),
        **changes,
    )


def test_seeds_of_one_recipe_have_a_mean_and_a_sample_deviation(run):
    runs = [_seed(run, seed, 0.9 + seed / 100, end=str(seed)) for seed in (2, 0, 1)]
    (group,) = seed_groups(runs)
    assert group.seeds == (0, 1, 2)
    assert group.accuracies == (0.9, 0.91, 0.92)
    assert group.run_ids[0].endswith("0")
    assert group.mean == pytest.approx(0.91)
    assert group.deviation == pytest.approx(statistics.stdev([0.9, 0.91, 0.92]))
    assert group.deviation == pytest.approx(0.01)


def test_one_seed_has_no_deviation(run):
    (group,) = seed_groups([run])
    assert (group.deviation, group.mean) == (None, run.metrics.test_accuracy)
    assert seed_groups([]) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": {"learning_rate": 0.5}},
        {"recipe": {"epochs": 2}},
        {"variant": "other"},
        {"dataset_sha256": dict.fromkeys("abcd", "1" * 64)},
    ],
)
def test_whatever_else_differs_parts_runs(run, change):
    assert len(seed_groups([run, _seed(run, 1, **change)])) == 2


def test_the_machine_and_the_name_do_not(run):
    other = _seed(
        run, 1, name="another", versions=run.versions | {"numpy": "1"},
        machine=dataclasses.replace(run.machine, processor="other"),
    )  # fmt: skip
    assert len(seed_groups([run, other])) == 1


def test_where_early_stopping_ended_parts_no_runs_but_a_stop_by_hand_does(run):
    early = _seed(run, 1, epochs=run.epochs - 1)
    assert len(seed_groups([run, early])) == 1
    assert len(seed_groups([run, dataclasses.replace(early, status="stopped")])) == 2


def test_a_seed_that_comes_twice_counts_once(run):
    newer = _seed(run, 0, 0.8, end="9", created="2025-02-01T00:00:00Z")
    (group,) = seed_groups([run, newer, _seed(run, 1, end="5")])
    assert group.seeds == (0, 1)
    assert group.run_ids[0] == newer.run_id


def test_a_seed_that_also_draws_the_test_images_is_told_apart(run):
    assert seed_groups([run])[0].same_test_images
    pooled = _seed(run, 0, protocol="pooled-60-20-20", recipe={"protocol": "pooled-60-20-20"})
    assert not seed_groups([pooled])[0].same_test_images
