"""SVG drawings on the page: they follow its theme, its width, and the pointer."""

from pathlib import Path

import streamlit as st

from fmnist_core.figures.architectures.svg import for_paper
from fmnist_core.figures.words import without_markup

_HERE = Path(__file__).parent
_DRAWING = st.components.v2.component(
    "architecture_drawing",
    html='\n<figure role="img"></figure>\n',
    css=(_HERE / "drawing.css").read_text(encoding="utf-8"),
    js=(_HERE / "drawing.js").read_text(encoding="utf-8"),
)


def show_drawing(drawings: tuple[str, ...], *, says: str, key: str) -> None:
    """Draws an SVG of `fmnist_core.figures`, which escapes every word; nothing without one.

    Args:
        drawings: the same picture laid out for ever narrower screens, widest first.
        says: what it shows, for those who cannot see it.
        key: of the element.
    """
    if drawings:
        _DRAWING(data={"drawings": list(drawings), "label": without_markup(says)}, key=key)


def download_drawing(drawings: tuple[str, ...], *, name: str) -> None:
    """Draws the button that saves the widest drawing with fixed colours."""
    st.download_button(
        "SVG",
        lambda: for_paper(drawings[0]).encode(),
        file_name=f"{name}.svg",
        mime="image/svg+xml",
        key=f"{name}_svg",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
