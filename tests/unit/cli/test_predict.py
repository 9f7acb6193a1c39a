"""`predict` as a script meets it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist_core.cli import main
from fmnist_core.cli import predict as command
from fmnist_core.data import CLASS_NAMES, find_data, load_pool
from fmnist_core.errors import DataError
from fmnist_core.figures.leaderboard import leaderboard_frame
from fmnist_core.figures.predict.networks import default_networks
from fmnist_core.prediction.samples import official_test_image, sample_picture
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_predictions
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

SHIPPED = Path(__file__).parents[3] / "cached_runs"
WITH_MODEL = sorted(
    (run for run in list_runs(SHIPPED).runs if run.has_model), key=lambda run: run.size_bytes
)
RUNS = [run.run_id for run in WITH_MODEL][:2]

pytestmark = pytest.mark.skipif(len(RUNS) < 2, reason="the shipped runs are not here")
needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A runs folder with two networks."""
    root = tmp_path / "runs"
    for run_id in RUNS:
        shutil.copytree(SHIPPED / run_id, root / run_id)
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(root))
    return root


@pytest.fixture
def picture(tmp_path):
    """A drawing of a dress as a file."""
    file = tmp_path / "dress.png"
    file.write_bytes(sample_picture("dress"))
    return str(file)


@pytest.fixture
def text(tmp_path):
    """A file that is no picture."""
    file = tmp_path / "notes.png"
    file.write_text("this is no picture")
    return str(file)


@pytest.fixture
def predict(capsys):
    """Runs the command with --json; returns its answer and its lines on standard error."""

    def run(*words: str, code: int = 0):
        assert main(["predict", *words, "--json"]) == code
        captured = capsys.readouterr()
        return json.loads(captured.out), captured.err.splitlines()

    return run


def test_a_picture_is_answered_by_every_run_with_its_steps(root, picture, predict):
    (entry,), errors = predict(picture)
    assert errors == []
    assert entry["file"] == picture
    assert "error" not in entry
    assert {run["run_id"] for run in entry["runs"]} == set(RUNS)
    for run in (*entry["runs"], entry["ensemble"]):
        assert len(run["probabilities"]) == len(run["raw_probabilities"]) == 10
        assert sum(run["probabilities"]) == pytest.approx(1)
        assert run["label"] == int(np.argmax(run["probabilities"]))
        assert run["class_name"] == CLASS_NAMES[run["label"]]
        assert run["probability"] == run["probabilities"][run["label"]]
        assert run["top"][0]["label"] == run["label"]
        assert len(run["top"]) == 3
    assert all("alibrated" in run["calibration"] for run in entry["runs"])
    assert entry["agreement"]["of"] == 2
    assert entry["steps"][0] == {"name": "Opened", "says": "PNG of 400 x 600 pixels."}
    assert isinstance(entry["warnings"], list)


@needs_data
def test_test_images_get_the_labels_of_the_cached_predictions(root, tmp_path, predict):
    files = []
    for number in range(20):
        file = tmp_path / f"{number}.png"
        file.write_bytes(official_test_image(number))
        files.append(str(file))
    entries, _ = predict(*files)
    for number, entry in enumerate(entries):
        for run in entry["runs"]:
            stored = read_predictions(root, run["run_id"])
            place = np.flatnonzero(stored.test_indices == 60_000 + number)
            if place.size:
                assert run["label"] == stored.test_probabilities[place[0]].argmax()


