"""Architectures: what is inside?"""

from fmnist_core.ui.architectures.builder import show_builder
from fmnist_core.ui.architectures.choice import choose_architecture, show_views
from fmnist_core.ui.architectures.sections import (
    offer_runs,
    offer_training,
    show_code,
    show_diagram,
    show_identity,
    show_layers,
    show_source,
)
from fmnist_core.ui.architectures.side_by_side import show_side_by_side
from fmnist_core.ui.components import next_page, page_header
from fmnist_core.ui.router import require_router

VIEWS = {
    "Layers": show_layers,
    "Diagram": show_diagram,
    "Source": show_source,
    "Code": show_code,
    "Side by side": show_side_by_side,
    "Builder": show_builder,
}

require_router()
page_header(
    "What is inside?",
    "Every network of the five sources, layer by layer, counted here from its layers alone; and a "
    "place to write your own.",
    ":material/account_tree:",
)

choice = choose_architecture()
show_identity(choice)

show_views(VIEWS, choice)

offer_runs(choice.system)
offer_training(choice)
next_page("pages/overview.py", "Next: which of them is best, and for what cost?")
