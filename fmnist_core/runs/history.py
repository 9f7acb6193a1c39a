"""`history.jsonl`: one line an epoch, appended while the training runs and read while it grows."""

import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fmnist_core.errors import RunError
from fmnist_core.runs import records, strict_json
from fmnist_core.runs.disk import read_bounded, write_durably, writing_to
from fmnist_core.runs.records import Range
from fmnist_core.runs.schema import Fraction, Loss, Seconds

MOST_HISTORY_BYTES = 8 * 1024 * 1024
_MOST_LINE_BYTES = 4096


@dataclass(frozen=True)
class EpochRow:
    """What one epoch did.

    Attributes:
        epoch: counts from 1.
        loss: mean over the epoch's batches, as trained (dropout on, augmented images); `None` where
            it is not finite, as all losses here.
        val_loss: `None` as well where there are no validation images.
        learning_rate: at the end of the epoch.
        seconds: wall-clock time of this epoch's training.
        cpu_seconds: processor time over all threads; says what the epoch cost on a machine that
            other work shares.
    """

    epoch: Annotated[int, Range(1, 10_000)]
    loss: Loss | None
    accuracy: Fraction | None
    val_loss: Loss | None
    val_accuracy: Fraction | None
    learning_rate: Annotated[float, Range(0, 1e6)]
    seconds: Seconds
    cpu_seconds: Seconds


def append_epoch(path: Path, row: EpochRow) -> None:
    """Adds one line and flushes it to the disk; a torn last line of a killed writer is cut off.

    Raises:
        RunError: a value is out of range, or the file cannot be written.
    """
    line = _line(row)
    with writing_to(path), path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def write_history(path: Path, rows: Sequence[EpochRow]) -> None:
    """Replaces the file by these rows, for a training that goes on from an earlier epoch."""
    write_durably(path, b"".join(_line(row) for row in rows))


def read_history_file(path: Path) -> tuple[EpochRow, ...]:
    """Returns the epochs so far; works on a file that is being written.

    Raises:
        RunError: the file is missing or too long, or a whole line is no epoch.
    """
    return parse_history(read_bounded(path, MOST_HISTORY_BYTES))


def parse_history(data: bytes) -> tuple[EpochRow, ...]:
    """Returns the rows; text after the last line break is a torn line and is ignored.

    Raises:
        RunError: a line is no epoch, or the epochs do not count up from 1.
    """
    rows = []
    # Line by line: eight million empty ones, split at once, take 140 MB.
    for number, line in enumerate(io.BytesIO(data), start=1):
        if not line.endswith(b"\n"):
            break
        where = f"history.jsonl, line {number}"
        row = records.from_json(
            EpochRow, strict_json.loads(line, where, most_bytes=_MOST_LINE_BYTES), where
        )
        if row.epoch != number:
            raise RunError(f"{where}: epoch must be {number}. Received: {row.epoch}.")
        rows.append(row)
    return tuple(rows)


def _line(row: EpochRow) -> bytes:
    return json.dumps(records.to_json(row), allow_nan=False).encode() + b"\n"
