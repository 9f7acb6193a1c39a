"""Which network and which image the Learn page is about, and small choices within its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist_core.architectures.graph import LayerRow
from fmnist_core.data import CLASS_NAMES, known_labels, load_image
from fmnist_core.data.dataset import TRAIN_COUNT
from fmnist_core.errors import FmnistError
from fmnist_core.figures.pictures import tile_png
from fmnist_core.figures.words import escaped
from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.inference.layer_outputs import COMPUTED, Trace
from fmnist_core.runs.arrays import Floats
from fmnist_core.ui.address import address_field, keep, kept
from fmnist_core.ui.components import (
    caveat,
    choice_by_typing,
    empty_state,
    error_line,
    warning_line,
)
from fmnist_core.ui.image_choice import chosen_image
from fmnist_core.ui.learn.loaders import layer_words, traced
from fmnist_core.ui.loaders import Leaderboard, data_is_found, run_record
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.predict.loaders import see
from fmnist_core.ui.predict.samples import named_sample, sample_field, sample_gallery
from fmnist_core.ui.selection import chosen_runs, split_known

NETWORK = "network"
FIRST_ARCHITECTURE = "awasthi_enhanced"  # it has every kind of layer that the figures show
_SOURCE = "learn_source"  # there is one: samples
_TILE = 72
_MOST_OFFERED = 3


@dataclass(frozen=True, eq=False)
class Lesson:
    """What the figures are about.

    Attributes:
        run_id: of the network.
        labels: run id -> the name it has on every page, for the runs with weights.
        image: uint8 (28, 28), light on dark.
        trace: that image on its way through the network; `None` where the run cannot be used.
    """

    run_id: str
    labels: dict[str, str]
    image: NDArray[np.uint8]
    trace: Trace | None

    @property
    def label(self) -> str:
        """The network's name, safe in Markdown."""
        return escaped(self.labels[self.run_id])

    @property
    def scaled(self) -> Floats:
        """The image as float32 (28, 28) in [0, 1]."""
        return self.image.astype(np.float32) / np.float32(255)

    @property
    def standardised(self) -> tuple[float, float]:
        """Mean and deviation that its recipe takes off the pixels; (0, 1) where it does not."""
        recipe = run_record(self.run_id).recipe
        return (recipe.pixel_mean, recipe.pixel_std) if recipe else (0.0, 1.0)


