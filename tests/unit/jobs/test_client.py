import sqlite3
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest

from fmnist_core.errors import JobError, RecipeError, RunError, UnknownNameError
from fmnist_core.jobs import client
from fmnist_core.jobs.announcement import Announcement, announce, read_announcement, wanted_at
from fmnist_core.jobs.live import attempt_words, log_line, log_tail_of, read_epochs, work_folder
from fmnist_core.jobs.process import ProcessIdentity, this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.lock import only_trainer
from fmnist_core.training.plan import plan_run
from fmnist_core.training.pointer import Pointer, write_pointer
from tests.fixture_runs import FixtureRun, write_fixture_run

DEAD = ProcessIdentity(4_000_000, 1.0)


@pytest.fixture
def root(tmp_path):
    """A runs folder that this process says it serves, so that no service is started."""
    (tmp_path / ".jobs").mkdir()
    me = this_process()
    announce(tmp_path, Announcement(me.pid, me.born, ready=True))
    return tmp_path


def _plan(seed=0):
    return plan_run("kadam_a1", {"epochs": 2, "seed": seed})


def _begun(root, process=None):
    """A job that a process has begun; one that is dead where none is named."""
    plan = _plan()
    client.submit(root, [plan])
    queue = Queue(root)
    job = queue.claim(this_process())
    queue.begin(job.run_id, job.attempt, process or DEAD)
    return job.run_id


def _keep_epochs(root, run_id, count):
    work = work_folder(root, run_id)
    work.mkdir(parents=True)
    rows = tuple(
        EpochRow(number, 0.5, 0.8, 0.4, 0.85, 1e-3, 12.0, 20.0) for number in range(1, count + 1)
    )
    write_pointer(work, Pointer("epoch-00001.safetensors", "0" * 64, rows))


def test_submitted_jobs_come_back_queued_and_the_service_is_wanted(root):
    jobs = client.submit(root, [_plan(seed) for seed in range(3)], batch="seeds")
    assert [(job.state, job.batch) for job in jobs] == [("queued", "seeds")] * 3
    assert client.list_jobs(root) == jobs
    assert wanted_at(root) > 0


@pytest.mark.parametrize("count", [0, 1001])
def test_too_few_and_too_many_jobs_at_once_are_refused(root, count):
    with pytest.raises(JobError, match=f"between 1 and 1,000.*Received: {count:,}"):
        client.submit(root, [None] * count)


def test_a_batch_larger_than_the_training_set_queues_none_of_the_plans(root):
    large = plan_run("kadam_a1", {"limit": 1_000, "batch_size": 1_001})
    with pytest.raises(RecipeError, match=r"at most the number of training images, 1,000"):
        client.submit(root, [_plan(), large])
    assert client.list_jobs(root) == ()
    fits = plan_run("kadam_a1", {"limit": 1_000, "batch_size": 1_000})
    assert len(client.submit(root, [fits])) == 1


def test_a_system_that_cannot_train_queues_nothing(root, monkeypatch):
    ended = _begun(root)
    monkeypatch.setattr(client, "os", SimpleNamespace(name="nt"))
    with pytest.raises(JobError, match="needs Linux or macOS"):
        client.submit(root, [_plan()])
    with pytest.raises(JobError, match="needs Linux or macOS"):
        client.resume_job(root, ended)
    assert [job.state for job in client.list_jobs(root)] == ["interrupted"]


def test_a_job_whose_process_is_gone_is_interrupted_at_the_next_look(root):
    run_id = _begun(root)
    job = client.find_job(root, run_id)
    assert job.state == "interrupted"
    assert "without a word" in job.message
    assert client.list_jobs(root) == (job,)


def test_a_job_whose_process_is_gone_but_whose_run_is_whole_is_done(root):
    run_id = _begun(root, this_process())
    write_fixture_run(root, FixtureRun("kadam_a1"))
    (root / FixtureRun("kadam_a1").run_id).rename(root / run_id)
    queue = Queue(root)
    queue.end(run_id, 1, "interrupted")
    assert [job.state for job in client.list_jobs(root)] == ["done"]
    assert client.resume_job(root, run_id).state == "done"


def test_a_job_that_a_terminal_trains_is_left_to_it(root):
    run_id = _begun(root)
    _keep_epochs(root, run_id, 2)
    with only_trainer(work_folder(root, run_id)):
        for change in (
            client.resume_job,
            client.restart_job,
            client.keep_job,
            client.delete_job,
        ):
            with pytest.raises(RunError, match="another one is training now"):
                change(root, run_id)
        assert client.find_job(root, run_id).state == "interrupted"
        assert len(read_epochs(root, run_id)) == 2
    assert client.resume_job(root, run_id).state == "queued"


