"""The Train page's jobs: the one that runs, those that wait and those that have ended.

Everything comes from the disk, so every tab and browser shows the same. One fragment looks once a
second while there is something to see, and every few seconds otherwise; what changes once an epoch
is drawn from a cache, which leaves a look at a few milliseconds. Whatever else changes ends in one
rerun of the page.
"""

import time
from pathlib import Path

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.figures.palette import architecture_color
from fmnist_core.figures.train.form_words import duration
from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.jobs.live import Live, current_live, is_responding, read_confusion
from fmnist_core.jobs.record import Job
from fmnist_core.runs.ids import runs_root
from fmnist_core.ui.address import restore_address
from fmnist_core.ui.components import empty_state, error_line, label_badges, warning_line
from fmnist_core.ui.train.actions import attempt, show_trouble
from fmnist_core.ui.train.charts import draw_classes, draw_curves, kept_epochs
from fmnist_core.ui.train.damaged import show_damaged
from fmnist_core.ui.train.data import show_data
from fmnist_core.ui.train.ended import show_ended
from fmnist_core.ui.train.log import show_log
from fmnist_core.ui.train.queue import show_queue
from fmnist_core.ui.train.reference import reference_run
from fmnist_core.ui.train.settings import headline, planned_labels
from fmnist_core.ui.train.words import (
    BADGES,
    activity,
    progress_share,
    progress_words,
)

_LOOK_SECONDS, _IDLE_LOOK_SECONDS = 1.0, 5.0
_SERVICE = {
    "asleep": ":material/bedtime: Training service asleep: the first job wakes it.",
    "warming": ":material/local_fire_department: Training service warming up: it loads TensorFlow, "
    "about ten seconds.",
    "ready": ":material/bolt: Training service ready: a job starts within a second.",
}
# What must be redrawn when it changes: jobs with their states in order. The service is not part of
# it: each look says how it is, and a rerun of the page would wake one that has left, for ever.
_Scene = tuple[object, ...]


def show_jobs() -> None:
    """Draws the running job, the queue, and the jobs that have ended."""
    root = runs_root()
    show_trouble()
    try:
        jobs = client.list_jobs(root)
    except FmnistError as error:
        error_line(str(error))
        return
    active = next((job for job in jobs if job.active), None)
    queued = [job for job in jobs if job.state == "queued"]
    ended = [job for job in jobs if not job.active and job.state != "queued"]
    watching = bool(active or queued)
    look = st.fragment(_look, run_every=_LOOK_SECONDS if watching else _IDLE_LOOK_SECONDS)
    look(root, _scene(jobs), reference_run(active.plan, same_split=True) if active else "")
    show_queue(queued, running=active is not None)
    if not jobs:
        empty_state(
            "No training yet.",
            "Choose a network in the form and press Train: its curve grows here, batch by batch.",
            icon=":material/model_training:",
        )
    show_ended(ended)
    show_damaged(root)


def _scene(jobs: tuple[Job, ...]) -> _Scene:
    going = [job for job in jobs if job.active or job.state == "queued"]
    last = jobs[len(going)] if len(jobs) > len(going) else None
    kept = [(job.run_id, job.state, job.keep, job.attempt) for job in going]
    return (*kept, last and (last.run_id, last.state, last.ended))


def _look(root: Path, shown: _Scene, reference: str) -> None:
    """Draws the running job; where anything but its progress has changed, the whole page."""
    restore_address()
    try:
        jobs = client.list_jobs(root, 1)
        service = client.service_status(root).state
    except FmnistError as error:
        error_line(str(error))
        return
    if _scene(jobs) != shown:
        st.rerun()
    st.caption(_SERVICE[service])
    job = jobs[0] if jobs and jobs[0].active else None
    if job is not None:
        with st.container(border=True):
            _show_running(root, job, reference)


def _show_running(root: Path, job: Job, reference: str) -> None:
    live, planned = current_live(root, job), job.plan.recipe.epochs
    _show_heading(job)
    try:
        rows = kept_epochs(root, job.run_id)
    except FmnistError as error:
        error_line(str(error))
        return
    now = time.time()
    words, progress = activity(job, live, now), progress_words(live, len(rows), planned)
    if live and job.state != "stopping" and not is_responding(live, now):
        warning_line(words)
    else:
        progress = f"{words} {progress}"
    st.progress(progress_share(live, len(rows), planned), progress)
    _show_numbers(live)
    draw_curves(job.run_id, job.attempt, len(rows), reference, rows, job.plan)
    confusion = read_confusion(root, job.run_id)
    if confusion:
        draw_classes(
            job.run_id,
            job.attempt,
            confusion.epoch,
            confusion.counts,
            architecture_color(job.plan.architecture),
            job.plan.recipe.protocol,
        )
    show_data(job, rows, reference, confusion)
    show_log(root, job.run_id)


def _show_heading(job: Job) -> None:
    color, icon, word = BADGES[job.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(escaped(job.plan.name), anchor=False, width="content")
        st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]  # its colours are ours
        label_badges(planned_labels(job))
        st.space("stretch")
        if st.button(
            "Stop",
            icon=":material/stop_circle:",
            key=f"stop_{job.run_id}",
            disabled=job.state == "stopping",
            help="Ends it within seconds and keeps its whole epochs: resume it, or make it a run.",
        ):
            attempt(client.stop_job, job.run_id)
            st.rerun()
    st.caption(escaped(headline(job.plan)))


def _show_numbers(live: Live | None) -> None:
    left = live.seconds_left if live else None
    loss, accuracy = (live.loss, live.accuracy) if live else (None, None)
    rate, speed = (live.learning_rate, live.images_per_second) if live else (None, None)
    with st.grid(5, min_column_width=130):
        st.metric("Time left", None if left is None else duration(left))
        st.metric("Accuracy so far", None if accuracy is None else f"{100 * accuracy:.2f} %")
        st.metric("Loss so far", None if loss is None else f"{loss:.4f}")
        st.metric("Learning rate", None if rate is None else f"{rate:.3g}")
        st.metric("Images per second", None if speed is None else f"{speed:,.0f}")
