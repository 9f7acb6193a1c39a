"""Where the data come from: the files and their digests, and whether any image comes twice."""

import streamlit as st

from fmnist_core.data import data_status
from fmnist_core.data.statistics import read_statistics
from fmnist_core.figures.dataset.files import (
    COPY_COLUMNS,
    FILE_COLUMNS,
    RELEASE_NOTE,
    copy_frame,
    copy_takeaway,
    file_frame,
)
from fmnist_core.figures.words import escaped
from fmnist_core.ui.components import caveat, empty_state, error_line, show_table, takeaway


def show_files() -> None:
    """Draws the copies check, the release note, the files and what is on this machine."""
    st.header("Does any image come twice?", anchor=False)
    copies = copy_frame(read_statistics())
    takeaway(copy_takeaway(copies))
    show_table(copies, COPY_COLUMNS, name="copies", alt="Images that come twice")
    caveat(RELEASE_NOTE)
    st.header("The four files", anchor=False)
    show_table(file_frame(), FILE_COLUMNS, name="files", alt="The files and their SHA-256")
    caveat(
        "Every reader of this program compares the digest before it takes a single image. "
        "Source: H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a Novel Image Dataset for "
        "Benchmarking Machine Learning Algorithms (arXiv 1708.07747)."
    )
    if st.button("Verify the files on this machine", icon=":material/verified:", key="data_verify"):
        _verify()


def _verify() -> None:
    with st.spinner("Reading and comparing every byte"):
        status = data_status()
    if status.used is None:
        empty_state(
            "The images are not on this machine yet.",
            "None of the places that are searched holds all four files.",
            "python -m fmnist_core data fetch",
            icon=":material/image:",
        )
    elif status.good:
        count = len(status.used.files)
        st.success(
            f"All {count} files of {escaped(status.used.title)} have exactly these digests.",
            icon=":material/verified:",
        )
    else:
        for problem in status.used.problems:
            error_line(problem)
