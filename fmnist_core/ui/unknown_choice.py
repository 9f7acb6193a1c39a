"""What an address asks of a choice that does not have it: Streamlit drops it without a word."""

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from fmnist_core.errors import UnknownNameError

_LINES = "unknown_choices"  # key -> what to say of the address that it was first drawn with
_LONGEST_SHOWN = 80


def asked_in_vain(key: str, name: str, error: UnknownNameError) -> str:
    """Returns the line on a parameter of the address that names nothing there is."""
    return f"The address asks for {key}={name[:_LONGEST_SHOWN]}: {error}"


def forget_other_pages() -> None:
    """Drops what was said on another page; to be called where a page is entered."""
    st.session_state[_LINES] = dict.fromkeys(st.session_state.get(_LINES, {}), ())


def unknown_choices(key: str, titles: Iterable[str], default: Any) -> Sequence[str]:
    """Returns a line for each title that the address asks for in vain, until the reader chooses.

    To be called before the widget is drawn, which takes its parameter off the address.

    Args:
        key: the widget's key and its parameter.
        titles: its options as the reader sees them, which are what stands in the address.
        default: its value where nothing is chosen.
    """
    lines: dict[str, Sequence[str]] = st.session_state.setdefault(_LINES, {})
    if key not in lines:
        known = set(titles)
        unknown = [name for name in st.query_params.get_all(key) if name and name not in known]
        lines[key] = [
            asked_in_vain(key, name, UnknownNameError(key, name[:_LONGEST_SHOWN], known))
            for name in unknown
        ]
    elif st.session_state.get(key) != default:
        lines[key] = ()
    return lines[key]
