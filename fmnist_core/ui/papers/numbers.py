"""The view of the Papers page that shows a source's tables as published, and ours beside them."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.figures.papers.dots import DOT_COLUMNS, dots_chart, dots_frame, dots_takeaway
from fmnist_core.figures.papers.register import entries_of_table
from fmnist_core.figures.papers.rows import (
    ledger_frame,
    network_name,
    printed_frame,
    shown_columns,
    source_words,
    table_takeaway,
)
from fmnist_core.figures.papers.words import DOTS_NOTE, OTHER_IMAGES
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions
from fmnist_core.papers.schema import Contradiction, Table
from fmnist_core.ui.components import caveat, show_chart, show_table, takeaway
from fmnist_core.ui.papers.choice import choose_table, open_view
from fmnist_core.ui.papers.register import show_entry
from fmnist_core.ui.papers.summary import show_rules
from fmnist_core.ui.runs import MOST_CHOSEN
from fmnist_core.ui.selection_link import choosing


def show_numbers(paper_id: str, rows: Sequence[LedgerRow]) -> None:
    """Draws the numbers of one source, table by table; of all sources, the whole ledger.

    Args:
        rows: the ledger.
    """
    if not paper_id:
        takeaway(table_takeaway(rows))
        _show_ledger(rows, "ledger", "Every published number of the five sources beside ours")
        show_rules()
        return
    table = choose_table(paper_id)
    table_id = table.id if table else ""
    shown = [row for row in rows if row.source == paper_id and row.table == table_id]
    takeaway(table_takeaway(shown))
    if table:
        _show_printed(table, shown)
    if table and table.key in ("epoch", "optimizer"):
        st.button(
            "See them over our curves",
            key="papers_to_curves",
            icon=":material/show_chart:",
            on_click=open_view,
            args=("curves",),
        )
    else:
        _show_dots(shown, table_id or paper_id)
    st.subheader("Difference, interval and verdict", anchor=False)
    name = table_id or f"source_{paper_id}_text"
    _show_ledger(shown, f"ledger_{name}", f"Numbers of {source_words(paper_id)} beside ours")
    if any(row.dataset != "fashion_mnist" for row in shown):
        caveat(OTHER_IMAGES)
    show_rules()
    _show_entries(table, shown)
    _show_links(shown)


def _show_printed(table: Table, rows: Sequence[LedgerRow]) -> None:
    frame, columns = printed_frame(table, rows)
    title = f"{table.title}, {table.place}"
    st.subheader(escaped(title), anchor=False)
    if table.system:
        st.caption(escaped(network_name(table.system)))
    show_table(frame, columns, name=f"printed_{table.id}", alt=f"{title}, as published beside ours")
    for note in filter(None, (table.note, table.impossible)):
        caveat(escaped(note))


def _show_dots(rows: Sequence[LedgerRow], name: str) -> None:
    frame = dots_frame(rows)
    if frame.empty:
        return
    show_chart(
        dots_chart(frame),
        says=dots_takeaway(frame),
        data=frame,
        columns=DOT_COLUMNS,
        name=f"published_and_ours_{name}",
        limits=DOTS_NOTE,
    )


def _show_ledger(rows: Sequence[LedgerRow], name: str, alt: str) -> None:
    frame = ledger_frame(rows)
    show_table(frame, shown_columns(frame), name=name, alt=alt)


def _show_entries(table: Table | None, rows: Sequence[LedgerRow]) -> None:
    """Draws the contradictions that a table shows, or that concern the numbers of a text."""
    entries: list[Contradiction] = entries_of_table(table.id) if table else []
    if not table:
        named = {entry for row in rows for entry in row.contradictions}
        entries = [entry for entry in contradictions() if entry.id in named]
    if not entries:
        return
    count = f"{len(entries)} contradiction{'' if len(entries) == 1 else 's'} in these numbers"
    with st.expander(count, icon=":material/report:"):
        for entry in entries:
            show_entry(entry, linked=False)
        st.button(
            "The whole register",
            key="papers_to_register",
            icon=":material/arrow_forward:",
            type="tertiary",
            on_click=open_view,
            args=("contradictions",),
        )


def _show_links(rows: Sequence[LedgerRow]) -> None:
    systems = list(dict.fromkeys(row.system for row in rows))
    runs = list(dict.fromkeys(run for row in rows for run in row.run_ids))[:MOST_CHOSEN]
    if runs:
        st.page_link(
            "pages/compare.py",
            label=f"Compare the {len(runs)} runs of ours" if len(runs) > 1 else "Look at our run",
            icon=":material/compare_arrows:",
            query_params=choosing(runs),
        )
    with st.expander("These networks on the Architectures page", icon=":material/account_tree:"):
        for system in systems:
            st.page_link(
                "pages/architectures.py",
                label=escaped(network_name(system)),
                icon=":material/account_tree:",
                query_params={"arch": system},
            )
