"""The totals of a network as figures on the page."""

import streamlit as st

from fmnist_core.architectures import Summary
from fmnist_core.figures.architectures.totals import TOTALS, printed_total
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat


def show_totals(summary: Summary, *, before: Summary | None = None, before_name: str = "") -> None:
    """Draws the totals; with `before`, each with its signed difference to that network's."""
    with st.grid(6, min_column_width=130):
        for total in TOTALS:
            value = total.of(summary)
            difference = value - total.of(before) if before else 0
            st.metric(
                total.label,
                printed_total(total, value),
                printed_total(total, difference, signed=True) if difference else None,
                delta_color="off",
                delta_arrow="off",
                help=total.meaning,
            )
    if before and any(total.of(before) != total.of(summary) for total in TOTALS):
        caveat(f"Differences are to {escaped(before_name)}.")
