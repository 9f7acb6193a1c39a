"""The view of the Papers page that lists where the sources contradict themselves or the data."""

import streamlit as st

from fmnist_core.figures.papers_register import (
    REGISTER_COLUMNS,
    concerned,
    entries_of,
    register_frame,
    with_names,
)
from fmnist_core.figures.papers_rows import network_name, source_words
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions
from fmnist_core.papers.schema import Contradiction
from fmnist_core.ui.components import empty_state, show_table, takeaway
from fmnist_core.ui.papers_choice import table_links


def show_register(paper_id: str) -> None:
    """Draws the entries that concern a source, or all, and hold the words that are looked for."""
    words = st.text_input(
        "Words",
        key="paper_words",
        bind="query-params",
        placeholder="Part of an entry",
        icon=":material/search:",
        max_chars=80,
        width=260,
    )
    entries = entries_of(paper_id, words)
    if not entries:
        empty_state(
            "No entry holds these words.",
            f"The register has {len(contradictions())}: shorten the words, or choose all sources.",
            icon=":material/filter_alt_off:",
        )
        return
    shown = sum(bool(entry.tables) for entry in entries)
    takeaway(
        f"{len(entries)} of {len(contradictions())} contradictions; {shown} of them can be seen in "
        "a published table."
    )
    with st.grid(2, min_column_width=380):
        for entry in entries:
            show_entry(entry)
    with st.expander("As a table", icon=":material/table_chart:"):
        show_table(
            register_frame(entries),
            REGISTER_COLUMNS,
            name="contradictions",
            alt="Contradictions register: one row for each entry",
        )


def show_entry(entry: Contradiction, *, linked: bool = True) -> None:
    """Draws one entry: the two sayings, what is taken as true, and the tables that show it."""
    sources = ", ".join(source_words(paper) for paper in entry.papers)
    networks = ", ".join(network_name(system.id) for system in concerned(entry))
    with st.container(border=True, height="stretch" if linked else "content"):
        st.markdown(f"**{entry.id}** · {escaped(sources)} · {escaped(entry.place)}")
        st.markdown(
            f":material/article: {escaped(with_names(entry.one))}\n\n"
            f":material/compare_arrows: {escaped(with_names(entry.other))}\n\n"
            f":material/gavel: **{escaped(with_names(entry.resolution))}**"
        )
        if networks and len(entry.papers) == 1:
            st.caption(f"Concerns {escaped(networks)}.")
        if linked:
            table_links(entry)
