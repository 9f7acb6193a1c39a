"""What a layer text says once it is read: layers with their settings, nested in blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]
"""An output shape without the batch axis: (28, 28, 32), or (128,) for a vector."""


@dataclass(frozen=True)
class Layer:
    """One line of a layer text; a block also holds the lines nested below it.

    Attributes:
        kind: the first word, such as ``conv``.
        settings: every setting of the kind, defaults included.
        body: the nested layers of a block; empty for a plain layer.
        line: where it stands in the text, from 1. Two layers that say the same are equal.
    """

    kind: str
    settings: Mapping[str, Any]
    body: tuple["Layer", ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Architecture:
    """A network: its layers from the image to the class probabilities."""

    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Regularizer:
    """Penalty on a layer's kernel: l1 times the absolute sum plus l2 times the square sum."""

    l1: float
    l2: float


def describe_shape(shape: Shape) -> str:
    """The shape in words for a message: ``28x28x1``, or ``10`` for a vector."""
    return "x".join(str(size) for size in shape)
