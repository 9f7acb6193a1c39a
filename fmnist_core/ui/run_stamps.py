"""What readings of a run are kept under: it changes when the run is repaired, or comes anew."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.runs.index import Stamp, content_stamp


def stamp_of(root: Path, run_id: str) -> Stamp:
    """Returns the `content_stamp` of a run as it was at most a few seconds ago."""
    known = _stamps(root)
    if run_id not in known:
        known[run_id] = content_stamp(root, run_id)
    return known[run_id]


def stamps_of(root: Path, run_ids: Sequence[str]) -> int:
    """Returns one number for these runs and what they hold: Streamlit is slow to hash thousands."""
    return hash(tuple((run_id, stamp_of(root, run_id)) for run_id in run_ids))


@st.cache_resource(ttl=5, max_entries=4, show_spinner=False)
def _stamps(root: Path) -> dict[str, Stamp]:
    """Stamps by run id, filled as they are asked for and looked up anew after a few seconds."""
    return {}
