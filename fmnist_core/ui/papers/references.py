"""The view of the Papers page that shows what others reached, and how far it can be trusted."""

import streamlit as st

from fmnist_core.figures.papers.references import (
    REFERENCE_COLUMNS,
    reference_chart,
    reference_frame,
    reference_takeaway,
)
from fmnist_core.figures.words import escaped
from fmnist_core.papers.references import TRUST, file_trap, references
from fmnist_core.ui.components import caveat, show_chart, show_table
from fmnist_core.ui.loaders import leaderboard

# The split whose test images are the official ones, seen once at the end.
_OFFICIAL = "holdout-80-20"


def show_references() -> None:
    """Draws the references, our best run across them, and the trap of the August 2017 files."""
    trap = file_trap()
    with st.container(border=True):
        st.markdown(f":material/warning: **{escaped(trap.title)}**")
        st.markdown(escaped(trap.text))
        st.caption(escaped(f"Replaced on {trap.replaced_on}. {trap.source}."))
    found, best = references(), _best()
    frame = reference_frame(found)
    show_chart(
        reference_chart(frame, best[1] if best else None),
        says=reference_takeaway(found, best),
        data=frame,
        columns=REFERENCE_COLUMNS,
        name="references_chart",
        limits="The dashed line is our best run that kept its test images for the end. "
        + "; ".join(f"{trust}: {words}" for trust, words in TRUST.items())
        + ".",
    )
    show_table(
        frame, REFERENCE_COLUMNS, name="references", alt="Results of others, best first", height=520
    )
    caveat("A reference is never a target here: it says what others printed, and on which files.")


def _best() -> tuple[str, float] | None:
    """Returns name and accuracy of our best run on the official test images, never seen before."""
    board = leaderboard().frame
    if board.empty:
        return None
    fair = board[(board["protocol"] == _OFFICIAL) & board["rank"].notna()]
    if fair.empty:
        return None
    top = fair.iloc[int(fair["test_accuracy"].to_numpy().argmax())]
    return f"**{escaped(top['label'])}**", float(top["test_accuracy"])
