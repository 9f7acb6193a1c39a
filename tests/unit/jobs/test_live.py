import json

import pytest

from fmnist_core.errors import RunError
from fmnist_core.jobs.live import (
    Confusion,
    Live,
    is_responding,
    log_line,
    log_tail,
    read_confusion,
    read_epochs,
    read_live,
    work_folder,
    write_confusion,
    write_live,
)
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.pointer import Pointer, write_pointer

RUN = "kadam_a1-20250101-000000-0a1b2c"
LIVE = Live("training", 2, 10, 30, 94, 0.5, 0.8, 1e-3, 4_000.0, 60.5, 1_000.0, 1)


@pytest.fixture
def work(tmp_path):
    folder = work_folder(tmp_path, RUN)
    folder.mkdir(parents=True)
    return folder


def test_a_training_that_has_shown_nothing_yet_is_no_error(tmp_path):
    assert read_live(tmp_path, RUN) is None
    assert read_epochs(tmp_path, RUN) == ()
    assert read_confusion(tmp_path, RUN) is None
    assert log_tail(tmp_path, RUN) == ""


def test_what_is_written_is_read(tmp_path, work):
    write_live(work, LIVE)
    confusion = Confusion(2, tuple(tuple(range(row, row + 10)) for row in range(10)))
    write_confusion(work, confusion)
    row = EpochRow(1, 0.5, 0.8, 0.4, 0.85, 1e-3, 12.0, 20.0)
    write_pointer(work, Pointer("epoch-00001.safetensors", "0" * 64, (row,)))
    assert read_live(tmp_path, RUN) == LIVE
    assert read_confusion(tmp_path, RUN) == confusion
    assert read_epochs(tmp_path, RUN) == (row,)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"phase": "training"}', '"x"'])
def test_a_torn_or_foreign_live_file_is_as_good_as_none(tmp_path, work, content):
    (work / "live.json").write_text(content)
    assert read_live(tmp_path, RUN) is None


def test_a_full_disk_does_not_end_the_heartbeat(tmp_path):
    write_live(tmp_path / "missing", LIVE)
    assert not (tmp_path / "missing").exists()


def test_a_heartbeat_counts_for_fifteen_seconds():
    assert is_responding(LIVE, LIVE.written + 14.9)
    assert not is_responding(LIVE, LIVE.written + 15.1)


def test_the_log_shows_its_last_lines_and_cuts_long_ones(tmp_path, work):
    (work / "log.txt").write_bytes(
        b"".join(b"line %d\n" % n for n in range(50_000)) + b"x" * 9_000 + b"\xff"
    )
    *lines, last = log_tail(tmp_path, RUN, lines=3).splitlines()
    assert lines == ["line 49998", "line 49999"]
    assert last == "x" * 400


def test_a_log_that_cannot_be_written_costs_its_line_only(tmp_path, work):
    log_line(work, "one")
    log_line(tmp_path / "missing", "two")
    assert log_tail(tmp_path, RUN).endswith(" one")


def test_a_damaged_pointer_is_answered_with_one_sentence(tmp_path, work):
    (work / "checkpoint.json").write_text(json.dumps({"weights": "x"}))
    with pytest.raises(RunError, match="must be whole"):
        read_epochs(tmp_path, RUN)


def test_an_id_that_leads_elsewhere_is_refused(tmp_path):
    with pytest.raises(RunError):
        read_live(tmp_path, "../../etc")
