"""What a training job is doing, in words."""

from dataclasses import replace

import pytest

from fmnist_core.jobs.live import Live
from fmnist_core.jobs.record import Job
from fmnist_core.training.plan import plan_run
from fmnist_core.ui.train.words import (
    activity,
    ago,
    kept_words,
    progress_share,
    progress_words,
    short_progress,
)

NOW = 1_000_000.0
LIVE = Live("training", 3, 10, 47, 94, 0.5, 0.8, 1e-3, 3_000, 60, NOW, 1)
PLAN = plan_run("awasthi_enhanced", {"epochs": 10})
JOB = Job(PLAN.run_id, PLAN, "running", False, "", NOW, NOW, None, "", 1)


def test_silence_is_said_before_anything_else_but_a_stop() -> None:
    silent = replace(LIVE, written=NOW - 60)
    assert activity(JOB, silent, NOW).startswith("Not responding for 60 s.")
    assert activity(replace(JOB, state="stopping"), silent, NOW).startswith("Stopping")


def test_a_job_that_only_keeps_its_epochs_says_so() -> None:
    keeping = replace(JOB, keep=True)
    assert activity(keeping, LIVE, NOW) == "Turning the epochs so far into a run."
    assert short_progress(keeping, LIVE) == "being kept"


@pytest.mark.parametrize(
    ("live", "share"),
    [
        (None, 0),
        (replace(LIVE, phase="starting", epoch=0, batch=0, batches=0), 0),
        (LIVE, 0.25),
        (replace(LIVE, epoch=10, batch=94), 1),
        (replace(LIVE, phase="evaluating"), 1),
        (replace(LIVE, epoch=11, batch=94), 1),
    ],
)
def test_the_share_of_batches_lies_between_nothing_and_all(live: Live | None, share: float) -> None:
    assert progress_share(live, 0, 10) == share


def test_a_resumed_training_stands_where_it_was_until_its_first_batch() -> None:
    assert progress_share(None, 4, 10) == 0.4
    assert progress_words(None, 4, 10) == "Goes on after epoch 4 of 10"
    reading = replace(LIVE, phase="starting", epoch=0, batch=0, batches=0)
    assert progress_share(reading, 4, 10) == 0.4
    assert progress_words(reading, 4, 10) == "Goes on after epoch 4 of 10"
    assert progress_share(LIVE, 2, 10) == 0.25


def test_progress_is_counted_in_epochs_and_batches() -> None:
    assert progress_words(LIVE, 2, 10) == "Epoch 3 of 10 · batch 47 of 94"
    assert progress_words(None, 0, 10) == "No batch yet"
    assert short_progress(JOB, None) == "starting"


def test_what_is_kept_is_counted() -> None:
    assert kept_words(3, 10) == "3 of 10 epochs are kept."
    assert kept_words(1, 1) == "1 of 1 epoch is kept."
    assert "nothing to keep" in kept_words(0, 10)


def test_moments_are_told_by_their_distance() -> None:
    assert ago(NOW - 2, NOW) == "just now"
    assert ago(NOW - 720, NOW) == "12 min ago"
    assert ago(None, NOW) == ""
