"""What readings of a run are kept under: it changes when the run is repaired, or comes anew."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.runs.index import content_stamp


def stamp_of(root: Path, run_id: str) -> int:
    """Returns a number for what a run held at most a few seconds ago.

    One number and not twenty, since Streamlit hashes a key at every look.
    """
    known = _stamps(root)
    if run_id not in known:
        known[run_id] = hash(content_stamp(root, run_id))
    return known[run_id]


def stamps_of(root: Path, run_ids: Sequence[str]) -> int:
    """Returns a number for these runs, in this order, and what they held."""
    return hash(tuple((run_id, stamp_of(root, run_id)) for run_id in run_ids))


@st.cache_resource(ttl=5, max_entries=4, show_spinner=False)
def _stamps(root: Path) -> dict[str, int]:
    """Stamps by run id, filled as they are asked for and looked up anew after a few seconds."""
    return {}
