"""What a reader can do with a job, and the one line that says why it could not be done."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.jobs.record import Job
from fmnist_core.runs.ids import runs_root
from fmnist_core.ui.components import error_line
from fmnist_core.ui.train.form_state import prefill

_TROUBLE = "job_trouble"
_SHOWN_SECONDS = 30.0


def attempt(action: Callable[..., Any], *arguments: Any) -> None:
    """Calls a function of `jobs.client` with the runs folder; its error is shown a while."""
    st.session_state.pop(_TROUBLE, None)
    try:
        action(runs_root(), *arguments)
    except FmnistError as error:
        st.session_state[_TROUBLE] = (str(error), time.time())


def show_trouble() -> None:
    """Shows why the last action could not be done, where that was a moment ago."""
    message, when = st.session_state.get(_TROUBLE, ("", 0.0))
    if time.time() - when < _SHOWN_SECONDS:
        error_line(message)


def action_button(
    label: str, icon: str, action: Callable[..., Any], *arguments: Any, key: str, **options: Any
) -> None:
    """Draws a button that calls a function of `jobs.client`."""
    st.button(
        label,
        icon=icon,
        key=key,
        on_click=attempt,
        args=(action, *arguments),
        **({"type": "tertiary"} | options),
    )


def again_button(job: Job) -> None:
    """Draws the button that puts the job's settings into the form."""
    st.button(
        "Run again with changes",
        icon=":material/edit:",
        type="tertiary",
        key=f"again_{job.run_id}",
        on_click=prefill,
        args=(job.plan,),
        help="Puts its settings into the form.",
    )


def confirmed_button(
    label: str, warning: str, action: Callable[..., Any], *arguments: Any, key: str
) -> None:
    """Draws a button that asks before it calls a function of `jobs.client`."""
    with st.popover(label, icon=":material/delete:", type="tertiary", key=f"ask_{key}"):
        st.markdown(warning)
        action_button(
            label, ":material/delete_forever:", action, *arguments, key=key, type="primary"
        )