def test_a_job_that_ran_out_of_memory_says_so(root):
    run_id = _begun(root)
    work = work_folder(root, run_id)
    work.mkdir(parents=True)
    (work / "log.txt").write_text("terminate called after throwing an instance of 'std::bad_alloc'")
    job = client.find_job(root, run_id)
    assert job.state == "failed"
    assert "out of memory" in job.message


def test_what_an_attempt_of_before_ran_out_of_is_not_told_of_this_one(root):
    run_id = _begun(root)
    _keep_epochs(root, run_id, 1)
    log = work_folder(root, run_id) / "log.txt"
    log_line(log.parent, attempt_words(1, 0, 2))
    with log.open("a") as file:
        file.write("MemoryError")  # a crash ends no line
    assert client.find_job(root, run_id).state == "failed"
    client.resume_job(root, run_id)
    queue = Queue(root)
    job = queue.claim(this_process())
    queue.begin(run_id, job.attempt, DEAD)
    assert log_tail_of(root, run_id, job.attempt) == ""  # it has not even begun to print
    log_line(log.parent, attempt_words(2, 1, 2))
    assert client.find_job(root, run_id).state == "interrupted"


def test_a_stopped_job_whose_process_is_gone_is_stopped(root):
    run_id = _begun(root, this_process())
    assert client.stop_job(root, run_id).state == "stopping"
    assert client.stop_job(root, run_id).state == "stopping"
    other = _begun_again(root, run_id)
    assert client.stop_job(root, other).state == "stopped"


def _begun_again(root, run_id):
    Queue(root).end(run_id, 1, "stopped")
    return _begun(root)


def test_a_resumed_job_waits_again(root):
    run_id = _begun(root)
    assert client.resume_job(root, run_id).state == "queued"
    with pytest.raises(JobError, match=r"can go on.*which is queued"):
        client.resume_job(root, run_id)


def test_a_restarted_job_waits_again_without_what_it_had_learned(root):
    run_id = _begun(root)
    _keep_epochs(root, run_id, 2)
    assert client.restart_job(root, run_id).state == "queued"
    assert read_epochs(root, run_id) == ()
    _keep_epochs(root, run_id, 1)
    with pytest.raises(JobError, match=r"can go on.*which is queued"):
        client.restart_job(root, run_id)
    assert len(read_epochs(root, run_id)) == 1


def test_epochs_can_be_kept_where_there_are_any(root):
    run_id = _begun(root)
    with pytest.raises(JobError, match="at least one whole epoch"):
        client.keep_job(root, run_id)
    _keep_epochs(root, run_id, 2)
    assert client.keep_job(root, run_id).keep
    assert len(read_epochs(root, run_id)) == 2


def test_a_deleted_job_takes_its_checkpoints_along_and_a_living_one_is_refused(root):
    run_id = _begun(root, this_process())
    _keep_epochs(root, run_id, 1)
    with pytest.raises(JobError, match=r"must have ended.*which is running"):
        client.delete_job(root, run_id)
    Queue(root).end(run_id, 1, "stopped")
    client.delete_job(root, run_id)
    assert not work_folder(root, run_id).parent.exists()
    with pytest.raises(UnknownNameError):
        client.find_job(root, run_id)


def test_a_damaged_job_whose_process_is_gone_is_settled_stopped_and_deleted(root):
    run_id = _begun(root)
    with closing(sqlite3.connect(root / ".jobs" / "queue.sqlite3")) as database, database:
        database.execute("UPDATE jobs SET plan = '{}'")
    assert client.list_jobs(root) == ()
    (damaged,) = client.damaged_jobs(root)
    assert (damaged.run_id, damaged.state) == (run_id, "interrupted")
    with pytest.raises(JobError, match="must be readable"):
        client.stop_job(root, run_id)
    client.delete_job(root, run_id)
    assert client.damaged_jobs(root) == ()


def test_a_job_whose_layers_say_no_network_is_settled_all_the_same(root):
    plan = replace(_plan(), layers="no layer")
    client.submit(root, [plan])
    queue = Queue(root)
    queue.begin(plan.run_id, queue.claim(this_process()).attempt, DEAD)
    assert client.find_job(root, plan.run_id).state == "interrupted"


def test_only_waiting_jobs_move(root):
    run_id = _begun(root)
    with pytest.raises(JobError, match="waits in the queue"):
        client.move_job(root, run_id, -1)


def test_a_service_counts_as_asleep_once_its_process_is_gone(root):
    assert client.service_status(root).state == "ready"
    announce(root, Announcement(DEAD.pid, DEAD.born, ready=True))
    assert read_announcement(root) is None
    assert client.service_status(root).state == "asleep"


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"pid": "x", "born": 1, "ready": true}'])
def test_a_damaged_announcement_is_as_good_as_none(root, content):
    (root / ".jobs" / "service.json").write_text(content)
    assert client.service_status(root).state == "asleep"


def test_a_folder_that_cannot_be_written_is_answered_with_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match="must be writable"):
        client.warm_up(tmp_path / "file")
