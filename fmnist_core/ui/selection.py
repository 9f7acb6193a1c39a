"""What the reader has chosen, runs, class and image: kept from page to page and in the address.

Text fields in the sidebar hold it, ``?runs=ID,ID&baseline=ID&cls=NAME&image=NUMBER``: drawn on
every page, they stay in the address. The boxes and fields on the pages follow them.
"""

from collections.abc import Iterable

import streamlit as st

from fmnist_core.errors import UnknownNameError
from fmnist_core.ui.address import address_field, keep

_RUNS, _BASELINE = "runs", "baseline"
# The name of a class; the number of an image, or the name of a drawing.
CLASS, IMAGE = "cls", "image"


def chosen_runs() -> list[str]:
    """Returns the chosen run ids in the reader's order; they may name runs that do not exist."""
    words = str(st.session_state.get(_RUNS, "")).replace(",", " ").split()
    return list(dict.fromkeys(words))


def choose_runs(run_ids: Iterable[str]) -> None:
    """Makes these the chosen runs on every page; to be called in the callback of a widget."""
    keep(_RUNS, ",".join(dict.fromkeys(run_ids)))


def chosen_baseline() -> str:
    """Returns the id of the run that others are compared with; empty for none."""
    return str(st.session_state.get(_BASELINE, "")).strip()


def choose_baseline(run_id: str) -> None:
    """Makes this the baseline, "" for none; to be called in the callback of a widget."""
    keep(_BASELINE, run_id)


def selection_fields() -> None:
    """Draws the fields that hold the selection; on every page, before anything reads it."""
    address_field(
        _RUNS,
        "Run ids",
        placeholder="id, id, …",
        meaning="The chosen runs, as they stand in the address; paste others to choose them.",
    )
    address_field(_BASELINE, "Baseline id", placeholder="none")
    address_field(CLASS, "Chosen class", placeholder="none")
    address_field(IMAGE, "Chosen image", placeholder="none")


def split_known(run_ids: Iterable[str], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """Parts ids into those that exist and, for each other one, the line that names its nearest."""
    existing = dict.fromkeys(known)
    found = [name for name in run_ids if name in existing]
    lines = [
        str(UnknownNameError("run", name[:120], existing))
        for name in run_ids
        if name not in existing
    ]
    return found, lines
