"""Classes: where does each network fail?"""

import streamlit as st

from fmnist_core.ui.class_choice import VIEWS, choice_fields
from fmnist_core.ui.classes.views import offer_first_choice, sheet_or_stop, show_view
from fmnist_core.ui.components import next_page, one_of, page_header
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, run_picker, show_damaged_runs

require_router()
page_header(
    "Where does each network fail?",
    "Scores of every class, confusions, and the images behind each number.",
    ":material/category:",
)

board = leaderboard_or_stop()

chosen = run_picker(board)
with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    view = one_of("View", "look", VIEWS)
    choice_fields()
if not chosen:
    offer_first_choice(board)
    show_damaged_runs(board.damaged)
    st.stop()
show_view(view, sheet_or_stop(chosen, board), board)
show_damaged_runs(board.damaged)
next_page("pages/compare.py", "Next: is the difference more than chance?")
