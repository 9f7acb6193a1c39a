"""The projections in three dimensions, loaded only when they are asked for."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.figures.projections_space import MOST_SPACES, Space, space_figure
from fmnist_core.ui.components import caveat, takeaway
from fmnist_core.ui.projections_linked import chosen_image
from fmnist_core.ui.projections_loaders import Shown


def show_spaces(content: Shown, spaces: Mapping[str, np.ndarray], *, says: str) -> None:
    """Draws the clouds in three dimensions.

    Args:
        spaces: title -> (n, 3) points, in the order of the clouds.
        says: the takeaway.
    """
    takeaway(says)
    first = [Space(title, points) for title, points in list(spaces.items())[:MOST_SPACES]]
    st.plotly_chart(
        space_figure(first, content.clouds.indices, content.clouds.labels, ringed=chosen_image()),
        key=f"projections_space_{'_'.join(content.key)}",
        config={"displaylogo": False},
    )
    caveat(
        "Drag to turn, scroll to come nearer; a click on a class hides it, a double click hides "
        "the others. The positions as a table: under 2D."
    )
    if len(spaces) > MOST_SPACES:
        caveat(f"Drawn: the first {MOST_SPACES} of {len(spaces)}.")
