"""The runs that ship with the project, for tests that need networks that have learned something."""

import shutil
from pathlib import Path

import pytest

from fmnist_core.data import find_data
from fmnist_core.evaluation.run_names import budget_of
from fmnist_core.runs.index import list_runs

SHIPPED = Path(__file__).parents[1] / "cached_runs"
WITH_MODEL = [run for run in list_runs(SHIPPED).runs if run.has_model]
RUNS = sorted(run.run_id for run in WITH_MODEL)
# Architecture -> its first run in full.
IN_FULL = {
    run.architecture: run.run_id
    for run in sorted(WITH_MODEL, key=lambda run: run.run_id, reverse=True)
    if budget_of(run) == "full"
}
SMALL = [run.run_id for run in sorted(WITH_MODEL, key=lambda run: run.size_bytes)]

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")
needs_runs = pytest.mark.skipif(len(RUNS) < 3, reason="the shipped runs are not here")


def shipped_run(architecture: str) -> str:
    """The id of the run that stands for an architecture: its source's recipe, first seed."""
    return IN_FULL[architecture]


def run_of(protocol: str) -> str:
    """The smallest shipped run of a protocol."""
    protocols = {run.run_id: run.protocol for run in WITH_MODEL}
    return next(run_id for run_id in SMALL if protocols[run_id] == protocol)


def copy_runs(root: Path, *run_ids: str) -> Path:
    """Copies shipped runs into a folder of runs that a test may damage."""
    for run_id in run_ids:
        shutil.copytree(SHIPPED / run_id, root / run_id)
    return root


def damage(root: Path, run_id: str, name: str) -> None:
    """Flips one bit in the middle of a file of a run."""
    file = root / run_id / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
