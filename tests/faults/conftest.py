"""Real jobs under a real training service that are stopped, killed, frozen and starved.

The times that are met are printed at the end of the run, and asserted nowhere: a busy machine is
slow, not wrong.
"""

import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from fmnist_core.data import find_data
from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_live
from fmnist_core.jobs.queue import Queue
from fmnist_core.training.plan import Plan, plan_run

Found = TypeVar("Found")

# Everything with a state of its own: batch normalisation, dropout, a schedule, best weights.
LAYERS = """
conv 8 3x3 strides 2 relu
batchnorm
maxpool 2
dropout 0.3
flatten
dense 32 relu
dropout 0.5
dense 10 softmax
"""
RECIPE = {"batch_size": 32, "limit": 2000, "optimizer": "adamw", "keep": "best"}
_FIGURES = pytest.StashKey[dict[str, list[float]]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)
            if find_data() is None:
                item.add_marker(pytest.mark.skip("Fashion-MNIST is not on this machine"))


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = defaultdict(list)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, seconds in terminalreporter.config.stash[_FIGURES].items():
        p95 = sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]
        terminalreporter.write_line(
            f"{name}: {len(seconds)} tries, median {statistics.median(seconds):.2f} s, "
            f"p95 {p95:.2f} s, max {max(seconds):.2f} s"
        )


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> dict[str, list[float]]:
    """Seconds by what took them."""
    return request.config.stash[_FIGURES]


def small_plan(layers: str = LAYERS, **changes: object) -> Plan:
    """A training whose epochs take a tenth of a second or two."""
    return plan_run("custom", {**RECIPE, **changes}, layers=layers)


def wait_for(found: Callable[[], Found | None], seconds: float = 90, every: float = 0.02) -> Found:
    """What a condition gives once it gives anything; fails when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(every)
    return result


@dataclass
class Station:
    """A runs folder with a training service."""

    root: Path

    @property
    def queue(self) -> Queue:
        return Queue(self.root)

    def submit(self, plan: Plan) -> str:
        return client.submit(self.root, [plan])[0].run_id

    def state(self, run_id: str) -> str:
        return client.find_job(self.root, run_id).state

    def wait_state(self, run_id: str, *states: str, seconds: float = 90) -> str:
        return wait_for(lambda: (state := self.state(run_id)) in states and state, seconds)

    def job_process(self, run_id: str) -> psutil.Process:
        """The job's own process, once it has begun."""

        def begun() -> psutil.Process | None:
            for holder in self.queue.holders():
                if holder.run_id == run_id and holder.state != "starting":
                    return psutil.Process(holder.process.pid)
            return None

        return wait_for(begun)

    def epoch(self, run_id: str, since: float = 0.0) -> int:
        """As the heartbeat tells, where it was written after `since`."""
        live = read_live(self.root, run_id)
        return live.epoch if live and live.written > since else 0

    def message(self, run_id: str) -> str:
        return client.find_job(self.root, run_id).message

    def service_process(self) -> psutil.Process:
        pid = client.service_status(self.root).pid
        assert pid is not None
        return psutil.Process(pid)

    def processes(self) -> list[psutil.Process]:
        """Service, fork server, resource tracker and jobs of this folder."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("FMNIST_RUNS_DIR") == str(self.root) and (
                    process.pid != psutil.Process().pid
                ):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def kill_all(self) -> None:
        found = self.processes()
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=10)


@contextmanager
def running_station(root: Path, *, warm: bool = True) -> Iterator[Station]:
    """A station that leaves no process behind."""
    root.mkdir(exist_ok=True)
    station = Station(root.resolve())
    try:
        if warm:
            client.warm_up(station.root)
            wait_for(lambda: client.service_status(station.root).state == "ready")
        yield station
    finally:
        station.kill_all()


@contextmanager
def serving(script: Path, root: Path, **environment: str) -> Iterator[None]:
    """Another training service: a script of this folder, for this runs folder."""
    service = subprocess.Popen(
        [sys.executable, str(script), str(root)],
        env=os.environ
        | {"FMNIST_RUNS_DIR": str(root), "PYTHONPATH": str(Path.cwd())}
        | environment,
        start_new_session=True,
    )
    try:
        wait_for(lambda: client.service_status(root).state == "ready")
        yield
    finally:
        service.kill()
        service.wait()


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One warm service for all tests of a file."""
    with running_station(tmp_path_factory.mktemp("station") / "runs") as running:
        yield running
