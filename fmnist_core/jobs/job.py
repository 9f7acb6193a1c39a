"""The process of one job: trains, reports, and ends in a state of the queue."""

import contextlib
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

from fmnist_core.errors import FmnistError, JobError
from fmnist_core.jobs.live import LOG, log_line, work_folder
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.reporter import Reporter
from fmnist_core.jobs.settle import out_of_memory
from fmnist_core.training.plan import Plan

_NICENESS = 10
_LARGEST_FILE = 1024**3


def run_job(root: Path, run_id: str, attempt: int, memory_bytes: int) -> None:
    """Runs one attempt of a job in the process that calls, and ends that process.

    Args:
        memory_bytes: data that the process may hold; more is "out of memory".
    """
    code = 1
    try:
        _step_aside(memory_bytes)
        queue = Queue(root)
        if queue.begin(run_id, attempt, this_process()):
            _run(root, queue, run_id, attempt)
        code = 0
    except JobError as error:
        print(error, file=sys.stderr)  # the queue itself cannot be written: the service will settle
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)  # at once: no thread of a library keeps the process


def _run(root: Path, queue: Queue, run_id: str, attempt: int) -> None:
    try:
        job = queue.job(run_id)
        work = work_folder(root, run_id)
        work.mkdir(parents=True, exist_ok=True)
        _log_to(work / LOG)
        with Reporter(root, queue, job) as reporter:
            train_plan(root, job.plan, reporter)
    except FmnistError as error:
        queue.end(run_id, attempt, "failed", str(error))
        log_line(work_folder(root, run_id), f"failed: {error}")
    except Exception as error:
        queue.end(run_id, attempt, "failed", _sentence(error))
        log_line(work_folder(root, run_id), "failed")
        traceback.print_exc()  # last, since it fails on a full disk
    else:
        queue.end(run_id, attempt, "done")


def train_plan(root: Path, plan: Plan, reporter: Reporter) -> None:
    """Trains and commits; for a job that keeps its epochs so far, only commits."""
    from fmnist_core.training.session import run_plan  # noqa: PLC0415  # loads TensorFlow, 10 s

    run_plan(
        root,
        plan,
        on_progress=reporter.progress,
        on_finishing=reporter.finishing,
        should_stop=lambda: reporter.job.keep,
    )


def _step_aside(memory_bytes: int) -> None:
    """A session of its own, low priority and bounded memory: nothing else suffers from a job."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(_NICENESS)
    # Linux shares time between sessions first: without this, niceness counts inside one only.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICENESS), encoding="ascii")
    for limit, most in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (allowed, hard))


def _log_to(path: Path) -> None:
    """Sends everything that is printed, by libraries in C++ too, to a file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


def _sentence(error: Exception) -> str:
    words = f"{type(error).__name__}: {error}".strip().splitlines()[0][:300]
    if isinstance(error, MemoryError) or "ResourceExhausted" in words:
        return out_of_memory(words[:120])
    if isinstance(error, OSError):
        return (
            "A training must be able to write its files, with room on its disk. "
            f"Received: {error.strerror or words}. Free some space, then resume."
        )
    return (
        f"A training must run without an error of the program. Received: {words}. "
        "Its log tells where; please report it."
    )
