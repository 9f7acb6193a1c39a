"""Readings that pages keep are taken anew once the run they are of holds something else."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.prediction.patches import FINE
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.index import content_stamp
from fmnist_core.runs.manifest import OPTIONAL_FILES, REQUIRED_FILES
from fmnist_core.ui import loaders, run_stamps
from fmnist_core.ui.classes import loaders as classes_loaders
from fmnist_core.ui.compare import loaders as compare_loaders
from fmnist_core.ui.dataset import loaders as dataset_loaders
from fmnist_core.ui.learn import loaders as learn_loaders
from fmnist_core.ui.papers import loaders as papers_loaders
from fmnist_core.ui.predict import loaders as predict_loaders
from fmnist_core.ui.projections import loaders as projections_loaders
from fmnist_core.ui.studies import loaders as studies_loaders
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.fixture_studies import setups, write_level_run
from tests.shipped_runs import copy_runs, damage, shipped_run

RUN = FixtureRun("s003_enhanced", 0.9, number=1)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runs folder with one run, which the loaders read."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    write_fixture_run(tmp_path, RUN)
    return tmp_path


def some_seconds_later() -> None:
    run_stamps._stamps.clear()
    papers_loaders._index.clear()


def measured() -> float | None:
    rows = papers_loaders.ledger_rows()
    return next(
        row.measured
        for row in rows
        if (row.system, row.metric) == (RUN.architecture, "test_accuracy")
    )


def level_accuracies(*run_ids: str) -> set[float]:
    results = studies_loaders.study_results(run_ids)
    return {one.accuracy for result in results for one in result.levels if one.accuracy is not None}


def replace_by(root: Path, run: FixtureRun) -> None:
    delete_run(root, run.run_id)
    write_fixture_run(root, run)
    some_seconds_later()


def test_a_run_that_comes_again_with_other_content_is_read_anew(root):
    assert measured() == 0.9
    before = papers_loaders.class_f1(RUN.run_id)
    replace_by(root, dataclasses.replace(RUN, accuracy=0.8))
    assert measured() == 0.8
    assert papers_loaders.class_f1(RUN.run_id) != before


def test_what_every_page_reads_of_a_run_is_read_anew_too(root):
    assert loaders.run_record(RUN.run_id).metrics.test_accuracy == 0.9
    assert loaders.comparison((RUN.run_id,)).runs[0].test_accuracy == 0.9
    assert len(loaders.epochs(RUN.run_id)) == RUN.epochs
    curve = loaders.histories((RUN.run_id,))
    replace_by(root, dataclasses.replace(RUN, accuracy=0.8, epochs=4))
    assert loaders.run_record(RUN.run_id).metrics.test_accuracy == 0.8
    assert loaders.comparison((RUN.run_id,)).runs[0].test_accuracy == 0.8
    assert len(loaders.epochs(RUN.run_id)) == 4
    assert len(loaders.histories((RUN.run_id,))) < len(curve)


def test_what_compare_classes_and_dataset_read_of_it_is_read_anew_too(root):
    def read():
        sheet, _ = classes_loaders.chosen_sheet(alone)
        said = [dataset_loaders.what_runs_said(alone, 60_000 + n)[0][0] for n in range(100)]
        return {
            "calibration": compare_loaders.trust(RUN.run_id).report.before.nll,
            "answers together": compare_loaders.sheet(alone).correct.mean(),
            "answers by class": sheet.correct.mean(),
            "scores": classes_loaders.known_scores(sheet)[0].report.macro.f1,
            "of images": [one.label for one in said],
        }

    alone = (RUN.run_id,)
    before = read()
    replace_by(root, dataclasses.replace(RUN, accuracy=0.3))
    after = read()
    assert not [what for what in before if before[what] == after[what]]


SHIPPED_RUN = shipped_run("kadam_a1")
IMAGE = np.arange(784, dtype=np.uint8).reshape(28, 28)
KEPT = {
    "an answer": lambda: predict_loaders.answers(IMAGE, (SHIPPED_RUN,)),
    "what mattered": lambda: predict_loaders.occlusion(IMAGE, SHIPPED_RUN, 0, FINE),
    "weights": lambda: learn_loaders.weights(SHIPPED_RUN),
    "a way through the network": lambda: learn_loaders.traced(SHIPPED_RUN, IMAGE),
    "a projection": lambda: projections_loaders.shown(
        compare_loaders.sheet((SHIPPED_RUN,)), pixels=False
    ),
    "members": lambda: compare_loaders.greedy((SHIPPED_RUN,), "mean"),
    "published labels": lambda: classes_loaders.published_examples((SHIPPED_RUN,)),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_is_kept_of_a_network_is_read_once_until_its_files_change(root, what):
    read, folder = KEPT[what], copy_runs(root, SHIPPED_RUN) / SHIPPED_RUN
    first = read()
    some_seconds_later()
    assert read() is first
    (folder / "model.tflite").touch()
    some_seconds_later()
    assert read() is not first


def test_a_network_whose_model_is_restored_answers_again(root):
    ids = (SHIPPED_RUN, shipped_run("s002_ann"))
    model = copy_runs(root, *ids) / SHIPPED_RUN / "model.tflite"
    kept = model.read_bytes()
    damage(root, SHIPPED_RUN, "model.tflite")
    assert [run.run_id for run in predict_loaders.answers(IMAGE, ids).left_out] == [SHIPPED_RUN]
    model.write_bytes(kept)
    # The stamp is still that of the damaged one.
    assert predict_loaders.answers(IMAGE, ids).left_out == ()


def test_a_run_that_is_restored_in_place_is_read_anew(root):
    kept = (root / RUN.run_id / "predictions.npz").read_bytes()
    damage(root, RUN.run_id, "predictions.npz")
    some_seconds_later()
    assert measured() is None
    assert [run.run_id for run in papers_loaders.damaged_runs()] == [RUN.run_id]
    (root / RUN.run_id / "predictions.npz").write_bytes(kept)
    some_seconds_later()
    assert measured() == 0.9
    assert papers_loaders.damaged_runs() == ()


def test_a_run_deleted_between_the_listing_and_the_look_counts_as_missing(root):
    assert measured() == 0.9  # the listing is kept for a few seconds
    run_stamps._stamps.clear()
    shutil.rmtree(root / RUN.run_id)
    assert measured() is None
    assert papers_loaders.damaged_runs() == ()
    assert papers_loaders.standing_choices() == {}


def test_a_deleted_run_has_no_kinds_of_layer_to_offer(root):
    assert "dense" in learn_loaders.layer_words(RUN.run_id)
    delete_run(root, RUN.run_id)
    some_seconds_later()
    assert learn_loaders.layer_words(RUN.run_id) == frozenset()


def test_the_studies_read_a_run_anew_that_changed_and_go_without_one_that_is_gone(root):
    asks = setups("batch_size", "s003_enhanced")
    kept, other = (
        write_level_run(root, asks[label], accuracy, number=number)
        for number, (label, accuracy) in enumerate((("64", 0.9), ("32", 0.95)), 2)
    )
    assert level_accuracies(kept, other) == {0.9, 0.95}
    delete_run(root, other)
    write_level_run(root, asks["32"], 0.7, number=3)
    some_seconds_later()
    assert level_accuracies(kept, other) == {0.9, 0.7}
    record = studies_loaders._records(root)[other][1]
    assert record.metrics.test_accuracy == 0.7
    delete_run(root, other)
    some_seconds_later()
    assert level_accuracies(kept, other) == {0.9}


def test_what_did_not_change_is_read_once(root):
    first = papers_loaders.ledger_rows()
    some_seconds_later()
    assert papers_loaders.ledger_rows() is first


@pytest.mark.parametrize("name", [*REQUIRED_FILES, *OPTIONAL_FILES, "manifest.json"])
def test_a_stamp_changes_with_each_file_that_is_read(root, name):
    (root / RUN.run_id / name).touch()  # a light run lacks some
    before = content_stamp(root, RUN.run_id)
    assert content_stamp(root, RUN.run_id) == before
    file = root / RUN.run_id / name
    file.write_bytes(file.read_bytes() + b" ")
    assert content_stamp(root, RUN.run_id) != before
    assert set(content_stamp(root, f"{RUN.run_id[:-6]}ffffff")) == {0}
    assert content_stamp(root / "elsewhere", f"../{RUN.run_id}") == ()
