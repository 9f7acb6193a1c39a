"""What differs between runs, and nothing else."""

import dataclasses

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.evaluation.settings import differing_settings


@pytest.fixture
def run(tmp_path):
    return write_example(tmp_path, "example-20250131-235959-00000a", light=True)


def _rows(*runs) -> dict[str, tuple]:
    return {row.name: row.values for row in differing_settings(runs)}


def test_only_what_differs_is_listed_in_the_order_of_the_runs(run):
    recipe = dataclasses.replace(run.recipe, optimizer="sgd", learning_rate=0.1)
    other = dataclasses.replace(run, recipe=recipe)
    assert _rows(run, other) == {"optimizer": ("adam", "sgd"), "learning_rate": (1e-3, 0.1)}
    assert _rows(other, run, run)["optimizer"] == ("sgd", "adam", "adam")


def test_results_are_no_settings(run):
    metrics = dataclasses.replace(run.metrics, test_loss=9.0)
    other = dataclasses.replace(
        run, run_id=run.run_id[:-1] + "b", name="x", metrics=metrics, train_seconds=99,
        created="2026-01-01T00:00:00Z", latency_ms=5,
    )  # fmt: skip
    assert _rows(run, other) == {}


def test_what_a_baseline_does_not_have_is_left_empty(run):
    rows = _rows(run, dataclasses.replace(run, recipe=None, macs=None))
    assert rows["optimizer"] == ("adam", None)
    assert rows["macs"] == (40, None)
    assert "protocol" not in rows


def test_layer_texts_differ_only_between_custom_architectures(run):
    custom = dataclasses.replace(run, architecture="custom")
    changed = dataclasses.replace(custom, layers="dense 10 softmax\n")
    assert list(_rows(custom, changed)) == ["layers"]
    assert "layers" not in _rows(run, dataclasses.replace(run, variant="b", layers="flatten\n"))


def test_versions_and_machines_are_settings(run):
    versions = run.versions | {"python": "3.12", "jax": "1"}
    machine = dataclasses.replace(run.machine, processor="other")
    rows = _rows(run, dataclasses.replace(run, versions=versions, machine=machine))
    assert rows["processor"] == ("none", "other")
    assert rows["version of python"] == ("3.11", "3.12")
    assert rows["version of jax"] == (None, "1")


def test_a_backend_that_was_installed_but_did_not_train_is_no_setting(run):
    versions = run.versions | {"backend": "tensorflow", "tensorflow-cpu": "2"}
    plain = dataclasses.replace(run, versions=versions)
    assert _rows(plain, dataclasses.replace(run, versions=versions | {"torch": "2"})) == {}
    on_torch = dataclasses.replace(run, versions=run.versions | {"backend": "torch", "torch": "2"})
    assert _rows(plain, on_torch)["version of torch"] == (None, "2")


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_runs_do_not_differ(run, count):
    assert differing_settings([run] * count) == ()
