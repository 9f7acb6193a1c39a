"""Train: what happens if I train it?"""

import streamlit as st

from fmnist_core.ui.components import next_page, page_header
from fmnist_core.ui.router import require_router
from fmnist_core.ui.train.form import show_form
from fmnist_core.ui.train.form_queue import (
    JOBS_PLACE,
    jobs_come_first,
    tell_what_was_queued,
    wake_service,
)
from fmnist_core.ui.train.live import show_jobs


def _form() -> None:
    st.header("A new training", anchor=False)
    show_form()


def _jobs() -> None:
    with st.container(key=JOBS_PLACE):
        st.header("Trainings", anchor=False)
        show_jobs()


require_router()
page_header(
    "What happens if I train it?",
    "Choose a network and how long; then watch its curve grow over that of the published one.",
    ":material/model_training:",
)
wake_service()
for show in (_jobs, _form) if jobs_come_first() else (_form, _jobs):
    show()
tell_what_was_queued()
next_page("pages/compare.py", "Next: how do the runs differ?")
