"""From layers to the graph of Keras layers that they stand for, with shapes and counts."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fmnist_core.architectures.grammar import Kind, write_line
from fmnist_core.architectures.layers import Layer, Shape, describe_shape
from fmnist_core.architectures.rules import RULES, ShapeError
from fmnist_core.errors import LayerTextError

MAX_LAYERS = 2_000
MAX_OUTPUT_VALUES = 10**15
IMAGE = "image"
LABEL = "label"


@dataclass(frozen=True)
class Tensor:
    """What flows between layers: the name of the layer that made it, and its shape."""

    name: str
    shape: Shape


@dataclass(frozen=True)
class LayerRow:
    """One Keras layer of the network.

    Attributes:
        name: its name in the Keras model, such as ``conv2d_1``.
        type: its Keras class.
        line: the line of the layer text that it comes from.
        text: that line in canonical form, without the lines nested below it.
        blocks: the blocks around it, outermost first, each with a name of its own.
        inputs: names of the layers it reads; "image" and "label" are the network's inputs.
        arguments: its Keras constructor arguments that differ from the defaults.
        output_shape: without the batch axis.
        macs: multiply-accumulates for one image.
        formula: how `params` comes about, "0" when there are none.
        shape_formula: how `output_shape` comes about; empty when it is plain.
        training_only: part of an auxiliary branch that a prediction does without.
    """

    name: str
    type: str
    line: int
    text: str
    blocks: tuple[str, ...]
    inputs: tuple[str, ...]
    arguments: Mapping[str, Any]
    output_shape: Shape
    trainable_params: int
    non_trainable_params: int
    macs: int
    formula: str
    shape_formula: str
    training_only: bool

    @property
    def params(self) -> int:
        """All its parameters."""
        return self.trainable_params + self.non_trainable_params

    @property
    def depth(self) -> int:
        """How many blocks surround it."""
        return len(self.blocks)


class Graph:
    """The network while it is being laid out: layers expand into rows, one after the other.

    Attributes:
        input_shape: height x width x channels of the image.
        rows: the Keras layers so far.
        heads: name of an auxiliary head -> (name of its output layer, weight of its loss).
        reconstruction: name of the decoder's output layer, if there is one.
    """

    def __init__(self, kinds: Mapping[str, Kind], input_shape: Shape) -> None:
        self.input_shape = input_shape
        self.rows: list[LayerRow] = []
        self.heads: dict[str, tuple[str, float]] = {}
        self.reconstruction: str | None = None
        self._kinds = kinds
        self._names: Counter[str] = Counter()
        self._blocks: tuple[str, ...] = ()
        self._line = 0
        self._text = ""
        self._training_only = False

    def run(self, layers: Sequence[Layer], tensor: Tensor) -> Tensor:
        """Expand `layers` one after the other on `tensor`; returns what leaves the last.

        Raises:
            LayerTextError: a layer cannot follow its input, or there are more than `MAX_LAYERS`.
        """
        outer = self._line, self._text
        for layer in layers:
            kind = self._kinds[layer.kind]
            self._line, self._text = layer.line, write_line(kind, layer)
            try:
                tensor = kind.expand(self, layer, tensor)
            except ShapeError as error:
                raise LayerTextError(layer.line, f"{layer.kind} {error}") from None
        self._line, self._text = outer
        return tensor

    def add(self, type_: str, arguments: Mapping[str, Any], *inputs: Tensor) -> Tensor:
        """Add one Keras layer that reads `inputs`.

        Raises:
            ShapeError: the layer cannot follow its input, or its output is beyond all measure.
            LayerTextError: there are more than `MAX_LAYERS` layers.
        """
        if len(self.rows) >= MAX_LAYERS:
            raise LayerTextError(
                self._line,
                f"a network may have at most {MAX_LAYERS:,} layers once its blocks are "
                "written out. Received: more. Repeat less.",
            )
        effect = RULES[type_](arguments, [tensor.shape for tensor in inputs])
        if math.prod(effect.output_shape) > MAX_OUTPUT_VALUES:
            raise ShapeError(
                f"needs an output of at most {MAX_OUTPUT_VALUES:,} values. "
                f"Received: {describe_shape(effect.output_shape)}."
            )
        name = self._unique(_snake_case(type_))
        self.rows.append(
            LayerRow(
                name=name,
                type=type_,
                line=self._line,
                text=self._text,
                blocks=self._blocks,
                inputs=tuple(tensor.name for tensor in inputs),
                arguments=arguments,
                output_shape=effect.output_shape,
                trainable_params=effect.trainable_params,
                non_trainable_params=effect.non_trainable_params,
                macs=effect.macs,
                formula=effect.formula,
                shape_formula=effect.shape_formula,
                training_only=self._training_only,
            )
        )
        return Tensor(name, effect.output_shape)

    @contextmanager
    def block(self, word: str, *, training_only: bool = False) -> Iterator[None]:
        """Group the layers added inside under one name."""
        outer = self._blocks, self._training_only
        self._blocks = (*self._blocks, self._unique(word))
        self._training_only = self._training_only or training_only
        yield
        self._blocks, self._training_only = outer

    def _unique(self, word: str) -> str:
        """Keras' own counting: conv2d, conv2d_1, conv2d_2."""
        count = self._names[word]
        self._names[word] += 1
        return f"{word}_{count}" if count else word


def _snake_case(type_: str) -> str:
    """Keras' rule from class to layer name: MaxPooling2D -> max_pooling2d."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", type_)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
