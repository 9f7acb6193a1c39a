"""The parts of the Architectures page that show one network."""

from typing import Any

import streamlit as st

from fmnist_core.errors import LayerTextError, RunError
from fmnist_core.figures.architectures.facts import (
    PUBLISHED_COLUMNS,
    agreement,
    counting_errors,
    insight,
    normalisation_note,
    published_frame,
)
from fmnist_core.figures.architectures.table import (
    LAYER_COLUMNS,
    LINE_COLUMNS,
    STATED_COLUMNS,
    layer_frame,
    line_frame,
    stated_takeaway,
    with_stated,
    without_empty,
)
from fmnist_core.figures.words import escaped
from fmnist_core.papers import contradictions, find_paper
from fmnist_core.papers.schema import Basis, SourceGives, System
from fmnist_core.ui.architectures import loaders as loaders
from fmnist_core.ui.architectures.choice import Choice, choice_key, source_name
from fmnist_core.ui.architectures.drawing import download_drawing, show_drawing
from fmnist_core.ui.architectures.totals import show_totals
from fmnist_core.ui.components import caveat, empty_state, show_table, takeaway, warning_line
from fmnist_core.ui.loaders import leaderboard
from fmnist_core.ui.runs import MOST_CHOSEN
from fmnist_core.ui.selection import choose_runs

# Basis -> colour of its badge, icon.
_BASES: dict[Basis, tuple[Any, str]] = {
    "stated": ("green", ":material/verified:"),
    "partly reconstructed": ("blue", ":material/build:"),
    "reconstruction": ("orange", ":material/construction:"),
    "adaptation": ("violet", ":material/transform:"),
    "baseline": ("gray", ":material/straighten:"),
}
_GIVES: dict[SourceGives, str] = {
    "every layer": "The source states every layer.",
    "most layers": "The source states most layers; we filled what it leaves open.",
    "kinds of layers": "The source names the kinds of layers and no sizes: those are our choice.",
    "authors' code": "The source states no layers: these follow the public code of their authors.",
    "name": "The source names the network and not its layers: these are our choice.",
    "other images": "The source used other images; we fitted its network to these.",
    "no network": "Not a neural network.",
}
_LINES, _KERAS = "Lines of the text", "Keras layers"


def show_identity(choice: Choice) -> None:
    """Draws the network's name, where it comes from, and how far the source states it."""
    system = choice.system
    st.header(escaped(choice.title), anchor=False)
    color, icon = _BASES[system.basis]
    meaning = _GIVES[system.source_gives]
    with st.container(horizontal=True, gap="small"):
        st.badge(system.basis.capitalize(), color=color, icon=icon, help=meaning)
        st.badge(system.role.capitalize(), color="gray")
        if system.silences:
            st.badge(_count(len(system.silences), "silence"), color="gray")
        if system.contradictions:
            st.badge(_count(len(system.contradictions), "contradiction"), color="gray")
    paper = find_paper(system.paper)
    where = f"{paper.title}, {system.place}"
    if paper.authors:
        where = f"{source_name(system.paper)}: {where}"
    if system.cites:
        where += f"; after {system.cites}"
    st.caption(escaped(where) + ".")
    if choice.variant:
        note = next(v.note for v in system.variants if v.id == choice.variant)
        caveat(f"Another reading: {escaped(note)}.")
    elif system.basis != "stated":
        caveat(f"{meaning} The tab Source says what, and why.")


def network_of(choice: Choice) -> loaders.Network | None:
    """Returns the network in numbers; for a baseline without layers, says that there is none."""
    if choice.layers:
        return loaders.network(choice.layers)
    empty_state(
        "This baseline has no layers.",
        "It is no neural network: the tab Source says what it is.",
        icon=":material/straighten:",
    )
    return None


def show_layers(choice: Choice) -> None:
    """Draws totals, their agreement with the source, the outputs to scale, and every layer."""
    network = network_of(choice)
    if network:
        _show_numbers(choice, network)
        _show_layer_table(choice, network)


def _show_numbers(choice: Choice, network: loaders.Network) -> None:
    show_totals(network.summary)
    if network.trouble:
        warning_line(network.trouble)
    verdict = agreement(choice.system, network.summary)
    if verdict.verdict == "differs":
        warning_line(verdict.text)
    else:
        icon = "check_circle" if verdict.verdict == "agrees" else "help"
        st.markdown(f":material/{icon}: {escaped(verdict.text)}")
    says = insight(network.summary)
    takeaway(says)
    drawing = loaders.drawings(network.layers).volumes
    if drawing:
        show_drawing(drawing, says=f"Outputs of {choice.title} to scale. {says}", key="volumes")
        caveat(
            "Outputs to scale: a map is as high as its pixels and as thick as the square root of "
            "its channels; a vector is as high as the square root of its length."
        )


