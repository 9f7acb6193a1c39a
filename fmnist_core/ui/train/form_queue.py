"""From the form to the queue: the service is woken, jobs are queued, and the reader is told."""

import time
from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import FmnistError, JobError
from fmnist_core.figures.train.form_words import jobs_in_words
from fmnist_core.figures.words import escaped
from fmnist_core.jobs import client
from fmnist_core.runs.ids import runs_root
from fmnist_core.training.plan import Plan
from fmnist_core.ui.components import error_line, warning_line

JOBS_PLACE = "train_jobs"  # key of the container that the page shows the jobs in
_SENT = "train_form_sent"  # what the reader is to be told once the page has run
# So long what has just ended stays above the form.
_FRESH_SECONDS = 600.0
_SCROLL = """<script>
document.querySelector(".st-key-%s")?.scrollIntoView({behavior: "smooth", block: "start"})
</script>"""


def wake_service() -> None:
    """Has the training service load TensorFlow while the reader fills in the form."""
    try:
        client.warm_up(runs_root())
    except JobError as error:
        warning_line(str(error))


def jobs_come_first() -> bool:
    """Whether a training is going on or has just ended, and is thus what a reader returns for."""
    try:
        jobs = client.list_jobs(runs_root(), most_ended=1)
    except FmnistError:  # the part of the page that shows the jobs says so
        return False
    newest = time.time() - _FRESH_SECONDS
    return any(job.ended is None or job.ended > newest for job in jobs)


def queue_up(plans: Sequence[Plan], batch: str) -> bool:
    """Queues plans and has the reader told; False where that fails, with the reason shown."""
    try:
        client.submit(runs_root(), plans, batch)
    except FmnistError as error:
        error_line(str(error))
        return False
    if len(plans) == 1:
        message = f"Queued: {escaped(plans[0].name)}. It starts when its turn comes."
    else:
        message = f"Queued: {jobs_in_words(len(plans))}. They are trained one after the other."
    st.session_state[_SENT] = message
    return True


def tell_what_was_queued() -> None:
    """Shows the jobs to a reader who has just queued some; once."""
    message = st.session_state.pop(_SENT, "")
    if message:
        st.toast(message, icon=":material/model_training:")
        scroll_to(JOBS_PLACE)


def scroll_to(key: str) -> None:
    """Brings the element with this key into the reader's sight."""
    st.html(_SCROLL % key, unsafe_allow_javascript=True)
