import sqlite3
import threading
from contextlib import closing

import pytest

from fmnist_core.errors import JobError, UnknownNameError
from fmnist_core.jobs.process import ProcessIdentity, this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.record import STATES
from fmnist_core.training.plan import plan_run

SERVICE, CHILD = this_process(), ProcessIdentity(4_000_000, 1.0)


@pytest.fixture
def queue(tmp_path):
    return Queue(tmp_path)


def _add(queue, count=1, batch=""):
    plans = [plan_run("kadam_a1", {"epochs": 2, "seed": seed}) for seed in range(count)]
    queue.add(plans, batch)
    return [plan.run_id for plan in plans]


def _states(queue):
    return {job.run_id: job.state for job in queue.jobs()}


def _begun(queue):
    (run_id,) = _add(queue)
    job = queue.claim(SERVICE)
    assert queue.begin(run_id, job.attempt, CHILD)
    return run_id, job.attempt


def test_a_queue_that_was_never_written_is_empty_and_makes_no_file(queue, tmp_path):
    assert queue.jobs() == ()
    assert queue.holders() == ()
    assert not queue.has_queued()
    assert list(tmp_path.iterdir()) == []


def test_a_job_comes_back_as_it_was_queued(queue):
    plan = plan_run("awasthi_basic", {"epochs": 3}, name="Mine", notes="two\nlines")
    queue.add([plan], batch="grid")
    (job,) = queue.jobs()
    assert (job.plan, job.state, job.batch, job.attempt) == (plan, "queued", "grid", 0)
    assert queue.job(plan.run_id) == job


def test_all_plans_are_queued_or_none(queue):
    plan, other = plan_run("kadam_a1", {}), plan_run("kadam_a1", {})
    queue.add([plan])
    with pytest.raises(JobError, match="queued once"):
        queue.add([other, plan])
    assert list(_states(queue)) == [plan.run_id]


def test_an_unknown_job_is_answered_with_the_nearest(queue):
    (run_id,) = _add(queue)
    with pytest.raises(UnknownNameError, match=f"Nearest: {run_id}"):
        queue.job(run_id[:-1] + "x")


def test_jobs_are_claimed_in_their_order_and_one_at_a_time(queue):
    first, second = _add(queue, 2)
    assert queue.claim(SERVICE).run_id == first
    assert queue.claim(SERVICE) is None
    queue.end(first, 1, "failed", "because")
    assert queue.claim(SERVICE).run_id == second
    assert queue.job(first).message == "because"


def test_only_one_process_begins_an_attempt(queue):
    run_id, attempt = _begun(queue)
    assert not queue.begin(run_id, attempt, CHILD)
    (holder,) = queue.holders()
    assert holder.process == CHILD


def test_an_attempt_of_before_can_neither_begin_nor_end_the_job(queue):
    run_id, attempt = _begun(queue)
    queue.end(run_id, attempt, "interrupted")
    assert queue.requeue(run_id, keep=False)
    again = queue.claim(SERVICE)
    assert again.attempt == attempt + 1
    assert not queue.begin(run_id, attempt, CHILD)
    queue.end(run_id, attempt, "failed", "late")
    assert queue.job(run_id).state == "starting"


