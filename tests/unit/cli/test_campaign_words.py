"""What `campaign --run` says of the time that is left."""

import pytest

from fmnist_core.cli.campaign import _campaign_left, _words
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.loop import Progress


def after(epoch, seconds):
    row = EpochRow(
        epoch=epoch,
        loss=1.0,
        accuracy=0.5,
        val_loss=1.0,
        val_accuracy=0.5,
        learning_rate=1e-3,
        seconds=seconds,
        cpu_seconds=seconds,
    )
    return Progress(epoch, 10, 10, 1.0, 0.5, row)


def test_the_first_epoch_which_also_loads_and_traces_says_nothing_of_the_others():
    words = _campaign_left(50, others=0)
    assert words(after(1, 30.0)) == ""
    assert words(after(2, 1.0)) == "; campaign: less than a minute left"
    assert words(after(3, 3.0)) == "; campaign: 2 min left"  # 47 epochs of 2 s


def test_the_trainings_that_follow_are_added():
    words = _campaign_left(3, others=3_600)
    assert words(after(1, 60.0)) == ""
    assert words(after(2, 60.0)) == "; campaign: 61 min left"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "less than a minute"), (60, "1 min"), (5_340, "89 min"), (7_200, "2.0 h")],
)
def test_durations_are_minutes_or_hours(seconds, said):
    assert _words(seconds) == said
