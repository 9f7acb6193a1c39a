"""Long lists of jobs, a page at a time."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Item = TypeVar("Item")


def page_of(items: Sequence[Item], size: int, key: str) -> Sequence[Item]:
    """Draws the choice of a page where there are several, and returns the items of that page."""
    pages = max(1, -(-len(items) // size))
    if pages == 1:
        return items
    if st.session_state.get(key, 1) > pages:  # the list has grown shorter meanwhile
        st.session_state[key] = pages
    number = st.pagination(pages, key=key)
    return items[(number - 1) * size : number * size]
