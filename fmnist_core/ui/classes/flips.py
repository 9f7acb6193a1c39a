"""Fixed and broken: the images on which run A and run B part ways, one list to step through."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.figures.classes.flips import (
    FLIP_COLUMNS,
    flips_chart,
    flips_frame,
    flips_takeaway,
)
from fmnist_core.figures.classes.picks import Move, flip_pick
from fmnist_core.ui.class_choice import class_picker, pair_pickers
from fmnist_core.ui.classes.charts import chart_data, clickable_chart
from fmnist_core.ui.classes.images import show_images
from fmnist_core.ui.components import caveat, empty_state, one_of
from fmnist_core.ui.selection import CLASS

_CHART, _MOVE = "classes_flips", "move"
_MOVES: dict[Move, str] = {"both": "All", "fixed": "Fixed by B", "broken": "Broken by B"}


def show_flips(sheet: Sheet, labels: Mapping[str, str]) -> None:
    """Draws what run B fixes and breaks against run A, and steps through those images."""
    if len(sheet.run_ids) < 2:
        empty_state("This needs two runs.", "Choose a second run above.")
        return
    pair = pair_pickers(sheet.run_ids, labels)
    above = st.container()
    # Drawn before the chart, which frames the chosen bar.
    st.subheader("The images", anchor=False)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        wanted = one_of("Which", _MOVE, {str(key): title for key, title in _MOVES.items()})
        label = class_picker("True class", nothing="All classes")
    move = next(key for key in _MOVES if key == wanted)
    with above:
        frame = flips_frame(sheet, *pair)
        spec = flips_chart(frame, ("" if label is None else CLASS_NAMES[label], move))
        says = flips_takeaway(frame, (labels[pair[0]], labels[pair[1]]))
        clickable_chart(spec, key=_CHART, says=says, means=_meaning)
        caveat("Click a bar to see its images.")
        chart_data({"Vega-Lite": spec}, frame, FLIP_COLUMNS, name="fixed_and_broken", alt=says)
    pick = flip_pick(sheet, pair, move, label, labels)
    show_images(sheet, pick, labels, view="flips", first="one")


def _meaning(clicked: Mapping[str, Any]) -> dict[str, str]:
    return {CLASS: clicked["class_name"], _MOVE: clicked["move"]}
