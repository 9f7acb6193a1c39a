"""Train, the queue: its order, its grids, and a thousand jobs of it.

Queue and files are real, written by the test in place of the service and of a training.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES, TEST_SEEN
from fmnist_core.jobs.client import list_jobs
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.queue_file import JOBS
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.train_page import stopped, waiting
from tests.fixture_jobs import plan, queued, running


def test_a_queue_that_cannot_be_read_is_one_line_on_its_page_only(
    root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    (root / JOBS / "queue.sqlite3").write_bytes(b"no database" * 100)
    assert not open_page().error
    app = open_page("train")
    assert any("queue" in error.value for error in app.error)


def test_a_damaged_row_of_the_queue_stops_no_page_and_can_be_deleted(
    root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    run_id, other = stopped(root, 1), stopped(root, 2)
    with closing(sqlite3.connect(root / JOBS / "queue.sqlite3")) as database, database:
        database.execute(
            "UPDATE jobs SET plan = json_set(plan, '$.recipe.unknown', 1) WHERE run_id = ?",
            (run_id,),
        )
    for page in ("overview", "compare"):
        open_page(page)
    app = open_page("train")
    assert "unknown" in shown_text(app)
    assert app.button(key=f"resume_{other}")
    app.button(key=f"delete_{run_id}").click().run()
    assert not app.exception
    assert "Damaged" not in shown_text(app)


def test_the_order_of_the_queue_can_be_changed(root: Path, open_page: OpenPage) -> None:
    running(root, plan())
    a, b, c = queued(root, *(plan(seed=seed) for seed in range(3)))
    app = open_page("train")
    app.button(key=f"up_{c}").click().run()
    assert waiting(root) == [a, c, b]
    app.button(key=f"first_{b}").click().run()
    assert waiting(root) == [b, a, c]
    app.button(key=f"down_{b}").click().run()
    assert waiting(root) == [a, b, c]
    assert app.button(key=f"up_{a}").disabled
    assert app.button(key=f"down_{c}").disabled


def test_taking_a_resumed_job_off_the_queue_keeps_its_epochs(
    root: Path, open_page: OpenPage
) -> None:
    run_id = stopped(root, 3)
    Queue(root).requeue(run_id, keep=False)
    app = open_page("train")
    app.button(key=f"remove_{run_id}").click().run()
    (job,) = list_jobs(root)
    assert job.state == "stopped"
    assert "3 of" in shown_text(app)


def test_two_grids_of_one_name_stay_two(root: Path, open_page: OpenPage) -> None:
    first = queued(root, *(plan(seed=seed) for seed in range(3)), batch="Seeds")
    second = queued(root, *(plan(seed=seed) for seed in range(2)), batch="Seeds")
    app = open_page("train")
    labels = [box.label for box in app.expander if box.label.startswith("Seeds")]
    assert labels == ["Seeds · 3 jobs", "Seeds · 2 jobs"]
    app.session_state[f"grid_{first[0]}"] = True
    app.run()
    app.button(key=f"remove_all_{first[0]}").click().run()
    assert waiting(root) == second


def test_a_grid_stands_together_and_goes_together(root: Path, open_page: OpenPage) -> None:
    (alone,) = queued(root, plan())
    grid = queued(root, *(plan(seed=seed) for seed in range(12)), batch="12 seeds")
    app = open_page("train")
    (box,) = [box for box in app.expander if "12 seeds" in box.label]
    assert "12 jobs" in box.label
    with pytest.raises(KeyError):
        app.button(key=f"up_{grid[1]}")
    app.session_state[f"grid_{grid[0]}"] = True
    app.run()
    assert app.button(key=f"up_{grid[1]}")
    app.button(key=f"remove_all_{grid[0]}").click().run()
    assert waiting(root) == [alone]


def test_every_card_bears_the_labels_of_its_run_before_there_is_one(
    root: Path, open_page: OpenPage
) -> None:
    stopped(root, 1, epochs=10)
    running(root, plan(protocol="test-as-validation"))
    queued(root, plan(optimizer="lion"))
    text = shown_text(open_page("train"))
    for label in (TEST_SEEN, BUDGET_BADGES["reduced"], BUDGET_BADGES["varied"]):
        assert label in text
    assert "test set as validation" in text


def test_a_thousand_jobs_are_shown_a_page_at_a_time(root: Path, open_page: OpenPage) -> None:
    template = plan(name="Net")
    ids = [template.run_id[:-6] + f"{number:06x}" for number in range(1_000)]
    queued(root, *(replace(template, run_id=run_id) for run_id in ids))
    for run_id in ids[:900]:
        Queue(root).ask_to_stop(run_id)
    app = open_page("train")
    app.session_state["earlier_jobs"] = True
    app.run()
    labels = [box.label for box in app.expander]
    assert "Earlier (899)" in labels
    assert len(app.button) < 120
