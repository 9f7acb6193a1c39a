import multiprocessing
import os
import signal
import threading

import pytest

from fmnist_core.errors import RunError
from fmnist_core.training.lock import check_no_trainer, only_trainer


def _hold(work, held):
    with only_trainer(work):
        held.set()
        signal.pause()


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock until it is killed."""
    processes = multiprocessing.get_context("spawn")
    held = processes.Event()
    process = processes.Process(target=_hold, args=(tmp_path, held))
    process.start()
    assert held.wait(30)
    yield process
    process.kill()
    process.join()


def test_a_training_that_another_process_runs_is_refused(tmp_path, holder):
    with (
        pytest.raises(RunError, match=r"one process at a time.*another one is training now"),
        only_trainer(tmp_path),
    ):
        pass


def test_a_killed_holder_leaves_the_lock_free(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with only_trainer(tmp_path):
        pass


def test_a_holder_that_is_just_ending_is_waited_for_and_no_other(tmp_path, holder):
    with pytest.raises(RunError, match="another one is training now"):
        check_no_trainer(tmp_path)
    ending = threading.Timer(0.3, holder.kill)
    ending.start()
    check_no_trainer(tmp_path)
    ending.join()


def test_the_lock_is_free_again_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), only_trainer(tmp_path):
        raise ZeroDivisionError
    with only_trainer(tmp_path):
        pass
