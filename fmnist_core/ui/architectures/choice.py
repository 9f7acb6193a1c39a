"""Which architecture the page is about, in which reading, and what stands beside it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from fmnist_core.errors import UnknownNameError
from fmnist_core.figures.leaderboard import short_source
from fmnist_core.papers import find_paper, find_system, papers, systems
from fmnist_core.papers.schema import System
from fmnist_core.ui.address import keep, kept
from fmnist_core.ui.architectures.address import ARCHITECTURE, BESIDE, VARIANT, VIEW, choice_fields
from fmnist_core.ui.components import error_line, name_unknown_choices
from fmnist_core.ui.mirrored import mirrored
from fmnist_core.ui.unknown_choice import asked_in_vain

FIRST = "awasthi_enhanced"
_CATALOGUED = ""
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Choice:
    """A network of the catalogue in one reading.

    Attributes:
        variant: id of another reading of the same system; empty as catalogued.
        layers: layer text; empty for a baseline that is no network.
    """

    system: System
    variant: str
    layers: str

    @property
    def title(self) -> str:
        """The system's title, with the reading where it is not the catalogued one."""
        return self.system.reading(self.variant)

    @property
    def file_stem(self) -> str:
        """Start of the names of its downloads."""
        return f"{self.system.id}_{self.variant}" if self.variant else self.system.id


def choose_architecture() -> Choice:
    """Draws the choice of source, architecture and reading; says what the address got wrong."""
    row = st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
    # Drawn first, because the pickers read them; the row shows them last.
    pickers = row.container(horizontal=True, gap="medium", width="content")
    with row:
        choice_fields()
    known = _known(ARCHITECTURE, kept(ARCHITECTURE))
    system = known or find_system(FIRST)
    unknown = bool(kept(ARCHITECTURE)) and known is None
    choice = _reading(system, "" if unknown else kept(VARIANT))
    with pickers:
        _picker("Source", "source_picker", _sources(), system.paper, _choose_source, width=230)
        of_source = {s.id: s.title for s in systems() if s.paper == system.paper}
        _picker("Architecture", "architecture_picker", of_source, system.id, _go_to, width=330)
        if system.variants:
            readings = {_CATALOGUED: "as catalogued"}
            readings |= {variant.id: _words(variant.id) for variant in system.variants}
            _picker(
                "Reading",
                "reading_picker",
                readings,
                choice.variant,
                partial(keep, VARIANT),
                width=180,
            )
    return choice


def choose_beside(choice: Choice) -> Choice | None:
    """Draws the choice of a second network, in any reading; None while there is none."""
    others = {choice_key(c.system.id, c.variant): c.title for c in all_readings() if c != choice}
    wanted, _, variant = kept(BESIDE).partition(".")
    system = _known(BESIDE, wanted)
    beside = _reading(system, variant) if system and system.layers else None
    current = choice_key(beside.system.id, beside.variant) if beside else ""
    options = {"": "Choose a second architecture", **others}
    _picker("Beside it", "beside_picker", options, current, partial(keep, BESIDE), width=420)
    return beside if current in others else None


def show_views(views: Mapping[str, Callable[[Choice], None]], choice: Choice) -> None:
    """Draws a tab for each view and fills the open one: that of the address, else the first."""
    name_unknown_choices(VIEW, views, next(iter(views)))
    tabs = st.tabs(list(views), key=VIEW, bind="query-params", on_change="rerun")
    for tab, show in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                show(choice)


def source_name(paper_id: str) -> str:
    """Returns "Awasthi & Soni", or the title of a source without authors."""
    paper = find_paper(paper_id)
    return short_source(paper.authors, paper.title)


def all_readings() -> Iterator[Choice]:
    """Every network of the catalogue that has layers, each reading after the catalogued one."""
    for system in systems():
        if system.layers:
            yield Choice(system, _CATALOGUED, system.layers)
        for variant in system.variants:
            yield Choice(system, variant.id, variant.layers)


def choice_key(system_id: str, variant: str) -> str:
    """Returns "kadam_a2", or "kadam_a2.same" for a reading; the form that addresses have."""
    return f"{system_id}.{variant}" if variant else system_id


def _known(key: str, name: str) -> System | None:
    """Returns the system of this id; names the nearest ones where an address has an unknown one."""
    if not name:
        return None
    try:
        return find_system(name[:_LONGEST_SHOWN])
    except UnknownNameError as error:
        error_line(asked_in_vain(key, name, error))
        return None


def _reading(system: System, variant_id: str) -> Choice:
    variants = {variant.id: variant for variant in system.variants}
    if not variant_id:
        return Choice(system, _CATALOGUED, system.layers)
    if variant_id in variants:
        return Choice(system, variant_id, variants[variant_id].layers)
    if variants:
        what = f"reading of {system.id}"
        error_line(str(UnknownNameError(what, variant_id[:_LONGEST_SHOWN], variants)))
    else:
        error_line(f"{system.title} has one reading only, and none called {variant_id[:80]!r}.")
    return Choice(system, _CATALOGUED, system.layers)


def _picker(
    label: str,
    key: str,
    options: dict[str, str],
    current: str,
    take: Callable[[str], None],
    width: int,
) -> None:
    """Draws a select box that shows `current`, and calls `take` with what the reader chooses."""
    shown = current if current in options else next(iter(options))
    st.selectbox(
        label,
        list(options),
        list(options).index(shown),
        format_func=lambda name: options.get(name, name),
        width=width,
        **mirrored(key, shown, take),
    )


def _choose_source(paper: str) -> None:
    _go_to(next(system.id for system in systems() if system.paper == paper))


def _go_to(system_id: str) -> None:
    keep(ARCHITECTURE, system_id)
    keep(VARIANT, "")


def _sources() -> dict[str, str]:
    counts = {paper.id: sum(s.paper == paper.id for s in systems()) for paper in papers()}
    return {paper_id: f"{source_name(paper_id)} ({count})" for paper_id, count in counts.items()}


def _words(variant: str) -> str:
    return variant.replace("_", " ")
