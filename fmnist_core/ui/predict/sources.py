"""Where the pictures come from: files, the clipboard, the camera, or samples."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from fmnist_core.ui.components import caveat, empty_state, warning_line
from fmnist_core.ui.predict.kept import forget_if_emptied, keep, show_kept
from fmnist_core.ui.predict.loaders import Given
from fmnist_core.ui.predict.samples import (
    forget_sample,
    named_sample,
    sample_field,
    sample_gallery,
    sample_is_asked_for,
)
from fmnist_core.ui.visits import visit_number

MOST_FILES = 100
_SOURCE = "predict_source"
_LEFT = "predict_left_samples"
_SWITCHES = "predict_source_switches"
_SOURCES = {
    "files": ":material/upload_file: Files",
    "paste": ":material/content_paste: Paste",
    "camera": ":material/photo_camera: Camera",
    "samples": ":material/checkroom: Samples",
}
_LIMITS = "PNG, JPEG, WebP, BMP or GIF, at most 8 MB and 12 megapixels each."
_ENDINGS = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def choose_pictures() -> list[Given]:
    """Draws the ways to give pictures, and returns those that were given."""
    left = st.session_state.pop(_LEFT, False)  # the address still names the sample in that run
    if sample_is_asked_for() and not left:
        st.session_state[_SOURCE] = "samples"  # also where a link leads here a second time
    st.session_state.setdefault(_SOURCE, "files")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        source = st.segmented_control(
            "Pictures from",
            list(_SOURCES),
            format_func=lambda name: _SOURCES[name],
            key=_SOURCE,
            persist_state="session",
            required=True,
            wrap=True,
            on_change=_change_source,
        )
        sample_field(choose_source=_SOURCE)
    match source:
        case "paste":
            return _pasted()
        case "camera":
            return _photographed()
        case "samples":
            given = named_sample()
            with st.expander("Other samples", icon=":material/checkroom:", expanded=not given):
                sample_gallery(choose_source=_SOURCE)
            return given
        case _:
            return _uploaded()


def _change_source() -> None:
    st.session_state[_SWITCHES] = st.session_state.get(_SWITCHES, 0) + 1
    if st.session_state[_SOURCE] != "samples":
        forget_sample()
        st.session_state[_LEFT] = True


def offer_samples() -> None:
    """Says that there is no picture yet, and offers the samples."""
    empty_state(
        "No picture yet.",
        "Give one above: a shop picture, or a photograph of one garment on a plain background. "
        "Or try one of these.",
        icon=":material/checkroom:",
    )
    if st.session_state.get(_SOURCE) != "samples":
        sample_gallery(choose_source=_SOURCE)


def _field_key(source: str) -> str:
    """Returns the key of a field for files, another one each time the field comes into sight.

    A fragment that looks around by itself (`jobs_notice`) may ask for its run before the browser
    has dropped a field that went out of sight, and names the files in it. Streamlit then holds them
    for a field of that key, which stands empty on the page.
    """
    return f"predict_{source}_{visit_number()}_{st.session_state.get(_SWITCHES, 0)}"


def _uploaded() -> list[Given]:
    key = _field_key("files")
    files = st.file_uploader(
        f"Pictures: {_LIMITS}",
        accept_multiple_files=True,
        key=key,
        help="They are read in memory, and neither stored nor sent anywhere.",
        on_change=forget_if_emptied,
        args=("files", key),
    )
    return _taken("files", files)


def _pasted() -> list[Given]:
    """Draws the field that takes pictures from the clipboard."""
    caveat(
        "Click into the field, paste (Ctrl+V, or ⌘V) a picture that you copied, and press Enter. "
        + _LIMITS
    )
    sent = st.chat_input(
        "Paste a picture here, then press Enter",
        accept_file="multiple",
        file_type=_ENDINGS,
        key="predict_paste",
    )
    if sent and not sent.files:
        warning_line("Words are no picture: paste a picture into the field.")
    return _taken("paste", sent.files if sent else [])


def _photographed() -> list[Given]:
    caveat("One garment on a plain background, seen from the front. Nothing is stored.")
    key = _field_key("camera")
    photograph = st.camera_input(
        "Photograph",
        key=key,
        width=480,
        on_change=forget_if_emptied,
        args=("camera", key),
    )
    return _taken("camera", [photograph] if photograph else [])


def _taken(source: str, files: Sequence[Any]) -> list[Given]:
    """Returns the pictures in a field; where it is empty, those that it held before."""
    if len(files) > MOST_FILES:
        warning_line(f"At most {MOST_FILES} files are read at once. Received: {len(files)}.")
    if files:
        return keep(source, [_given(file) for file in files[:MOST_FILES]])
    return show_kept(source)


def _given(file: Any) -> Given:
    from fmnist_core.inference.files.decode import clean_name  # noqa: PLC0415  # no other page needs it

    return Given(clean_name(file.name), file.getvalue())
