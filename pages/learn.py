"""Learn: how does a network look at an image?"""

from fmnist_core.ui.components import next_page, one_of, page_header
from fmnist_core.ui.learn.choice import choose_lesson
from fmnist_core.ui.learn.layers import (
    show_activation,
    show_dropout,
    show_network,
    show_normalisation,
    show_softmax,
)
from fmnist_core.ui.learn.sliding import show_convolution, show_pixels, show_pooling
from fmnist_core.ui.router import require_router
from fmnist_core.ui.runs import leaderboard_or_stop, show_damaged_runs

FIGURES = {
    "Pixels": show_pixels,
    "Convolution": show_convolution,
    "Activation": show_activation,
    "Pooling": show_pooling,
    "Batch normalisation": show_normalisation,
    "Dropout": show_dropout,
    "Softmax": show_softmax,
    "Whole network": show_network,
}

require_router()
page_header(
    "How does a network look at an image?",
    "Every step from the pixels to the answer, computed from the weights of a trained network.",
    ":material/school:",
)

board = leaderboard_or_stop()

lesson = choose_lesson(board)
figure = one_of("Figure", "figure", {name: name for name in FIGURES})
if lesson:
    FIGURES[figure](lesson)
show_damaged_runs(board.damaged)
next_page("pages/architectures.py", "Next: what is inside these architectures?")
