"""Runs leave and come by the command line: one line for success, one for each refusal."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from fmnist_core.cli import main
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import read_file, read_history, run_ids
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

REPOSITORY = Path(__file__).parents[3]
SHIPPED = REPOSITORY / "cached_runs"
RUN_ID = shipped_run("kadam_a1")


@pytest.fixture
def shipped(monkeypatch):
    """Commands read the runs that ship with the project."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(SHIPPED))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Moves the commands to another, empty folder of runs when called."""

    def move():
        monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
        return tmp_path / "runs"

    return move


def refusal(capsys, *words: str) -> str:
    capsys.readouterr()
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_run_goes_out_as_a_zip_and_comes_in_the_same(shipped, elsewhere, tmp_path, capsys):
    archive = tmp_path / "run.zip"
    assert main(["runs", "export", RUN_ID, str(archive)]) == 0
    assert f"Wrote {archive}" in capsys.readouterr().out
    root = elsewhere()
    assert main(["runs", "import", str(archive)]) == 0
    assert capsys.readouterr().out == f"{RUN_ID} is imported.\n"
    there = {path.name: path.read_bytes() for path in (SHIPPED / RUN_ID).iterdir()}
    assert {path.name: path.read_bytes() for path in (root / RUN_ID).iterdir()} == there
    assert main(["runs", "verify"]) == 0


def test_importing_twice_says_that_the_run_is_here(shipped, elsewhere, tmp_path, capsys):
    archive = str(tmp_path / "run.zip")
    main(["runs", "export", RUN_ID, archive])
    elsewhere()
    main(["runs", "import", archive])
    capsys.readouterr()
    assert main(["runs", "import", archive, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "run_id": RUN_ID,
        "known": True,
        "untried": "",
    }


def test_a_hostile_archive_is_refused_in_one_line(elsewhere, tmp_path, capsys):
    root = elsewhere()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../evil.txt", "x")
    assert "leads out of it" in refusal(capsys, "runs", "import", str(tmp_path / "evil.zip"))
    assert not (tmp_path / "evil.txt").exists()
    assert run_ids(root) == []


@pytest.mark.parametrize("place", ["nowhere.zip", "."])
def test_what_is_no_file_is_not_imported(place, elsewhere, tmp_path, capsys):
    elsewhere()
    assert "which is no file" in refusal(capsys, "runs", "import", str(tmp_path / place))


def test_the_litert_model_and_the_source_are_exported(shipped, tmp_path, capsys):
    main(["runs", "export", RUN_ID, str(tmp_path / "model.tflite")])
    assert (tmp_path / "model.tflite").read_bytes() == read_file(SHIPPED, RUN_ID, "model.tflite")
    main(["runs", "export", RUN_ID, str(tmp_path / "model.py")])
    source = (tmp_path / "model.py").read_text()
    assert RUN_ID in source.splitlines()[1]
    compile(source, "model.py", "exec")


def test_event_files_of_several_runs_lie_in_folders_of_their_own(shipped, tmp_path, capsys):
    other = next(name for name in run_ids(SHIPPED) if name.startswith("s002_ann-"))
    for run_id in (RUN_ID, other):
        assert main(["runs", "export", run_id, "--tensorboard", str(tmp_path / "logs")]) == 0
    for run_id in (RUN_ID, other):
        events = EventAccumulator(str(tmp_path / "logs" / run_id))
        events.Reload()
        read = [event.value for event in events.Scalars("val_accuracy")]
        stored = [row.val_accuracy for row in read_history(SHIPPED, run_id)]
        assert read == pytest.approx(stored, rel=1e-6)


def test_a_run_without_weights_is_refused_as_a_keras_file_in_one_line(shipped, tmp_path):
    bare = next(
        name for name in run_ids(SHIPPED) if not (SHIPPED / name / "weights.safetensors").exists()
    )
    result = subprocess.run(
        [sys.executable, "-m", "fmnist_core", "runs", "export", bare, str(tmp_path / "x.keras")],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "weights.safetensors" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["run.h5", "run", "run.pkl"])
def test_an_unknown_ending_names_those_there_are(name, shipped, tmp_path, capsys):
    said = refusal(capsys, "runs", "export", RUN_ID, str(tmp_path / name))
    assert ".zip, .tflite, .py, .keras" in said
    assert list(tmp_path.iterdir()) == []


def test_an_export_needs_a_place(shipped, capsys):
    assert "must have a place" in refusal(capsys, "runs", "export", RUN_ID)


def test_an_unknown_run_is_not_exported(shipped, tmp_path, capsys):
    said = refusal(capsys, "runs", "export", RUN_ID[:-1] + "_", str(tmp_path / "run.zip"))
    assert "run id" in said


def test_a_folder_that_is_not_there_is_one_line(shipped, tmp_path, capsys):
    said = refusal(capsys, "runs", "export", RUN_ID, str(tmp_path / "no" / "run.zip"))
    assert "must be writable" in said


@pytest.mark.parametrize(("ending", "holds"), [("tex", r"\toprule"), ("csv", "mcnemar_p_holm")])
def test_a_report_is_written_by_its_ending(ending, holds, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    runs = [
        write_fixture_run(runs_root(), FixtureRun(accuracy=a, number=n))
        for n, a in enumerate((0.9, 0.8))
    ]
    file = tmp_path / f"report.{ending}"
    assert main(["runs", "report", *runs, str(file)]) == 0
    assert holds in file.read_text()


def test_a_report_of_another_kind_is_refused(shipped, tmp_path, capsys):
    said = refusal(capsys, "runs", "report", RUN_ID, str(tmp_path / "report.docx"))
    assert ".html, .tex, .csv" in said


KERAS_ANSWERS = """
import sys
import keras, numpy as np
from pathlib import Path
from fmnist_core.inference.litert import LiteRTModel
images = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)
load = keras.models.load_model  # a file that this test has written itself
answers = load(sys.argv[1]).predict(images[..., None].astype("float32") / 255, verbose=0)
print(np.abs(answers - LiteRTModel(Path(sys.argv[2]))(images).probabilities).max())
"""


@pytest.mark.slow
def test_the_keras_file_answers_as_the_stored_model_does(tmp_path):
    """In processes of their own, as a reader does it."""
    file, model = tmp_path / "model.keras", SHIPPED / RUN_ID / "model.tflite"
    export = ["-m", "fmnist_core", "runs", "export", RUN_ID, str(file)]
    subprocess.run([sys.executable, *export], cwd=REPOSITORY, check=True)
    answers = [sys.executable, "-c", KERAS_ANSWERS, str(file), str(model)]
    printed = subprocess.run(answers, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    assert float(printed.stdout) < 5e-4
