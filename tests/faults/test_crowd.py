"""Many submitters, several apps, one queue; jobs here are stubs that do not train."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from fmnist_core.jobs import client
from fmnist_core.jobs.queue import Queue
from fmnist_core.runs.ids import RUN_ID
from tests.faults.conftest import running_station, serving, small_plan, wait_for

STUB = Path(__file__).with_name("stub_service.py")
ROUNDS = 20
SUBMITTERS, JOBS_EACH = 8, 25

SUBMIT = """
import sys
from pathlib import Path
from fmnist_core.jobs import client
from fmnist_core.training.plan import plan_run

for number in range({jobs}):
    plan = plan_run("kadam_a1", dict(epochs=1, seed=number))
    print(client.submit(Path(sys.argv[1]), [plan])[0].run_id, flush=True)
"""
# What an open Train page does, without its picture.
APP = """
import sys, time
from pathlib import Path
from fmnist_core.jobs import client

while True:
    client.warm_up(Path(sys.argv[1]))
    client.list_jobs(Path(sys.argv[1]))
    time.sleep(0.2)
"""


def _python(script, root):
    return subprocess.Popen(
        [sys.executable, "-c", script, str(root)],
        env=os.environ | {"FMNIST_RUNS_DIR": str(root), "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_hundred_jobs_of_eight_submitters_run_once_each_and_never_two_at_once(tmp_path):
    with running_station(tmp_path / "runs", warm=False) as station, serving(STUB, station.root):
        apps = [_python(APP, station.root) for _ in range(2)]
        submitters = [
            _python(SUBMIT.format(jobs=JOBS_EACH), station.root) for _ in range(SUBMITTERS)
        ]
        submitted = [line for process in submitters for line in process.communicate()[0].split()]
        assert [process.returncode for process in submitters] == [0] * SUBMITTERS
        assert len(set(submitted)) == SUBMITTERS * JOBS_EACH
        wait_for(
            lambda: all(job.state == "done" for job in Queue(station.root).jobs()), seconds=300
        )
        for app in apps:
            assert app.poll() is None
            app.kill()
            app.communicate()
        lines = (station.root / "notes.txt").read_text().splitlines()
        begun = [line.removeprefix("begin ") for line in lines[::2]]
        assert lines == [f"{word} {run_id}" for run_id in begun for word in ("begin", "end")]
        assert sorted(begun) == sorted(submitted)
        runs = [path.name for path in station.root.iterdir() if RUN_ID.fullmatch(path.name)]
        assert sorted(runs) == sorted(submitted)


def test_whoever_is_killed_with_a_job_it_is_interrupted_and_can_be_resumed(tmp_path):
    with running_station(tmp_path / "runs", warm=False) as station:
        for _ in range(ROUNDS):
            with serving(STUB, station.root, STUB_SECONDS="60"):
                run_id = station.submit(small_plan(epochs=1))
                station.job_process(run_id)
                station.kill_all()
            assert station.state(run_id) == "interrupted"
            with serving(STUB, station.root):
                client.resume_job(station.root, run_id)
                station.wait_state(run_id, "done")
            lines = (station.root / "notes.txt").read_text().splitlines()
            assert lines.count(f"end {run_id}") == 1


def test_services_that_start_at_once_leave_one(tmp_path):
    with running_station(tmp_path / "runs", warm=False) as station:
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(client.warm_up(station.root)))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: client.service_status(station.root).state == "ready")
        services = [p for p in station.processes() if "fmnist_core.jobs" in p.cmdline()]
        assert len(services) == 1
