"""The builder's text: where it comes from, and that what a reader wrote is not lost."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import LayerTextError
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.architectures.address import LAYERS
from fmnist_core.ui.architectures.link import from_link, to_link
from fmnist_core.ui.components import error_line

# Keys of the session state.
_TEXT = "builder_text"
_START = "builder_start"  # the text that the reader began from; empty when it is their own
_FOLLOWED = "builder_followed"  # the chosen architecture's text, when last drawn
_REPLACED = "builder_replaced"  # the reader's own texts, while others stand in their place
_REVISION = "builder_revision"
_LINK = "builder_link"  # what the address held when last read or written


def draft(chosen: str) -> str:
    """Returns the text in the editor, after taking what the address and the page bring.

    It is the chosen architecture's, and another one's once that is chosen, until the reader writes.

    Args:
        chosen: layer text of the chosen architecture.
    """
    _take_link()
    state = st.session_state
    followed = state.get(_FOLLOWED)
    state[_FOLLOWED] = chosen
    if _TEXT not in state or (chosen != followed and state[_TEXT] == followed):
        _put(chosen, [*replaced(), *_written()])
    return str(state[_TEXT])


def revision() -> int:
    """Returns a number that is raised when the text comes from elsewhere than the editor."""
    return int(st.session_state.get(_REVISION, 0))


def replaced() -> tuple[str, ...]:
    """Returns the reader's own texts while others stand in their place, the latest last."""
    return tuple(st.session_state.get(_REPLACED, ()))


def write(text: str) -> None:
    """Takes what the reader typed, in the address too; to be called in a callback."""
    link = "" if text == st.session_state.get(_FOLLOWED) else to_link(text)
    st.session_state[_TEXT], st.session_state[_LINK] = text, link
    keep(LAYERS, link)


def start_from(text: str) -> None:
    """Begins anew from a text; to be called in a callback."""
    _put(text, [*replaced(), *_written()])
    write(text)


def bring_back() -> None:
    """Puts the reader's latest own text back; to be called in a callback.

    One that stands in the editor becomes the first, so that every press brings another.
    """
    *others, text = replaced()
    _put(text, [*_written(), *others], own=True)
    write(text)


def _take_link() -> None:
    """Takes the text that a link, a bookmark or the browser's back button brought."""
    link = kept(LAYERS)
    if link == st.session_state.get(_LINK, ""):
        return
    st.session_state[_LINK] = link
    if not link:
        return
    try:
        _put(from_link(link), [*replaced(), *_written()], own=True)
    except LayerTextError as error:
        error_line(str(error))


def _put(text: str, kept_texts: Sequence[str], *, own: bool = False) -> None:
    """Puts another text into the editor; `own` when the reader wrote it."""
    state = st.session_state
    state[_REPLACED] = [other for other in dict.fromkeys(kept_texts) if other != text]
    state[_START] = "" if own else text
    state[_REVISION] = revision() + 1
    state[_TEXT] = text


def _written() -> list[str]:
    """The text in the editor if the reader wrote it; else nothing."""
    text = st.session_state.get(_TEXT, "")
    return [] if text in ("", st.session_state.get(_START)) else [text]
