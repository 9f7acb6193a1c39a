"""The SQLite file of the queue: its schema, its transactions, and a full disk."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fmnist_core.errors import JobError

JOBS = ".jobs"
_FILE = "queue.sqlite3"
# Given up when the disk is full, so that the queue can still say what became of a job.
_RESERVE, _RESERVE_BYTES = "reserve", 256 * 1024
_WAIT_SECONDS = 10.0

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS jobs (
    run_id TEXT PRIMARY KEY,
    plan TEXT NOT NULL,
    state TEXT NOT NULL,
    place INTEGER NOT NULL,
    keep INTEGER NOT NULL DEFAULT 0,
    batch TEXT NOT NULL DEFAULT '',
    submitted REAL NOT NULL,
    started REAL,
    ended REAL,
    message TEXT NOT NULL DEFAULT '',
    attempt INTEGER NOT NULL DEFAULT 0,
    pid INTEGER,
    born REAL,
    stop_asked REAL,
    stage TEXT AS (CASE
        WHEN state IN ('starting', 'running', 'stopping') THEN 'active'
        WHEN state IN ('stopped', 'failed', 'interrupted') THEN 'resumable'
        ELSE state END)
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_stage ON jobs (stage, place);
PRAGMA user_version = 1;
COMMIT;
"""


class QueueFile:
    """The file in a runs folder; made when something is first written.

    Raises `JobError` when it cannot be used.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / JOBS
        self._path = self._folder / _FILE

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of which every change of the queue changes one."""
        return self._path, self._path.with_name(f"{_FILE}-wal")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None while nothing was ever queued."""
        with self._explained():
            if not self._path.exists():
                yield None
                return
            with closing(self._connect()) as database:
                yield database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a transaction that no other process can interleave."""
        with self._explained():
            self._folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < _RESERVE_BYTES:
                (self._folder / _RESERVE).unlink(missing_ok=True)
            with closing(self._connect()) as database:
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):
                        database.execute("ROLLBACK")
                    raise

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                database.executescript(_SCHEMA)
        except BaseException:
            database.close()
            raise
        return database

    def hold_open(self) -> sqlite3.Connection:
        """A connection that keeps SQLite's side files in place, so that readers need no new ones.

        On a full disk they could not be made.
        """
        with self._explained():
            self._folder.mkdir(parents=True, exist_ok=True)
            database = self._connect()
            database.execute("SELECT count(*) FROM jobs").fetchone()
            return database

    def keep_reserve(self) -> None:
        """Puts some bytes aside for the hour when the disk is full."""
        reserve = self._folder / _RESERVE
        if not reserve.exists():
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                reserve.write_bytes(b"\0" * _RESERVE_BYTES)
            except OSError:
                reserve.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError as error:
            raise JobError(f"a job must be queued once. Received: {error}.") from error
        except (OSError, sqlite3.Error) as error:
            raise JobError(
                f"the queue in {self._folder} must be readable and writable, with room on its "
                f"disk. Received: {error}. Checkpoints are kept elsewhere: nothing learned is "
                "lost, even when that folder has to be deleted."
            ) from error
