"""A folder with one small, whole run."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from fmnist_core.bench.example_run import write_example
from fmnist_core.runs.schema import Run

RUN_ID = "example-20250131-235959-00000a"


@dataclass(frozen=True)
class Stored:
    root: Path
    run: Run

    @property
    def folder(self) -> Path:
        return self.root / self.run.run_id


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    root = tmp_path / "runs"
    return Stored(root, write_example(root, RUN_ID, seed=1))
