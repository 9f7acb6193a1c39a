"""Train, the live part: the running job, the queue, what has ended, and the line on every page.

Queue and files are real, written by the test in place of the service and of a training.
"""

import json
import re
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.run_names import BUDGET_BADGES, TEST_SEEN
from fmnist_core.jobs.client import list_jobs
from fmnist_core.jobs.live import LOG, SILENT_SECONDS, work_folder
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.queue_file import JOBS
from fmnist_core.jobs.record import State
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_jobs import (
    beat,
    ended,
    plan,
    queued,
    ready_service,
    running,
    start,
    trained,
)
from tests.fixture_runs import FixtureRun, write_fixture_run


@pytest.fixture
def root(runs_root: Path) -> Path:
    """A runs folder whose service is this process."""
    ready_service(runs_root)
    return runs_root


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def charts(app: AppTest) -> list[dict]:
    """The live charts; the form has none of its own that are open."""
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def progress(app: AppTest) -> tuple[int, str]:
    (bar,) = app.get("progress")
    return bar.proto.value, bar.proto.text


def toasts(app: AppTest) -> list[str]:
    return [toast.value.replace("\\", "") for toast in app.toast]


def waiting(root: Path) -> list[str]:
    return [job.run_id for job in list_jobs(root) if job.state == "queued"]


def stopped(root: Path, kept: int, **recipe: object) -> str:
    """A stopped job with so many whole epochs."""
    (run_id,) = queued(root, plan(**recipe))
    start(root)
    if kept:
        trained(root, run_id, kept)
    ended(root, run_id, "stopped")
    return run_id


def test_without_a_job_the_page_says_what_would_stand_here(root: Path, open_page: OpenPage) -> None:
    app = open_page("train")
    assert "No training yet" in shown_text(app)
    assert "Training service ready" in shown_text(app)
    assert not app.get("progress")


def test_the_running_job_shows_where_it_stands(root: Path, open_page: OpenPage) -> None:
    running(root, plan(epochs=10), epoch=3, batch=47, seconds_left=83)
    app = open_page("train")
    share, words = progress(app)
    assert share == 25  # (2 epochs + half of the third) of 10
    assert words == "Training. Epoch 3 of 10 · batch 47 of 94"
    shown = metrics(app)
    assert shown["Time left"] == "83 s"
    assert shown["Accuracy so far"] == "81.23 %"
    assert shown["Loss so far"] == "0.5123"
    assert shown["Learning rate"] == "0.001"
    assert shown["Images per second"] == "3,457"


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("starting", "reading the images"),
        ("validating", "validation images"),
        ("evaluating", "test images"),
    ],
)
def test_each_phase_has_its_words(root: Path, open_page: OpenPage, phase: str, words: str) -> None:
    running(root, plan(), phase=phase)
    assert words in progress(open_page("train"))[1]


def test_a_job_that_has_said_nothing_yet_is_loading_tensorflow(
    root: Path, open_page: OpenPage
) -> None:
    queued(root, plan())
    start(root)
    share, words = progress(open_page("train"))
    assert share == 0
    assert "loading TensorFlow, about ten seconds" in words


def test_a_second_attempt_that_loads_tensorflow_is_not_taken_for_a_hung_first_one(
    root: Path, open_page: OpenPage
) -> None:
    run_id = stopped(root, 9, epochs=60)
    long_ago = time.time() - SILENT_SECONDS - 20
    beat(root, run_id, epochs=60, epoch=10, written=long_ago)
    Queue(root).requeue(run_id, keep=False)
    Queue(root).claim(this_process())
    app = open_page("train")
    share, words = progress(app)
    assert not app.warning
    assert "loading TensorFlow" in words
    assert "Goes on after epoch 9 of 60" in words
    assert share == 15


def test_a_silent_job_is_not_responding_and_can_be_stopped(root: Path, open_page: OpenPage) -> None:
    run_id = running(root, plan(), written=time.time() - SILENT_SECONDS - 20)
    app = open_page("train")
    assert re.match("Not responding for [34][0-9] s", app.warning[0].value)
    app.button(key=f"stop_{run_id}").click().run()
    assert list_jobs(root)[0].state == "stopping"


def test_stop_is_acknowledged_at_once_and_cannot_be_pressed_twice(
    root: Path, open_page: OpenPage
) -> None:
    run_id = running(root, plan())
    app = open_page("train")
    app.button(key=f"stop_{run_id}").click().run()
    assert "Stopping" in progress(app)[1]
    assert app.button(key=f"stop_{run_id}").disabled
    assert not app.error


def test_the_curve_grows_over_the_full_run_of_the_same_layers(
    root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1, epochs=12))
    write_fixture_run(root, FixtureRun("awasthi_basic", 0.95, number=2, epochs=12))
    run_id = running(root, plan("awasthi_enhanced", epochs=10), epoch=3)
    trained(root, run_id, 2)
    app = open_page("train")
    accuracy, loss = charts(app)[:2]
    assert accuracy["layer"][0]["encoding"]["opacity"]["scale"]["domain"] == [
        "This training",
        "Full run",
    ]
    assert accuracy["layer"][0]["mark"]["color"] == architecture_color("awasthi_enhanced")
    assert loss["layer"][0]["encoding"]["y"]["title"] == "Loss"
    assert "after epoch 2; the full run had" in shown_text(app)
    assert "in epoch 12" in shown_text(app)
    assert "no full run" not in shown_text(app)


