"""What the Classes page keeps in the address, and the widgets that choose it.

A class, a view or a switch is a bound widget. Ids of runs and the number of an image are text
fields, for a select box would write the runs' labels there; the boxes that show them follow.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.ui.architecture_address import address_field, keep, kept
from fmnist_core.ui.components import choice_by_typing
from fmnist_core.ui.selection import CLASS, choose_baseline, chosen_baseline

VIEWS = {
    "scores": "Scores",
    "confusions": "Confusions",
    "flips": "Fixed and broken",
    "hard": "Hard images",
    "suspects": "Suspected labels",
}
SAID, NETWORK, RUN_B = "said", "network", "run_b"
_SHOWN_CLASS = "class_shown"
_SHOWN_A, _SHOWN_B, _SHOWN_NETWORK = "classes_a", "classes_b", "classes_network"
_ANY = "any"


def choice_fields() -> None:
    """Draws the fields that hold ids; before anything reads them."""
    with choice_by_typing():
        st.caption("The choice as it stands in the address. Run A is the baseline.")
        address_field(RUN_B, "Id of run B", placeholder="the first that is not A")
        address_field(NETWORK, "Id of the network whose cell is open")


def pair_pickers(run_ids: Sequence[str], labels: Mapping[str, str]) -> tuple[str, str]:
    """Draws the choice of run A, which is the baseline, and of run B; returns their ids.

    Args:
        run_ids: two or more.
    """
    a, b = chosen_pair(run_ids)
    st.session_state[_SHOWN_A], st.session_state[_SHOWN_B] = a, b
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            "Run A, the baseline",
            run_ids,
            format_func=lambda run_id: labels[run_id],
            key=_SHOWN_A,
            on_change=_take_a,
            args=(a, b),
            width=360,
        )
        st.selectbox(
            "Run B",
            [run_id for run_id in run_ids if run_id != a],
            format_func=lambda run_id: labels[run_id],
            key=_SHOWN_B,
            on_change=lambda: keep(RUN_B, st.session_state[_SHOWN_B]),
            width=360,
        )
        st.button(
            "Swap", icon=":material/swap_horiz:", key="classes_swap", on_click=_put, args=(b, a)
        )
    return a, b


def chosen_pair(run_ids: Sequence[str]) -> tuple[str, str]:
    """Returns run A and run B: those of the address where they are chosen, else the first two."""
    a = chosen_baseline() if chosen_baseline() in run_ids else run_ids[0]
    others = [run_id for run_id in run_ids if run_id != a]
    return a, kept(RUN_B) if kept(RUN_B) in others else others[0]


def _take_a(a: str, b: str) -> None:
    wanted = st.session_state[_SHOWN_A]
    _put(wanted, a if wanted == b else b)


def _put(a: str, b: str) -> None:
    choose_baseline(a)
    keep(RUN_B, b)


def network_picker(run_ids: Sequence[str], labels: Mapping[str, str]) -> str:
    """Draws the choice of the network whose images are shown; the first where none is chosen."""
    network = kept(NETWORK) if kept(NETWORK) in run_ids else run_ids[0]
    st.session_state[_SHOWN_NETWORK] = network
    st.selectbox(
        "Network",
        run_ids,
        format_func=lambda run_id: labels[run_id],
        key=_SHOWN_NETWORK,
        on_change=lambda: keep(NETWORK, st.session_state[_SHOWN_NETWORK]),
        width=320,
    )
    return network


def class_picker(label: str = "Class", *, nothing: str = "–") -> int | None:
    """Draws the choice of the class that stays from page to page; `None` for no class.

    Args:
        label: what the class is to the page.
        nothing: what the first option, no class, is called.
    """
    st.session_state[_SHOWN_CLASS] = kept(CLASS) if kept(CLASS) in CLASS_NAMES else _ANY
    st.selectbox(
        label,
        [_ANY, *CLASS_NAMES],
        format_func=lambda name: nothing if name == _ANY else name,
        key=_SHOWN_CLASS,
        on_change=_take_class,
        width=180,
    )
    return CLASS_NAMES.index(kept(CLASS)) if kept(CLASS) in CLASS_NAMES else None


def _take_class() -> None:
    shown = st.session_state[_SHOWN_CLASS]
    keep(CLASS, "" if shown == _ANY else shown)


def said_picker(label: str) -> int | None:
    """Draws the choice of the class that images are taken for; `None` for no class."""
    chosen = st.selectbox(
        label,
        [_ANY, *CLASS_NAMES],
        format_func=lambda name: "–" if name == _ANY else name,
        key=SAID,
        bind="query-params",
        persist_state="session",
        width=180,
    )
    return CLASS_NAMES.index(chosen) if chosen in CLASS_NAMES else None
