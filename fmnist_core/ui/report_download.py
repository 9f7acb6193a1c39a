"""A comparison to take along: one file, made when its button is pressed."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.runs.ids import runs_root
from fmnist_core.ui.components import download_row


def report_buttons(run_ids: Sequence[str]) -> None:
    """Draws the downloads of everything said of these runs together: HTML, LaTeX and CSV."""
    root, chosen = runs_root(), tuple(run_ids)

    def made(ending: str) -> bytes:
        # Only who presses a button needs it, and not in the time of a page.
        from fmnist_core.figures.report.contents import make_report  # noqa: PLC0415
        from fmnist_core.figures.report.file import report_bytes  # noqa: PLC0415

        return report_bytes(make_report(root, chosen), ending)

    st.caption(
        "The whole comparison as one file: numbers with intervals, curves, settings that differ, "
        "paired tests and every class. The HTML file opens without a network."
    )
    download_row(
        "comparison_report",
        ("Report (HTML)", lambda: made("html"), "html"),
        ("Report (LaTeX)", lambda: made("tex"), "tex"),
        ("All numbers (CSV)", lambda: made("csv"), "csv"),
    )
