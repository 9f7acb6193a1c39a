"""Counts how often the reader went from one page to another."""

import streamlit as st

_PAGE, _COUNT = "visited_page", "visits"


def enter(path: str) -> bool:
    """Notes the page that is about to be drawn; returns whether the reader comes from another."""
    if st.session_state.get(_PAGE) == path:
        return False
    st.session_state[_PAGE] = path
    st.session_state[_COUNT] = visit_number() + 1
    return True


def visit_number() -> int:
    """Returns the number of this visit to a page; it stays while the reader stays."""
    return int(st.session_state.get(_COUNT, 0))
