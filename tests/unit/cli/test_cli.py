"""The command line as a script meets it: exit codes, one clear line, JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.cli import bench, main
from fmnist_core.cli.architectures import read_layer_text
from fmnist_core.data import find_data
from fmnist_core.papers import systems
from tests.fixture_runs import FixtureRun, write_fixture_run

REPOSITORY = Path(__file__).parents[3]

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """An empty runs folder that the commands use."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def run_json(capsys):
    """Runs a command with --json and returns what it printed."""

    def run(*words: str, code: int = 0):
        assert main([*words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run


def _refusal(capsys, *words: str) -> str:
    """What a command that is refused prints: nothing but one line on standard error."""
    try:
        code = main(words)
    except SystemExit as ending:  # argparse ends the process itself
        code = ending.code
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


def test_the_catalogue_is_listed_with_totals_and_sources(run_json):
    listed = {entry["id"]: entry for entry in run_json("architectures", "list")}
    assert set(listed) == {system.id for system in systems()}
    enhanced = listed["awasthi_enhanced"]
    assert enhanced["source"] == "000"
    assert (enhanced["total_params"], enhanced["trainable_params"]) == (422_922, 422_474)
    assert enhanced["non_trainable_params"] == 448
    first = enhanced["layers"][0]
    assert (first["name"], first["output_shape"], first["params"]) == ("conv2d", [28, 28, 32], 320)
    assert first["formula"] == "(3*3*1 + 1) * 32 = 320"
    assert listed["greeshma_hog_svm"]["total_params"] is None


def test_a_variant_is_counted_on_its_own_and_its_layers_are_those_that_are_counted(
    run_json, capsys
):
    catalogued = run_json("architectures", "show", "kadam_a4")
    assert (catalogued["total_params"], catalogued["variant"]) == (54_474, None)
    same = run_json("architectures", "show", "kadam_a4", "--variant", "same")
    assert (same["total_params"], same["variant"]) == (87_242, "same")
    for shown in (catalogued, same):
        assert summarize(shown["layer_text"]).total_params == shown["total_params"]
    assert main(["architectures", "show", "kadam_a4", "--variant", "same"]) == 0
    assert "\nvariant same: " in capsys.readouterr().out


def test_a_layer_text_is_counted_from_a_file_and_from_standard_input(run_json, tmp_path):
    text = "flatten\ndense 10 softmax\n"
    file = tmp_path / "layers.txt"
    file.write_text(text)
    assert run_json("architectures", "count", str(file))["total_params"] == 7_850
    piped = subprocess.run(
        [sys.executable, "-m", "fmnist_core", "architectures", "count", "-", "--json"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    assert json.loads(piped.stdout)["total_params"] == 7_850


def test_a_layer_text_may_come_from_a_windows_editor(run_json, tmp_path):
    file = tmp_path / "layers.txt"
    file.write_bytes("\ufeffflatten\r\ndense 10 softmax\r\n".encode())
    assert read_layer_text(str(file)) == "flatten\ndense 10 softmax\n"
    assert run_json("architectures", "count", str(file))["total_params"] == 7_850


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one layer"),
        ("conv 32 3x3\nmaxpool\nflatten\ndense 10 softmax", "line 2: maxpool needs a pool size"),
        ("convolution 3", 'line 1: a line must start with a known layer. Received: "convolution"'),
        ("conv 8 29x29\nflatten\ndense 10 softmax", "line 1"),
        ("flatten\ndense 12 softmax", "must give 10 class probabilities"),
        ("dense 10 softmax", "line 1"),
    ],
)
def test_a_layer_text_that_cannot_be_built_is_refused_with_its_line(capsys, tmp_path, text, said):
    file = tmp_path / "layers.txt"
    file.write_text(text)
    assert said in _refusal(capsys, "architectures", "count", str(file))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["architectures", "show", "awasthi_enhansed"], "Nearest: awasthi_enhanced"),
        (["architectures", "show", "kadam_a2", "--variant", "sane"], "Nearest: same"),
        (["architectures", "count", "no/such/file"], "No such file"),
        (["architectures"], "COMMAND"),
        (["archtectures"], "invalid choice"),
        (["runs", "show", "../kadam_a1"], "Received: '../kadam_a1'"),
        (["runs", "delete", "../kadam_a1-20260101-000000-abcdef"], "a run id must look like"),
        (["runs", "show", "kadam_a1-20260101-000000-abcdef"], "run must be a known name"),
        (["runs", "compare", "/etc"], "a run id must look like"),
        (["train"], "catalogue id"),
        (["train", "kadam_a9"], "Nearest: kadam_a"),
        (["train", "kadam_a1", "--epochs", "0"], "epochs must be at least 1"),
        (["train", "kadam_a1", "--epochs", "many"], "epochs must be a whole number"),
        (["train", "kadam_a1", "--recipe", "learning_rate=0"], "learning_rate must be above 0"),
        (["train", "kadam_a1", "--recipe", "learning_rate=nan"], "Received: nan"),
        (["train", "kadam_a1", "--recipe", "optimizer=adan"], "Nearest: adam"),
        (["train", "kadam_a1", "--recipe", "batch"], "KEY=VALUE"),
        (["train", "greeshma_hog_svm", "--epochs", "3"], "a baseline is not trained by epochs"),
        (["train", "greeshma_hog_svm", "--layers", "x.txt"], "is no network and takes"),
        (["train", "custom"], "layer text"),
        (["train", "--resume", "kadam_a1-20260101-000000-abcdef"], "interrupted training"),
        (["train", "--resume", "../x"], "a run id must look like"),
        (
            ["train", "--resume", "kadam_a1-20260101-000000-abcdef", "--epochs", "9"],
            "takes nothing else. Received as well: epochs",
        ),
        (["train", "kadam_a1", "--name", "x" * 201], "name must be text of at most 200"),
        (["campaign", "--file", "/no/such/file"], "Received: No such file or directory"),
        (["campaign", "--file", "/"], "/ must be a file that can be read. Received: Is a dir"),
        (["bench", "nothing"], "benchmark must be a known name"),
    ],
)
def test_wrong_input_is_one_clear_line_and_exit_2(capsys, root, words, said):
    assert said in _refusal(capsys, *words)
    assert not list(root.rglob("*"))


