"""A text area for layer texts that answers while the reader types.

`st.text_area` reports its text when it loses the focus, or on Ctrl+Enter; this one does so after a
quarter of a second without a key, numbers its lines, and marks the one that cannot be read.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fmnist_core.errors import LayerTextError
from fmnist_core.figures.architectures.grammar import snippets

_HERE = Path(__file__).parent
_EDITOR = st.components.v2.component(
    "architecture_editor",
    html=(_HERE / "editor.html").read_text(encoding="utf-8"),
    css=(_HERE / "editor.css").read_text(encoding="utf-8"),
    js=(_HERE / "editor.js").read_text(encoding="utf-8"),
)
_KEY = "layer_editor"


def layer_editor(
    text: str, *, revision: int, error: LayerTextError | None, on_text: Callable[[str], None]
) -> None:
    """Draws the editor.

    Args:
        text: what it shows when `revision` is one that it has not shown yet.
        revision: to be raised when the text comes from elsewhere than the reader's keys.
        error: the line that cannot be read, if there is one.
        on_text: called with the new text, before the page runs again.
    """

    def report() -> None:
        on_text(str(st.session_state[_KEY]["text"]))

    _EDITOR(
        key=_KEY,
        data={
            "label": "Layers, one a line",
            "text": text,
            "revision": revision,
            "line": error.line if error else 0,
            "problem": str(error) if error else "",
            "snippets": snippets(),
        },
        on_text_change=report,
    )
