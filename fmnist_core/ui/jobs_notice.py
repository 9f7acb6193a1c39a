"""Training as every page tells of it: a line in the sidebar, and a word when a job ends."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.figures.train.form_words import jobs_in_words
from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.jobs.live import current_live
from fmnist_core.jobs.record import Job, State
from fmnist_core.runs.ids import runs_root
from fmnist_core.ui import loaders
from fmnist_core.ui.address import restore_address
from fmnist_core.ui.train.words import BADGES, short_progress

_LOOK_SECONDS, _IDLE_LOOK_SECONDS = 4.0, 5.0
_TRAIN = "pages/train.py"
_WATCHED = "watched_jobs"
# A reader looks away for a while, and many jobs of a grid may end.
_MOST_ENDED = 50


def show_notice(*, looks: bool) -> None:
    """Draws the line about the running job, where there is one, and tells what has ended.

    Args:
        looks: whether to look again by itself, and say how far the job is; not on the page that
            shows it, and runs again when anything else changes.
    """
    root = runs_root()
    try:
        jobs = client.list_jobs(root, _MOST_ENDED)
    except FmnistError:
        return  # the Train page says so
    _tell_ended(jobs)
    going = _going(jobs)
    if looks:
        every = _LOOK_SECONDS if going else _IDLE_LOOK_SECONDS
        st.fragment(_look, run_every=every)(root, _scene(going))
    elif going:
        _show_line(going, "now")


def _look(root: Path, shown: tuple[object, ...]) -> None:
    restore_address()
    try:
        going = _going(client.list_jobs(root, 0))
    except FmnistError:
        return
    if _scene(going) != shown:
        st.rerun()
    if going:
        _show_line(going, short_progress(going[0], current_live(root, going[0])))


def _show_line(going: Sequence[Job], progress: str) -> None:
    """Draws the line; `progress` is of the first job, where that is active."""
    first, waiting = going[0], len(going) - going[0].active
    line, queue = f"{jobs_in_words(waiting)} waiting to train", ""
    if first.active:
        line = f"Training: {progress}"
        queue = f" · {waiting:,} waiting" if waiting else ""
    with st.container(gap="xxsmall"):
        st.page_link(_TRAIN, label=line, icon=":material/model_training:")
        st.caption(f"{escaped(first.plan.name)}{queue}")


def _going(jobs: Sequence[Job]) -> list[Job]:
    return [job for job in jobs if job.active or job.state == "queued"]


def _scene(going: Sequence[Job]) -> tuple[object, ...]:
    """What the line cannot follow by itself: which jobs there are, and whether they run."""
    return tuple((job.run_id, job.active) for job in going)


def _tell_ended(jobs: Sequence[Job]) -> None:
    """Shows a notification for each job that was on its way when this session last looked."""
    before: dict[str, State] = st.session_state.get(_WATCHED, {})
    now = {job.run_id: job.state for job in _going(jobs)}
    st.session_state[_WATCHED] = now
    for job in jobs:
        if job.run_id in before and job.run_id not in now:
            _tell(job, before[job.run_id])


def _tell(job: Job, before: State) -> None:
    if job.state == "done":
        loaders.forget_leaderboard()  # or its run would be unknown for some seconds
    if job.state == "stopped" and before == "queued":
        return  # taken off the queue: nothing has happened
    _, icon, word = BADGES[job.state]
    text = f"**{escaped(job.plan.name)}**: {word.lower()}."
    st.toast(f"{text} {escaped(job.message)}" if job.message else text, icon=icon, duration="long")
