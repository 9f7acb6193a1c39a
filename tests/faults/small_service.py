"""A training service whose jobs may use three gigabytes, so that none takes the whole machine."""

import os
import sys
from pathlib import Path

from fmnist_core.jobs.job import run_job
from fmnist_core.jobs.service import serve

MEMORY_BYTES = 3 * 10**9


def small_job(root: Path, run_id: str, attempt: int, memory_bytes: int) -> None:
    run_job(root, run_id, attempt, min(MEMORY_BYTES, memory_bytes))


if __name__ == "__main__":
    serve(Path(sys.argv[1]), trainer=small_job)
    os._exit(0)
