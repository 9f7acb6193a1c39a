"""Train, what has ended: finished, stopped and failed jobs, and what can be done with them.

Queue and files are real, written by the test in place of the service and of a training.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES
from fmnist_core.jobs.client import list_jobs
from fmnist_core.jobs.live import work_folder
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.record import State
from fmnist_core.ui.train import ended as train_ended
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.train_page import charts, stopped, toasts, waiting
from tests.fixture_jobs import ended, plan, running, trained
from tests.fixture_runs import FixtureRun, write_fixture_run


def test_a_result_too_short_for_its_batch_normalisation_says_so(
    root: Path, open_page: OpenPage
) -> None:
    for epochs, accuracy in ((6, 0.9), (1, 0.2)):
        wanted = FixtureRun(
            "awasthi_enhanced", accuracy, number=epochs, epochs=epochs, batch_size=2_048
        )
        running(root, replace(plan("awasthi_enhanced"), run_id=wanted.run_id))
        write_fixture_run(root, wanted)
        ended(root, wanted.run_id, "done")
        said = shown_text(open_page("train"))
        assert ("of its batch normalisation were still 99 %" in said) == (epochs == 1)


def test_the_finished_run_opens_in_compare_beside_the_full_one(
    root: Path, open_page: OpenPage
) -> None:
    full = write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1))
    wanted = FixtureRun("awasthi_enhanced", 0.9, number=2, budget="reduced")
    finished = replace(plan("awasthi_enhanced"), run_id=wanted.run_id)
    running(root, finished)
    app = open_page("train")
    write_fixture_run(root, wanted)
    ended(root, finished.run_id, "done")
    app.run()
    assert toasts(app) == [f"**{finished.name}**: done."]
    text = shown_text(app)
    assert "**90.00 %** test accuracy, 95 % interval 88.61 to 91.24 (2,000 images)" in text
    assert "The source prints about 93.3% (validation accuracy; abstract)" in text
    assert BUDGET_BADGES["reduced"] in text
    (link,) = [link for link in app.main.get("page_link") if "Open in" in link.proto.label]
    assert link.proto.query_string == f"choose={finished.run_id}%2C{full}"


def test_the_finished_run_joins_the_runs_that_were_chosen_before(
    root: Path, three_runs: list[str], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = FixtureRun("awasthi_enhanced", 0.9, number=4, budget="reduced")
    running(root, replace(plan("awasthi_enhanced"), run_id=wanted.run_id))
    write_fixture_run(root, wanted)
    ended(root, wanted.run_id, "done")

    def leads_to(*chosen: str) -> str:
        app = open_page("train", runs=",".join(chosen))
        (link,) = [link for link in app.main.get("page_link") if "Open in" in link.proto.label]
        return link.proto.query_string.removeprefix("choose=").replace("%2C", ",")

    best, second, third = three_runs
    assert leads_to(third, second) == f"{third},{second},{wanted.run_id}"
    assert leads_to(wanted.run_id, third) == f"{third},{wanted.run_id}"
    assert leads_to(wanted.run_id) == f"{wanted.run_id},{best}"
    monkeypatch.setattr(train_ended, "MOST_CHOSEN", 2)
    assert leads_to(third, second) == f"{third},{wanted.run_id}"


def test_a_link_that_chooses_runs_replaces_the_choice(
    three_runs: list[str], open_page: OpenPage
) -> None:
    a, b, c = three_runs
    app = open_page("overview", runs=c)
    app.query_params["choose"] = f"{b},{a}"
    app.switch_page("pages/compare.py").run()
    assert app.session_state["runs"] == f"{b},{a}"
    app.run()
    assert app.session_state["runs"] == f"{b},{a}"
    assert "choose" not in app.query_params


def test_a_finished_run_is_known_to_every_page_at_once(
    root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    wanted = FixtureRun("kadam_a1", 0.9, number=4)
    running(root, replace(plan("kadam_a1"), run_id=wanted.run_id))
    app = open_page("train")
    write_fixture_run(root, wanted)
    ended(root, wanted.run_id, "done")
    app.run()
    assert "4 runs" in app.sidebar.caption[-1].value


def test_a_run_that_was_deleted_is_said_to_be_gone(root: Path, open_page: OpenPage) -> None:
    run_id = running(root, plan())
    ended(root, run_id, "done")
    assert "Its run cannot be read" in shown_text(open_page("train"))


def test_a_stopped_job_says_what_is_kept_and_can_go_on(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 3, epochs=10)
    app = open_page("train")
    assert "3 of 10 epochs are kept." in shown_text(app)
    app.button(key=f"resume_{run_id}").click().run()
    assert waiting(root) == [run_id]
    assert "goes on · " in shown_text(app)


def test_a_stopped_job_can_be_kept_as_a_run(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 3, epochs=10)
    app = open_page("train")
    app.button(key=f"keep_{run_id}").click().run()
    (job,) = list_jobs(root)
    assert (job.state, job.keep) == ("queued", True)
    assert "to be kept as a run" in shown_text(app)


def test_a_job_without_a_whole_epoch_cannot_be_kept(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 0)
    app = open_page("train")
    assert "No whole epoch was trained" in shown_text(app)
    assert app.button(key=f"resume_{run_id}").label == "Start again"
    with pytest.raises(KeyError):
        app.button(key=f"keep_{run_id}")


@pytest.mark.parametrize(
    ("state", "broken", "reason"),
    [
        ("stopped", "checkpoint.json", "its list of epochs cannot be read"),
        ("failed", "epoch-00003.safetensors", "the digest does not match"),
    ],
)
def test_a_damaged_checkpoint_can_only_be_left_behind(
    root: Path, open_page: OpenPage, state: State, broken: str, reason: str
) -> None:
    run_id = running(root, plan(epochs=10))
    trained(root, run_id, 3)
    work = work_folder(root, run_id)
    (work / broken).write_text("{")
    ended(root, run_id, state)
    app = open_page("train")
    text = shown_text(app)
    assert reason in text
    assert "kept" not in text
    assert "nothing to keep" not in text
    assert not [button for button in app.button if button.label in ("Resume", "Keep as a run")]
    app.button(key=f"restart_{run_id}").click().run()
    assert waiting(root) == [run_id]
    assert not work.exists()


def test_a_failure_of_another_kind_keeps_its_epochs(root: Path, open_page: OpenPage) -> None:
    run_id = running(root, plan(epochs=10))
    trained(root, run_id, 3)
    ended(root, run_id, "failed", "A training must have room.")
    app = open_page("train")
    assert "3 of 10 epochs are kept." in shown_text(app)
    assert app.button(key=f"resume_{run_id}")
    app.button(key=f"restart_{run_id}").click().run()
    assert waiting(root) == [run_id]
    assert not work_folder(root, run_id).exists()


def test_the_curves_of_a_stopped_job_are_drawn_on_request(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 3, epochs=10)
    app = open_page("train")
    assert not charts(app)
    app.toggle(key=f"curves_{run_id}").set_value(True).run()
    assert len(charts(app)) == 2


def test_a_job_is_deleted_after_a_question(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 3)
    app = open_page("train")
    assert "Deleting removes them for good" in shown_text(app)
    app.button(key=f"delete_{run_id}").click().run()
    assert list_jobs(root) == ()
    assert not work_folder(root, run_id).exists()


def test_run_again_with_changes_puts_the_job_into_the_form(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 1, architecture="kadam_a1", learning_rate=0.0123)
    app = open_page("train")
    app.button(key=f"again_{run_id}").click().run()
    assert not app.exception
    assert app.session_state["train_form"].changed["learning_rate"] == 0.0123


def test_what_cannot_be_done_is_one_line(root: Path, open_page: OpenPage) -> None:
    run_id = stopped(root, 1)
    app = open_page("train")
    Queue(root).remove(run_id)
    app.button(key=f"resume_{run_id}").click().run()
    (error,) = app.error
    assert run_id in error.value.replace("\\", "")
    assert not app.exception
