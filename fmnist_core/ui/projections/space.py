"""The projections in three dimensions, turned together; what is touched in one shows in all."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist_core.figures.projections.linked import Panel, linked_frame
from fmnist_core.figures.projections.space import space_content
from fmnist_core.figures.words import without_markup
from fmnist_core.ui.address import keep
from fmnist_core.ui.components import caveat, takeaway
from fmnist_core.ui.image_choice import chosen_image
from fmnist_core.ui.projections.loaders import Shown
from fmnist_core.ui.projections.picked import pictures_or_why, show_data, show_picked
from fmnist_core.ui.selection import IMAGE

_HERE = Path(__file__).parent
_SPACES = st.components.v2.component(
    "projections_space",
    html="""
<div class="spaces" role="group">
  <div class="panels"></div>
  <div class="legend"></div>
  <div class="tip" hidden></div>
</div>
""",
    css=(_HERE / "space.css").read_text(encoding="utf-8"),
    js=(_HERE / "space.js").read_text(encoding="utf-8"),
)


def show_spaces(
    content: Shown, panels: Sequence[Panel], *, says: str, shared_scale: bool, name: str
) -> None:
    """Draws the panels, and the picked image.

    Args:
        content: what the panels are drawn from.
        panels: with (n, 3) points, in the order of the clouds.
        says: the takeaway.
        shared_scale: whether the panels were laid onto one another.
        name: file name of the downloads, and key of the widgets.
    """
    takeaway(says)
    clouds = content.clouds
    pictures = pictures_or_why(content)
    drawn = space_content(
        panels,
        clouds.indices,
        clouds.labels,
        shared_scale=shared_scale,
        pictures=None if pictures is None else pictures.tolist(),
        ringed=chosen_image(),
    )
    key = f"{name}_{'_'.join(content.key)}"
    _SPACES(
        data=drawn | {"label": without_markup(says)},
        key=key,
        on_picked_change=lambda: keep(IMAGE, str(int(st.session_state[key]["picked"]))),
    )
    caveat(
        "Drag to turn all, pinch or Ctrl and the wheel to come nearer; with the keyboard, arrows "
        "and + or −. Point at an image to see it in every picture, click it to keep it. A click on "
        "a class lights it up alone, another undoes."
    )
    show_data(linked_frame(panels, clouds.indices, clouds.labels), panels, name)
    show_picked(content)
