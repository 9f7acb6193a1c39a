"""Which networks answer: the chosen runs, or the first full one of each architecture."""

import streamlit as st

from fmnist_core.figures.predict.networks import default_networks, networks_words
from fmnist_core.figures.words import escaped
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.runs import MOST_CHOSEN, run_picker
from fmnist_core.ui.selection import chosen_runs, split_known


def networks(board: Leaderboard, *, stored: bool = False) -> tuple[str, ...]:
    """Draws which runs answer, with a way to choose others; returns their ids.

    Chosen runs that were stored without a model are named; they are returned only where all were.

    Args:
        stored: answers that runs have stored will do, for which no model is needed.
    """
    chosen, wrong = split_known(chosen_runs(), board.labels)
    default = default_networks(board.frame, stored=stored)
    ids = chosen[:MOST_CHOSEN] or default
    has_model = dict(zip(board.frame["run_id"], board.frame["has_model"], strict=True))
    able = [run_id for run_id in ids if stored or has_model[run_id]]
    lacking = [board.labels[run_id] for run_id in ids if run_id not in able]
    which = "the chosen runs" if chosen else "the first full run of each architecture"
    words = networks_words(len(able), which, lacking)
    with st.expander(words, icon=":material/hub:", expanded=bool(wrong)):
        run_picker(board)
        if lacking:
            st.caption("Stored without a model: " + escaped(", ".join(lacking)))
        if not chosen:
            st.caption(
                "Until you choose some: "
                + escaped(", ".join(board.labels[run_id] for run_id in ids))
            )
    return tuple(able or ids)
