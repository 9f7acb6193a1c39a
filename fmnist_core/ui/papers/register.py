"""The view of the Papers page that lists where the sources contradict themselves or the data."""

from collections.abc import Callable

import streamlit as st

from fmnist_core.figures.papers.register import (
    REGISTER_COLUMNS,
    concerned,
    entries_of,
    in_text,
    register_frame,
    with_names,
)
from fmnist_core.figures.papers.rows import network_name, source_words
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions, find_table
from fmnist_core.papers.schema import Contradiction
from fmnist_core.ui.components import empty_state, show_table, takeaway
from fmnist_core.ui.papers.choice import open_table, open_text

# Of many networks the first are enough: the entry names them all.
_MOST_LINKS = 3


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
    networks = "; ".join(network_name(system.id) for system in concerned(entry))
    with st.container(border=True, height="stretch" if linked else "content"):
        st.markdown(f"**{entry.id}** · {escaped(sources)} · {escaped(entry.place)}")
        st.markdown(
            f":material/article: {escaped(with_names(entry.one))}\n\n"
            f":material/compare_arrows: {escaped(with_names(entry.other))}\n\n"
            f":material/gavel: **{escaped(with_names(entry.resolution))}**"
        )
        if networks and len(entry.papers) == 1:
            st.caption(f"Concerns {escaped(networks.removesuffix('.'))}.")
        if linked:
            _evidence_links(entry)


def _evidence_links(entry: Contradiction) -> None:
    """Leads to what shows a contradiction: published numbers, else layers, else the data."""
    for table_id in entry.tables:
        table = find_table(table_id)
        _opens(entry, f"{table.title} ({table.place})", open_table, table_id)
    for paper_id in () if entry.tables else in_text(entry):
        _opens(entry, f"Numbers in the text of {source_words(paper_id)}", open_text, paper_id)
    if entry.tables or in_text(entry):
        return
    networks = concerned(entry)
    for system in networks[:_MOST_LINKS]:
        st.page_link(
            "pages/architectures.py",
            label=f"{escaped(network_name(system.id))}, layer by layer",
            icon=":material/account_tree:",
            query_params={"arch": system.id},
        )
    if not networks:
        st.page_link(
            "pages/dataset.py",
            label="Pixels of the data",
            icon=":material/dataset:",
            query_params={"data_view": "Pixels"},
        )


def _opens(
    entry: Contradiction, label: str, callback: Callable[[str], None], argument: str
) -> None:
    st.button(
        label,
        key=f"{entry.id}_{argument}",
        icon=":material/table_chart:",
        type="tertiary",
        on_click=callback,
        args=(argument,),
    )
