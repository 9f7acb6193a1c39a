"""Every run that this program ships or makes goes out and comes in again, byte by byte."""

import functools
import io
import multiprocessing
from pathlib import Path

import pytest

from fmnist_core.data import find_data
from fmnist_core.exchange.import_run import import_run
from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.read import read_run, run_ids
from fmnist_core.training import finish
from fmnist_core.training.baselines.definitions import plan_baseline
from fmnist_core.training.baselines.session import run_baseline
from fmnist_core.training.plan import Plan, plan_run
from fmnist_core.training.session import run_plan

SHIPPED = Path(__file__).parents[3] / "cached_runs"
LAYERS = "flatten\ndense 16 relu\nbatchnorm\ndense 10 softmax\n"
SMALL = {"epochs": 2, "limit": 300, "batch_size": 50}

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["fmnist_core.training.session"])


def assert_goes_and_comes(root: Path, run_id: str, elsewhere: Path) -> None:
    archive = export_archive(root, run_id)
    assert not import_run(elsewhere, io.BytesIO(archive)).known
    assert export_archive(elsewhere, run_id) == archive


@pytest.mark.parametrize("run_id", run_ids(SHIPPED))
def test_a_run_that_ships_goes_and_comes(run_id, tmp_path):
    assert_goes_and_comes(SHIPPED, run_id, tmp_path)


@needs_data
@pytest.mark.parametrize(
    "baseline",
    [
        "dummy",
        "svc",
        pytest.param("logistic_regression", marks=pytest.mark.slow),
        pytest.param("greeshma_hog_svm", marks=pytest.mark.slow),
    ],
)
def test_a_baseline_goes_and_comes(baseline, tmp_path):
    folder = run_baseline(tmp_path / "here", plan_baseline(baseline, {"limit": "300"}))
    assert_goes_and_comes(tmp_path / "here", folder.name, tmp_path / "there")


def asked_often(asked: list[bool]) -> bool:
    """A stop in the third epoch: 300 images are six batches."""
    asked.append(True)
    return len(asked) > 15


TRAININGS = {
    "limited": (SMALL, {}),
    "a share": ({"epochs": 1, "train_fraction": 0.01, "precision": "mixed_bfloat16"}, {}),
    "stopped early": (SMALL | {"epochs": 30, "early_stopping": 1, "keep": "best"}, {}),
    "pooled": (SMALL | {"protocol": "pooled-60-20-20", "seed": 3}, {}),
    "test as validation": (SMALL | {"protocol": "test-as-validation"}, {}),
    "without weights": (SMALL, {"keep_weights": False}),
    "stopped": (SMALL | {"epochs": 9}, {"should_stop": functools.partial(asked_often, [])}),
}


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("kind", TRAININGS)
def test_a_training_goes_and_comes(kind, tmp_path):
    changes, how = TRAININGS[kind]
    plan = plan_run("custom", changes, layers=LAYERS)
    process = processes.Process(target=run_plan, args=(tmp_path / "here", plan), kwargs=how)
    process.start()
    process.join(timeout=120)
    assert process.exitcode == 0
    run = read_run(tmp_path / "here", plan.run_id)
    assert (run.status == "stopped") == (kind == "stopped")
    assert (run.epochs < run.epochs_planned) == kind.startswith("stopped")
    assert_goes_and_comes(tmp_path / "here", plan.run_id, tmp_path / "there")


def run_with_little_room(root: Path, plan: Plan) -> None:
    finish.MOST_MODEL_BYTES = 1_000  # in this process alone
    run_plan(root, plan)


@needs_data
@pytest.mark.slow
def test_a_training_whose_model_is_too_large_is_kept_without_it(tmp_path):
    plan = plan_run("custom", SMALL, layers=LAYERS)
    process = processes.Process(target=run_with_little_room, args=(tmp_path / "here", plan))
    process.start()
    process.join(timeout=120)
    assert process.exitcode == 0
    run = read_run(tmp_path / "here", plan.run_id)
    assert "larger in float32 than a run may hold" in run.provenance.notes
    assert run.size_bytes > 1_000
    left = {path.name for path in (tmp_path / "here" / plan.run_id).iterdir()}
    assert left == {"run.json", "history.jsonl", "predictions.npz", "manifest.json"}
    assert_goes_and_comes(tmp_path / "here", plan.run_id, tmp_path / "there")
