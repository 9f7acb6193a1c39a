"""The offer to fetch the image files, where a view needs them and they are not here."""

import streamlit as st

from fmnist_core.data import fetch_data, load_pool
from fmnist_core.data.dataset import DATA_FILES
from fmnist_core.errors import FmnistError
from fmnist_core.ui.components import empty_state, error_line
from fmnist_core.ui.loaders import data_is_found


def images_or_offer(what: str) -> bool:
    """Says whether the images can be read; where they cannot, says why and offers the fetch.

    Args:
        what: what would stand here, as the start of a sentence.
    """
    if data_is_found():
        try:
            load_pool()
        except FmnistError as error:  # damaged, or removed since the search
            error_line(str(error))
            return False
        return True
    offer_fetch(f"{what} would stand here. The other views work without them.")
    return False


def offer_fetch(what_without: str) -> None:
    """Says that the images are missing and what works without them, and offers to fetch them."""
    megabytes = sum(file.download_bytes for file in DATA_FILES) / 1e6
    empty_state(
        "The images are not on this machine yet.",
        f"{what_without} Fetched once, verified and kept: {megabytes:.0f} MB.",
        "python -m fmnist_core data fetch",
        icon=":material/image:",
    )
    if st.button("Fetch them now", icon=":material/download:", key="data_fetch", type="primary"):
        _fetch()


def _fetch() -> None:
    bar = st.progress(0.0, "Looking for the data")

    def report(phase: str, done: int, total: int) -> None:
        bar.progress(min(1.0, done / total) if total else 0.0, phase)

    try:
        fetch_data(report)
    except FmnistError as error:
        bar.empty()
        error_line(str(error))
        return
    data_is_found.clear()
    st.rerun()
