"""Pictures that the reader gave, kept while their field is out of sight and has forgotten them."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist_core.figures.words import escaped
from fmnist_core.ui.predict.loaders import Given

MOST_BYTES = 64_000_000  # of each way to give pictures, in each session
_KEPT = "predict_given"  # way to give pictures -> Kept
_NAMED = 3


@dataclass(frozen=True)
class Kept:
    """Pictures for the way back, and how many more were too large to be kept with them."""

    pictures: tuple[Given, ...]
    left_out: int


def keep(source: str, pictures: Sequence[Given]) -> list[Given]:
    """Keeps pictures in place of those that the same source gave before; returns all of them."""
    room, kept = MOST_BYTES, []
    for given in pictures:
        room -= len(given.data)
        if room < 0:
            break
        kept.append(given)
    all_kept: dict[str, Kept] = st.session_state.get(_KEPT, {})
    st.session_state[_KEPT] = all_kept | {
        source: Kept(tuple(kept), len(pictures) - len(kept)),
    }
    return list(pictures)


def forget(source: str) -> None:
    """Lets the pictures of a source go."""
    all_kept: dict[str, Kept] = st.session_state.get(_KEPT, {})
    st.session_state[_KEPT] = {name: kept for name, kept in all_kept.items() if name != source}


def forget_if_emptied(source: str, key: str) -> None:
    """Lets the pictures of a source go where the reader emptied its field; to be a callback."""
    if not st.session_state[key]:
        forget(source)


def show_kept(source: str) -> list[Given]:
    """Returns what is kept of a source, and says so, with a button that lets it go."""
    kept = st.session_state.get(_KEPT, {}).get(source)
    if kept is None:
        return []
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/history: {kept_words(kept)}", width="content")
        st.button(
            "Remove",
            icon=":material/close:",
            type="tertiary",
            key=f"predict_forget_{source}",
            on_click=forget,
            args=(source,),
        )
    return list(kept.pictures)


def kept_words(kept: Kept) -> str:
    """Returns which pictures are still there, in a sentence or two."""
    names = [escaped(given.name) for given in kept.pictures[:_NAMED]]
    more = len(kept.pictures) - len(names)
    if more:
        names.append(f"{more} more")
    words = f"Still here: {', '.join(names)}." if names else "No picture was kept."
    if kept.left_out:
        were = "picture was" if kept.left_out == 1 else "pictures were"
        words += (
            f" {kept.left_out} {were} let go, since at most {MOST_BYTES / 1e6:.0f} MB are kept: "
            "give them again."
        )
    return words
