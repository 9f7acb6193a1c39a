"""The command for another seed, read back by the parser that it is meant for."""

import argparse
import dataclasses
import io
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.cli.parser import make_parser
from fmnist_core.cli.train import new_baseline_plan, new_plan
from fmnist_core.evaluation.seed_command import seed_command
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.runs.schema import Run
from fmnist_core.training.baselines.definitions import plan_baseline
from fmnist_core.training.plan import Plan
from tests.fixture_runs import FixtureRun, write_fixture_run

CACHED = Path(__file__).parents[3] / "cached_runs"


RUNS = [read_run(CACHED, run_id) for run_id in run_ids(CACHED)]


def options_of(command: str) -> argparse.Namespace:
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "fmnist_core"]
    return make_parser().parse_args(words[3:])


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Plan]:
    """Returns a function that plans what a command line would train, its pipe included."""

    def plan(command: str) -> Plan:
        piped, _, train = command.rpartition(" | ")
        if piped:
            text = subprocess.run(["sh", "-c", piped], capture_output=True, check=True).stdout
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        return new_plan(options_of(train))

    return plan


@pytest.mark.parametrize(
    "run", [pytest.param(run, id=run.run_id) for run in RUNS if run.recipe is not None]
)
def test_every_cached_network_is_planned_again_with_nothing_but_another_seed(
    run: Run, planned
) -> None:
    plan = planned(seed_command(run, run.seed + 1))
    assert plan.recipe == dataclasses.replace(run.recipe, seed=run.seed + 1)
    assert (plan.architecture, plan.variant) == (run.architecture, run.variant)
    assert plan.layers.strip() == run.layers.strip()


@pytest.mark.parametrize(
    "run", [pytest.param(run, id=run.run_id) for run in RUNS if run.recipe is None]
)
def test_every_cached_baseline_is_planned_again_with_nothing_but_another_seed(run: Run) -> None:
    plan = new_baseline_plan(options_of(seed_command(run, run.seed + 1)))
    assert plan.architecture == run.architecture
    assert (plan.protocol, plan.seed) == (run.protocol, run.seed + 1)
    assert plan.train_images == run.images.train


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return read_run(tmp_path, write_fixture_run(tmp_path, FixtureRun(), test_images=100))


def test_less_data_is_in_the_command(run: Run, planned) -> None:
    recipe = dataclasses.replace(run.recipe, train_fraction=0.25, augmentation="shift=0.1 flip")
    less = dataclasses.replace(run, recipe=recipe)
    assert "train_fraction=0.25" in seed_command(less, 3)
    assert planned(seed_command(less, 3)).recipe == dataclasses.replace(recipe, seed=3)


def test_layers_of_ones_own_come_through_the_pipe(tmp_path: Path, planned) -> None:
    own = write_fixture_run(tmp_path, FixtureRun("custom", number=1), test_images=100)
    run = read_run(tmp_path, own)
    command = seed_command(run, 1)
    assert " | " in command
    plan = planned(command)
    assert plan.layers.strip() == run.layers.strip()
    assert plan.recipe == dataclasses.replace(run.recipe, seed=1)


def test_a_baseline_takes_its_split_and_images(run: Run) -> None:
    images = dataclasses.replace(run.images, train=12_000)
    baseline = dataclasses.replace(run, architecture="svc", recipe=None, images=images)
    assert seed_command(baseline, 1) == (
        "python -m fmnist_core train svc --recipe limit=12000 --seed 1"
    )
    assert plan_baseline("svc", {"limit": "12000"}).train_images == 12_000
    full = dataclasses.replace(run, architecture="svc", recipe=None)
    assert seed_command(full, 1) == "python -m fmnist_core train svc --seed 1"


def test_where_no_command_leads_to_the_same_training_there_is_none(
    run: Run, tmp_path: Path
) -> None:
    assert seed_command(dataclasses.replace(run, status="stopped"), 1) == ""
    unknown = write_example(tmp_path, "example-20250131-235959-000000", light=True)
    assert seed_command(unknown, 1) == ""
