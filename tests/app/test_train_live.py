"""Train, the running job, and the line about it on every page.

Queue and files are real, written by the test in place of the service and of a training.
"""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist_core.figures.palette import architecture_color
from fmnist_core.jobs.client import list_jobs
from fmnist_core.jobs.live import LOG, SILENT_SECONDS, work_folder
from fmnist_core.jobs.process import this_process
from fmnist_core.jobs.queue import Queue
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.train_page import charts, numbers, progress, stopped, toasts, waiting
from tests.fixture_jobs import beat, ended, plan, queued, running, start, trained
from tests.fixture_runs import FixtureRun, write_fixture_run


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
    shown = numbers(app)
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
    run_id = running(root, plan("awasthi_enhanced", epochs=10, label_smoothing=0.1), epoch=3)
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
    assert "with dropout and augmentation on" in shown_text(app)
    assert "what was minimised, here with smoothed labels (**This training**)" in shown_text(app)


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
