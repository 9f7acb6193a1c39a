"""The sidebar below the navigation: what is being trained, the chosen runs, what is there."""

import streamlit as st

from fmnist_core.errors import RunError
from fmnist_core.figures.words import escaped
from fmnist_core.ui import loaders
from fmnist_core.ui.components import BY_TYPING, BY_TYPING_ICON
from fmnist_core.ui.jobs_notice import show_notice
from fmnist_core.ui.selection import choose_runs, chosen_runs, selection_fields, split_known
from fmnist_core.ui.selection_link import follow_link


def show_sidebar(*, looks: bool = True) -> None:
    """Draws the sidebar; opens no image and no prediction.

    Args:
        looks: whether its line about the running job looks at the disk by itself; not on the page
            that shows that job.
    """
    follow_link()
    with st.sidebar:
        show_notice(looks=looks)
        st.markdown(":material/checklist: **Chosen runs**")
        listing = st.container()
        with st.expander(BY_TYPING, icon=BY_TYPING_ICON):
            selection_fields()
        try:
            board = loaders.leaderboard()
        except RunError:
            return  # the page says so
        with listing:
            _show_chosen(board)
        st.caption(_status_line(len(board.frame), len(board.damaged)))


def _show_chosen(board: loaders.Leaderboard) -> None:
    chosen, _ = split_known(chosen_runs(), board.labels)
    if not chosen:
        st.caption("None yet. Choose some on Overview or Compare; they stay chosen everywhere.")
        return
    st.markdown("\n".join(f"- {escaped(board.labels[run_id])}" for run_id in chosen))
    st.button(
        "Clear",
        icon=":material/close:",
        type="tertiary",
        key="clear_chosen",
        on_click=choose_runs,
        args=([],),
    )


def _status_line(runs: int, damaged: int) -> str:
    parts = [f":material/folder: {runs} {'run' if runs == 1 else 'runs'}"]
    if damaged:
        parts.append(f":material/broken_image: {damaged} damaged")
    found = loaders.data_is_found()
    parts.append(f":material/image: images {'found' if found else 'not found'}")
    return " · ".join(parts)