@needs_data
def test_a_picture_unlike_the_training_data_gets_a_warning(root, picture, tmp_path, predict):
    noise = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    (plain, unlike), _ = predict(picture, str(tmp_path / "noise.png"))
    assert plain["warnings"] == []
    assert plain["likeness"]["verdict"] in ("nothing unusual", "at the edge")
    assert unlike["likeness"]["verdict"] == "unlike"
    assert unlike["likeness"]["mean_intensity"] == pytest.approx(noise.mean(), abs=0.01)
    for figures in (plain["likeness"], unlike["likeness"]):
        assert max(figures["box_height"], figures["box_width"]) == 28
        for measure in ("box", "intensity", "border", "distance"):
            assert 0 <= figures[f"{measure}_percentile"] <= 100
        assert sum(peers["nearest"] for peers in figures["peers"]) == 10
        assert {peers["images"] for peers in figures["peers"]} == {6_000}
    assert "does not look like the training data" in unlike["warnings"][-1]


@needs_data
def test_a_picture_that_lies_on_its_side_gets_the_option_that_turns_it(
    root, picture, tmp_path, predict
):
    lying = tmp_path / "lying.png"
    Image.fromarray(np.rot90(load_pool().images[60_000], -1)).save(lying)
    (entry, upright), _ = predict(str(lying), picture)
    assert entry["hint"].endswith("Try --rotate 270.")
    assert upright["hint"] is None
    large = tmp_path / "large.png"
    Image.open(lying).resize((280, 280)).save(large)
    (cropped,), _ = predict(str(large), "--no-invert", "--crop", "0", "0", "1", "0.9")
    assert cropped["hint"].endswith("Try --rotate 270 with --crop 0 0 0.9 1."), cropped
    (turned,), _ = predict(str(lying), "--rotate", "270")
    assert turned["hint"] is None
    assert turned["ensemble"]["class_name"] == "Ankle boot"
    assert "the 2 networks asked would be surer: Ankle boot, " in entry["hint"]


def test_without_the_data_a_picture_is_answered_and_the_missing_comparison_is_said(
    root, picture, predict, monkeypatch
):
    def missing():
        raise DataError("no data")

    monkeypatch.setattr(command, "load_pool", missing)
    command._reference.cache_clear()
    (entry,), _ = predict(picture)
    command._reference.cache_clear()
    assert entry["runs"]
    assert entry["warnings"][-1].startswith("Not compared with the training data")
    assert entry["likeness"] is None


def test_without_a_wish_the_networks_of_the_page_answer(root, picture, predict):
    shutil.copytree(SHIPPED / WITH_MODEL[2].run_id, root / WITH_MODEL[2].run_id)
    frame = leaderboard_frame(list_runs(root).runs)
    (entry,), _ = predict(picture)
    assert len(frame) == 3
    assert [run["run_id"] for run in entry["runs"]] == default_networks(frame)


def test_chosen_runs_answer_in_the_order_they_are_named(root, picture, predict):
    wanted = [RUNS[1], RUNS[0]]
    (entry,), _ = predict(picture, "--runs", ",".join(wanted))
    assert [run["run_id"] for run in entry["runs"]] == wanted


def test_what_must_stand_beside_a_runs_numbers_does(root, picture, predict, capsys):
    reduced = next(run.run_id for run in WITH_MODEL if run.architecture == "chen_densenet")
    seen = shipped_run("ajani_m1")
    for run_id in (reduced, seen):
        shutil.copytree(SHIPPED / run_id, root / run_id)
    asked = (picture, "--runs", ",".join((RUNS[0], reduced, seen)))
    (entry,), _ = predict(*asked)
    badges = {run["run_id"]: run["badges"] for run in entry["runs"]}
    assert badges[reduced] == ["reduced training"]
    assert badges[seen] == ["test set used for validation"]
    assert main(["predict", *asked]) == 0
    assert f"{reduced}: reduced training\n{seen}: test set used for validation\n" in (
        capsys.readouterr().out
    )


def test_a_bad_file_is_an_entry_and_the_others_are_answered(root, picture, text, predict):
    (bad, good), errors = predict(text, picture, code=2)
    assert set(bad) == {"file", "error"}
    assert bad["file"] == text
    assert good["runs"]
    assert errors == [f"error: {text}: {bad['error']}"]


