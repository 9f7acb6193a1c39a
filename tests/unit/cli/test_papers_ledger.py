"""`papers ledger` and `papers table`, and the table in the README."""

import errno
import json
import os
import shutil
import subprocess
from argparse import Namespace
from pathlib import Path

import pytest

from fmnist_core.cli.papers import BEGIN, END, measurements, show_ledger, table, write_block
from fmnist_core.errors import FmnistError, UnknownNameError
from fmnist_core.papers import systems
from tests.fixture_runs import FixtureRun, write_fixture_run

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A runs folder with one run, which the commands use."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    write_fixture_run(tmp_path / "runs", FixtureRun("s002_ann", number=1), test_images=500)
    return tmp_path / "runs"


def called(capsys, command, *, json_too=True, **options):
    options = {"json": json_too, "system": None, "write": None, **options}
    assert command(Namespace(**options)) == 0
    printed = capsys.readouterr().out
    return json.loads(printed) if json_too else printed


def test_the_ledger_as_json_has_every_key_that_scripts_read(root, capsys):
    rows = called(capsys, show_ledger)["rows"]
    assert {row["system"] for row in rows} == {system.id for system in systems()}
    keys = {"system", "source", "place", "metric", "published", "measured", "difference", "ci95"}
    assert all(keys | {"protocol_differences", "verdict", "reason"} <= set(row) for row in rows)
    assert all(row["published"] is None or row["published"] >= 0 for row in rows)


def test_a_damaged_run_is_named_beside_the_ledger(root, capsys):
    (folder,) = (path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    (folder / "run.json").write_text("{}")
    answer = called(capsys, show_ledger)
    assert [run["run_id"] for run in answer["damaged"]] == [folder.name]
    assert len(answer["rows"]) == 360
    assert f"damaged: {folder.name}" in called(capsys, show_ledger, json_too=False)


def test_the_ledger_of_one_system(root, capsys):
    rows = called(capsys, show_ledger, system="s002_ann")["rows"]
    assert {row["system"] for row in rows} == {"s002_ann"}
    printed = called(capsys, show_ledger, json_too=False, system="s002_ann")
    assert "4 numbers are published" in printed
    assert "other recipe" in printed  # the budget stands wherever the number does
    with pytest.raises(UnknownNameError, match="s002_ann"):
        show_ledger(Namespace(json=True, system="s002_anm"))


def test_the_table_is_written_between_its_marks_and_nothing_else_changes(root, tmp_path, capsys):
    file = tmp_path / "page.md"
    file.write_text(f"# Before\n\n{BEGIN}\nwhat stood here\n{END}\n\nAfter.\n")
    assert "Wrote" in called(capsys, table, json_too=False, write=str(file))
    text = file.read_text()
    assert text.startswith(f"# Before\n\n{BEGIN}\n\n1. ")
    assert text.endswith(f"\n\n{END}\n\nAfter.\n")
    assert "what stood here" not in text
    assert called(capsys, table, write=str(file))["markdown"] in text
    assert file.read_text() == text  # a second time changes nothing


def test_a_damaged_run_is_named_and_never_written_of(root, tmp_path, capsys):
    (folder,) = (path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    (folder / "run.json").write_text("{}")
    assert table(Namespace(json=False, write=None)) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(f"damaged: {folder.name}: ")
    assert folder.name not in printed.out
    answer = called(capsys, table)
    assert [run["run_id"] for run in answer["damaged"]] == [folder.name]
    file = tmp_path / "page.md"
    file.write_text(f"{BEGIN}\nold\n{END}\n")
    with pytest.raises(FmnistError, match="Received: 1 run is damaged"):
        table(Namespace(json=False, write=str(file)))
    assert file.read_text() == f"{BEGIN}\nold\n{END}\n"


def test_a_file_without_the_marks_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "page.md"
    file.write_text(f"no end: {BEGIN}")
    with pytest.raises(FmnistError, match=r"must hold the line .* Received: only the first"):
        write_block(file, "new")
    assert file.read_text() == f"no end: {BEGIN}"
    with pytest.raises(FmnistError, match="must be a text file"):
        write_block(tmp_path / "missing.md", "new")


def test_a_file_that_cannot_be_written_is_refused_in_one_sentence(tmp_path, monkeypatch):
    file = tmp_path / "page.md"
    file.write_text(f"{BEGIN}\nold\n{END}\n")

    def full(path, text, encoding):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(FmnistError, match=r"must be writable\. Received: No space left on device"):
        write_block(file, "new")


def test_the_readme_says_what_the_committed_runs_say():
    others = subprocess.run(
        [shutil.which("git") or "git", "status", "--porcelain", "cached_runs"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    if others.stdout:
        pytest.skip("there are runs beside the committed ones; the README speaks of those alone")
    text = (REPOSITORY / "README.md").read_text()
    block = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert (block, ()) == measurements(REPOSITORY / "cached_runs")
