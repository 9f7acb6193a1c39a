"""What the dashboard costs: first chart, page change, rerun and memory, in a real browser.

Needs Chromium and the development environment, and Linux for the server's own figures.
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.read import run_ids

if TYPE_CHECKING:
    from playwright.sync_api import Page

REPOSITORY = Path(__file__).parents[2]
RERUNS = 10
RERUN_PAGES = (
    "overview",
    "compare",
    "classes",
    "projections",
    "architectures",
    "dataset",
    "papers",
    "learn",
)
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
)
# A chart counts as painted when its canvas or drawing stands on the page.
CHART = "[data-testid='stVegaLiteChart'] :is(canvas, svg)"


def run() -> dict[str, float | str]:
    """Seconds to the first chart and for each page change, CPU for a rerun, memory in MB."""
    # Late: only the development environment has it, and the other benchmarks do without.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with server(runs_root()) as (address, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        figures: dict[str, Any] = {"first_chart_seconds": _first_chart(page, address)}
        for link in ("Compare", "Architectures", "Overview"):
            figures[f"to_{link.lower()}_seconds"] = _page_change(page, link)
        chosen = ",".join(run_ids(runs_root()))
        for name in RERUN_PAGES:
            place = "" if name == "overview" else name
            page.goto(f"{address}/{place}?runs={chosen}")
            settled(page)
            figures[f"{name}_rerun_cpu_seconds"] = _rerun_cpu(page, pid)
        figures["memory_mb"] = _memory_mb(pid)
        browser.close()
    return figures


@contextlib.contextmanager
def server(root: Path) -> Iterator[tuple[str, int]]:
    """Runs the app on a free port over a runs folder; yields its address and process number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = [f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(  # noqa: S603  # every word of it stands above
        [*command, *options],
        cwd=REPOSITORY,
        env=os.environ | {"FMNIST_RUNS_DIR": str(root.resolve())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/_stcore/health")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url):  # noqa: S310  # our own server
            return
        if time.monotonic() > deadline:
            raise TimeoutError(url)
        time.sleep(0.02)


def _first_chart(page: "Page", address: str) -> float:
    started = time.perf_counter()
    page.goto(address)
    page.locator(CHART).first.wait_for()
    seconds = time.perf_counter() - started
    settled(page)
    return seconds


def _page_change(page: "Page", link: str) -> float:
    """From the click until the other page's heading stands and the script has ended."""
    before = page.locator("h1").inner_text()
    started = time.perf_counter()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=link).click()
    page.wait_for_function(
        "before => { const h = document.querySelector('h1'); return h && h.innerText !== before }",
        arg=before,
    )
    settled(page)
    return time.perf_counter() - started


def settled(page: "Page") -> None:
    """Waits until the server has nothing more to send."""
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    )


def _rerun_cpu(page: "Page", pid: int) -> float:
    """Median processor time of one full rerun of the script, in seconds."""
    costs = []
    for _ in range(RERUNS):
        time.sleep(0.3)  # what the last rerun left to do
        before = cpu_seconds(pid)
        page.keyboard.press("r")
        page.wait_for_timeout(150)
        settled(page)
        time.sleep(0.3)
        costs.append(cpu_seconds(pid) - before)
    return statistics.median(costs)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, in steps of ten milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else float("nan")
