"""Cached results for a layer text: its numbers, drawings and source code."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from fmnist_core.architectures import Summary, check_buildable, summarize
from fmnist_core.architectures.keras_source import keras_source
from fmnist_core.errors import LayerTextError
from fmnist_core.figures.architectures.diagram import diagram
from fmnist_core.figures.architectures.outline import Step, outline, walk
from fmnist_core.figures.architectures.parts import parts_of
from fmnist_core.figures.architectures.volumes import volumes
from fmnist_core.training.plan import check_trainable

_WIDTHS = (1100, 760, 540, 340)  # pixels: a desktop's whole page, down to a phone
_COLUMNS = (4, 3, 2, 1)
# A longer text makes a drawing that nobody can read.
_MOST_DRAWN = 250


@dataclass(frozen=True)
class Network:
    """A layer text that can be read, in numbers.

    Attributes:
        trouble: why it cannot be built all the same; empty where it can.
        untrainable: why it cannot be trained; empty where it can.
    """

    layers: str
    summary: Summary
    steps: tuple[Step, ...]
    trouble: str
    untrainable: str

    @property
    def has_blocks(self) -> bool:
        """Whether lines and Keras layers differ, because some stand for several or nest."""
        return len(self.steps) != len(self.summary.layers)


@dataclass(frozen=True)
class Drawings:
    """SVGs of a network, each laid out for ever narrower screens; none where it is too long."""

    volumes: tuple[str, ...] = ()
    diagram: tuple[str, ...] = ()


@st.cache_resource(max_entries=128, show_spinner=False)
def network(layers: str) -> Network:
    """Returns a layer text in numbers. Raises `LayerTextError` where it cannot be read."""
    summary = summarize(layers)
    checks = (check_buildable, check_trainable)
    trouble, untrainable = (_refusal(check, summary) for check in checks)
    return Network(layers, summary, outline(summary, layers), trouble, untrainable)


def _refusal(check: Callable[[Summary], Summary], summary: Summary) -> str:
    try:
        check(summary)
    except LayerTextError as error:
        return str(error)
    return ""


@st.cache_resource(max_entries=64, show_spinner=False)
def drawings(layers: str) -> Drawings:
    """Returns the drawings of a layer text. Raises `LayerTextError` where it cannot be read."""
    known = network(layers)
    if sum(1 for _ in walk(known.steps)) > _MOST_DRAWN:
        return Drawings()
    image = known.summary.input_shape
    parts = parts_of(known.steps, image)
    return Drawings(
        volumes=_unlike(volumes(parts, image, width=width) for width in _WIDTHS),
        diagram=_unlike(diagram(parts, image, columns=columns) for columns in _COLUMNS),
    )


def _unlike(drawings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(drawings))


@st.cache_resource(max_entries=64, show_spinner=False)
def source_code(layers: str, title: str) -> str:
    """Returns `keras_source` of a layer text. Raises `LayerTextError` where it cannot be built."""
    return keras_source(layers, title=title)
