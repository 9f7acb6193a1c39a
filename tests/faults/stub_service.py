"""A training service whose jobs do not train: they note that they ran, and write a fixture run."""

import os
import sys
import time
from pathlib import Path

from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.service import serve

STUB_SECONDS = 0.02


def stub_trainer(root: Path, run_id: str, attempt: int, memory_bytes: int) -> None:
    """Says "begin" and "end" in a file, so that jobs which overlap or run twice are seen."""
    os.setsid()
    queue = Queue(root)
    if queue.begin(run_id, attempt, this_process()):
        note(root, f"begin {run_id}")
        time.sleep(float(os.environ.get("STUB_SECONDS", STUB_SECONDS)))
        (root / run_id).mkdir()
        (root / run_id / "manifest.json").write_text("{}")
        note(root, f"end {run_id}")
        queue.end(run_id, attempt, "done")
    os._exit(0)


def note(root: Path, line: str) -> None:
    with (root / "notes.txt").open("a") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), trainer=stub_trainer, preload=())
    os._exit(0)