def _show_layer_table(choice: Choice, network: loaders.Network) -> None:
    """Draws the layers, with the source's own counts beside ours where it prints them."""
    per_line = network.has_blocks and _wants_lines()
    if per_line:
        frame, columns = line_frame(network.summary, network.steps), LINE_COLUMNS
    else:
        frame, columns = layer_frame(network.summary), LAYER_COLUMNS
    columns = without_empty(columns, frame)
    stated = () if choice.variant else choice.system.stated_layers
    if stated and not per_line:
        frame = with_stated(frame, network.summary, stated)
        takeaway(stated_takeaway(frame, stated))
        first = {name: columns[name] for name in ("layer", "output", "params", "formula")}
        columns = first | STATED_COLUMNS | columns
    show_table(
        frame,
        columns,
        name=f"{choice.file_stem}_layers",
        alt=f"Layers of {choice.title} with shapes, parameters, formulas and work",
        height="content",
    )
    note = normalisation_note(network.summary)
    if note:
        caveat(note)
    for entry in counting_errors(choice.system):
        caveat(
            f"{entry.id}, {escaped(entry.place)}: {escaped(entry.one)} {escaped(entry.other)} "
            f"**{escaped(entry.resolution)}**"
        )


def _wants_lines() -> bool:
    chosen = st.segmented_control(
        "One row for",
        [_LINES, _KERAS],
        default=_LINES,
        key="rows",
        persist_state="session",
        required=True,
        help="A line in a repeated block stands for several layers of Keras.",
    )
    return chosen != _KERAS


def show_diagram(choice: Choice) -> None:
    """Draws boxes and arrows, with the shape on every arrow."""
    network = network_of(choice)
    if not network:
        return
    drawing = loaders.drawings(network.layers).diagram
    if not drawing:
        caveat("This network has too many lines for a diagram that can be read: see its layers.")
        return
    says = f"Diagram of {choice.title}, from the image to the probabilities."
    show_drawing(drawing, says=says, key="diagram")
    caveat(
        "Numbers in the boxes are parameters, those on the arrows shapes. Normalisation, "
        "activation and dropout stand in the box of the layer before them. A plus adds the way "
        "around, a double bar joins channels; dashed ways are used only while training."
    )
    download_drawing(drawing, name=f"{choice.file_stem}_diagram")


def show_source(choice: Choice) -> None:
    """Draws what the source prints, what it leaves open, and where it contradicts itself."""
    system = choice.system
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What we chose, and why", anchor=False)
        _listed(system.reconstruction, "Nothing: the source states all of it.")
        st.subheader("What the source does not say", anchor=False)
        _listed(system.silences, "Nothing that a training needs.")
        st.subheader("What it prints about it", anchor=False)
        _show_published(system)
    with right:
        st.subheader("Where it contradicts itself, or the data", anchor=False)
        register = {entry.id: entry for entry in contradictions()}
        if not system.contradictions:
            st.markdown("Nowhere that concerns this network.")
        for entry in (register[name] for name in system.contradictions):
            with st.container(border=True):
                st.markdown(f"**{entry.id}**, {escaped(entry.place)}")
                st.markdown(f"{escaped(entry.one)} {escaped(entry.other)}")
                st.markdown(f":material/gavel: {escaped(entry.resolution)}")


def _show_published(system: System) -> None:
    frame, more = published_frame(system)
    if frame.empty:
        st.markdown("Nothing but tables." if more else "No number.")
    else:
        columns = {name: c for name, c in PUBLISHED_COLUMNS.items() if frame[name].any()}
        show_table(frame, columns, name=f"{system.id}_published", alt="Numbers of the source")
    if more:
        caveat(f"{more} more numbers stand in its tables: epoch by epoch, by class, by optimizer.")


def show_code(choice: Choice) -> None:
    """Draws the Keras code of the network."""
    if not network_of(choice):
        return
    try:
        code = loaders.source_code(choice.layers, choice.title)
    except LayerTextError as error:
        warning_line(str(error))
        return
    st.download_button(
        "Download",
        code,
        file_name=f"{choice.file_stem}.py",
        mime="text/x-python",
        key="keras_code",
        icon=":material/download:",
        on_click="ignore",
    )
    st.code(code, language="python", height=560 if code.count("\n") > 24 else "content")
    caveat("It stands on its own: running it builds the same network, with these names and counts.")


def offer_runs(system: System) -> None:
    """Offers the runs of this network, in every reading, where there are any."""
    try:
        board = leaderboard().frame
    except RunError:
        return  # the other pages say what is wrong with the runs folder
    if board.empty:
        return
    runs = list(board["run_id"][board["architecture"] == system.id])[:MOST_CHOSEN]
    if not runs:
        return
    st.button(
        f"Choose the {'run' if len(runs) == 1 else f'{len(runs)} runs'} of {escaped(system.title)}",
        icon=":material/checklist:",
        key="choose_runs_of_it",
        on_click=choose_runs,
        args=(runs,),
        help="On all pages: then Compare shows their curves and numbers.",
    )


def offer_training(choice: Choice) -> None:
    """Offers to train this network, by its name: the builder shows another above."""
    if choice.layers:
        st.page_link(
            "pages/train.py",
            label=f"Train {escaped(choice.title)}",
            icon=":material/model_training:",
            query_params={"train": choice_key(choice.system.id, choice.variant)},
        )


def _listed(sentences: tuple[str, ...], otherwise: str) -> None:
    st.markdown("\n".join(f"- {escaped(sentence)}" for sentence in sentences) or otherwise)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
