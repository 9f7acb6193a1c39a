"""The history of a run as a TensorBoard event file, written without TensorFlow.

An event file is a sequence of records (length, data, and a masked CRC-32C of each), and each record
a protocol buffer: Event{wall_time = 1, step = 2, file_version = 3, summary = 5}, where a Summary
holds values = 1, each {tag = 1, simple_value = 2}, or for text {tag = 1, tensor = 8, metadata = 9}.
That is TensorFlow's `event.proto`, `summary.proto`, `tensor.proto` and `record_writer.cc`, as far
as scalars and text need them.
"""

import struct
from collections.abc import Iterable, Sequence
from datetime import datetime

from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run

_SCALARS = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types
_CASTAGNOLI = 0x82F63B78  # the polynomial of CRC-32C, bits reversed


def event_file_name(run: Run) -> str:
    """Returns a name that TensorBoard takes for an event file: it must contain "tfevents"."""
    return f"events.out.tfevents.{_finished(run):.0f}.{run.run_id}"


def event_file(run: Run, history: Sequence[EpochRow], note: str) -> bytes:
    """Returns the event file of a run: one step an epoch, and the test accuracy at the last.

    Args:
        note: what must stand beside the numbers: split, budget. TensorBoard shows it as text.

    Losses and accuracies (fractions) carry the history's names; what was not measured or is not
    finite is left out. The time of an epoch is counted back from the end of the training. Equal
    runs give equal bytes.
    """
    left = sum(row.seconds for row in history)
    time = _finished(run) - left
    records = [_double(1, time) + _text(3, "brain.Event:2")]
    records.append(_double(1, time) + _message(5, _message(1, _text_value("training", note))))
    for row in history:
        time += row.seconds
        values = [(name, getattr(row, name)) for name in _SCALARS]
        records.append(_event(time, row.epoch, values))
    records.append(_event(time, run.epochs, [("test_accuracy", run.metrics.test_accuracy)]))
    return b"".join(map(_record, records))


def _finished(run: Run) -> float:
    return datetime.fromisoformat(run.created).timestamp()


def _event(time: float, step: int, values: Iterable[tuple[str, float | None]]) -> bytes:
    summary = b"".join(
        _message(1, _text(1, name) + _key(2, _FIXED32) + struct.pack("<f", value))
        for name, value in values
        if value is not None
    )
    return _double(1, time) + _key(2, _VARINT) + _varint(step) + _message(5, summary)


def _text_value(tag: str, text: str) -> bytes:
    """A scalar tensor of strings (DataType 7, string_val = 8) for the plugin that shows text."""
    tensor = _key(1, _VARINT) + _varint(7) + _message(2, b"") + _text(8, text)
    metadata = _message(1, _text(1, "text"))
    return _text(1, tag) + _message(8, tensor) + _message(9, metadata)


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    """Returns the CRC-32C, masked as the format asks: a CRC of data with CRCs in it is weak."""
    crc = crc32c(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def crc32c(data: bytes) -> int:
    """Returns the CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `data`."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _table_entry(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (_CASTAGNOLI if value & 1 else 0)
    return value


_TABLE = tuple(map(_table_entry, range(256)))


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


def _double(field: int, value: float) -> bytes:
    return _key(field, _FIXED64) + struct.pack("<d", value)


def _text(field: int, value: str) -> bytes:
    return _message(field, value.encode())


def _message(field: int, data: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(data)) + data
