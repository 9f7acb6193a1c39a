"""What the Classes page keeps in the address, and the widgets that choose it.

A class, a view or a switch is a bound widget. Ids of runs and the number of an image are text
fields, for a select box would write the runs' labels there; the boxes that show them follow.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from fmnist_core.data import CLASS_NAMES
from fmnist_core.ui.address import address_field, keep, kept
from fmnist_core.ui.components import choice_by_typing, name_unknown_choices
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.selection import CLASS, choose_baseline, chosen_baseline

VIEWS = {
    "scores": "Scores",
    "confusions": "Confusions",
    "flips": "Fixed and broken",
    "hard": "Hard images",
    "suspects": "Suspected labels",
}
SAID, NETWORK, RUN_B = "said", "network", "run_b"
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
    others = [run_id for run_id in run_ids if run_id != a]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.selectbox(
            "Run A, the baseline",
            run_ids,
            run_ids.index(a),
            format_func=lambda run_id: labels[run_id],
            width=360,
            **mirrored("classes_a", a, lambda wanted: _put(wanted, a if wanted == b else b)),
        )
        st.selectbox(
            "Run B",
            others,
            others.index(b),
            format_func=lambda run_id: labels[run_id],
            width=360,
            **mirrored("classes_b", b, partial(keep, RUN_B)),
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


def _put(a: str, b: str) -> None:
    choose_baseline(a)
    keep(RUN_B, b)


def network_picker(run_ids: Sequence[str], labels: Mapping[str, str]) -> str:
    """Draws the choice of the network whose images are shown; the first where none is chosen."""
    network = kept(NETWORK) if kept(NETWORK) in run_ids else run_ids[0]
    st.selectbox(
        "Network",
        run_ids,
        run_ids.index(network),
        format_func=lambda run_id: labels[run_id],
        width=320,
        **mirrored("classes_network", network, partial(keep, NETWORK)),
    )
    return network


def class_picker(label: str = "Class", *, nothing: str = "–") -> int | None:
    """Draws the choice of the class that stays from page to page; `None` for no class.

    Args:
        label: what the class is to the page.
        nothing: what the first option, no class, is called.
    """
    chosen = kept(CLASS) if kept(CLASS) in CLASS_NAMES else _ANY
    options = [_ANY, *CLASS_NAMES]
    st.selectbox(
        label,
        options,
        options.index(chosen),
        format_func=lambda name: nothing if name == _ANY else name,
        width=180,
        **mirrored("class_shown", chosen, lambda name: keep(CLASS, "" if name == _ANY else name)),
    )
    return None if chosen == _ANY else CLASS_NAMES.index(chosen)


def said_picker(label: str) -> int | None:
    """Draws the choice of the class that images are taken for; `None` for no class."""
    name_unknown_choices(SAID, ["–", *CLASS_NAMES], _ANY)
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
