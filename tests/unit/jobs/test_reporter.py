from types import SimpleNamespace

import pytest

from fmnist_core.jobs.live import log_tail
from fmnist_core.jobs.queue import Queue
from fmnist_core.jobs.reporter import Reporter
from fmnist_core.runs.history import EpochRow
from tests.fixture_jobs import plan, queued, start, trained


def fake_progress(epoch, row=None):
    """What the training loop sends, without its import of TensorFlow."""
    return SimpleNamespace(
        epoch=epoch,
        batch=94,
        batches=94,
        loss=0.5,
        accuracy=0.8,
        row=row,
        validation_probabilities=None,
    )


@pytest.fixture
def run_id(tmp_path):
    (run_id,) = queued(tmp_path, plan(epochs=10))
    start(tmp_path)
    return run_id


def _lines(root, run_id):
    """The log without its times."""
    return [line.split(" ", 2)[2] for line in log_tail(root, run_id).splitlines()]


def test_the_log_tells_of_start_epochs_checkpoints_and_evaluation(tmp_path, run_id):
    queue = Queue(tmp_path)
    with Reporter(tmp_path, queue, queue.job(run_id)) as reporter:
        reporter.progress(fake_progress(1))
        reporter.progress(fake_progress(1, EpochRow(1, 0.5, 0.8, 0.4, 0.85, 1e-3, 12.0, 20.0)))
        reporter.progress(fake_progress(2, EpochRow(2, 0.25, 0.9, None, None, 1e-4, 3.0, 6.0)))
        reporter.finishing()
    assert _lines(tmp_path, run_id) == [
        "attempt 1 begins the first of 10 epochs",
        "epoch 1 of 10: loss 0.5000 accuracy 0.8000 val_loss 0.4000 val_accuracy 0.8500 "
        "learning_rate 0.001, 12.0 s, checkpoint written",
        "epoch 2 of 10: loss 0.2500 accuracy 0.9000 learning_rate 0.0001, 3.0 s, "
        "checkpoint written",
        "evaluation on the test images",
    ]


def test_the_log_of_a_second_attempt_says_where_it_goes_on(tmp_path, run_id):
    trained(tmp_path, run_id, 3)
    queue = Queue(tmp_path)
    with Reporter(tmp_path, queue, queue.job(run_id)):
        pass
    assert _lines(tmp_path, run_id) == ["attempt 1 goes on after 3 of 10 epochs"]
