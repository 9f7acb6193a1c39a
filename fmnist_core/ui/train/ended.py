"""The jobs that have ended: what each reached or kept, and what can be done with it now."""

import time
from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import FmnistError, UnknownNameError
from fmnist_core.evaluation.unsettled_averages import is_unsettled
from fmnist_core.figures.train.live_result import honest_labels, published_words, result_words
from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.jobs.record import Job
from fmnist_core.papers import find_system
from fmnist_core.runs.ids import runs_root
from fmnist_core.ui import loaders
from fmnist_core.ui.address import restore_address
from fmnist_core.ui.components import caveat, label_badges
from fmnist_core.ui.runs import MOST_CHOSEN
from fmnist_core.ui.selection import chosen_runs
from fmnist_core.ui.selection_link import choosing
from fmnist_core.ui.train.actions import action_button, again_button, confirmed_button
from fmnist_core.ui.train.charts import checkpoint_trouble, draw_curves, kept_epochs
from fmnist_core.ui.train.data import show_data
from fmnist_core.ui.train.log import show_log
from fmnist_core.ui.train.pages import page_of
from fmnist_core.ui.train.reference import reference_run
from fmnist_core.ui.train.settings import headline, planned_labels
from fmnist_core.ui.train.words import BADGES, ago, kept_words

_A_PAGE = 5
_AGES_EVERY_SECONDS = 20.0


def show_ended(ended: Sequence[Job]) -> None:
    """Draws the job that has ended last, and on request the ones before it, a few at a time."""
    if not ended:
        return
    st.subheader("Ended", anchor=False)
    _show_job(ended[0])
    earlier = ended[1:]
    if not earlier:
        return
    label = f"Earlier ({len(earlier):,})"
    box = st.expander(label, icon=":material/history:", key="earlier_jobs", on_change="rerun")
    if box.open:
        listing = box.container()
        with box:
            shown = page_of(earlier, _A_PAGE, "ended_page")
        with listing:
            for job in shown:
                _show_job(job)


def _show_job(job: Job) -> None:
    with st.container(border=True, gap="xsmall", key=f"ended_{job.run_id}"):
        _show_heading(job)
        if job.state == "done":
            _show_done(job)
        else:
            _show_unfinished(job)


def _show_heading(job: Job) -> None:
    color, icon, word = BADGES[job.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{escaped(job.plan.name)}**", width="content")
        st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]  # its colours are ours
        if job.state != "done":  # of that one its run says it
            label_badges(planned_labels(job))
        st.space("stretch")
        with st.container(width="content"):
            st.fragment(_show_age, run_every=_AGES_EVERY_SECONDS)(job.ended)
    grid = f"{escaped(job.batch)} · " if job.batch else ""
    st.caption(f"{grid}{escaped(headline(job.plan))}")


def _show_age(ended: float | None) -> None:
    restore_address()
    st.caption(ago(ended, time.time()), width="content")


def _show_done(job: Job) -> None:
    try:
        run = loaders.run_record(job.run_id)
    except FmnistError as error:
        st.markdown(f":material/error: Its run cannot be read. {escaped(str(error))}")
    else:
        st.markdown(f"{result_words(run)} {escaped(_published(job))}")
        with st.container(horizontal=True, gap="small"):
            label_badges(honest_labels(run))
        if words := is_unsettled(run):
            caveat(words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            "pages/compare.py",
            label="Open in Compare",
            icon=":material/compare_arrows:",
            query_params=choosing(_beside_the_chosen(job)),
        )
        again_button(job)
        _delete_button(job, "It leaves this list. Its run stays in the runs folder.")


def _beside_the_chosen(job: Job) -> list[str]:
    """The chosen runs, then this one; where none is chosen, this one and its source's in full."""
    others = [run_id for run_id in chosen_runs() if run_id != job.run_id]
    if not others:
        return [*filter(None, [job.run_id, reference_run(job.plan)])]
    return [*others[: MOST_CHOSEN - 1], job.run_id]


def _show_unfinished(job: Job) -> None:
    trouble = checkpoint_trouble(runs_root(), job)
    if trouble:
        _show_damaged_checkpoint(job, trouble)
        return
    rows = kept_epochs(runs_root(), job.run_id)
    planned = job.plan.recipe.epochs
    kept = kept_words(len(rows), planned)
    st.markdown(f"{escaped(job.message)} {kept}" if job.message else kept)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        action_button(
            "Resume" if rows else "Start again",
            ":material/play_arrow:",
            client.resume_job,
            job.run_id,
            key=f"resume_{job.run_id}",
            type="secondary",
            help="Goes on after its last whole epoch, at the end of the queue."
            if rows
            else "Begins with its first epoch, at the end of the queue.",
        )
        if rows:
            action_button(
                "Keep as a run",
                ":material/save:",
                client.keep_job,
                job.run_id,
                key=f"keep_{job.run_id}",
                type="secondary",
                help="Measures the epochs so far on the test images; the run is marked as stopped.",
            )
        again_button(job)
        if rows and job.state == "failed":  # it may fail again wherever its epochs led
            confirmed_button(
                "Start again from nothing",
                f"{kept_words(len(rows), planned)} Starting again removes them for good.",
                client.restart_job,
                job.run_id,
                key=f"restart_{job.run_id}",
            )
        _delete_button(
            job,
            f"{kept_words(len(rows), planned)} Deleting removes them for good."
            if rows
            else "It leaves this list; nothing was learned yet.",
        )
        curves = rows and st.toggle("Curves so far", key=f"curves_{job.run_id}")
    show_log(runs_root(), job.run_id)
    if curves:
        reference = reference_run(job.plan, same_split=True)
        draw_curves(job.run_id, job.attempt, len(rows), reference, rows, job.plan)
        show_data(job, rows, reference, None)


def _show_damaged_checkpoint(job: Job, trouble: str) -> None:
    if job.message and trouble not in job.message:
        st.markdown(escaped(job.message))
    st.markdown(
        f":material/broken_image: Its checkpoint is damaged ({escaped(trouble)}): what it has "
        "learned cannot be used any more."
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        action_button(
            "Start again from nothing",
            ":material/restart_alt:",
            client.restart_job,
            job.run_id,
            key=f"restart_{job.run_id}",
            type="secondary",
            help="Removes the damaged checkpoint and queues the training from its first epoch.",
        )
        again_button(job)
        _delete_button(job, "It leaves this list, and its damaged checkpoint goes.")
    show_log(runs_root(), job.run_id)


def _delete_button(job: Job, warning: str) -> None:
    confirmed_button("Delete", warning, client.delete_job, job.run_id, key=f"delete_{job.run_id}")


def _published(job: Job) -> str:
    try:
        return published_words(find_system(job.plan.architecture))
    except UnknownNameError:
        return ""
