"""A source to take along: one file, made when its button is pressed."""

import streamlit as st

from fmnist_core.ui.components import download_row
from fmnist_core.ui.papers.loaders import damaged_runs, facts, standing_choices


def report_button(paper_id: str) -> None:
    """Draws the download of everything said of a source, "" for all."""

    def made() -> bytes:
        # Only who presses the button needs it, and not in the time of a page.
        from fmnist_core.figures.papers.report import papers_report  # noqa: PLC0415

        return papers_report(paper_id, facts(), standing_choices(), damaged_runs())

    st.caption(
        "Claims, published tables beside ours, every verdict, protocols and contradictions as one "
        "file that opens without a network."
    )
    name = f"source_{paper_id}_published_and_measured" if paper_id else "published_and_measured"
    download_row(name, ("Report (HTML)", made, "html"))
