"""The app is killed and started again while a job runs."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import expect

from fmnist_core.jobs import client
from tests.e2e.conftest import ROOT, running_chromium, wait_until_healthy
from tests.faults.conftest import running_station, small_plan, wait_for

RESTARTS = 20


@contextmanager
def _app(root, log: Path):
    """The app; killed at the end without a chance to tidy up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, f"--server.port={port}", "--server.headless=true"],
            cwd=ROOT,
            env=os.environ | {"FMNIST_RUNS_DIR": str(root)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGKILL)
        server.wait()


def test_a_job_goes_on_while_the_app_is_killed_and_is_seen_again_by_the_next_one(tmp_path, figures):
    plan = replace(small_plan(epochs=10_000), name="A long training")
    with running_station(tmp_path / "runs") as station, running_chromium() as browser:
        run_id = station.submit(plan)
        process = station.job_process(run_id)
        for number in range(RESTARTS):
            seen = wait_for(lambda: station.epoch(run_id))
            with _app(station.root, tmp_path / f"app{number}.log") as address:
                page = browser.new_page()
                started = time.monotonic()
                page.goto(f"{address}/train")
                expect(page.get_by_role("main").get_by_text(plan.name).first).to_be_visible(
                    timeout=30_000
                )
                figures["a running job seen after the app's restart"].append(
                    time.monotonic() - started
                )
                page.close()
            wait_for(lambda: station.epoch(run_id) > seen)  # noqa: B023  # called at once
            assert process.is_running()
            job = client.find_job(station.root, run_id)
            assert (job.state, job.attempt) == ("running", 1)
        client.stop_job(station.root, run_id)
        station.wait_state(run_id, "stopped")
