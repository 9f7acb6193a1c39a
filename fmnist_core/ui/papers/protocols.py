"""The view of the Papers page that sets a source's protocol beside ours."""

import streamlit as st

from fmnist_core.evaluation.ledger.choice import Choice
from fmnist_core.evaluation.run_names import badges
from fmnist_core.figures.papers.protocols import (
    SIDE_COLUMNS,
    legend,
    matrix,
    matrix_columns,
    matrix_takeaway,
    side_by_side,
    side_takeaway,
)
from fmnist_core.figures.papers.rows import network_name
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_paper, systems
from fmnist_core.papers.schema import System
from fmnist_core.ui.components import caveat, show_table, takeaway
from fmnist_core.ui.papers.loaders import standing_choices
from fmnist_core.ui.selection_link import choosing


def show_protocols(paper_id: str) -> None:
    """Draws every network's settings, and those of a chosen one beside the source's words."""
    shown = [system for system in systems() if paper_id in ("", system.paper)]
    choices = standing_choices()
    if paper_id:
        paper = find_paper(paper_id)
        st.markdown(f":material/menu_book: Its split: {escaped(paper.split)} ({paper.framework}.)")
    frame = matrix(shown, choices)
    takeaway(matrix_takeaway(shown, choices))
    show_table(
        frame,
        matrix_columns(frame),
        name="protocols",
        alt="Settings of every network: stated by the source, reconstructed, or changed",
    )
    caveat(legend())
    titles = {system.id: system.title for system in shown}
    chosen = st.selectbox(
        "Network",
        list(titles),
        format_func=lambda name: titles.get(name, name),
        key=f"paper_network_{paper_id}",
        width=420,
    )
    system = next(system for system in shown if system.id == chosen)
    _show_one(system, choices.get(system.id))


def _show_one(system: System, choice: Choice | None) -> None:
    frame = side_by_side(system, choice)
    runs = [item.run for item in choice.evidence] if choice else []
    st.subheader(escaped(system.title), anchor=False)
    takeaway(side_takeaway(frame, choice))
    show_table(
        frame,
        SIDE_COLUMNS,
        name=f"protocol_{system.id}",
        alt=f"Protocol of {system.title}: the source's words beside ours",
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What we chose, and why**")
        st.markdown(_listed(system.reconstruction, "Nothing: the source states all of it."))
    with right:
        st.markdown("**What the source does not say**")
        st.markdown(_listed(system.silences, "Nothing that a training needs."))
        if choice and choice.departures:
            st.markdown("**Where our training departs**")
            st.markdown(_listed(choice.departures, ""))
    if choice:
        for words in badges(runs[0].protocol, choice.budget):
            caveat(words.capitalize() + ".")
    with st.container(horizontal=True, gap="medium"):
        st.page_link(
            "pages/architectures.py",
            label=f"{escaped(network_name(system.id))}, layer by layer",
            icon=":material/account_tree:",
            query_params={"arch": system.id},
        )
        if runs:
            st.page_link(
                "pages/compare.py",
                label="Our run" if len(runs) == 1 else f"Our {len(runs)} seeds",
                icon=":material/compare_arrows:",
                query_params=choosing([run.run_id for run in runs]),
            )


def _listed(sentences: tuple[str, ...], otherwise: str) -> str:
    return "\n".join(f"- {escaped(sentence)}" for sentence in sentences) or otherwise