def test_a_damaged_run_is_left_out_with_its_reason(root, picture, predict):
    model = root / RUNS[0] / "model.tflite"
    data = bytearray(model.read_bytes())
    data[len(data) // 2] ^= 1
    model.write_bytes(data)
    (entry,), _ = predict(picture)
    assert [run["run_id"] for run in entry["runs"]] == [RUNS[1]]
    (left_out,) = entry["left_out"]
    assert left_out["run_id"] == RUNS[0]
    assert "model.tflite is damaged" in left_out["reason"]


def test_a_run_without_a_model_is_not_asked_unless_it_is_named(root, picture, predict):
    without = write_fixture_run(root, FixtureRun())
    (entry,), _ = predict(picture)
    assert len(entry["runs"]) == 2
    assert entry["left_out"] == []
    (entry,), _ = predict(picture, "--runs", f"{RUNS[0]},{without}")
    assert [run["run_id"] for run in entry["left_out"]] == [without]


def test_corrections_change_what_the_networks_see(root, picture, predict):
    (plain,), _ = predict(picture)
    for words in (["--invert"], ["--rotate", "90"], ["--rotate", "180"], ["--threshold", "0.4"]):
        (changed,), _ = predict(picture, *words)
        assert changed["steps"] != plain["steps"]
    (cropped,), _ = predict(picture, "--crop", "0.1", "0", "0.9", "0.5")
    assert "320 x 300 pixels, cropped" in cropped["steps"][1]["says"]
    (cut,), _ = predict(picture, "--separate")
    assert "Garment separated" in [step["name"] for step in cut["steps"]]
    (mirrored,), _ = predict(picture, "--mirror")
    assert mirrored["steps"] != plain["steps"]


def test_standard_error_holds_our_own_lines_only(root, picture, text):
    for words, lines in (([picture], 0), ([picture, text], 1)):
        result = subprocess.run(
            [sys.executable, "-m", "fmnist_core", "predict", *words],
            capture_output=True,
            text=True,
            cwd=SHIPPED.parent,
        )
        assert len(result.stderr.splitlines()) == lines


@needs_data
def test_people_get_a_table(root, picture, text, capsys):
    assert main(["predict", picture, text]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{picture}\n  Opened: PNG of 400 x 600 pixels.\n")
    for shown in (*RUNS, "all together", "of 2 networks say", "  likeness: "):
        assert shown in captured.out
    assert text not in captured.out
    assert captured.err.startswith(f"error: {text}: ")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required"),
        (["{picture}", "--runs", "awasthi_basic"], "a run id must look like"),
        (["{picture}", "--runs", "../x-20260101-000000-abcdef"], "a run id must look like"),
        (["{picture}", "--runs", "kadam_a9-20260101-000000-abcdef"], "run must be a known name"),
        (["{picture}", "--runs", ""], "there must be a run to ask"),
        (["{picture}", "--rotate", "45"], "invalid choice"),
        (["{picture}", "--threshold", "2"], "threshold"),
        (["{picture}", "--threshold", "many"], "threshold"),
        (["{picture}", "--crop", "0", "0", "1"], "expected 4 arguments"),
        (["{picture}", "--crop", "0.5", "0", "0.5", "1"], "left before right"),
        (["{picture}", "--crop", "0", "0", "nan", "1"], "shares from 0 to 1"),
        (["no/such/file.png"], "No such file"),
        (["{root}"], "Is a directory"),
    ],
)
def test_wrong_input_is_one_clear_line_and_exit_2(root, picture, capsys, words, said):
    try:
        code = main(["predict", *(word.format(picture=picture, root=root) for word in words)])
    except SystemExit as ending:  # argparse ends the process itself
        code = ending.code
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert said in captured.err


def test_without_any_run_the_line_says_how_to_get_one(picture, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "nothing"))
    assert main(["predict", picture]) == 2
    assert "`train` makes one" in capsys.readouterr().err
