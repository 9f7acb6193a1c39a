"""Deleting removes one run and nothing else."""

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.errors import RunError, UnknownNameError
from fmnist_core.runs.delete import delete_run
from fmnist_core.runs.read import run_ids
from fmnist_core.runs.write import STAGING

OTHER = "other-20250131-235959-00000b"


def test_a_deleted_run_is_gone_and_the_others_are_not(stored):
    write_example(stored.root, OTHER, light=True)
    delete_run(stored.root, stored.run.run_id)
    assert run_ids(stored.root) == [OTHER]
    assert not list((stored.root / STAGING).iterdir())


def test_a_damaged_run_can_be_deleted(stored):
    (stored.folder / "manifest.json").unlink()
    (stored.folder / "folder").mkdir()
    delete_run(stored.root, stored.run.run_id)
    assert run_ids(stored.root) == []


@pytest.mark.parametrize(
    "run_id", ["..", "../runs", ".", "", "x/../example-20250131-235959-00000a", ".staging"]
)
def test_a_path_is_not_deleted(stored, run_id):
    with pytest.raises(RunError, match="a run id must look like"):
        delete_run(stored.root, run_id)
    assert run_ids(stored.root) == [stored.run.run_id]


def test_a_link_is_neither_followed_nor_removed(stored, tmp_path):
    target = tmp_path / "precious"
    target.mkdir()
    (target / "file").touch()
    (stored.root / OTHER).symlink_to(target)
    with pytest.raises(RunError, match="not a file or a link"):
        delete_run(stored.root, OTHER)
    assert (target / "file").exists()
    assert (stored.root / OTHER).is_symlink()


def test_a_link_inside_a_run_is_removed_and_its_target_is_not(stored, tmp_path):
    target = tmp_path / "precious"
    target.mkdir()
    (target / "file").touch()
    (stored.folder / "link").symlink_to(target)
    delete_run(stored.root, stored.run.run_id)
    assert (target / "file").exists()


def test_a_linked_staging_folder_is_refused(stored, tmp_path):
    (stored.root / STAGING).rmdir()
    (stored.root / STAGING).symlink_to(tmp_path)
    with pytest.raises(RunError, match="must be a folder, not a link"):
        delete_run(stored.root, stored.run.run_id)
    assert run_ids(stored.root) == [stored.run.run_id]


def test_a_root_that_is_a_link_itself_is_fine(stored, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(stored.root)
    delete_run(link, stored.run.run_id)
    assert run_ids(stored.root) == []


def test_an_unknown_run_cannot_be_deleted(stored):
    with pytest.raises(UnknownNameError):
        delete_run(stored.root, OTHER)
