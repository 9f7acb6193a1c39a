"""What the Papers page keeps in the address: the source, the view, the table and the picture."""

from functools import partial

import streamlit as st

from fmnist_core.figures.papers.rows import source_words
from fmnist_core.papers import find_table, papers, systems, tables
from fmnist_core.papers.schema import Table
from fmnist_core.ui.address import address_field, keep, kept
from fmnist_core.ui.components import choice_by_typing, one_of
from fmnist_core.ui.mirrored import mirrored

# Everything that stands in no table.
TEXT = "text"
_PAPER, _VIEW, _TABLE = "paper", "paper_view", "paper_table"
_EVERY = "all"
VIEWS = {
    "claims": "Claims",
    "numbers": "Numbers",
    "protocols": "Protocols",
    "curves": "Curves",
    "contradictions": "Contradictions",
    "references": "References",
}


def choose_paper() -> str:
    """Draws the choice of a source; returns its id, "" for all of them."""
    chosen = one_of(
        "Source", _PAPER, {_EVERY: "All sources"} | {p.id: source_words(p.id) for p in papers()}
    )
    return "" if chosen == _EVERY else chosen


def choose_view() -> str:
    """Draws the switch between the views, and beside it the field that holds the table."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        view = one_of("View", _VIEW, VIEWS)
        with choice_by_typing():
            st.caption("The chosen table as it stands in the address.")
            address_field(_TABLE, "Table id", placeholder="as the source prints first")
    return view


def choose_table(paper_id: str) -> Table | None:
    """Draws the choice among what a source prints; None for the numbers of its text.

    The text comes first where it holds numbers of the source's own networks. The choice is kept in
    the field of `choose_view`, which every view draws: a widget that the view left behind does not
    draw would be forgotten by the address.
    """
    own = {table.id: table.title for table in tables() if table.paper == paper_id}
    if not own:
        return None
    text = {TEXT: "Its text and figures"}
    options = text | own if _prints_in_text(paper_id) else own | text
    chosen = kept(_TABLE) if kept(_TABLE) in options else next(iter(options))
    st.segmented_control(
        "Printed in",
        list(options),
        default=chosen,
        format_func=lambda name: options.get(name, name),
        required=True,
        wrap=True,
        **mirrored("paper_table_picker", chosen, partial(keep, _TABLE)),
    )
    return None if chosen == TEXT else find_table(chosen)


def open_table(table_id: str) -> None:
    """Opens a published table; to be called in the callback of a widget."""
    st.session_state[_PAPER] = find_table(table_id).paper
    st.session_state[_VIEW] = "numbers"
    keep(_TABLE, table_id)


def open_text(paper_id: str) -> None:
    """Opens the numbers of a source's text; to be called in the callback of a widget."""
    st.session_state[_PAPER], st.session_state[_VIEW] = paper_id, "numbers"
    keep(_TABLE, TEXT)


def open_view(view: str) -> None:
    """Opens another view of the same source; to be called in the callback of a widget."""
    st.session_state[_VIEW] = view


def _prints_in_text(paper_id: str) -> bool:
    """Says whether a source prints numbers of its own networks outside of its tables."""
    return any(
        number.paper == paper_id and not number.table
        for system in systems()
        if system.paper == paper_id and system.role == "own experiment"
        for number in system.published
    )
