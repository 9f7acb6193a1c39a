"""Stored runs beside each other, as `runs compare --json` answers."""

import json

import numpy as np
import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.evaluation.compare import compare_runs
from fmnist_core.runs.read import read_predictions

A, B = "a-20250131-235959-00000a", "b-20250131-235959-00000b"


@pytest.fixture
def root(tmp_path):
    write_example(tmp_path, A, seed=1, light=True)
    write_example(tmp_path, B, seed=2, light=True)
    return tmp_path


def test_the_answer_has_the_documented_keys_and_the_runs_own_numbers(root):
    answer = json.loads(json.dumps(compare_runs(root, [A, B]).to_json()))
    assert [run["run_id"] for run in answer["runs"]] == [A, B]
    stored = read_predictions(root, A)
    right = stored.test_probabilities.argmax(axis=1) == stored.test_labels
    assert answer["runs"][0]["test_accuracy"] == right.mean()
    assert len(answer["runs"][0]["test_accuracy_ci95"]) == 2
    (pair,) = answer["pairs"]
    assert set(pair) == {
        "a", "b", "images", "a_only_correct", "b_only_correct", "accuracy_difference",
        "difference_ci95", "mcnemar_p", "mcnemar_p_holm", "remark",
    }  # fmt: skip
    accuracies = [run["test_accuracy"] for run in answer["runs"]]
    assert pair["accuracy_difference"] == pytest.approx(np.subtract(*accuracies))
    assert answer["untested"] == []


def test_a_damaged_or_unknown_run_is_named(root):
    (root / B / "predictions.npz").write_bytes(b"")
    with pytest.raises(RunError, match=r"predictions\.npz is damaged"):
        compare_runs(root, [A, B])
    with pytest.raises(UnknownNameError):
        compare_runs(root, [A, "c-20250131-235959-00000c"])
    with pytest.raises(RunError, match="a run id must look like"):
        compare_runs(root, [A, "../b"])
