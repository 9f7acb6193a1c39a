"""What is to be trained: one network of the catalogue, the reader's own layers, or several."""

from collections.abc import Iterable
from typing import cast

import streamlit as st

from fmnist_core.errors import UnknownNameError
from fmnist_core.evaluation.recipe_words import OPTIMIZER_TITLES
from fmnist_core.recipes import OPTIMIZERS
from fmnist_core.ui.address import address_field
from fmnist_core.ui.architectures import draft as drafts
from fmnist_core.ui.architectures.address import ARCHITECTURE, LAYERS, VARIANT
from fmnist_core.ui.architectures.builder import read_layers, show_lines, show_starts, show_verdict
from fmnist_core.ui.architectures.editor import layer_editor
from fmnist_core.ui.architectures.templates import TEMPLATES
from fmnist_core.ui.components import caveat, choice_by_typing, error_line
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.train.form_fields import problem_line
from fmnist_core.ui.train.form_outlook import Candidate, candidates, catalogue, problem_of
from fmnist_core.ui.train.form_state import (
    CUSTOM,
    FIRST_TRAINED,
    TRAIN,
    Mode,
    change_form,
    current_form,
    follow_address,
)
from fmnist_core.ui.unknown_choice import asked_in_vain

FORM_PLACE = "train_form_top"  # key of the container that the form begins with

_MODES: dict[Mode, str] = {
    "one": "From the catalogue",
    "own": "My own layers",
    "several": "Several at once",
}
_LEARNING_RATES = ("0.1", "0.03", "0.01", "0.003", "0.001", "0.0003", "0.0001")


def choose_mode() -> dict[str, Candidate]:
    """Draws where the network comes from; returns all that can be trained, by key."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        place = st.container(width="content", key=FORM_PLACE)
        # Drawn before they are read: the reader sees them last.
        with choice_by_typing():
            st.caption("What is trained, as it stands in the address. Paste an id to choose it.")
            address_field(TRAIN, "Architecture ids", placeholder="id, id.reading, or custom")
            address_field(LAYERS, "Own layers, packed", placeholder="none")
        unknown = follow_address()
        known = candidates(_own_layers())
        mode = current_form().mode
        place.segmented_control(
            "What to train",
            list(_MODES),
            default=mode,
            format_func=lambda mode: _MODES.get(cast(Mode, mode), str(mode)),
            required=True,
            wrap=True,
            **mirrored("train_mode", mode, _choose_mode),
        )
    if unknown:
        wrong = UnknownNameError("architecture", unknown, known)
        error_line(asked_in_vain(TRAIN, unknown, wrong))
    return known


def choose_networks(known: dict[str, Candidate]) -> list[Candidate]:
    """Draws the choice of the networks themselves and returns them."""
    match current_form().mode:
        case "one":
            return [_choose_one(known)]
        case "own":
            _show_editor(known)
            return [known[CUSTOM]]
        case "several":
            return _choose_several(known)


def show_own_table(own: Candidate) -> None:
    """Draws the table of the reader's own layers, where they can be read."""
    network, _ = read_layers(own.layers)
    if network:
        show_lines(network)


def _choose_mode(mode: Mode) -> None:
    form = current_form()
    if mode == "several" and not form.picks:
        change_form(mode=mode, picks=(CUSTOM if form.mode == "own" else form.pick,))
    else:
        change_form(mode=mode)


def _choose_one(known: dict[str, Candidate]) -> Candidate:
    names = [key for key in known if key != CUSTOM]
    pick = current_form().pick if current_form().pick in names else FIRST_TRAINED
    st.selectbox(
        "Architecture",
        names,
        names.index(pick),
        format_func=lambda key: known[key].title if key in known else str(key),
        help="Type a part of its name. A name with a comma is another reading of the same network.",
        **mirrored("train_pick", pick, lambda key: change_form(pick=key)),
    )
    chosen = known[pick]
    st.page_link(
        "pages/architectures.py",
        label="What is inside it",
        icon=":material/account_tree:",
        query_params={ARCHITECTURE: chosen.architecture, VARIANT: chosen.variant or ""},
    )
    return chosen


def _choose_several(known: dict[str, Candidate]) -> list[Candidate]:
    form = current_form()
    picks = [key for key in form.picks if key in known]
    st.multiselect(
        "Architectures",
        list(known),
        picks,
        format_func=lambda key: known[key].title if key in known else str(key),
        select_all=False,
        wrap=True,
        placeholder="Choose by name",
        **mirrored("train_picks", picks, lambda keys: change_form(picks=tuple(keys))),
    )
    left, right = st.columns(2, gap="medium")
    with left:
        optimizers = list(form.optimizers)
        st.multiselect(
            "Optimizers, one job for each",
            OPTIMIZERS,
            optimizers,
            format_func=lambda name: OPTIMIZER_TITLES.get(name, str(name)),
            select_all=False,
            placeholder="that of each source",
            **mirrored(
                "train_optimizers", optimizers, lambda names: change_form(optimizers=tuple(names))
            ),
        )
    with right:
        rates = list(form.learning_rates)
        st.multiselect(
            "Learning rates, one job for each",
            list(dict.fromkeys((*_LEARNING_RATES, *rates))),
            rates,
            accept_new_options=True,
            select_all=False,
            placeholder="that of each source; type others",
            **mirrored(
                "train_learning_rates",
                rates,
                lambda typed: change_form(learning_rates=_distinct(typed)),
            ),
        )
        for rate in rates:
            problem_line(problem_of("learning_rate", rate))
    return [known[key] for key in picks]


def _distinct(rates: Iterable[str]) -> tuple[str, ...]:
    """Returns the rates as typed, each number once: "0.1" and "1e-1" are one job."""
    numbers: dict[object, str] = {}
    for rate in rates:
        try:
            numbers.setdefault(float(rate), rate)
        except ValueError:  # said below the field
            numbers.setdefault(rate, rate)
    return tuple(numbers.values())


def _show_editor(known: dict[str, Candidate]) -> None:
    """Draws the editor that the builder has too, over the same text."""
    text = known[CUSTOM].layers
    network, error = read_layers(text)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        show_starts({_picked().title: _picked().layers} | TEMPLATES)
    layer_editor(text, revision=drafts.revision(), error=error, on_text=drafts.write)
    show_verdict(text, network, error)
    caveat("The text of the builder on the Architectures page: a change here is a change there.")


def _own_layers() -> str | None:
    """Returns the reader's own text; that of the picked network is none, where it is not edited."""
    text = drafts.draft(_picked().layers)
    return text if current_form().mode == "own" or text != _picked().layers else None


def _picked() -> Candidate:
    return catalogue()[current_form().pick]
