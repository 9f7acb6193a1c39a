"""Runs on the screen: choosing them, and saying why one is not there."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from fmnist_core.errors import RunError
from fmnist_core.evaluation.run_names import split_warnings
from fmnist_core.figures.damaged_runs import WHAT_FOLLOWS, damaged_lines, damaged_title
from fmnist_core.figures.words import escaped
from fmnist_core.runs.index import DamagedRun
from fmnist_core.ui.components import caveat, empty_state, error_line, warning_line
from fmnist_core.ui.loaders import Leaderboard, leaderboard
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.selection import choose_runs, chosen_runs, split_known

# More lines than this in one chart cannot be told apart, not even with a click on the legend.
MOST_CHOSEN = 24


def leaderboard_or_stop(offer: Callable[[], None] | None = None) -> Leaderboard:
    """Returns the runs; where there are none to show, says why and ends the page.

    Args:
        offer: draws another way to a run than training one, below the words.
    """
    try:
        board = leaderboard()
    except RunError as error:
        error_line(str(error))
        st.stop()
    if board.frame.empty:
        no_runs_yet()
        if offer:
            offer()
        show_damaged_runs(board.damaged)
        st.stop()
    return board


def run_picker(board: Leaderboard) -> list[str]:
    """Draws the choice of runs that all pages share, and returns the chosen ids that exist.

    Ids from the address that no run has are named on a line of their own, with the nearest ones;
    the others still count.
    """
    chosen, lines = split_known(chosen_runs(), board.labels)
    for line in lines:
        warning_line(line)
    if len(chosen) > MOST_CHOSEN:
        warning_line(f"At most {MOST_CHOSEN} runs fit here. Shown: the first of {len(chosen)}.")
        chosen = chosen[:MOST_CHOSEN]
    st.multiselect(
        "Runs",
        list(board.labels),
        chosen,
        format_func=lambda run_id: board.labels.get(run_id, run_id),
        max_selections=MOST_CHOSEN,
        select_all=False,
        placeholder="Choose runs by name",
        help="They stay chosen on every page, and in the address: share it to share the view.",
        **mirrored("run_picker", chosen, choose_runs),
    )
    return chosen


def split_caveats(rows: pd.DataFrame) -> None:
    """Says for each split among these runs what a reader must know before trusting its numbers."""
    for warning in split_warnings(rows["protocol"]):
        caveat(warning)


def no_runs_yet() -> None:
    """Says that the runs folder is empty, and how to fill it."""
    empty_state(
        "No run yet.",
        "Train a first network: a few minutes for a small one, shown here when it is done.",
        "python -m fmnist_core train kadam_a1",
        icon=":material/model_training:",
    )


def show_damaged_runs(damaged: Sequence[DamagedRun]) -> None:
    """Lists the runs that cannot be read, each with its reason; draws nothing without any."""
    if not damaged:
        return
    with st.expander(damaged_title(damaged), icon=":material/broken_image:"):
        st.markdown("\n".join(f"- {escaped(line)}" for line in damaged_lines(damaged)))
        st.caption(WHAT_FOLLOWS)