def test_a_benchmark_that_fails_costs_the_others_nothing(monkeypatch, capsys):
    def fail():
        raise FileNotFoundError("no Chromium")

    for name, run in {"bad": fail, "good": lambda: {"seconds": 1.5}}.items():
        monkeypatch.setitem(sys.modules, f"fmnist_core.bench.{name}", SimpleNamespace(run=run))
    monkeypatch.setattr(bench, "_benchmarks", lambda: ["bad", "good"])
    assert main(["bench", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"good": {"seconds": 1.5}}
    assert "no Chromium" in printed.err
    assert printed.err.endswith("error: not measured: bad; why stands above.\n")
    with pytest.raises(FileNotFoundError):
        main(["bench", "bad"])


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "-inf"])
def test_hours_that_are_no_length_of_time_are_refused(capsys, root, tmp_path, hours):
    empty = tmp_path / "campaign.toml"
    empty.write_text("groups = []")
    words = ("campaign", "--file", str(empty), "--run", f"--hours={hours}")
    assert "hours must be a finite number, at least 0" in _refusal(capsys, *words)
    assert not root.exists()


@needs_data
def test_a_batch_larger_than_the_data_is_refused_before_training(capsys, root):
    words = ("train", "kadam_a1", "--limit", "100", "--recipe", "batch_size=128")
    assert "batch_size must be at most the number of training images, 100" in _refusal(
        capsys, *words
    )


@needs_data
def test_a_training_ended_at_once_says_how_to_go_on(capsys, root, monkeypatch):
    from fmnist_core.training import session

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "run_plan", interrupted)
    assert main(["train", "kadam_a1"]) == 130
    (waiting,) = [folder.name for folder in (root / ".staging").iterdir()]
    assert f"train --resume {waiting}" in capsys.readouterr().err


def test_missing_data_is_one_clear_line(capsys, root, tmp_path, monkeypatch):
    damaged = tmp_path / "data"
    damaged.mkdir()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (damaged / f"{name}-ubyte").write_bytes(b"not the data")
    monkeypatch.setenv("FMNIST_DATA_DIR", str(damaged))
    assert "train-images-idx3-ubyte" in _refusal(capsys, "train", "kadam_a1")


