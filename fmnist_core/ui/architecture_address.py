"""What the Architectures page keeps in the address: ids, and the builder's layers.

Text fields hold it. A widget is the only state that Streamlit keeps in the address without adding a
step to the browser's history for each change, and a select box would write its labels there and
drop an unknown id without a word.
"""

import streamlit as st

from fmnist_core.ui.components import choice_by_typing

ARCHITECTURE, VARIANT, BESIDE = "arch", "variant", "beside"
VIEW, LAYERS = "view", "layers"


def choice_fields() -> None:
    """Draws the fields that hold the choice of networks; before anything reads it."""
    with choice_by_typing():
        st.caption("The choice as it stands in the address. Paste an id to go there.")
        address_field(ARCHITECTURE, "Architecture id")
        address_field(VARIANT, "Reading id", placeholder="as catalogued")
        address_field(BESIDE, "Id of the one beside it", placeholder="id, or id.reading")


def address_field(key: str, label: str, *, placeholder: str = "") -> None:
    """Draws a text field whose text is a parameter of the address, kept while on other pages."""
    st.text_input(
        label, key=key, bind="query-params", persist_state="session", placeholder=placeholder
    )


def kept(key: str) -> str:
    """Returns the text of a field that has been drawn; it may be what nobody expects."""
    return str(st.session_state.get(key) or "").strip()


def keep(key: str, text: str) -> None:
    """Puts a text into a field; to be called in the callback of a widget."""
    st.session_state[key] = text
