"""`jobs` as a script meets it; this process says that it is the service, so none is started."""

import json
import sqlite3
from contextlib import closing

import pytest

from fmnist_core.cli import main
from fmnist_core.jobs.announcement import Announcement, announce
from fmnist_core.jobs.live import work_folder
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from tests.fixture_jobs import beat, start, trained


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    (tmp_path / ".jobs").mkdir()
    me = this_process()
    announce(tmp_path, Announcement(me.pid, me.born, ready=True))
    return tmp_path


@pytest.fixture
def jobs(root, capsys):
    """Runs a jobs command with --json and returns what it printed."""

    def run(*words: str):
        assert main(["jobs", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def _refusal(capsys, *words: str) -> str:
    assert main(["jobs", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_submitted_job_is_answered_with_its_id_and_estimate(jobs):
    answer = jobs("submit", "kadam_a1", "--epochs", "3")
    assert answer["job_id"] == answer["run_id"]
    assert (answer["status"], answer["epochs"]) == ("queued", 3)
    assert answer["estimated_seconds"] > 0
    assert jobs("list")[0]["job_id"] == answer["job_id"]


def test_a_job_is_shown_stopped_resumed_and_deleted(jobs):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    assert jobs("show", job_id)["epochs_kept"] == 0
    assert jobs("stop", job_id)["status"] == "stopped"
    assert jobs("resume", job_id)["status"] == "queued"
    assert jobs("stop", job_id)["status"] == "stopped"
    assert jobs("delete", job_id) == {"deleted": job_id}
    assert jobs("list") == []


def test_a_running_job_is_shown_with_where_it_stands(jobs, root):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    job = Queue(root).claim(this_process())
    Queue(root).begin(job_id, job.attempt, this_process())
    assert jobs("show", job_id)["status"] == "running"


def test_what_an_earlier_attempt_said_of_itself_is_not_shown(jobs, root):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    start(root)
    beat(root, job_id, epoch=7)
    assert jobs("show", job_id)["epoch"] == 7
    Queue(root).end(job_id, 1, "stopped")
    jobs("resume", job_id)
    start(root)
    assert "epoch" not in jobs("show", job_id)


def test_jobs_move_up_and_down(jobs):
    first, second = (jobs("submit", "kadam_a1")["job_id"] for _ in range(2))
    jobs("move", second, "-1")
    assert [job["job_id"] for job in jobs("list")] == [second, first]


def test_the_list_is_a_table_for_people(jobs, capsys):
    job_id = jobs("submit", "kadam_a1", "--name", "My first")["job_id"]
    assert main(["jobs", "list"]) == 0
    printed = capsys.readouterr().out
    assert job_id in printed
    assert "My first" in printed
    assert main(["jobs", "show", job_id]) == 0
    assert "status: queued" in capsys.readouterr().out


def test_a_job_whose_checkpoint_is_damaged_is_shown_with_that(jobs, root):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    trained(root, job_id, 2)
    assert jobs("show", job_id)["epochs_kept"] == 2
    (work_folder(root, job_id) / "checkpoint.json").write_text("{")
    shown = jobs("show", job_id)
    assert shown["epochs_kept"] == 0
    assert "must be whole" in shown["checkpoint_trouble"]


def test_a_job_that_is_done_is_not_said_to_have_kept_no_epoch(jobs, root):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    start(root)
    Queue(root).end(job_id, 1, "done")
    shown = jobs("show", job_id)
    assert shown["status"] == "done"
    assert "epochs_kept" not in shown


def test_a_damaged_job_is_listed_with_its_reason(jobs, root, capsys):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    with closing(sqlite3.connect(root / ".jobs" / "queue.sqlite3")) as database, database:
        database.execute("UPDATE jobs SET plan = '{}'")
    (record,) = jobs("list")
    assert (record["job_id"], record["status"]) == (job_id, "damaged")
    assert "keys" in record["message"]
    assert "must be readable" in _refusal(capsys, "show", job_id)
    assert jobs("delete", job_id) == {"deleted": job_id}


def test_what_cannot_be_done_is_one_line(jobs, capsys, tmp_path):
    job_id = jobs("submit", "kadam_a1")["job_id"]
    assert f"Nearest: {job_id}" in _refusal(capsys, "show", job_id[:-2])
    assert "which is queued" in _refusal(capsys, "resume", job_id)
    assert "at least one whole epoch" in _refusal(capsys, "keep", job_id)
    assert "Received: neither" in _refusal(capsys, "submit")
    for words in (["batch_size=60000"], ["limit=5"]):
        refusal = _refusal(capsys, "submit", "kadam_a1", "--recipe", *words)
        assert "batch_size must be at most the number of training images" in refusal
    wide = tmp_path / "wide.txt"
    wide.write_text("conv 256 3x3 same relu\n" * 30 + "global_avgpool\ndense 10 softmax\n")
    refusal = _refusal(capsys, "submit", "--layers", str(wide), "--recipe", "batch_size=4000")
    assert "must fit into" in refusal
    assert len(jobs("list")) == 1
    forced = jobs("submit", "--layers", str(wide), "--recipe", "batch_size=4000", "--force")
    assert forced["status"] == "queued"
