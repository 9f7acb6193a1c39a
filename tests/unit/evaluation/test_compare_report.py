"""`runs compare --json`: the numbers of the Compare page and its sentences, from one place."""

import json

import numpy as np
import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.cli import main
from fmnist_core.evaluation.calibration_report import calibration_report
from fmnist_core.evaluation.compare_report import compare_report
from fmnist_core.evaluation.ensembles import ensemble_result
from fmnist_core.evaluation.ranking_metrics import average_precision, roc_auc
from fmnist_core.evaluation.selective import coverage_risk, risk_at
from fmnist_core.evaluation.sentences import pair_sentence
from fmnist_core.evaluation.sheet import read_sheet
from fmnist_core.runs.read import read_predictions
from tests.fixture_runs import FixtureRun, write_fixture_run

PAIR_KEYS = {
    "a", "b", "images", "a_only_correct", "b_only_correct", "accuracy_difference",
    "difference_ci95", "mcnemar_p", "mcnemar_p_holm", "remark",
}  # fmt: skip


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return tmp_path


def _write(root, accuracy, number, **more):
    return write_fixture_run(root, FixtureRun(accuracy=accuracy, number=number, **more))


def _answer(capsys, *ids):
    assert main(["runs", "compare", *ids, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("accuracy", "said"),
    [(0.80, "is better"), (0.97, "is better"), (0.901, "not separated")],
)
def test_its_sentences_are_those_of_its_numbers(root, capsys, accuracy, said):
    a, b = _write(root, 0.9, 1), _write(root, accuracy, 2)
    answer = _answer(capsys, a, b)
    (pair,) = answer["pairs"]
    assert set(pair) == PAIR_KEYS
    (sentence,) = answer["says"]["pairs"]
    assert f"right on {pair['a_only_correct']:,} images" in sentence
    assert f"{100 * pair['accuracy_difference']:+.2f} points" in sentence
    winner = a if pair["accuracy_difference"] > 0 else b
    better = said == "is better"
    assert (f"{winner} is better." in sentence) == better == (pair["mcnemar_p_holm"] < 0.05)
    assert ("they are not separated" in sentence) != better
    assert len(answer["tie_groups"]) == (2 if better else 1)


def test_every_number_of_the_page_is_there(root, capsys):
    ids = [_write(root, 0.9, 1), _write(root, 0.85, 2, seed=1), _write(root, 0.8, 3, seed=2)]
    answer = _answer(capsys, *ids)
    assert [run["run_id"] for run in answer["runs"]] == ids
    (group,) = answer["seed_groups"]
    assert group["seeds"] == [0, 1, 2]
    accuracies = [run["test_accuracy"] for run in answer["runs"]]
    assert group["deviation"] == pytest.approx(np.std(accuracies, ddof=1))
    for row, run_id in zip(answer["calibration"], ids, strict=True):
        expected = calibration_report(read_predictions(root, run_id), "holdout-80-20")
        assert row["run_id"] == run_id
        assert row["before"]["ece"] == expected.before.ece
        assert row["temperature"] == expected.temperature
    assert [row["risk_at_1"] for row in answer["coverage"]] == pytest.approx(
        [1 - accuracy for accuracy in accuracies]
    )
    assert answer["agreement"]["images"] == 2_000
    assert len(answer["agreement"]["same_class"]) == 3
    assert [row["verdict"] for row in answer["fit"]] == [
        sentence.split(": ")[1].split(". ")[0] for sentence in answer["says"]["fit"]
    ]
    topics = {topic for topic, sentences in answer["says"].items() if sentences}
    assert topics == {
        "comparison", "pairs", "tie_groups", "seed_groups", "fit", "calibration", "coverage",
        "agreement", "ensembles", "greedy_choice",
    }  # fmt: skip


def test_the_numbers_behind_the_sentences_of_the_page_are_there(root, capsys):
    a, b = _write(root, 0.9, 1), _write(root, 0.85, 2, epochs=4)
    answer = _answer(capsys, a, b)
    stored = [read_predictions(root, run_id) for run_id in (a, b)]
    for row, predictions in zip(answer["coverage"], stored, strict=True):
        curve = coverage_risk(predictions.test_probabilities, predictions.test_labels)
        for share in (0.5, 0.8, 0.9, 1):
            assert row[f"risk_at_{share:g}"] == risk_at(curve, share)
    sheet = read_sheet(root, [a, b])
    for row in answer["ensembles"]:
        result = ensemble_result(sheet, row["method"])
        assert row["accuracy"] == result.accuracy
        assert row["pair"]["mcnemar_p"] == result.pair.mcnemar_p
        assert f"{100 * result.accuracy:.2f} %" in " ".join(answer["says"]["ensembles"])
    assert [row["method"] for row in answer["ensembles"]] == ["mean", "log_mean", "vote"]
    choice = answer["greedy_choice"]
    assert choice["validation_images"] == 100
    assert [step["run_id"] for step in choice["steps"]] == [a, b]
    epochs, _, macs = answer["equal_budget"]
    assert (epochs["kind"], epochs["budget"], macs["kind"]) == ("epochs", 4, "macs")
    assert [row["run_id"] for row in epochs["reached"]] == [a, b]
    assert [row["epoch"] for row in epochs["reached"]] == [4, 4]


def test_every_class_has_its_scores_of_both_kinds(root, capsys):
    ids = [_write(root, 0.9, 1), _write(root, 0.85, 2)]
    answer = _answer(capsys, *ids)
    assert [row["run_id"] for row in answer["class_scores"]] == ids
    sheet = read_sheet(root, ids)
    for number, row in enumerate(answer["class_scores"]):
        scores = {one["class"]: one for one in row["classes"]}
        shirt = sheet.labels == 6
        recall = sheet.correct[number][shirt].mean()
        assert scores["Shirt"]["recall"] == pytest.approx(recall)
        ranked = average_precision(shirt, sheet.probabilities[number, :, 6])
        assert scores["Shirt"]["average_precision"] == ranked
        assert scores["Shirt"]["roc_auc"] == roc_auc(shirt, sheet.probabilities[number, :, 6])
        mean = np.mean([one["roc_auc"] for one in row["classes"]])
        assert row["macro"]["roc_auc"] == pytest.approx(mean)


def test_one_run_only(root, capsys):
    answer = _answer(capsys, _write(root, 0.9, 1))
    assert answer["pairs"] == answer["untested"] == []
    assert "needs two runs" in answer["says"]["comparison"][0]
    assert len(answer["tie_groups"]) == len(answer["seed_groups"]) == 1


def test_two_identical_runs(root, capsys):
    ids = [f"a-20250131-235959-00000{digit}" for digit in "ab"]
    for run_id in ids:
        write_example(root, run_id, seed=1, light=True)
    answer = _answer(capsys, *ids)
    assert "exactly the same of 200 images" in answer["says"]["pairs"][0]
    assert answer["agreement"]["same_class"] == answer["agreement"]["error_overlap"]


def test_runs_on_another_test_set_say_what_cannot_be_compared(root, capsys):
    a, b = _write(root, 0.9, 1), _write(root, 0.9, 2, protocol="pooled-60-20-20")
    answer = _answer(capsys, a, b)
    assert answer["pairs"] == []
    assert "no image was a test image of both" in answer["says"]["untested"][0]
    assert answer["agreement"] is None
    assert answer["class_scores"] is None
    assert answer["ensembles"] == []
    assert "compared together must share test images" in answer["says"]["agreement"][0]
    assert "never joined" in answer["says"]["tie_groups"][-1]
    assert len(answer["calibration"]) == 2


def test_a_stopped_run_and_one_that_saw_its_test_images_are_compared_and_told(root, capsys):
    a = _write(root, 0.9, 1, budget="stopped", planned=30)
    b = _write(root, 0.9, 2, protocol="test-as-validation")
    answer = _answer(capsys, a, b)
    assert f"{b} used its test images for validation" in answer["says"]["pairs"][0]
    assert answer["calibration"][1]["temperature"] is None
    assert answer["calibration"][1]["after"] is None
    assert "its validation images are its test images" in answer["says"]["calibration"][1]


def test_people_get_the_sentences_under_their_topics(root, capsys):
    a, b = _write(root, 0.9, 1), _write(root, 0.8, 2)
    assert main(["runs", "compare", a, b]) == 0
    text = capsys.readouterr().out
    report = compare_report(root, [a, b])
    assert pair_sentence(report.comparison.pairs[0], {a: a, b: b}) in text
    assert "\ntie groups\n" in text
    assert "untested" not in text


def test_names_stand_where_ids_stood(root):
    a, b = _write(root, 0.9, 1), _write(root, 0.8, 2, protocol="test-as-validation")
    said = compare_report(root, [a, b]).says({a: "Net A", b: "Net B"})
    words = " ".join(sentence for sentences in said.values() for sentence in sentences)
    assert "Net A" in words
    assert a not in words
    assert b not in words
