"""The builder: a layer text that the reader changes, and what it amounts to while typing."""

import pandas as pd
import streamlit as st

from fmnist_core.errors import LayerTextError
from fmnist_core.figures.architectures.facts import insight
from fmnist_core.figures.architectures.grammar import (
    KIND_COLUMNS,
    WORD_COLUMNS,
    kinds_frame,
    words_frame,
)
from fmnist_core.figures.architectures.table import LINE_COLUMNS, line_frame, without_empty
from fmnist_core.figures.table import Column
from fmnist_core.ui.address import address_field
from fmnist_core.ui.architectures import draft as drafts
from fmnist_core.ui.architectures import loaders as loaders
from fmnist_core.ui.architectures.address import LAYERS
from fmnist_core.ui.architectures.choice import Choice
from fmnist_core.ui.architectures.drawing import show_drawing
from fmnist_core.ui.architectures.editor import layer_editor
from fmnist_core.ui.architectures.link import to_link
from fmnist_core.ui.architectures.templates import TEMPLATES
from fmnist_core.ui.architectures.totals import show_totals
from fmnist_core.ui.components import (
    caveat,
    choice_by_typing,
    error_line,
    show_table,
    takeaway,
    warning_line,
)

_TEMPLATE = "builder_template"
_READABLE = "builder_readable"  # the last text that could be read
_FILE = "my_network.txt"


@st.fragment
def show_builder(choice: Choice) -> None:
    """Draws the editor beside totals and table; only this part runs again while typing."""
    chosen = (choice.layers or next(iter(TEMPLATES.values()))).strip("\n")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        starts = st.container(horizontal=True, vertical_alignment="bottom", width="content")
        # Drawn before it is read, and here: a fragment can only write the fields that it holds.
        with choice_by_typing():
            address_field(LAYERS, "Layers, packed", placeholder="those of the chosen architecture")
    text = drafts.draft(chosen)
    with starts:
        show_starts({choice.title: chosen, **TEMPLATES} if choice.layers else TEMPLATES)
    network, error = read_layers(text)
    st.session_state[_READABLE] = text if network else st.session_state.get(_READABLE, chosen)
    shown = network or loaders.network(st.session_state[_READABLE])
    left, right = st.columns([2, 3], gap="large")
    with left:
        layer_editor(text, revision=drafts.revision(), error=error, on_text=drafts.write)
        _say_what_is_kept(text)
    with right:
        show_verdict(text, network, error)
        if error:
            st.caption(":material/history: Numbers of the last text that could be read:")
        before = loaders.network(chosen).summary if choice.layers else None
        show_totals(shown.summary, before=before, before_name=choice.title)
        takeaway(insight(shown.summary))
        says = "Outputs of the network in the editor, to scale."
        show_drawing(loaders.drawings(shown.layers).volumes, says=says, key="built_volumes")
    show_lines(shown)
    if network and not network.trouble:
        _show_what_next(text, trainable=not network.untrainable)
    _show_grammar()


def show_starts(texts: dict[str, str]) -> None:
    """Draws the choice of a text to start from."""
    st.selectbox("Start from", list(texts), key=_TEMPLATE, width=360)
    st.button(
        "Start",
        icon=":material/restart_alt:",
        key="builder_load",
        on_click=lambda: drafts.start_from(texts[st.session_state[_TEMPLATE]]),
        help="Puts this text into the editor. Your own one can be brought back.",
    )
    if replaced := drafts.replaced():
        st.button(
            "Bring my text back",
            icon=":material/undo:",
            key="builder_undo",
            on_click=drafts.bring_back,
            help=f"The latest of {len(replaced)}; press again for the one before it."
            if len(replaced) > 1
            else None,
        )


def read_layers(text: str) -> tuple[loaders.Network | None, LayerTextError | None]:
    """Returns a layer text in numbers, or why it cannot be read."""
    try:
        return loaders.network(text), None
    except LayerTextError as error:
        return None, error


def show_verdict(text: str, network: loaders.Network | None, error: LayerTextError | None) -> None:
    """Says whether the text can be read, and trained; quotes the line that cannot."""
    if error:
        error_line(str(error))
        lines = text.splitlines()
        if 0 < error.line <= len(lines):
            st.code(f"{error.line}: {lines[error.line - 1]}", language=None)
    elif network and network.untrainable:
        warning_line(f"This can be counted, but not trained: {network.untrainable}")
    else:
        st.success("This network can be trained.", icon=":material/check_circle:")


def _say_what_is_kept(text: str) -> None:
    if to_link(text):
        caveat("The numbers follow while you type. The address holds the text: share or keep it.")
    else:
        caveat("The numbers follow while you type. The text is too long for the address: save it.")


def show_lines(shown: loaders.Network) -> None:
    """Draws the table of the lines in the editor."""
    frame = line_frame(shown.summary, shown.steps)
    show_table(
        frame,
        without_empty(LINE_COLUMNS, frame),
        name="my_network",
        alt="Lines of the network in the editor with shapes, parameters and work",
    )


def _show_what_next(text: str, *, trainable: bool) -> None:
    """Offers to train it here or from a terminal, the text as a file, and its Keras code."""
    if trainable:
        st.page_link(
            "pages/train.py",
            label="Train it",
            icon=":material/model_training:",
            query_params={"train": "custom", LAYERS: to_link(text)},
        )
        st.markdown("Or from a terminal, once the text is saved:")
        st.code(f"python -m fmnist_core train custom --layers {_FILE}", language=None)
    with st.container(horizontal=True):
        st.download_button(
            "Layer text",
            text,
            file_name=_FILE,
            mime="text/plain",
            key="builder_save",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Keras code",
            lambda: loaders.source_code(text, "My network").encode(),
            file_name="my_network.py",
            mime="text/x-python",
            key="builder_code",
            icon=":material/code:",
            on_click="ignore",
        )


def _show_grammar() -> None:
    with st.expander("All layers and their options", icon=":material/menu_book:"):
        st.markdown(
            "One layer a line; `#` starts a comment; two more spaces put a line inside the block "
            "above it. Words in capitals stand for a value, words in brackets may be left out."
        )
        _show_words(kinds_frame(), KIND_COLUMNS, "Every kind of layer, and how it is written")
        _show_words(words_frame(), WORD_COLUMNS, "Every word in capitals, and what it stands for")


def _show_words(frame: pd.DataFrame, columns: dict[str, Column], about: str) -> None:
    """Draws a table whose lines wrap; words of the layer text stand in code type."""
    quoted = [name for name in ("write", "example", "word") if name in columns]
    shown = frame.assign(**{name: "`" + frame[name] + "`" for name in quoted})
    st.table(
        shown.rename(columns={name: column.label for name, column in columns.items()}),
        border="horizontal",
        hide_index=True,
        alt=about,
    )
