"""Text fields whose text is a parameter of the address: what the reader chose, on every page.

A widget is the only state that Streamlit keeps in the address without adding a step to the
browser's history for each change, and a select box would write its labels there and drop an unknown
id without a word. The boxes on the pages follow these fields.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

_DRAWING = "address_drawing"  # whether the whole page is being drawn
_PUT = "address_put"  # key -> what was last put into its field


@dataclass
class _Put:
    """A text put into a field, and that of before: a browser that has not heard still sends it."""

    text: str
    before: str
    drawn: bool = False


def address_field(key: str, label: str, *, placeholder: str = "", meaning: str = "") -> None:
    """Draws a text field whose text is a parameter of the address, kept while on other pages."""
    _restore(key, drawn=False)
    text = st.text_input(
        label,
        key=key,
        bind="query-params",
        persist_state="session",
        placeholder=placeholder,
        help=meaning or None,
    )
    put: _Put | None = st.session_state.get(_PUT, {}).get(key)
    if put and put.text == text:
        put.drawn = True
    elif put:
        del st.session_state[_PUT][key]  # the reader wrote something else there


def kept(key: str) -> str:
    """Returns the text of a field that has been drawn; it may be what nobody expects."""
    return str(st.session_state.get(key) or "").strip()


def keep(key: str, text: str) -> None:
    """Puts a text into a field; in the callback of a widget, or before the field is drawn."""
    before = str(st.session_state.get(key) or "")
    if text != before:
        st.session_state.setdefault(_PUT, {})[key] = _Put(text, before)
    st.session_state[key] = text


@contextlib.contextmanager
def drawing_page() -> Iterator[None]:
    """Tells a run of the whole page from one of a fragment; `restore_address` has to know."""
    st.session_state[_DRAWING] = True
    try:
        yield
    finally:
        st.session_state[_DRAWING] = False


def restore_address() -> None:
    """Undoes what a look for news has brought back; to be called first in a fragment with a timer.

    With each such look the browser sends every field, also in the moment in which it has not heard
    yet that another text was put there. What a reader writes comes with a run of its own.
    """
    for key in st.session_state.get(_PUT, {}):
        _restore(key, drawn=not st.session_state.get(_DRAWING))


def _restore(key: str, *, drawn: bool) -> None:
    """Puts a text into its field again where the one of before has come back.

    Args:
        drawn: whether also where the text was drawn since: before, no browser can have heard of it.
    """
    put: _Put | None = st.session_state.get(_PUT, {}).get(key)
    if put and (drawn or not put.drawn) and st.session_state.get(key) == put.before:
        st.session_state[key] = put.text
