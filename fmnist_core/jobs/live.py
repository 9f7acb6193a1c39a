"""What a training shows of itself while it runs: a few small files beside its checkpoints."""

import contextlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from fmnist_core.errors import RunError
from fmnist_core.jobs.record import Job
from fmnist_core.runs.disk import read_bounded
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.ids import check_run_id
from fmnist_core.runs.write import STAGING, WORK
from fmnist_core.training.pointer import read_pointer

LIVE, CONFUSION, LOG = "live.json", "confusion.json", "log.txt"
# The heartbeat comes twice a second; a machine at its limit can delay it by seconds.
SILENT_SECONDS = 15.0
_MOST_BYTES = 64 * 1024
_LONGEST_LINE = 400
_LAST_LINES = 20
# Not at the start of a line alone: what a crash prints last may lack its line break.
_ATTEMPT = re.compile(
    r" attempt ([0-9]+) (?:begins the first|goes on after [0-9]+) of [0-9]+ epochs\n?"
)

Phase = Literal["starting", "training", "validating", "evaluating"]


@dataclass(frozen=True)
class Live:
    """Where a training stands.

    Attributes:
        epoch: the current one, from 1; 0 before the first batch.
        batch: batches done in this epoch, of `batches`.
        loss: mean over the epoch so far; `accuracy` likewise, a fraction.
        images_per_second: of the last few seconds.
        seconds_left: until the run is whole, as far as can be foreseen.
        written: the heartbeat, in seconds since 1970.
        attempt: of the job, as its queue counts them.
    """

    phase: Phase
    epoch: int
    epochs: int
    batch: int
    batches: int
    loss: float | None
    accuracy: float | None
    learning_rate: float | None
    images_per_second: float | None
    seconds_left: float | None
    written: float
    attempt: int


@dataclass(frozen=True)
class Confusion:
    """Counts of the validation images after an epoch: rows true, columns predicted."""

    epoch: int
    counts: tuple[tuple[int, ...], ...]


def work_folder(root: Path, run_id: str) -> Path:
    """Where a training keeps what only it needs. Raises `RunError` for a malformed id."""
    return root / STAGING / check_run_id(run_id) / WORK


def current_live(root: Path, job: Job) -> Live | None:
    """Where an active job stands; None for another, and until its latest attempt has said so."""
    live = read_live(root, job.run_id) if job.active else None
    return live if live and live.attempt == job.attempt else None


def read_live(root: Path, run_id: str) -> Live | None:
    """What a training has said of itself last, perhaps in an attempt of before; else None."""
    data = _read(work_folder(root, run_id) / LIVE)
    try:
        return None if data is None else Live(**data)
    except TypeError:
        return None


def is_responding(live: Live, now: float) -> bool:
    """Whether the heartbeat is fresh at the time `now`, in seconds since 1970."""
    return now - live.written < SILENT_SECONDS


def read_epochs(root: Path, run_id: str) -> tuple[EpochRow, ...]:
    """The whole epochs that an unfinished training has kept. Raises `RunError` when damaged."""
    pointer = read_pointer(work_folder(root, run_id))
    return pointer.history if pointer else ()


def read_confusion(root: Path, run_id: str) -> Confusion | None:
    """The validation images by true and predicted class, after the latest whole epoch."""
    data = _read(work_folder(root, run_id) / CONFUSION)
    if data is None:
        return None
    return Confusion(data["epoch"], tuple(tuple(row) for row in data["counts"]))


def log_tail(root: Path, run_id: str, lines: int = _LAST_LINES) -> str:
    """The last lines that a training printed, in whichever attempt; long ones are cut."""
    return _last_lines(_log(root, run_id), lines)


def log_tail_of(root: Path, run_id: str, attempt: int) -> str:
    """The last lines that this attempt printed; nothing where the log ends with an earlier one."""
    text = _log(root, run_id)
    if begun := list(_ATTEMPT.finditer(text)):
        latest = begun[-1]
        text = text[latest.end() :] if int(latest[1]) == attempt else ""
    return _last_lines(text, _LAST_LINES)


def attempt_words(attempt: int, kept: int, epochs: int) -> str:
    """The line of the log with which an attempt begins, after so many whole epochs."""
    goes = f"goes on after {kept}" if kept else "begins the first"
    return f"attempt {attempt} {goes} of {epochs} epochs"


def log_line(work: Path, text: str) -> None:
    """Adds a line to the log, after the time of day; a full disk costs the line and no more."""
    with contextlib.suppress(OSError), (work / LOG).open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}\n")


def write_live(work: Path, live: Live) -> None:
    """Replaces the heartbeat; a full disk is left to the checkpoints to notice."""
    _replace(work / LIVE, asdict(live))


def write_confusion(work: Path, confusion: Confusion) -> None:
    """Replaces the confusion counts."""
    _replace(work / CONFUSION, asdict(confusion))


def _log(root: Path, run_id: str) -> str:
    """The end of the log, at most 64 KiB; empty where there is none."""
    try:
        with (work_folder(root, run_id) / LOG).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _last_lines(text: str, lines: int) -> str:
    return "\n".join(line[:_LONGEST_LINE] for line in text.splitlines()[-lines:])


def _replace(path: Path, data: object) -> None:
    """Replaces a file in one step, but not durably: what is lost in a power cut is of no use."""
    temporary = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        temporary.write_text(json.dumps(data), encoding="utf-8")
        temporary.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(read_bounded(path, _MOST_BYTES))
    except (RunError, ValueError):
        return None
    return data if isinstance(data, dict) else None
