"""What watching a training costs the server: a look a second, and a rerun of the page.

Needs Chromium, the development environment, Linux and the images.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.bench.app_pages import CHROMIUM_FLAGS, cpu_seconds, server, settled
from fmnist_core.bench.job_starts import end_service
from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_live
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.plan import plan_run

if TYPE_CHECKING:
    from playwright.sync_api import Page

SECONDS = 60
RERUNS = 20
NETWORK = "awasthi_enhanced"


def run() -> dict[str, float]:
    """Returns processor seconds of the server for one look, and seconds of a rerun, in training.

    The looks of a minute are counted together, epochs that end among them, less what the idle
    server takes; a rerun is timed from the key to the end of the script, in a browser that shares
    the machine with the training.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # development only

    with tempfile.TemporaryDirectory(prefix="train-page-") as folder:
        root = Path(folder) / "runs"
        shutil.copytree(runs_root(), root, ignore=shutil.ignore_patterns(".*"))
        try:
            with server(root) as (address, pid), sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("chromium-browser")
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=list(CHROMIUM_FLAGS)
                )
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(f"{address}/train?train={NETWORK}")
                settled(page)
                idle = _cpu_of_a_second(pid)
                _train(root)
                page.reload()
                settled(page)
                watched = _cpu_of_a_second(pid)
                reruns = [_rerun(page) for _ in range(RERUNS)]
                browser.close()
        finally:
            end_service(root)
    return {
        "idle_cpu_seconds_each_second": idle,
        "look_cpu_seconds": watched - idle,
        "rerun_median_seconds": statistics.median(reruns),
        "rerun_worst_seconds": max(reruns),
    }


def _train(root: Path) -> None:
    """Has a training run that outlasts the measurement."""
    plan = plan_run(NETWORK, {"epochs": 1000, "limit": 8000})
    client.submit(root, [plan])
    while not ((live := read_live(root, plan.run_id)) and live.epoch > 1):
        time.sleep(0.1)


def _cpu_of_a_second(pid: int) -> float:
    before, started = cpu_seconds(pid), time.perf_counter()
    time.sleep(SECONDS)
    return (cpu_seconds(pid) - before) / (time.perf_counter() - started)


def _rerun(page: "Page") -> float:
    time.sleep(0.5)
    started = time.perf_counter()
    page.keyboard.press("r")
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'running'"
    )
    settled(page)
    return time.perf_counter() - started
