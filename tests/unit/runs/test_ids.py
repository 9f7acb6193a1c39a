"""Run ids are safe folder names."""

from pathlib import Path

import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs.ids import check_run_id, is_run_id, new_run_id, runs_root

BAD_IDS = [
    "",
    ".",
    "..",
    "../x",
    "../../x-20250131-235959-00000a",
    "/x-20250131-235959-00000a",
    "x/../y-20250131-235959-00000a",
    "./x-20250131-235959-00000a",
    "x\\y-20250131-235959-00000a",
    "x-20250131-235959-00000a\n",
    "x-20250131-235959-00000a\0",
    "x-20250131-235959-00000a/",
    "X-20250131-235959-00000a",
    "x--20250131-235959-00000a",
    "-20250131-235959-00000a",
    "x-20250131-235959-00000g",
    "x-20250131-235959",
    "x-٢٠٢٥٠١٣١-235959-00000a",
    "%2e%2e-20250131-235959-00000a",
    "x" * 200 + "-20250131-235959-00000a",
]


@pytest.mark.parametrize("architecture", ["kadam_a1", "custom", "resnet-20", "0"])
def test_a_new_id_belongs_to_its_architecture_and_is_its_own(architecture):
    first, second = new_run_id(architecture), new_run_id(architecture)
    assert check_run_id(first) == first
    assert first.rsplit("-", 3)[0] == architecture
    assert first != second


@pytest.mark.parametrize("text", BAD_IDS)
def test_what_could_be_another_path_is_no_run_id(text):
    assert not is_run_id(text)
    with pytest.raises(RunError, match="a run id must look like"):
        check_run_id(text)


@pytest.mark.parametrize("architecture", ["", "Kadam", "a/b", "a.b", "-a", "a" * 150])
def test_an_architecture_id_that_cannot_start_a_run_id_is_refused(architecture):
    with pytest.raises(RunError, match="architecture id"):
        new_run_id(architecture)


def test_the_environment_chooses_the_folder_of_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    assert runs_root() == tmp_path
    monkeypatch.delenv("FMNIST_RUNS_DIR")
    assert runs_root() == Path(__file__).parents[3] / "cached_runs"
