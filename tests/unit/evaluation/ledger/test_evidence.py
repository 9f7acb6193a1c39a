"""What the ledger reads of a run: the scores of its answers, and which runs it looks at."""

import numpy as np
import pytest

from fmnist_core.data.dataset import CLASS_NAMES
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.ledger import evidence as ledger_evidence
from fmnist_core.evaluation.ledger.evidence import (
    evidence_run_ids,
    make_evidence,
    read_all_evidence,
    report_scores,
)
from fmnist_core.evaluation.ledger.rows import read_ledger
from fmnist_core.evaluation.metrics import per_class_report
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.index import list_runs
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.unit.evaluation.example_evidence import MadeUp


def test_the_report_is_scikit_learns_with_bootstrap_intervals_around_it():
    rng = np.random.default_rng(1)
    labels = np.arange(2_000) % 10
    predicted = np.where(rng.random(2_000) < 0.8, labels, rng.integers(0, 10, 2_000))
    scores, report = report_scores(labels, predicted), per_class_report(labels, predicted)
    for name, of_class in zip(CLASS_NAMES, report.classes, strict=True):
        for metric in ("precision", "recall", "f1"):
            value, (low, high) = scores[metric, name]
            assert value == pytest.approx(getattr(of_class, metric))
            assert low < value < high
    assert scores["macro_f1", ""][0] == pytest.approx(report.macro.f1)
    assert scores["weighted_precision", ""][0] == pytest.approx(report.weighted.precision)
    assert scores["f1", ""] == scores["macro_f1", ""]
    # For a recall the bootstrap is near Wilson's interval, which is known exactly.
    value, interval = scores["recall", "Trouser"]
    assert interval == pytest.approx(wilson_interval(round(200 * value), 200), abs=0.02)
    assert report_scores(labels, predicted) == scores


def test_the_loss_has_the_normal_interval_of_its_mean():
    rng = np.random.default_rng(0)
    labels = (np.arange(4_000) % 10).astype(np.uint8)
    probabilities = rng.dirichlet(np.ones(10), 4_000).astype(np.float32)
    indices = np.arange(4_000, dtype=np.int32)
    run = MadeUp("ajani_m1").evidence()
    evidence = make_evidence(
        run.run,
        run.epochs,
        Predictions(
            probabilities,
            labels,
            indices,
            probabilities[:0],
            labels[:0],
            indices[:0],
        ),
    )
    losses = -np.log(probabilities[np.arange(4_000), labels])
    assert evidence.test_loss_margin == pytest.approx(
        1.96 * losses.std() / np.sqrt(4_000), rel=1e-3
    )
    assert evidence.val_loss_margin is None
    assert evidence.scores == {}  # source 004 prints no report


def test_a_damaged_run_hides_no_other(tmp_path):
    good = write_fixture_run(tmp_path, FixtureRun("s003_enhanced", number=1), test_images=200)
    bad = write_fixture_run(tmp_path, FixtureRun("ajani_m1", number=2), test_images=200)
    file = tmp_path / bad / "predictions.npz"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    evidence, damaged = read_all_evidence(tmp_path)
    assert [item.run.run_id for item in evidence] == [good]
    assert [run.run_id for run in damaged] == [bad]
    assert len(read_ledger(tmp_path)) == 360


def test_a_run_deleted_between_the_listing_and_the_look_is_missing_and_not_damaged(
    tmp_path, monkeypatch
):
    there = write_fixture_run(tmp_path, FixtureRun("s003_enhanced", number=1), test_images=200)
    gone = write_fixture_run(tmp_path, FixtureRun("ajani_m1", number=2), test_images=200)
    index = list_runs(tmp_path)
    delete_run(tmp_path, gone)
    monkeypatch.setattr(ledger_evidence, "list_runs", lambda root: index)
    evidence, damaged = read_all_evidence(tmp_path)
    assert [item.run.run_id for item in evidence] == [there]
    assert damaged == ()


def test_only_catalogued_networks_are_looked_at(tmp_path):
    known = write_fixture_run(tmp_path, FixtureRun("kadam_a1", number=1), test_images=100)
    write_fixture_run(tmp_path, FixtureRun("custom", number=2), test_images=100)
    assert evidence_run_ids(list_runs(tmp_path)) == (known,)
