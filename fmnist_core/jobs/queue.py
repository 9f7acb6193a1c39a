"""The queue of training jobs: one SQLite file, shared by every app, terminal and service.

It holds what is to be done and what became of it. What was learned lies in each run's own folder,
so a queue that is lost costs no training.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fmnist_core.errors import UnknownNameError
from fmnist_core.jobs.kept_reading import while_unchanged
from fmnist_core.jobs.process import ProcessIdentity
from fmnist_core.jobs.queue_file import QueueFile
from fmnist_core.jobs.queue_rows import damage, readable, to_job, to_text
from fmnist_core.jobs.record import DamagedJob, Job, State
from fmnist_core.training.plan import Plan

Taken = TypeVar("Taken")


@dataclass(frozen=True)
class Holder:
    """An active job and the process that it belongs to.

    Attributes:
        stop_asked: when its stop was asked for, in seconds since 1970.
    """

    run_id: str
    attempt: int
    state: State
    process: ProcessIdentity
    stop_asked: float | None


class Queue:
    """The queue of a runs folder; every method is one transaction, safe between processes.

    Raises `JobError` when the file cannot be used.
    """

    def __init__(self, root: Path) -> None:
        self._file = QueueFile(root)

    def add(self, plans: Sequence[Plan], batch: str = "") -> None:
        """Queues all of these plans, or none."""
        with self._file.writing() as database:
            place, now = _last_place(database), time.time()
            rows = [
                (plan.run_id, to_text(plan), place + number, batch, now)
                for number, plan in enumerate(plans, start=1)
            ]
            database.executemany(
                "INSERT INTO jobs (run_id, plan, state, place, batch, submitted)"
                " VALUES (?, ?, 'queued', ?, ?, ?)",
                rows,
            )

    def jobs(self, most_ended: int = -1) -> tuple[Job, ...]:
        """Active jobs, then the queue in its order, then at most so many ended ones, newest first.

        Rows that are damaged are left out: see `damaged`. Read once until the queue changes.

        Args:
            most_ended: -1 for all.
        """
        key = ("jobs", self._file.paths, most_ended)
        return while_unchanged(key, self._file.paths, lambda: self._read_jobs(most_ended))

    def _read_jobs(self, most_ended: int) -> tuple[Job, ...]:
        with self._file.reading() as database:
            if database is None:
                return ()
            going = database.execute(
                "SELECT * FROM jobs WHERE stage IN ('active', 'queued') ORDER BY stage, place"
            ).fetchall()
            rows = _ended(database, most_ended)
            ended = readable(rows)
            if len(ended) < len(rows) == most_ended:  # the next ones take their places
                ended = readable(_ended(database, -1))[:most_ended]
        return (*readable(going), *ended)

    def damaged(self) -> tuple[DamagedJob, ...]:
        """The rows that say no job any more, each with the reason."""
        with self._file.reading() as database:
            rows: list[Any] = []
            if database is not None:
                rows = database.execute("SELECT * FROM jobs ORDER BY place").fetchall()
        return tuple(
            DamagedJob(row["run_id"], row["state"], reason)
            for row in rows
            if (reason := damage(row))
        )

    def job(self, run_id: str) -> Job:
        """One job. Raises `UnknownNameError` with the nearest ids, `JobError` when damaged."""
        return to_job(self._row(run_id))

    def state(self, run_id: str) -> State:
        """The state of a job, damaged or not. Raises `UnknownNameError` with the nearest ids."""
        state: State = self._row(run_id)["state"]
        return state

    def _row(self, run_id: str) -> Any:
        with self._file.reading() as database:
            known: list[str] = []
            if database is not None:
                row = database.execute("SELECT * FROM jobs WHERE run_id = ?", (run_id,)).fetchone()
                if row is not None:
                    return row
                known = [row[0] for row in database.execute("SELECT run_id FROM jobs")]
        raise UnknownNameError("job", run_id[:120], known)

    def holders(self) -> tuple[Holder, ...]:
        """The active jobs; one while all is well. Read once until the queue changes."""
        return self._of_stage("active", _to_holder)

    def resumable(self) -> tuple[str, ...]:
        """Run ids of the jobs that ended before their run was whole. Read once, like `holders`."""
        return self._of_stage("resumable", lambda row: str(row["run_id"]))

    def _of_stage(self, stage: str, take: Callable[[Any], Taken]) -> tuple[Taken, ...]:
        """What is taken of each row of a stage; a stage is always taken of in one way."""

        def read() -> tuple[Taken, ...]:
            with self._file.reading() as database:
                rows: list[Any] = []
                if database is not None:
                    rows = database.execute(
                        "SELECT * FROM jobs WHERE stage = ?", (stage,)
                    ).fetchall()
            return tuple(map(take, rows))

        return while_unchanged((stage, self._file.paths), self._file.paths, read)

    def has_queued(self) -> bool:
        """Whether a job waits."""
        with self._file.reading() as database:
            return database is not None and bool(
                database.execute("SELECT 1 FROM jobs WHERE state = 'queued' LIMIT 1").fetchone()
            )

    def claim(self, service: ProcessIdentity) -> Job | None:
        """Makes the first job of the queue "starting", unless one is active.

        It belongs to the service until its own process takes it over with `begin`. One that is
        damaged fails, and the next takes its turn.
        """
        with self._file.writing() as database:
            if database.execute("SELECT 1 FROM jobs WHERE stage = 'active'").fetchone():
                return None
            queued = database.execute(
                "SELECT * FROM jobs WHERE state = 'queued' ORDER BY place"
            ).fetchall()
            for row in queued:
                if not (reason := damage(row)):
                    break
                database.execute(
                    "UPDATE jobs SET state = 'failed', message = ?, ended = ? WHERE run_id = ?",
                    (reason, time.time(), row["run_id"]),
                )
            else:
                return None
            claimed = database.execute(
                "UPDATE jobs SET state = 'starting', attempt = attempt + 1, pid = ?, born = ?,"
                " started = ?, ended = NULL, message = '', stop_asked = NULL"
                " WHERE run_id = ? RETURNING *",
                (service.pid, service.born, time.time(), row["run_id"]),
            ).fetchone()
            return to_job(claimed)

    def is_stopping(self, run_id: str, attempt: int) -> bool:
        """Whether this attempt was asked to stop."""
        with self._file.reading() as database:
            return database is not None and bool(
                database.execute(
                    "SELECT 1 FROM jobs WHERE run_id = ? AND attempt = ? AND state = 'stopping'",
                    (run_id, attempt),
                ).fetchone()
            )

    def begin(self, run_id: str, attempt: int, process: ProcessIdentity) -> bool:
        """Makes a starting job "running" in its own process; False when it is not to run any more.

        Only one process can begin an attempt.
        """
        with self._file.writing() as database:
            changed = database.execute(
                "UPDATE jobs SET state = 'running', pid = ?, born = ?"
                " WHERE run_id = ? AND attempt = ? AND state = 'starting'",
                (process.pid, process.born, run_id, attempt),
            )
            return changed.rowcount == 1

    def end(self, run_id: str, attempt: int, state: State, message: str = "") -> None:
        """Ends an attempt that is active; one that has ended already stays as it is."""
        with self._file.writing() as database:
            database.execute(
                "UPDATE jobs SET state = ?, message = ?, ended = ?, pid = NULL, born = NULL"
                " WHERE run_id = ? AND attempt = ? AND stage = 'active'",
                (state, message, time.time(), run_id, attempt),
            )

    def ask_to_stop(self, run_id: str) -> None:
        """Takes a job off the queue, or makes an active one "stopping"; others stay as they are."""
        with self._file.writing() as database:
            now = time.time()
            database.execute(
                "UPDATE jobs SET state = 'stopped', ended = ?"
                " WHERE run_id = ? AND state = 'queued'",
                (now, run_id),
            )
            database.execute(
                "UPDATE jobs SET state = 'stopping', stop_asked = ?"
                " WHERE run_id = ? AND state IN ('starting', 'running')",
                (now, run_id),
            )

    def requeue(self, run_id: str, *, keep: bool) -> bool:
        """Puts a resumable job at the end of the queue; False when it is not resumable."""
        with self._file.writing() as database:
            changed = database.execute(
                "UPDATE jobs SET state = 'queued', keep = ?, place = ?, ended = NULL, message = ''"
                " WHERE run_id = ? AND stage = 'resumable'",
                (int(keep), _last_place(database) + 1, run_id),
            )
            return changed.rowcount == 1

    def mark_done(self, run_id: str) -> None:
        """Says of a resumable job that its run is whole after all."""
        with self._file.writing() as database:
            database.execute(
                "UPDATE jobs SET state = 'done', message = ''"
                " WHERE run_id = ? AND stage = 'resumable'",
                (run_id,),
            )

    def move(self, run_id: str, places: int) -> bool:
        """Moves a queued job by so many places, -1 for one earlier; False when it is not queued."""
        with self._file.writing() as database:
            queued = database.execute(
                "SELECT run_id, place FROM jobs WHERE state = 'queued' ORDER BY place"
            ).fetchall()
            order = [row["run_id"] for row in queued]
            if run_id not in order:
                return False
            at = order.index(run_id)
            order.insert(max(0, at + places), order.pop(at))
            database.executemany(
                "UPDATE jobs SET place = ? WHERE run_id = ?",
                [(row["place"], name) for row, name in zip(queued, order, strict=True)],
            )
            return True

    def remove(self, run_id: str) -> bool:
        """Forgets a job that no process works on; False when one does."""
        with self._file.writing() as database:
            changed = database.execute(
                "DELETE FROM jobs WHERE run_id = ? AND stage <> 'active'", (run_id,)
            )
            return changed.rowcount == 1

    def keep_reserve(self) -> None:
        """Puts some bytes aside for the hour when the disk is full."""
        self._file.keep_reserve()

    def hold_open(self) -> sqlite3.Connection:
        """A connection whose being open lets others read on a full disk."""
        return self._file.hold_open()


def _last_place(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT coalesce(max(place), 0) FROM jobs").fetchone()[0])


def _ended(database: sqlite3.Connection, most: int) -> list[Any]:
    return database.execute(
        "SELECT * FROM jobs WHERE stage IN ('done', 'resumable')"
        " ORDER BY ended DESC, place DESC LIMIT ?",
        (most,),
    ).fetchall()


def _to_holder(row: Any) -> Holder:
    return Holder(
        run_id=row["run_id"],
        attempt=row["attempt"],
        state=row["state"],
        process=ProcessIdentity(row["pid"], row["born"]),
        stop_asked=row["stop_asked"],
    )
