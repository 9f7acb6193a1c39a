"""Links that choose runs or an image where they lead to: ``?choose=ID,ID``, ``?show=NUMBER``.

``?runs=`` and ``?image=`` do so only when the app is opened: on the way from one page to the next,
the text fields in the sidebar keep what they hold and Streamlit puts that into the address.
"""

from collections.abc import Iterable

import streamlit as st

from fmnist_core.ui.address import keep
from fmnist_core.ui.selection import IMAGE, choose_runs

_CHOOSE, _SHOW = "choose", "show"


def choosing(run_ids: Iterable[str]) -> dict[str, str]:
    """Returns the `query_params` of an `st.page_link` that chooses these runs."""
    return {_CHOOSE: ",".join(run_ids)}


def showing(image: str) -> dict[str, str]:
    """Returns the `query_params` of an `st.page_link` that chooses this image, or this drawing."""
    return {_SHOW: image}


def follow_link() -> None:
    """Chooses what a link asked for, once; before the fields of the selection are drawn.

    From there on they stand in the address as every choice does.
    """
    wanted = st.query_params.get(_CHOOSE)
    if wanted is not None:
        choose_runs(wanted.split(","))
        del st.query_params[_CHOOSE]
    image = st.query_params.get(_SHOW)
    if image is not None:
        keep(IMAGE, image)
        del st.query_params[_SHOW]