def test_a_full_run_of_another_split_is_not_drawn_over(root: Path, open_page: OpenPage) -> None:
    write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1))
    own = plan("awasthi_enhanced", protocol="test-as-validation")
    trained(root, running(root, own), 2)
    app = open_page("train")
    (accuracy, *_) = charts(app)
    assert accuracy["layer"][0]["encoding"]["opacity"]["scale"]["domain"] == ["This training"]
    assert "the full run had" not in shown_text(app)
    assert "no full run of these layers under the same split" in shown_text(app)
    assert "accuracy on the test images (in place of validation) after epoch 2" in shown_text(app)


def test_other_layers_of_that_name_are_not_drawn_over(root: Path, open_page: OpenPage) -> None:
    write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1))
    own = replace(plan("awasthi_enhanced"), layers="flatten\ndense 10 softmax\n")
    trained(root, running(root, own), 1)
    (accuracy, *_) = charts(open_page("train"))
    assert accuracy["layer"][0]["encoding"]["opacity"]["scale"]["domain"] == ["This training"]


def test_confusion_and_f1_are_those_of_the_latest_whole_epoch(
    root: Path, open_page: OpenPage
) -> None:
    run_id = running(root, plan(epochs=10), epoch=5)
    trained(root, run_id, 4)
    app = open_page("train")
    text = shown_text(app)
    assert len(charts(app)) == 4
    assert "12,000 validation images after epoch 4" in text
    assert "**Shirt** taken for **T-shirt/top**, 270 times" in text
    assert "Hardest class: **Shirt**" in text
    trained(root, run_id, 5)
    app.run()
    assert "after epoch 5" in shown_text(app)


def test_the_numbers_of_the_live_charts_can_be_read(root: Path, open_page: OpenPage) -> None:
    write_fixture_run(root, FixtureRun("awasthi_enhanced", 0.93, number=1, epochs=12))
    run_id = running(root, plan("awasthi_enhanced", epochs=10), epoch=3)
    trained(root, run_id, 2)
    app = open_page("train")
    assert not app.dataframe
    app.session_state[f"data_{run_id}"] = True
    app.run()
    curves, cells, scores = [table.value for table in app.dataframe]
    assert curves["Epoch"].tolist() == list(range(1, 11))
    assert curves["Accuracy (%), validation, this training"].count() == 2
    assert curves["Loss, training, full run"].count() == 10
    assert cells.set_index("True class").loc["Shirt", "T-shirt/top"] == 290
    assert scores["Images"].sum() == 12_000


def test_a_split_whose_test_images_stand_in_for_validation_says_so(
    root: Path, open_page: OpenPage
) -> None:
    trained(root, running(root, plan(protocol="test-as-validation")), 1)
    assert "12,000 test images (in place of validation) after" in shown_text(open_page("train"))


def test_the_log_is_read_when_it_is_opened(root: Path, open_page: OpenPage) -> None:
    run_id = running(root, plan())
    (work_folder(root, run_id) / LOG).write_text("one\n" * 40 + "the last line\n")
    app = open_page("train")
    assert not [code for code in app.code if "the last line" in code.value]
    app.session_state[f"log_{run_id}"] = True
    app.run()
    (log,) = [code.value for code in app.code if "the last line" in code.value]
    assert len(log.splitlines()) == 20


def test_the_log_of_a_failed_job_can_be_opened(root: Path, open_page: OpenPage) -> None:
    run_id = running(root, plan())
    (work_folder(root, run_id) / LOG).write_text("Traceback: the last line\n")
    ended(root, run_id, "failed", "Its log tells where.")
    app = open_page("train")
    app.session_state[f"log_{run_id}"] = True
    app.run()
    assert [code.value for code in app.code if "the last line" in code.value]


def test_a_job_that_ends_is_told_of_once_and_the_page_follows(
    root: Path, open_page: OpenPage
) -> None:
    run_id = running(root, plan(name="My net"))
    app = open_page("train")
    ended(root, run_id, "failed", "A training must have *room*. Received: none.")
    app.run()
    assert toasts(app) == ["**My net**: failed. A training must have *room*. Received: none."]
    assert not app.get("progress")
    app.run()
    assert toasts(app) == []


def test_a_job_taken_off_the_queue_is_no_news(root: Path, open_page: OpenPage) -> None:
    running(root, plan())
    (run_id,) = queued(root, plan())
    app = open_page("train")
    app.button(key=f"remove_{run_id}").click().run()
    assert waiting(root) == []
    assert toasts(app) == []


def test_every_page_says_what_is_trained_and_where_to_watch(
    root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    run_id = running(root, plan(name="My *net*", epochs=10), epoch=3)
    queued(root, plan())
    for page in ("train", "overview", "compare", "architectures"):
        app = open_page(page)
        (link,) = app.sidebar.get("page_link")
        # Beside the job itself, whose every second is shown, an older epoch would contradict.
        told = "now" if page == "train" else "epoch 3 of 10"
        assert link.proto.label == f"Training: {told}", page
        assert link.proto.page == "train"
        assert "My \\*net\\* · 1 waiting" in [caption.value for caption in app.sidebar.caption]
    beat(root, run_id, epochs=10, epoch=4)
    app.run()
    assert app.sidebar.get("page_link")[0].proto.label == "Training: epoch 4 of 10"


def test_without_a_job_the_sidebar_does_not_mention_training(
    root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    stopped(root, 1)
    assert not open_page().sidebar.get("page_link")


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
        assert ("of its batch normalisation were still 79 %" in said) == (epochs == 1)


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
    began = time.process_time()
    app.run()
    assert time.process_time() - began < 2
