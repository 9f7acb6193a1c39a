"""The head of the Papers page: how many published numbers there are, and what became of them."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.verdicts import RULES
from fmnist_core.figures.papers.bars import (
    BAR_COLUMNS,
    bars_caveat,
    bars_chart,
    bars_frame,
    bars_takeaway,
)
from fmnist_core.figures.papers.rows import VERDICTS, verdict_counts
from fmnist_core.ui.components import show_chart


def show_counts(rows: Sequence[LedgerRow]) -> None:
    """Draws the number of published numbers of the shown sources, and of each verdict."""
    counts = verdict_counts(rows)
    with st.container(horizontal=True, gap="medium"):
        st.metric("Published numbers", f"{sum(counts.values()):,}", width="content")
        for word, count in counts.items():
            st.metric(VERDICTS[word], f"{count:,}", help=RULES[word], width="content")


def show_bars(rows: Sequence[LedgerRow]) -> None:
    """Draws what became of the numbers of every source."""
    frame = bars_frame(rows)
    show_chart(
        bars_chart(frame),
        says=bars_takeaway(rows),
        data=frame,
        columns=BAR_COLUMNS,
        name="published_numbers",
        limits=bars_caveat(rows),
    )


def show_rules() -> None:
    """Draws the rules by which a verdict is reached."""
    with st.expander("How a verdict is reached", icon=":material/gavel:"):
        st.markdown("\n".join(f"- **{VERDICTS[word]}**: {rule}" for word, rule in RULES.items()))
