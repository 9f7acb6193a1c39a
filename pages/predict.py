"""Predict: what do the networks see in a picture?"""

from fmnist_core.ui.components import next_page, page_header
from fmnist_core.ui.predict.files import choose_row
from fmnist_core.ui.predict.loaders import prepare_answers
from fmnist_core.ui.predict.networks import networks
from fmnist_core.ui.predict.result import show_picture
from fmnist_core.ui.predict.sources import choose_pictures, offer_samples
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, show_damaged_runs

require_router()
page_header(
    "What do the networks see in a picture?",
    "Give a picture of a garment: it is made into 28 × 28 pixels as the data set was, and every "
    "network says what it is.",
    ":material/photo_camera:",
)

board = leaderboard_or_stop()

pictures = choose_pictures()
run_ids = networks(board)
if not pictures:
    prepare_answers(run_ids)
    offer_samples()
elif len(pictures) == 1:
    show_picture(pictures[0], board, run_ids)
elif opened := choose_row(pictures, board, run_ids):
    show_picture(opened, board, run_ids)
show_damaged_runs(board.damaged)
next_page("pages/compare.py", "Next: how do these networks differ?")
