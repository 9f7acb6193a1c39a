"""Projections: what does each network see?"""

import streamlit as st

from fmnist_core.ui.classes.views import offer_first_choice
from fmnist_core.ui.components import next_page, one_of, page_header
from fmnist_core.ui.image_choice import image_number_field
from fmnist_core.ui.projections.loaders import MOST_RUNS
from fmnist_core.ui.projections.networks import show_networks
from fmnist_core.ui.projections.pixels import show_pixels
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, run_picker, show_damaged_runs

FEATURES = {"networks": "The networks", "pixels": "The pixels"}

require_router()
page_header(
    "What does each network see?",
    "The same test images as points: near each other where a network, or the pixels alone, find "
    "them alike.",
    ":material/scatter_plot:",
)

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    features = one_of("Features of", "features", FEATURES)
    image_number_field()
if features == "pixels":
    show_pixels()
else:
    board = leaderboard_or_stop()
    chosen = run_picker(board)
    if chosen:
        show_networks(board, chosen)
    else:
        offer_first_choice(board, MOST_RUNS)
    show_damaged_runs(board.damaged)
next_page("pages/classes.py", "Next: where does each network fail?")
