"""The training service: takes one job at a time and gives it a process that is warm already.

It holds no state of its own: killed at any moment, its successor reads the queue and goes on. A job
that runs then is not its child, and is watched by process number and start time all the same.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from fmnist_core.errors import JobError
from fmnist_core.jobs.announcement import Announcement, announce, wanted_at, withdraw
from fmnist_core.jobs.job import run_job
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Holder, Queue
from fmnist_core.jobs.queue_file import JOBS
from fmnist_core.jobs.settle import settle
from fmnist_core.training.estimate import memory_limit
from fmnist_core.training.lock import try_lock

PRELOAD = ("fmnist_core.jobs.preload",)
IDLE_SECONDS = 600.0
_LOOK_SECONDS = 0.1
# A job that was asked to stop ends itself within half a second, unless it hangs.
_KILL_AFTER_SECONDS = 3.0
_LOCK = "service.lock"
# root, run id, attempt, bytes of memory
Trainer = Callable[[Path, str, int, int], None]


def serve(
    root: Path,
    *,
    idle_seconds: float = IDLE_SECONDS,
    trainer: Trainer = run_job,
    preload: Sequence[str] = PRELOAD,
) -> bool:
    """Works off the queue until nothing was wanted for a while; False when another service does.

    Has the process for itself: it ends jobs of its own only when asked, and leaves no child behind.

    Args:
        trainer: what a job's process runs, to be found by its name in an importable module.
        preload: modules that are imported once, before any job.
    """
    folder = root / JOBS
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not try_lock(lock):
            return False
        Service(root, idle_seconds, trainer, preload).run()
        return True
    finally:
        os.close(lock)


class Service:
    """One service at work; made by `serve`, which holds the lock."""

    def __init__(
        self, root: Path, idle_seconds: float, trainer: Trainer, preload: Sequence[str]
    ) -> None:
        self._root, self._idle_seconds, self._trainer = root, idle_seconds, trainer
        self._queue = Queue(root)
        self._me = this_process()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._child: ForkServerProcess | None = None
        self._ready = threading.Event()
        self._leaving = threading.Event()
        self._busy_at = time.time()

    def run(self) -> None:
        """Serves until idle, or until SIGTERM or Ctrl-C; a job that runs then goes on."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._leaving.set())
        self._announce()
        self._queue.keep_reserve()
        held = self._queue.hold_open()
        threading.Thread(target=self._warm_up, daemon=True).start()
        acted = False
        while not self._leaving.wait(0 if acted else _LOOK_SECONDS) and not self._is_idle():
            try:
                acted = self._look()
            except JobError as error:
                print(error, flush=True)
                time.sleep(1)
        held.close()
        withdraw(self._root)

    def _look(self) -> bool:
        """Does what is to be done now; says whether that was anything."""
        holders = self._queue.holders()
        if holders:
            self._busy_at = time.time()
            return any(self._watch(holder) for holder in holders)
        job = self._queue.claim(self._me) if self._queue.has_queued() else None
        if job is None:
            return False
        self._child = None
        print(f"{job.run_id}: attempt {job.attempt}", flush=True)
        return True

    def _watch(self, holder: Holder) -> bool:
        """Starts, settles or kills a job where that is due; says whether it was."""
        mine = holder.process == self._me  # claimed, and not begun yet
        if mine and self._child is None:
            if holder.state == "stopping":
                settle(self._root, self._queue, holder)
            elif self._ready.is_set():
                self._start(holder)
            else:
                return False
        elif not (self._child.is_alive() if mine and self._child else holder.process.is_alive()):
            settle(self._root, self._queue, holder)
        elif holder.stop_asked and time.time() - holder.stop_asked > _KILL_AFTER_SECONDS:
            self._kill(holder, mine=mine)
            return False
        else:
            return False
        return True

    def _start(self, holder: Holder) -> None:
        self._child = self._context.Process(
            target=self._trainer,
            args=(self._root, holder.run_id, holder.attempt, memory_limit()),
            name=holder.run_id,
        )
        self._child.start()

    def _kill(self, holder: Holder, *, mine: bool) -> None:
        if not mine:
            holder.process.kill()
        elif self._child is not None:
            self._child.kill()

    def _warm_up(self) -> None:
        """The fork server loads what is to be preloaded before it answers for the first time."""
        process = self._context.Process(target=_nothing)
        process.start()
        process.join()
        self._ready.set()
        self._announce()

    def _announce(self) -> None:
        announce(self._root, Announcement(self._me.pid, self._me.born, self._ready.is_set()))

    def _is_idle(self) -> bool:
        return time.time() - max(self._busy_at, wanted_at(self._root)) > self._idle_seconds


def _nothing() -> None:
    """The first job of a fork server."""
