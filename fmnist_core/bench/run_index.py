"""How long it takes to list many runs, without and with the cached index."""

import shutil
import tempfile
import time
from pathlib import Path

from fmnist_core.bench.example_run import write_example
from fmnist_core.runs.index import INDEX, list_runs
from fmnist_core.runs.manifest import MANIFEST, make_manifest

RUNS = 10_000
REPEATS = 5
COLD_SECONDS, WARM_SECONDS = 2.0, 0.3  # what the list may take


def run() -> dict[str, float | str]:
    """Returns seconds to list 10,000 runs: cold (no index), warm, and warm after one new run.

    The best of five each; the operating system has the files in memory. Processor seconds stand
    beside the wall clock, since other work on the machine lengthens only the latter.
    """
    root = Path(tempfile.mkdtemp(prefix="run-index-"))
    try:
        _fill(root)
        cold, warm, one_new = [], [], []
        for repeat in range(REPEATS):
            (root / INDEX).unlink(missing_ok=True)
            cold.append(_seconds_to_list(root, RUNS + repeat))
            warm.append(_seconds_to_list(root, RUNS + repeat))
            write_example(root, f"new-20250131-235959-{repeat:06x}", light=True)
            one_new.append(_seconds_to_list(root, RUNS + repeat + 1))
        size = (root / INDEX).stat().st_size
    finally:
        shutil.rmtree(root)
    return {
        "runs": RUNS,
        "cold_seconds": min(cold)[0],
        "cold_cpu_seconds": min(cold)[1],
        "warm_seconds": min(warm)[0],
        "warm_cpu_seconds": min(warm)[1],
        "warm_one_new_seconds": min(one_new)[0],
        "index_megabytes": size / 1e6,
        "holds": str(min(cold)[0] <= COLD_SECONDS and min(warm)[0] <= WARM_SECONDS),
    }


def _seconds_to_list(root: Path, expected: int) -> tuple[float, float]:
    """Returns wall-clock and processor seconds."""
    started, cpu_started = time.perf_counter(), time.process_time()
    index = list_runs(root)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    if len(index.runs) != expected or index.damaged:
        raise AssertionError(f"{len(index.runs)} runs of {expected}, {index.damaged[:1]}")
    return seconds, cpu_seconds


def _fill(root: Path) -> None:
    """Copies one run under many ids; committing each with fsync would take minutes."""
    first = "example-20250131-235959-000000"
    write_example(root, first, light=True)
    files = {path.name: path.read_bytes() for path in (root / first).iterdir()}
    del files[MANIFEST]
    record = files["run.json"].decode()
    for number in range(1, RUNS):
        run_id = f"example-20250131-235959-{number:06x}"
        files["run.json"] = record.replace(first, run_id).encode()
        (root / run_id).mkdir()
        for name, data in files.items():
            (root / run_id / name).write_bytes(data)
        (root / run_id / MANIFEST).write_bytes(make_manifest(run_id, files))
