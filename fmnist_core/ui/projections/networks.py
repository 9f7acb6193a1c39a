"""The Projections page on networks: their penultimate layers side by side, and how they compare."""

from collections.abc import Sequence

import streamlit as st

from fmnist_core.errors import FmnistError
from fmnist_core.evaluation.alignment import Alignment
from fmnist_core.evaluation.clouds import PIXELS
from fmnist_core.evaluation.projection import COMPONENTS
from fmnist_core.figures.projections.words import (
    SEPARATION_COLUMNS,
    Measured,
    separation_frame,
    separation_takeaway,
    shown_words,
    similarity_words,
)
from fmnist_core.figures.words import escaped, short_names
from fmnist_core.listing import some
from fmnist_core.ui.classes.loaders import chosen_sheet
from fmnist_core.ui.comparison import baseline_picker
from fmnist_core.ui.components import (
    caveat,
    empty_state,
    error_line,
    one_of,
    show_table,
    takeaway,
    warning_line,
)
from fmnist_core.ui.loaders import Leaderboard
from fmnist_core.ui.projections.classes import show_neighbour_classes
from fmnist_core.ui.projections.linked import show_linked
from fmnist_core.ui.projections.loaders import (
    MOST_RUNS,
    Shown,
    readable,
    separations,
    shown,
)
from fmnist_core.ui.projections.neighbours import show_neighbours
from fmnist_core.ui.projections.panels import PICTURES, panels_of
from fmnist_core.ui.projections.space import show_spaces

_PIXELS_LABEL = "the pixels"


def show_networks(board: Leaderboard, chosen: Sequence[str]) -> None:
    """Draws the projections of the chosen runs; an error where there is nothing to draw."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        picture = one_of("Picture", "dims", PICTURES)
        baseline = baseline_picker(board, chosen)
        laid = st.toggle(
            "Aligned",
            value=True,
            key="aligned",
            bind="query-params",
            help="Turns, mirrors and scales every picture onto the baseline's, or the first run's "
            "where there is none (Procrustes). Distances within a picture keep their proportions.",
        )
        pixels = st.toggle(
            "Pixels beside them",
            key="raw",
            bind="query-params",
            help="The same images by their pixels alone: what there was before any network.",
        )
    content = _content(board, chosen, pixels=pixels)
    if content is None or content.sheet is None:
        return
    names = _names(content, board)
    onto = baseline if baseline in names else content.sheet.run_ids[0]
    flat = content.clouds.laid_onto(onto, 2)
    if picture == "tsne":
        show_neighbours(content, names, onto, laid=laid)
    elif picture == "3":
        deep = content.clouds.laid_onto(onto, 3) if laid else None
        show_spaces(
            content,
            panels_of(content, names, deep, onto, 3),
            says=shown_words(len(content.clouds.indices), _shares(content, names, 3), axes="three"),
            shared_scale=laid,
            name="projections_3d",
        )
    else:
        says = shown_words(len(content.clouds.indices), _shares(content, names, 2))
        if laid:
            others = {names[name]: each.similarity for name, each in flat.items() if name != onto}
            says = f"{says} {similarity_words(names[onto], others)}".rstrip()
        show_linked(
            content,
            panels_of(content, names, flat if laid else None, onto, 2),
            says=says,
            shared_axes=laid,
            name="projections",
        )
    _show_separation(content, names, flat, onto)


def _content(board: Leaderboard, chosen: Sequence[str], *, pixels: bool) -> Shown | None:
    """Reads what can be drawn together; says what cannot, and why."""
    projected = _projected(board, chosen)
    found, reasons = readable(tuple(projected), board.labels)
    for reason in reasons:
        error_line(reason)
    if len(found) + len(reasons) < len(projected):
        warning_line(
            f"At most {MOST_RUNS} networks fit side by side. Shown: the first of {len(projected)}."
        )
    if not found:
        return None
    try:
        sheet, left_out = chosen_sheet(tuple(found))
        content = shown(sheet, pixels=pixels)
    except FmnistError as error:
        error_line(str(error))
        return None
    for line in left_out:
        error_line(line)
    return content


def _projected(board: Leaderboard, chosen: Sequence[str]) -> list[str]:
    """Returns the runs that were stored with a projection; says which were not."""
    stored = set(board.frame.loc[board.frame["has_projection"], "run_id"])
    projected = [run_id for run_id in chosen if run_id in stored]
    without = [f"**{escaped(board.labels[run_id])}**" for run_id in chosen if run_id not in stored]
    if not projected:
        empty_state(
            "No projection was stored of these runs.",
            "They keep what they answered, not the features behind it: choose the first seed of a "
            "network.",
        )
    elif without:
        caveat(
            f"No projection was stored of {some(without)}: only what they answered is kept, not "
            "the features behind it."
        )
    return projected


def _names(content: Shown, board: Leaderboard) -> dict[str, str]:
    """Returns cloud -> a short name that no other cloud has."""
    labels = board.labels | {PIXELS: _PIXELS_LABEL}
    return short_names({of.name: labels.get(of.name, of.name) for of in content.clouds.clouds})


def _shares(content: Shown, names: dict[str, str], components: int) -> dict[str, float]:
    return {names[cloud.name]: cloud.shown(components) for cloud in content.clouds.clouds}


def _show_separation(
    content: Shown, names: dict[str, str], flat: dict[str, Alignment], onto: str
) -> None:
    st.header("Whose features set the classes apart?", anchor=False)
    whole = content.clouds.laid_onto(onto, COMPONENTS)
    rows = [
        Measured(
            names[cloud.name],
            cloud.shown(2),
            measured,
            None if cloud.name == onto else flat[cloud.name].similarity,
            None if cloud.name == onto else whole[cloud.name].similarity,
        )
        for cloud, measured in zip(content.clouds.clouds, separations(content), strict=True)
    ]
    takeaway(separation_takeaway(rows))
    show_table(
        separation_frame(rows),
        SEPARATION_COLUMNS,
        name="separation",
        alt="How far each network's features set the classes apart",
    )
    caveat(
        f"Measured on {len(content.clouds.indices):,} test images in the first {COMPONENTS} "
        "components, not in those drawn: what overlaps in the picture may be apart behind it."
    )
    show_neighbour_classes(rows)
