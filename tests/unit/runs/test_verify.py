"""Verification finds every change."""

import json

import pytest

from fmnist_core.errors import UnknownNameError
from fmnist_core.runs.manifest import make_manifest
from fmnist_core.runs.verify import verify_run

FILES = ["run.json", "history.jsonl", "predictions.npz", "projection.npz", "weights.safetensors"]


def _problems(stored) -> str:
    return "\n".join(verify_run(stored.root, stored.run.run_id).problems)


def _seal(stored, name: str, data: bytes) -> None:
    """Replaces a file and makes the manifest agree, as a wrong program would."""
    (stored.folder / name).write_bytes(data)
    contents = {
        path.name: path.read_bytes()
        for path in stored.folder.iterdir()
        if path.name != "manifest.json"
    }
    (stored.folder / "manifest.json").write_bytes(make_manifest(stored.run.run_id, contents))


def test_a_run_as_it_was_committed_is_clean(stored):
    verification = verify_run(stored.root, stored.run.run_id)
    assert verification.ok
    assert verification.problems == ()


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_anywhere_in_a_file_is_found(stored, name):
    path = stored.folder / name
    content = path.read_bytes()
    for position in range(0, len(content), max(1, len(content) // 40)):
        flipped = bytearray(content)
        flipped[position] ^= 1 << position % 8
        path.write_bytes(flipped)
        assert name in _problems(stored)
    path.write_bytes(content)
    assert verify_run(stored.root, stored.run.run_id).ok


def test_one_flipped_bit_anywhere_in_the_manifest_is_found(stored):
    path = stored.folder / "manifest.json"
    content = path.read_bytes()
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        assert not verify_run(stored.root, stored.run.run_id).ok, bit


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_found(stored, name):
    (stored.folder / name).unlink()
    assert f"{name} is missing" in _problems(stored)


def test_files_that_do_not_belong_to_the_run_are_found(stored):
    (stored.folder / "model.h5").write_text("")
    (stored.folder / "folder").mkdir()
    assert _problems(stored) == "folder is not in the manifest.\nmodel.h5 is not in the manifest."


def test_all_problems_are_told_at_once(stored):
    (stored.folder / "run.json").write_text("{}")
    (stored.folder / "history.jsonl").unlink()
    assert len(verify_run(stored.root, stored.run.run_id).problems) == 2


def test_an_accuracy_that_the_predictions_do_not_bear_out_is_found(stored):
    record = stored.run.to_json()
    record["metrics"]["test_accuracy"] += 1 / record["images"]["test"]
    _seal(stored, "run.json", json.dumps(record).encode())
    assert "must state the test accuracy of predictions.npz" in _problems(stored)


def test_a_history_of_other_length_than_stated_is_found(stored):
    lines = (stored.folder / "history.jsonl").read_bytes().splitlines(keepends=True)
    _seal(stored, "history.jsonl", b"".join(lines[:-1]))
    assert "history.jsonl must hold the 3 epochs" in _problems(stored)


def test_an_image_count_other_than_stated_is_found(stored):
    record = stored.run.to_json()
    record["images"]["validation"] += 1
    _seal(stored, "run.json", json.dumps(record).encode())
    assert "must hold 101 validation and 200 test images" in _problems(stored)


def test_a_manifest_that_leaves_out_a_required_file_is_found(stored):
    manifest = json.loads((stored.folder / "manifest.json").read_text())
    del manifest["files"]["predictions.npz"]
    (stored.folder / "manifest.json").write_text(json.dumps(manifest))
    assert "must list run.json, history.jsonl, predictions.npz" in _problems(stored)


def test_an_unknown_run_cannot_be_verified(stored):
    with pytest.raises(UnknownNameError):
        verify_run(stored.root, "unknown-20250131-235959-00000a")
