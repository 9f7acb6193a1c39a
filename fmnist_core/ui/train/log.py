"""What a training has printed."""

from pathlib import Path

import streamlit as st

from fmnist_core.jobs.live import log_tail


def show_log(root: Path, run_id: str) -> None:
    """Draws the end of a training's log, which is read while it is open."""
    log = st.expander("Log", icon=":material/terminal:", key=f"log_{run_id}", on_change="rerun")
    if log.open:
        log.code(log_tail(root, run_id) or "Nothing was printed.", language=None)
