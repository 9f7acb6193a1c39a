"""Which networks answer: the chosen runs, or the best of each architecture."""

import streamlit as st

from fmnist_core.figures.predict_networks import default_networks
from fmnist_core.figures.words import escaped
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.runs import MOST_CHOSEN, run_picker
from fmnist_core.ui.selection import chosen_runs, split_known


def networks(board: Leaderboard) -> tuple[str, ...]:
    """Draws which runs answer, with a way to choose others; returns their ids."""
    chosen, wrong = split_known(chosen_runs(), board.labels)
    default = default_networks(board.frame)
    ids = chosen[:MOST_CHOSEN] or default
    count = f"{len(ids)} {'network answers' if len(ids) == 1 else 'networks answer'}"
    which = "the chosen runs" if chosen else "the best full run of each architecture"
    with st.expander(f"{count}: {which}", icon=":material/hub:", expanded=bool(wrong)):
        run_picker(board)
        if not chosen:
            st.caption(
                "Until you choose some: "
                + escaped(", ".join(board.labels[run_id] for run_id in ids))
            )
    return tuple(ids)
