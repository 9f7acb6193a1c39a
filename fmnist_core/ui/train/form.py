"""The form of the Train page: what, how long, everything else, and what it will take."""

import streamlit as st

from fmnist_core.errors import UnknownNameError
from fmnist_core.ui.components import error_line
from fmnist_core.ui.dataset.fetch import offer_fetch
from fmnist_core.ui.loaders import data_is_found
from fmnist_core.ui.train.form_choice import (
    FORM_PLACE,
    choose_mode,
    choose_networks,
    show_own_table,
)
from fmnist_core.ui.train.form_length import choose_length, show_more
from fmnist_core.ui.train.form_queue import scroll_to
from fmnist_core.ui.train.form_state import CUSTOM, current_form, take_prefill
from fmnist_core.ui.train.form_verdict import show_grid, show_verdict


@st.fragment
def show_form() -> None:
    """Draws the form; only this part of the page runs again while it is filled in."""
    gone = ""
    try:
        filled = take_prefill()
    except UnknownNameError as error:
        filled, gone = True, str(error)
    if not data_is_found():
        offer_fetch("Everything below can be set and estimated; a training needs them.")
    known = choose_mode()
    if filled:
        scroll_to(FORM_PLACE)
    if gone:
        error_line(f"That training cannot be run again: {gone}")
    left, right = st.columns([5, 3], gap="large")
    with left:
        chosen = choose_networks(known)
        choose_length(chosen)
        show_more(chosen)
    with right:
        rows = show_verdict(chosen)
    if current_form().mode == "own":
        show_own_table(known[CUSTOM])
    elif current_form().mode == "several" and rows:
        show_grid(rows)