def test_threads_that_claim_at_once_get_one_job_between_them(queue):
    _add(queue, 5)
    claimed = []
    threads = [
        threading.Thread(target=lambda: claimed.append(queue.claim(SERVICE))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([job for job in claimed if job]) == 1


def test_a_stop_takes_a_waiting_job_off_the_queue(queue):
    (run_id,) = _add(queue)
    queue.ask_to_stop(run_id)
    assert queue.job(run_id).state == "stopped"
    assert queue.claim(SERVICE) is None


def test_a_stop_of_a_starting_job_keeps_it_from_beginning(queue):
    (run_id,) = _add(queue)
    job = queue.claim(SERVICE)
    queue.ask_to_stop(run_id)
    assert queue.job(run_id).state == "stopping"
    assert not queue.begin(run_id, job.attempt, CHILD)


def test_a_stop_reaches_the_running_attempt_and_a_second_one_changes_nothing(queue):
    run_id, attempt = _begun(queue)
    assert not queue.is_stopping(run_id, attempt)
    queue.ask_to_stop(run_id)
    asked = queue.holders()[0].stop_asked
    queue.ask_to_stop(run_id)
    assert queue.is_stopping(run_id, attempt)
    assert queue.holders()[0].stop_asked == asked


@pytest.mark.parametrize("state", ["done", "stopped", "failed", "interrupted"])
def test_a_stop_leaves_a_job_that_has_ended_as_it_is(queue, state):
    run_id, attempt = _begun(queue)
    queue.end(run_id, attempt, state)
    queue.ask_to_stop(run_id)
    assert queue.job(run_id).state == state


@pytest.mark.parametrize("state", STATES)
def test_only_jobs_that_ended_early_go_back_to_the_queue(queue, state):
    run_id, attempt = _begun(queue)
    if state in ("done", "stopped", "failed", "interrupted"):
        queue.end(run_id, attempt, state, "why")
    elif state == "stopping":
        queue.ask_to_stop(run_id)
    elif state != "running":
        return
    resumable = state in ("stopped", "failed", "interrupted")
    assert queue.requeue(run_id, keep=True) == resumable
    job = queue.job(run_id)
    assert (job.state, job.keep) == (("queued", True) if resumable else (state, False))
    assert job.resumable is False or not resumable


def test_a_resumed_job_waits_behind_the_others(queue):
    first, second = _add(queue, 2)
    queue.ask_to_stop(first)
    queue.requeue(first, keep=False)
    assert [job.run_id for job in queue.jobs()] == [second, first]


def test_jobs_are_listed_active_first_then_waiting_then_ended_newest_first(queue):
    a, b, c, d = _add(queue, 4)
    for run_id in (a, b):
        queue.claim(SERVICE)
        queue.end(run_id, 1, "done")
    queue.claim(SERVICE)
    assert [job.run_id for job in queue.jobs()] == [c, d, b, a]
    assert [job.run_id for job in queue.jobs(most_ended=1)] == [c, d, b]


@pytest.mark.parametrize(("places", "order"), [(-1, "acb"), (-9, "cab"), (0, "abc"), (5, "abc")])
def test_a_waiting_job_moves_by_places_and_stops_at_the_ends(queue, places, order):
    names = dict(zip("abc", _add(queue, 3), strict=True))
    assert queue.move(names["c"], places)
    assert [job.run_id for job in queue.jobs()] == [names[letter] for letter in order]


def test_a_job_that_is_not_waiting_is_not_moved(queue):
    run_id, _ = _begun(queue)
    assert not queue.move(run_id, -1)


def test_a_job_is_removed_unless_a_process_works_on_it(queue):
    run_id, attempt = _begun(queue)
    assert not queue.remove(run_id)
    queue.end(run_id, attempt, "done")
    assert queue.remove(run_id)
    assert queue.jobs() == ()


def _damage(root, run_id, column="plan", value='{"recipe": 1}'):
    with closing(sqlite3.connect(root / ".jobs" / "queue.sqlite3")) as database, database:
        database.execute(f"UPDATE jobs SET {column} = ? WHERE run_id = ?", (value, run_id))


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("plan", "{", "strict JSON"),
        ("plan", "[" * 100_000, "strict JSON"),
        ("plan", "{}", "exactly its keys"),
        ("run_id", "kadam_a1-20200101-000000-0a1b2c", "that of its job"),
        ("state", "dreaming", "'dreaming'"),
    ],
)
def test_a_damaged_row_hides_no_other(queue, tmp_path, column, value, reason):
    a, b, c = _add(queue, 3)
    _damage(tmp_path, b, column, value)
    name = value if column == "run_id" else b
    assert [job.run_id for job in queue.jobs()] == [a, c]
    (damaged,) = queue.damaged()
    assert damaged.run_id == name
    assert reason in damaged.reason
    with pytest.raises(JobError, match="must be readable"):
        queue.job(name)
    assert queue.remove(name)
    assert queue.damaged() == ()


def test_a_damaged_row_is_not_claimed_and_the_next_one_is(queue, tmp_path):
    a, b = _add(queue, 2)
    _damage(tmp_path, a)
    assert queue.claim(SERVICE).run_id == b
    assert queue.state(a) == "failed"
    queue.end(b, 1, "done")
    assert queue.claim(SERVICE) is None


def test_a_damaged_row_takes_no_place_among_the_ended(queue, tmp_path):
    a, b, c = _add(queue, 3)
    for run_id in (a, b, c):
        queue.ask_to_stop(run_id)
    newest, next_one, _ = [job.run_id for job in queue.jobs()]
    _damage(tmp_path, newest)
    assert [job.run_id for job in queue.jobs(most_ended=1)] == [next_one]


def test_a_file_that_is_no_database_is_answered_with_one_sentence(queue, tmp_path):
    _add(queue)
    for path in (tmp_path / ".jobs").glob("queue*"):
        path.write_bytes(b"not a database " * 1000)
    with pytest.raises(JobError, match=r"must be readable and writable.*nothing learned is lost"):
        queue.jobs()


def test_the_reserve_is_kept_once(queue, tmp_path):
    queue.keep_reserve()
    reserve = tmp_path / ".jobs" / "reserve"
    assert reserve.stat().st_size == 256 * 1024
