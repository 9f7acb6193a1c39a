"""What a training job is doing, in words."""

from fmnist_core.figures.train.form_words import duration
from fmnist_core.figures.train.live_curves import validation_images
from fmnist_core.jobs.live import Live, is_responding
from fmnist_core.jobs.record import Job, State

# State -> colour and icon of its badge, and its word.
BADGES: dict[State, tuple[str, str, str]] = {
    "queued": ("gray", ":material/schedule:", "Waiting"),
    "starting": ("blue", ":material/hourglass_top:", "Starting"),
    "running": ("blue", ":material/model_training:", "Training"),
    "stopping": ("orange", ":material/stop_circle:", "Stopping"),
    "done": ("green", ":material/check_circle:", "Done"),
    "stopped": ("orange", ":material/stop_circle:", "Stopped"),
    "failed": ("red", ":material/error:", "Failed"),
    "interrupted": ("orange", ":material/power_off:", "Interrupted"),
}
_PHASES = {
    "starting": "Starting: reading the images and building the network.",
    "training": "Training.",
    "evaluating": "Measuring the network on the test images.",
}
_KEEPING = "Turning the epochs so far into a run."


def activity(job: Job, live: Live | None, now: float) -> str:
    """Returns what an active job is doing, in a sentence.

    Args:
        now: seconds since 1970.
    """
    if job.state == "stopping":
        return "Stopping: the whole epochs so far are kept."
    if live and not is_responding(live, now):
        return (
            f"Not responding for {duration(now - live.written)}. "
            "It may go on by itself; Stop ends it and keeps its whole epochs."
        )
    if job.keep:
        return _KEEPING
    if live is None or job.state == "starting":
        return "Starting: loading TensorFlow, about ten seconds the first time."
    if live.phase == "validating":
        return f"Checking the epoch on the {validation_images(job.plan.recipe.protocol)}."
    return _PHASES[live.phase]


def progress_share(live: Live | None, kept: int, planned: int) -> float:
    """Returns the share of all batches that is done, 0 to 1.

    Args:
        kept: whole epochs of earlier attempts, which count until a batch of this one is done.
    """
    if live and live.phase == "evaluating":
        return 1.0
    if live is None or not live.batches or not live.epochs:
        return kept / planned
    done = (live.epoch - 1) * live.batches + live.batch
    return min(1.0, max(0.0, done / (live.epochs * live.batches)))


def progress_words(live: Live | None, kept: int, planned: int) -> str:
    """Returns "Epoch 3 of 10 · batch 120 of 375"."""
    if live is None or not live.epoch:
        return f"Goes on after epoch {kept} of {planned}" if kept else "No batch yet"
    words = f"Epoch {live.epoch} of {live.epochs}"
    return f"{words} · batch {live.batch:,} of {live.batches:,}" if live.batches else words


def short_progress(job: Job, live: Live | None) -> str:
    """Returns where an active job stands, in a few words."""
    if job.state == "stopping":
        return "stopping"
    if job.keep:
        return "being kept"
    if live is None or not live.epoch:
        return "starting"
    return f"epoch {live.epoch} of {live.epochs}"


def kept_words(epochs: int, planned: int) -> str:
    """Returns what an unfinished training has kept."""
    if not epochs:
        return "No whole epoch was trained, so there is nothing to keep."
    return f"{epochs} of {planned} {'epoch is' if planned == 1 else 'epochs are'} kept."


def ago(moment: float | None, now: float) -> str:
    """Returns "12 min ago"; empty where there is no moment."""
    if moment is None:
        return ""
    return "just now" if now - moment < 5 else f"{duration(now - moment)} ago"
