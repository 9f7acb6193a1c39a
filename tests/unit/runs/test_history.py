"""history.jsonl grows line by line and survives its writer."""

import dataclasses

import pytest

from fmnist_core.errors import RunError
from fmnist_core.runs.history import (
    EpochRow,
    append_epoch,
    parse_history,
    read_history_file,
    write_history,
)


def _row(epoch: int, **changes) -> EpochRow:
    row = EpochRow(epoch, 0.5, 0.8, 0.6, 0.7, learning_rate=1e-3, seconds=2, cpu_seconds=3)
    return dataclasses.replace(row, **changes)


def test_epochs_read_back_as_they_were_appended(tmp_path):
    rows = (_row(1), _row(2, val_loss=None), _row(3, loss=None, accuracy=None))
    for row in rows:
        append_epoch(tmp_path / "history.jsonl", row)
    assert read_history_file(tmp_path / "history.jsonl") == rows


def test_a_torn_last_line_is_ignored_wherever_it_was_torn(tmp_path):
    path = tmp_path / "history.jsonl"
    write_history(path, [_row(1), _row(2)])
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    for length in range(second, len(whole)):
        assert parse_history(whole[:length]) == (_row(1),)


def test_an_append_after_a_torn_line_replaces_it(tmp_path):
    path = tmp_path / "history.jsonl"
    write_history(path, [_row(1), _row(2)])
    path.write_bytes(path.read_bytes()[:-10])
    append_epoch(path, _row(2, accuracy=0.9))
    assert read_history_file(path) == (_row(1), _row(2, accuracy=0.9))


def test_a_damaged_line_in_the_middle_is_an_error_with_its_number(tmp_path):
    path = tmp_path / "history.jsonl"
    write_history(path, [_row(1), _row(2), _row(3)])
    lines = path.read_bytes().split(b"\n")
    with pytest.raises(RunError, match="line 2"):
        parse_history(b"\n".join([lines[0], lines[1][:-5], lines[2], b""]))


def test_epochs_count_up_from_one(tmp_path):
    write_history(tmp_path / "history.jsonl", [_row(1), _row(3)])
    with pytest.raises(RunError, match=r"epoch must be 2\. Received: 3"):
        read_history_file(tmp_path / "history.jsonl")


def test_a_loss_that_is_not_finite_cannot_be_written_as_a_number(tmp_path):
    with pytest.raises(RunError, match="loss"):
        append_epoch(tmp_path / "history.jsonl", _row(1, loss=float("nan")))
    assert not (tmp_path / "history.jsonl").exists()
