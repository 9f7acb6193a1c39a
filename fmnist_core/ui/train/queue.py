"""The jobs that wait: in their order, those of one grid together."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import streamlit as st

from fmnist_core.figures.train.form_words import jobs_in_words
from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.jobs.record import Job
from fmnist_core.ui.train.actions import action_button, confirmed_button
from fmnist_core.ui.train.pages import page_of
from fmnist_core.ui.train.settings import headline, planned_labels

_A_PAGE = 8


def show_queue(queued: Sequence[Job], *, running: bool) -> None:
    """Draws the queue with what can be changed about it; nothing where nobody waits.

    Args:
        running: whether a job is active, so that the first of these is not the next to start.
    """
    if not queued:
        return
    st.subheader(f"Waiting ({len(queued):,})", anchor=False)
    if running:
        st.caption("One training at a time; the next one starts when this one ends.")
    places = {job.run_id: place for place, job in enumerate(queued)}
    groups = [list(jobs) for _, jobs in groupby(queued, key=_grid)]
    for group in page_of(groups, _A_PAGE, "queue_page"):
        if len(group) == 1:
            _show_waiting(group[0], places, len(queued))
        else:
            _show_grid(group, places, len(queued))


def _grid(job: Job) -> object:
    """Returns what jobs of one grid share; two grids of one name were not queued at one moment."""
    return (job.batch, job.submitted) if job.batch else job.run_id


def _show_grid(jobs: list[Job], places: dict[str, int], waiting: int) -> None:
    first = jobs[0].run_id
    label = f"{escaped(jobs[0].batch)} · {jobs_in_words(len(jobs))}"
    box = st.expander(label, icon=":material/grid_view:", key=f"grid_{first}", on_change="rerun")
    if not box.open:
        return
    with box:
        for job in page_of(jobs, _A_PAGE, f"grid_page_{first}"):
            _show_waiting(job, places, waiting)
        confirmed_button(
            f"Remove all {len(jobs):,}",
            f"The {jobs_in_words(len(jobs))} of this grid that still wait are taken off the queue.",
            _remove_all,
            tuple(jobs),
            key=f"remove_all_{first}",
        )


def _show_waiting(job: Job, places: dict[str, int], waiting: int) -> None:
    place, name = places[job.run_id], job.run_id
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            what = "to be kept as a run · " if job.keep else "goes on · " if job.attempt else ""
            labels = "".join(f" :orange-badge[{label}]" for label in planned_labels(job))
            st.markdown(f"**{place + 1}.** {escaped(job.plan.name)}{labels}")
            st.caption(f"{what}{escaped(headline(job.plan))}")
        moves = (
            ("First", ":material/vertical_align_top:", -place, place == 0),
            ("Up", ":material/arrow_upward:", -1, place == 0),
            ("Down", ":material/arrow_downward:", 1, place == waiting - 1),
        )
        for label, icon, places_moved, off in moves:
            action_button(
                label,
                icon,
                client.move_job,
                name,
                places_moved,
                key=f"{label.lower()}_{name}",
                disabled=off,
            )
        action_button(
            "Remove",
            ":material/close:",
            remove_waiting,
            job,
            key=f"remove_{name}",
            help="Takes it off the queue; epochs it has trained before are kept."
            if job.attempt
            else "Takes it off the queue.",
        )


def remove_waiting(root: Path, job: Job) -> None:
    """Takes a waiting job off the queue; one that has trained before goes back to the stopped."""
    if job.attempt:
        client.stop_job(root, job.run_id)
    else:
        client.delete_job(root, job.run_id)


def _remove_all(root: Path, jobs: Sequence[Job]) -> None:
    """Takes what still waits of these; those that have begun or gone meanwhile stay as they are."""
    still = {job.run_id for job in client.list_jobs(root, 0) if job.state == "queued"}
    for job in jobs:
        if job.run_id in still:
            remove_waiting(root, job)
