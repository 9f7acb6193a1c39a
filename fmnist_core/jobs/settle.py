"""What became of a job whose process has ended without saying so."""

from contextlib import suppress
from pathlib import Path

from fmnist_core.architectures import summarize
from fmnist_core.errors import FmnistError
from fmnist_core.jobs.live import log_tail_of
from fmnist_core.jobs.queue import Holder, Queue
from fmnist_core.runs.ids import is_run_id
from fmnist_core.runs.manifest import MANIFEST
from fmnist_core.training.estimate import image_counts
from fmnist_core.training.memory import memory_limit, peak_memory

# What the C++ side of a training prints when memory ran out before Python could say so.
_OUT_OF_MEMORY = ("std::bad_alloc", "MemoryError", "RESOURCE_EXHAUSTED", "Cannot allocate memory")


def is_whole(root: Path, run_id: str) -> bool:
    """Whether the run of a job lies in the runs folder; run folders appear whole or not at all."""
    # A damaged job may bear anything as its name.
    return is_run_id(run_id) and (root / run_id / MANIFEST).is_file()


def settle_dead(root: Path, queue: Queue) -> None:
    """Ends every active job whose process is gone: done, stopped, failed or interrupted.

    A job that ended early is done as well once its run is whole: a terminal can go on with it.
    """
    for holder in queue.holders():
        if not holder.process.is_alive():
            settle(root, queue, holder)
    for run_id in queue.resumable():
        if is_whole(root, run_id):
            queue.mark_done(run_id)


def settle(root: Path, queue: Queue, holder: Holder) -> None:
    """Ends a job whose process is gone. Does nothing when that has been done meanwhile."""
    run_id, attempt = holder.run_id, holder.attempt
    if is_whole(root, run_id):
        queue.end(run_id, attempt, "done")
    elif holder.state == "stopping":
        queue.end(run_id, attempt, "stopped")
    elif any(sign in log_tail_of(root, run_id, attempt) for sign in _OUT_OF_MEMORY):
        queue.end(run_id, attempt, "failed", out_of_memory("its process was ended by the system"))
    elif (needed := _needed_memory(queue, run_id)) > memory_limit():
        # The libraries that ask for it in vain can crash without a word.
        received = f"its process crashed, and was to need about {needed / 1e9:.0f} GB"
        queue.end(run_id, attempt, "failed", out_of_memory(received))
    else:
        queue.end(
            run_id,
            attempt,
            "interrupted",
            "Its process ended without a word: killed, or the machine went down. "
            "Resume goes on after its last whole epoch.",
        )


def _needed_memory(queue: Queue, run_id: str) -> int:
    """Bytes that a training was to need; 0 where its plan cannot be understood."""
    with suppress(FmnistError):
        plan = queue.job(run_id).plan
        return peak_memory(summarize(plan.layers), plan.recipe, image_counts(plan.recipe))
    return 0


def out_of_memory(received: str) -> str:
    """The sentence for a training that needed more memory than it may use."""
    return (
        f"A training must fit into the memory it may use. Received: out of memory ({received}). "
        "Take a smaller batch_size or a smaller network."
    )