@needs_data
@pytest.mark.skipif(os.name == "nt", reason="there is no /proc to refuse the write")
def test_an_unwritable_runs_folder_is_one_clear_line(capsys, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", "/proc/runs")
    assert "/proc/runs must be writable" in _refusal(capsys, "train", "kadam_a1")


def test_runs_are_listed_shown_compared_verified_and_deleted(run_json, root):
    better = write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1))
    worse = write_fixture_run(root, FixtureRun("kadam_a1", 0.86, number=2))
    assert {run["run_id"] for run in run_json("runs", "list")} == {better, worse}

    shown = run_json("runs", "show", better)
    assert shown["architecture"] == "awasthi_enhanced"
    assert shown["test_accuracy"] == pytest.approx(0.93, abs=0.01)
    assert len(shown["history"]) == shown["epochs"]

    compared = run_json("runs", "compare", better, worse)
    (pair,) = compared["pairs"]
    gained = pair["a_only_correct"] - pair["b_only_correct"]
    assert pair["accuracy_difference"] == pytest.approx(gained / pair["images"])
    assert pair["difference_ci95"][0] > 0
    assert pair["mcnemar_p"] == pair["mcnemar_p_holm"] < 0.001

    assert all(not result["problems"] for result in run_json("runs", "verify"))
    assert run_json("runs", "delete", worse) == {"deleted": worse}
    assert [run["run_id"] for run in run_json("runs", "list")] == [better]


def test_a_compared_run_states_its_split_and_budget_beside_its_number(run_json, root, capsys):
    wanted = (
        FixtureRun("kadam_a1", number=1, budget="reduced", epochs=1),
        FixtureRun("s003_basic_a", number=2, protocol="test-as-validation"),
    )
    ids = [write_fixture_run(root, run) for run in wanted]
    short, seen = run_json("runs", "compare", *ids)["runs"]
    assert (short["protocol"], short["budget"]) == ("holdout-80-20", "reduced")
    assert (seen["protocol"], seen["budget"]) == ("test-as-validation", "full")
    assert short["epochs"] == 1
    assert seen["train_images"] > 0
    assert main(["runs", "compare", *ids]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(ids[0])
    assert "80/20 of the training set, " in first
    assert first.endswith(" training images, 1 epoch, reduced training")
    assert second.endswith("6 epochs, test set used for validation")


def test_a_listed_run_is_full_only_where_the_leaderboard_would_rank_it(run_json, root, capsys):
    own = write_fixture_run(root, FixtureRun("custom", number=1))
    source = write_fixture_run(root, FixtureRun("kadam_a1", number=2))
    short = write_fixture_run(root, FixtureRun("kadam_a1", number=3, budget="reduced"))
    listed = {run["run_id"]: run["budget"] for run in run_json("runs", "list")}
    assert listed == {own: "varied", source: "full", short: "reduced"}
    assert main(["runs", "list"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split()[5] for line in table] == ["budget", "reduced", "full", "varied"]


def test_the_list_of_runs_never_waits_for_pandas(root):
    code = (
        "import sys; from fmnist_core.cli import main; main(['runs', 'list']);"
        "print('pandas' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "False"


def test_a_damaged_run_is_named_and_hides_no_other(run_json, root):
    whole = write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1))
    broken = write_fixture_run(root, FixtureRun("kadam_a1", 0.86, number=2))
    record = root / broken / "run.json"
    record.write_bytes(record.read_bytes().replace(b'"seed": 0', b'"seed": 1'))
    listed = {run["run_id"]: run["status"] for run in run_json("runs", "list")}
    assert listed == {whole: "done", broken: "damaged"}
    results = run_json("runs", "verify", code=1)
    verified = {result["run_id"]: result["problems"] for result in results}
    assert not verified[whole]
    assert "run.json" in verified[broken][0]


def test_a_pipe_that_closes_early_is_no_error():
    command = f"{sys.executable} -m fmnist_core architectures list --json | head -c 10"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert (result.returncode, result.stderr) == (0, "")
