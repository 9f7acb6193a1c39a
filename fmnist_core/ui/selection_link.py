"""Links that choose runs on the page they lead to: ``?choose=ID,ID``.

``?runs=`` does so only when the app is opened: on the way from one page to the next, the text field
in the sidebar keeps what it holds and Streamlit puts that into the address.
"""

from collections.abc import Iterable

import streamlit as st

from fmnist_core.ui.selection import choose_runs

_CHOOSE = "choose"


def choosing(run_ids: Iterable[str]) -> dict[str, str]:
    """Returns the `query_params` of an `st.page_link` that chooses these runs."""
    return {_CHOOSE: ",".join(run_ids)}


def follow_link() -> None:
    """Chooses the runs that a link asked for, once; before the fields of the selection are drawn.

    From there on they stand in the address as every choice does.
    """
    wanted = st.query_params.get(_CHOOSE)
    if wanted is not None:
        choose_runs(wanted.split(","))
        del st.query_params[_CHOOSE]
