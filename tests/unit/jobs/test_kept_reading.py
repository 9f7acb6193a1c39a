import os
import time

import pytest

from fmnist_core.jobs import client
from fmnist_core.jobs.kept_reading import while_unchanged
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.queue_file import QueueFile
from tests.fixture_jobs import plan, queued, ready_service, start


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_text("one")
    _age(path)
    return path


def _age(path, seconds=60.0):
    """Makes a file as old as it will be after so many seconds."""
    os.utime(path, (time.time() - seconds,) * 2)


def _reader(path):
    seen = []

    def read():
        seen.append(path.read_text() if path.exists() else None)
        return seen[-1]

    return read, seen


def test_a_file_is_read_once_until_it_changes(file):
    read, seen = _reader(file)
    for _ in range(3):
        assert while_unchanged("once", (file,), read) == "one"
    file.write_text("two")
    assert while_unchanged("once", (file,), read) == "two"
    assert seen == ["one", "two"]
    file.unlink()
    assert while_unchanged("once", (file,), read) is None


def test_a_file_that_has_just_changed_may_change_again_within_its_clock(file):
    file.write_text("two")
    read, seen = _reader(file)
    while_unchanged("fresh", (file,), read)
    while_unchanged("fresh", (file,), read)
    assert seen == ["two", "two"]


def test_what_could_not_be_read_is_tried_again(file):
    def fail():
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        while_unchanged("error", (file,), fail)
    assert while_unchanged("error", (file,), file.read_text) == "one"


def test_a_look_at_an_unchanged_queue_opens_nothing(tmp_path, monkeypatch):
    ready_service(tmp_path)
    queued(tmp_path, plan(), plan(seed=1))
    running = start(tmp_path)
    for path in QueueFile(tmp_path).paths:
        if path.exists():
            _age(path)
    before = client.list_jobs(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(QueueFile, "_connect", None)  # a look that connects would fail
        assert client.list_jobs(tmp_path) == before
    Queue(tmp_path).end(running, 1, "done")
    assert [job.state for job in client.list_jobs(tmp_path)] == ["queued", "done"]
