"""The list of runs is what the files say, however it was remembered."""

import hashlib
import json
import multiprocessing
import os
import shutil
import time

import pytest

from fmnist_core.bench import run_index
from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import RunError
from fmnist_core.runs import index as index_module
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.index import INDEX, list_runs
from fmnist_core.runs.manifest import make_manifest

IDS = [f"net_{letter}-20250131-235959-00000{number}" for number, letter in enumerate("abcd")]


@pytest.fixture
def root(tmp_path):
    for number, run_id in enumerate(IDS):
        write_example(tmp_path, run_id, seed=number, light=number % 2 == 0)
    _settle()
    return tmp_path


def _settle() -> None:
    """Lets the file clock move on: what was written within a tick of its reading is not cached."""
    time.sleep(2 * index_module._UNSETTLED_SECONDS)


def _ids(root) -> list[str]:
    return sorted(row.run_id for row in list_runs(root).runs)


def _rewrite(root, run_id: str, **changes) -> None:
    """Changes run.json and the manifest in place, the files keeping their names and numbers."""
    folder = root / run_id
    record = json.loads((folder / "run.json").read_text()) | changes
    (folder / "run.json").write_text(json.dumps(record))
    names = [path for path in folder.iterdir() if path.name != "manifest.json"]
    contents = {path.name: path.read_bytes() for path in names}
    (folder / "manifest.json").write_bytes(make_manifest(run_id, contents))


def test_the_list_holds_what_the_records_say(root):
    run = write_example(root, "other-20250131-235959-00000f", seed=9)
    row = next(row for row in list_runs(root).runs if row.run_id == run.run_id)
    assert (row.test_accuracy, row.test_accuracy_ci95) == (
        run.metrics.test_accuracy,
        run.metrics.test_accuracy_ci95,
    )
    assert (row.architecture, row.seed, row.optimizer) == ("other", 9, "adam")
    assert (row.has_projection, row.has_model, row.total_params) == (True, False, 50)


def test_a_warm_list_equals_a_cold_one(root):
    cold = list_runs(root)
    assert (root / INDEX).exists()
    assert list_runs(root) == cold
    assert len(cold.runs) == len(IDS)
    assert not cold.damaged


def test_a_warm_list_reads_no_record(root, monkeypatch):
    list_runs(root)
    monkeypatch.setattr(index_module, "_read_summary", lambda folder: pytest.fail(str(folder)))
    assert _ids(root) == IDS


def test_new_and_deleted_runs_are_noticed(root):
    list_runs(root)
    write_example(root, "z-20250131-235959-00000f", light=True)
    shutil.rmtree(root / IDS[0])
    assert _ids(root) == [*IDS[1:], "z-20250131-235959-00000f"]


def test_newer_runs_come_first(root):
    _rewrite(root, IDS[2], created="2026-01-01T00:00:00Z")
    _rewrite(root, IDS[1], created="2024-01-01T00:00:00Z")
    rows = [row.run_id for row in list_runs(root).runs]
    assert (rows[0], rows[-1]) == (IDS[2], IDS[1])


def test_a_record_changed_in_place_is_noticed_even_with_its_old_size_and_time(root):
    before = (root / IDS[0] / "run.json").stat()
    assert list_runs(root).runs[0].name == "Example"
    _rewrite(root, IDS[0], name="elpmaxE")
    _rewrite(root, IDS[0], name="elpmaxE")  # the same bytes again: the size of a compact record
    os.utime(root / IDS[0] / "run.json", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert {row.name for row in list_runs(root).runs if row.run_id == IDS[0]} == {"elpmaxE"}


DAMAGE = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "manifest.json is missing"),
    "no record": (lambda folder: (folder / "run.json").unlink(), "run.json is missing"),
    "a changed record": (
        lambda folder: (folder / "run.json").write_text("{}"),
        "run.json is damaged",
    ),
    "a manifest that is no JSON": (
        lambda folder: (folder / "manifest.json").write_text("x"),
        "manifest.json must be strict JSON",
    ),
    "no predictions": (
        lambda folder: (folder / "predictions.npz").unlink(),
        "predictions.npz is missing",
    ),
    "short predictions": (
        lambda folder: (folder / "predictions.npz").write_bytes(b"x"),
        "predictions.npz is damaged",
    ),
    "an empty folder": (lambda folder: _replace(folder, "mkdir"), "manifest.json is missing"),
    "a file": (lambda folder: _replace(folder, "touch"), "must be a folder"),
    "a link": (lambda folder: _link(folder), "must be a folder"),
}


def _replace(folder, how: str) -> None:
    shutil.rmtree(folder)
    getattr(folder, how)()