def choose_lesson(board: Leaderboard) -> Lesson | None:
    """Draws the choice of network and image, and what the network says; `None` without either."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        pickers = st.container(horizontal=True, width="content")
        sample_field(choose_source=_SOURCE)
        with st.popover("Drawings", icon=":material/gesture:"):
            sample_gallery(choose_source=_SOURCE)
        with choice_by_typing():
            address_field(NETWORK, "Run id of the network")
        with pickers:
            run_id = _network(board)
    seen = _picture()
    if run_id is None or seen is None:
        return None
    image, name = seen
    labels = {name: board.labels[name] for name in _with_weights(board)}
    lesson = Lesson(run_id, labels, image, _trace(run_id, image))
    _show_answer(lesson, name)
    return lesson


def offer_other_runs(lesson: Lesson, words: Sequence[str], what: str) -> None:
    """Says why this network cannot serve here, and offers runs with one of these kinds of layer.

    Args:
        lesson: what the page is about.
        words: kinds of layer, of which any will do.
        what: what the network lacks: "a convolution that reads one channel".
    """
    having = [r for r in lesson.labels if layer_words(r) & set(words)]
    having = [run_id for run_id in having if run_id != lesson.run_id][:_MOST_OFFERED]
    how = "Take one that has it:" if having else "None of the other runs has it either."
    if lesson.trace is None:
        lacks = f"The weights of {lesson.label} cannot be read."
    else:
        lacks = f"{lesson.label} has no such layer."
    empty_state(lacks, f"This figure needs {what}. {how}")
    with st.container(horizontal=True):
        for run_id in having:
            st.button(
                escaped(lesson.labels[run_id]),
                key=f"learn_take_{run_id}",
                on_click=keep,
                args=(NETWORK, run_id),
            )


def whole_number(label: str, key: str, low: int, high: int, first: int, help_: str = "") -> int:
    """Draws a field for a whole number; one that another network left too large is brought down."""
    held = st.session_state.get(key)
    st.session_state[key] = min(max(first if held is None else int(held), low), high)
    return int(st.number_input(label, low, high, key=key, step=1, width=150, help=help_ or None))


def pick_layer(label: str, key: str, rows: Sequence[LayerRow]) -> LayerRow:
    """Draws the choice of one layer; the first where the one chosen before is not among them."""
    by_name = {row.name: row for row in rows}
    if st.session_state.get(key) not in by_name:
        st.session_state[key] = rows[0].name
    name = st.selectbox(
        label,
        list(by_name),
        format_func=lambda n: f"{n}: {by_name[n].text}" if n in by_name else n,
        key=key,
        width=330,
    )
    return by_name[name]


def _network(board: Leaderboard) -> str | None:
    """Draws the choice of network: the chosen runs first, then all others."""
    chosen, _ = split_known(chosen_runs(), board.labels)
    stored = _with_weights(board)
    chosen = [run_id for run_id in chosen if run_id in set(stored)]
    options = list(dict.fromkeys([*chosen, *stored]))
    if not options:
        empty_state(
            "No run with weights yet.", "Train a network: it is shown here when it is done."
        )
        return None
    asked, wrong = split_known([kept(NETWORK)] if kept(NETWORK) else [], options)
    for line in wrong:
        warning_line(line)
    first = next((r for r in options if r.startswith(f"{FIRST_ARCHITECTURE}-")), options[0])
    current = asked[0] if asked else chosen[0] if chosen else first
    st.selectbox(
        "Network",
        options,
        options.index(current),
        format_func=lambda run_id: board.labels.get(run_id, run_id),
        width=380,
        **mirrored("learn_network_picker", current, partial(keep, NETWORK)),
    )
    return current


def _with_weights(board: Leaderboard) -> list[str]:
    """Ids of the runs that kept their weights, which are those that kept their model."""
    return list(board.frame.loc[board.frame["has_model"], "run_id"])


def _picture() -> tuple[NDArray[np.uint8], str] | None:
    """The image that the field names, and its name; the first test image where it names none."""
    named = named_sample()
    if named and not named[0].official:
        seen = see(named[0], Corrections())
        if isinstance(seen, str):
            error_line(seen)
            return None
        return seen.image, named[0].name
    number = (chosen_image() if named else None) or TRAIN_COUNT
    if not data_is_found():
        empty_state(
            "No image yet.",
            "Take one of the drawings above. Once the data set is here, its test images can be "
            "chosen as well.",
            "python -m fmnist_core data fetch",
            icon=":material/image:",
        )
        return None
    try:
        image = load_image(number)
    except FmnistError as error:
        error_line(str(error))
        return None
    return image, f"Test image {number}, class {CLASS_NAMES[known_labels()[number]]}"


def _trace(run_id: str, image: NDArray[np.uint8]) -> Trace | None:
    try:
        return traced(run_id, image)
    except FmnistError as error:
        error_line(str(error))
        return None


def _show_answer(lesson: Lesson, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(tile_png(lesson.image, _TILE), width=_TILE, alt=name)
        st.markdown(f"{escaped(name)}. {_answer(lesson)}", width="stretch")
    unknown = lesson.trace.unknown if lesson.trace else None
    if unknown:
        why = "is too large to" if unknown.type in COMPUTED else "cannot"
        caveat(
            f"The layer {unknown.name} {why} be computed on this page: the layers before it are "
            "shown. Choose another network to see one to its end."
        )


def _answer(lesson: Lesson) -> str:
    if lesson.trace is None:
        return "What needs no network is shown below; for the rest, choose another."
    if lesson.trace.unknown:
        return ""
    probabilities = lesson.trace.after(lesson.trace.rows[-1])
    best = int(probabilities.argmax())
    return f"{lesson.label} says **{CLASS_NAMES[best]}**, {100 * probabilities[best]:.1f} %."
