import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from fmnist_core.jobs.process import ProcessIdentity, this_process


@pytest.fixture
def sleeper():
    """A process in a group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    yield process
    process.kill()
    process.wait()


def _identity(process):
    return ProcessIdentity(process.pid, psutil.Process(process.pid).create_time())


def test_this_process_is_alive():
    assert this_process().pid == os.getpid()
    assert this_process().is_alive()


def test_a_killed_process_is_not_alive_even_before_it_is_reaped(sleeper):
    identity = _identity(sleeper)
    assert identity.is_alive()
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the table
    assert not identity.is_alive()


def test_kill_ends_the_process_and_its_group(tmp_path):
    script = (
        "import subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    deadline = time.monotonic() + 20
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child = psutil.Process(int((tmp_path / "child").read_text()))
    _identity(parent).kill()
    assert parent.wait(timeout=10) == -signal.SIGKILL
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("age", [2, 3, 5, 8, 13, 60, 600, 3600, 86_400, 10**7] * 2)
def test_another_process_with_the_same_number_is_neither_alive_nor_killed(sleeper, age):
    born = psutil.Process(sleeper.pid).create_time() - age
    before = ProcessIdentity(sleeper.pid, born)
    assert not before.is_alive()
    before.kill()
    assert sleeper.poll() is None