def _link(folder) -> None:
    folder.symlink_to(folder.rename(folder.parent.parent / "elsewhere"))


@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_run_is_listed_with_its_reason_and_hides_no_other(root, damage, reason):
    damage(root / IDS[1])
    for _ in ("cold", "warm"):
        found = list_runs(root)
        assert sorted(row.run_id for row in found.runs) == [IDS[0], *IDS[2:]]
        assert [run.run_id for run in found.damaged] == [IDS[1]]
        assert reason in found.damaged[0].reason


@pytest.mark.parametrize("name", ["manifest.json", "run.json", "predictions.npz"])
def test_a_file_that_disappears_from_a_known_run_is_noticed(root, name):
    list_runs(root)
    (root / IDS[0] / name).unlink()
    assert [run.run_id for run in list_runs(root).damaged] == [IDS[0]]


def test_a_repaired_run_is_whole_again(root):
    path = root / IDS[0] / "predictions.npz"
    content = path.read_bytes()
    path.write_bytes(b"")
    assert list_runs(root).damaged
    path.write_bytes(content)
    assert _ids(root) == IDS


def _sealed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _other_version(cache: bytes) -> bytes:
    body = json.loads(cache.partition(b"\n")[2])
    body["columns"]["name"] = ["stale"] * len(body["stamps"])
    return _sealed(json.dumps(body | {"version": 0}).encode())


def _other_fields(cache: bytes) -> bytes:
    body = json.loads(cache.partition(b"\n")[2])
    return _sealed(json.dumps(body | {"fields": body["fields"][::-1]}).encode())


BAD_CACHES = {
    "empty": lambda cache: b"",
    "torn": lambda cache: cache[: len(cache) // 2],
    "one bit flipped": lambda cache: cache.replace(b"Example", b"Examplf"),
    "not JSON": lambda cache: _sealed(b"nonsense"),
    "not text": lambda cache: b"\xff\n" + cache,
    "another version": _other_version,
    "other fields": _other_fields,
    "too few rows": lambda cache: _sealed(
        cache.partition(b"\n")[2].replace(b'"stamps":[', b'"stamps":[[1,2,3,4,5,6],')
    ),
}


@pytest.mark.parametrize("change", BAD_CACHES.values(), ids=BAD_CACHES)
def test_a_cache_that_is_not_whole_is_made_anew(root, change):
    right = list_runs(root)
    good = (root / INDEX).read_bytes()
    (root / INDEX).write_bytes(change(good))
    assert list_runs(root) == right
    assert (root / INDEX).read_bytes() == good


def test_where_the_cache_cannot_be_written_runs_are_listed_all_the_same(root):
    (root / INDEX).mkdir()
    assert _ids(root) == IDS
    assert [path.name for path in root.iterdir() if path.name.startswith(INDEX)] == [INDEX]


def test_what_was_written_this_very_moment_is_not_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(index_module, "_UNSETTLED_SECONDS", 60)
    write_example(tmp_path, IDS[0], light=True)
    assert _ids(tmp_path) == [IDS[0]]
    assert not (tmp_path / INDEX).exists()


def test_files_and_folders_that_are_no_runs_are_left_alone(root):
    (root / "README.md").write_text("")
    (root / "notes").mkdir()
    assert _ids(root) == IDS
    assert not list_runs(root).damaged


def test_a_folder_that_does_not_exist_has_no_runs_and_one_that_is_a_file_says_so(tmp_path):
    assert list_runs(tmp_path / "nowhere").runs == ()
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="must be readable"):
        list_runs(tmp_path / "file")


def _list_often(root, until) -> None:
    while not until.is_set():
        found = list_runs(root)
        assert not found.damaged
        assert set(IDS) <= {row.run_id for row in found.runs}


def test_many_processes_list_while_runs_come_and_go(root):
    context = multiprocessing.get_context("fork")
    done = context.Event()
    readers = [context.Process(target=_list_often, args=(root, done)) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(10):
        run_id = f"guest-20250131-235959-{number:06x}"
        write_example(root, run_id, light=True)
        if number % 2:
            delete_run(root, run_id)
    done.set()
    for reader in readers:
        reader.join(30)
    assert [reader.exitcode for reader in readers] == [0, 0, 0]
    _settle()
    assert list_runs(root) == list_runs(root)
    assert len(_ids(root)) == len(IDS) + 5


def test_the_benchmark_measures_a_list_of_the_size_it_says(monkeypatch):
    monkeypatch.setattr(run_index, "RUNS", 30)
    figures = run_index.run()
    assert figures["runs"] == 30
    assert 0 < figures["warm_seconds"] <= figures["warm_one_new_seconds"] + 1
    assert figures["cold_seconds"] > 0
