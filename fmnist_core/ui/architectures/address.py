"""What the Architectures page keeps in the address: ids, and the builder's layers."""

import streamlit as st

from fmnist_core.ui.address import address_field
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
