"""The rows of the queue that cannot be read: they stand in nobody's way, and can be deleted."""

from pathlib import Path

import streamlit as st

from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.jobs.record import ACTIVE, DamagedJob
from fmnist_core.ui.train.actions import confirmed_button


def show_damaged(root: Path) -> None:
    """Draws each with its reason; nothing where all can be read."""
    damaged = client.damaged_jobs(root)
    if damaged:
        st.subheader("Damaged", anchor=False)
    for job in damaged:
        _show_row(job)


def _show_row(job: DamagedJob) -> None:
    with st.container(border=True, gap="xsmall", key=f"damaged_{job.run_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{escaped(job.run_id)}**", width="content")
            st.badge("Damaged", color="red", icon=":material/broken_image:")
        st.markdown(escaped(job.reason))
        if job.state not in ACTIVE:
            confirmed_button(
                "Delete",
                "It leaves the queue, and any checkpoints of it go too. A whole run stays.",
                client.delete_job,
                job.run_id,
                key=f"delete_{job.run_id}",
            )
