"""A network in numbers, without building it: shapes, parameters, work, memory and formulas."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fmnist_core.architectures.graph import IMAGE, Graph, LayerRow, Tensor
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.layers import Architecture, Shape, describe_shape
from fmnist_core.architectures.spec import parse
from fmnist_core.errors import LayerTextError

CLASSES = 10
FLOAT32_BYTES = 4
# What one process can train on an ordinary machine: 1 GB of weights, 1 GB of one image's outputs.
MAX_BUILD_PARAMS = 250_000_000
MAX_BUILD_ACTIVATION_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Summary:
    """A network laid out as Keras layers.

    Attributes:
        input_shape: height x width x channels of the image.
        layers: one row per Keras layer, in the order in which they are built.
        total_params: all parameters, auxiliary heads and decoder included.
        macs: multiply-accumulates to predict one image; training-only branches left out.
        activation_bytes: float32 outputs of all layers for one image, in bytes; likewise.
        output_layer: name of the layer that gives the class probabilities.
        feature_layer: name of the layer whose output is the penultimate representation.
        feature_shape: its shape once it is flattened, (d,).
        heads: name of an auxiliary head -> (name of its output layer, weight of its loss).
        reconstruction_layer: name of the decoder's output layer; None without a decoder.
    """

    input_shape: Shape
    layers: tuple[LayerRow, ...]
    total_params: int
    trainable_params: int
    non_trainable_params: int
    macs: int
    activation_bytes: int
    output_layer: str
    feature_layer: str
    feature_shape: Shape
    heads: Mapping[str, tuple[str, float]]
    reconstruction_layer: str | None

    @property
    def outputs(self) -> dict[str, str]:
        """Name of an output of the model -> name of the layer that gives it.

        "probabilities", the auxiliary heads by their names, and "reconstruction" with a decoder.
        """
        outputs = {"probabilities": self.output_layer}
        outputs |= {name: layer for name, (layer, _) in self.heads.items()}
        if self.reconstruction_layer:
            outputs["reconstruction"] = self.reconstruction_layer
        return outputs

    def to_json(self) -> dict[str, Any]:
        """The totals and one object per layer, as plain JSON values."""
        return {
            "input_shape": list(self.input_shape),
            "total_params": self.total_params,
            "trainable_params": self.trainable_params,
            "non_trainable_params": self.non_trainable_params,
            "macs": self.macs,
            "activation_bytes": self.activation_bytes,
            "feature_layer": self.feature_layer,
            "feature_shape": list(self.feature_shape),
            "layers": [_row_to_json(row) for row in self.layers],
        }


def summarize(architecture: Architecture | str, input_shape: Shape = (28, 28, 1)) -> Summary:
    """Lay a network out and count it, in milliseconds and without Keras.

    MACs are the multiply-accumulates of convolutions, dense layers, attention and capsule products.

    Raises:
        LayerTextError: the text cannot be read, or a layer cannot follow its input.
    """
    if isinstance(architecture, str):
        architecture = parse(architecture)
    graph = Graph(KINDS, input_shape)
    output = graph.run(architecture.layers, Tensor(IMAGE, input_shape))
    rows = tuple(graph.rows)
    predicting = [row for row in rows if not row.training_only]
    feature_layer = _feature_layer(predicting)
    shapes = {IMAGE: input_shape} | {row.name: row.output_shape for row in rows}
    values = sum(math.prod(row.output_shape) for row in predicting)
    trainable = sum(row.trainable_params for row in rows)
    non_trainable = sum(row.non_trainable_params for row in rows)
    return Summary(
        input_shape=input_shape,
        layers=rows,
        total_params=trainable + non_trainable,
        trainable_params=trainable,
        non_trainable_params=non_trainable,
        macs=sum(row.macs for row in predicting),
        activation_bytes=FLOAT32_BYTES * values,
        output_layer=output.name,
        feature_layer=feature_layer,
        feature_shape=(math.prod(shapes[feature_layer]),),
        heads=graph.heads,
        reconstruction_layer=graph.reconstruction,
    )


def check_classifier(architecture: Architecture | str | Summary) -> Summary:
    """Make sure that a network gives ten class probabilities; returns its summary.

    Raises:
        LayerTextError: it ends in something else, or cannot be summarised.
    """
    if not isinstance(architecture, Summary):
        architecture = summarize(architecture)
    need = f'the last layer must give {CLASSES} class probabilities, e.g. "dense {CLASSES} softmax"'
    rows = {row.name: row for row in architecture.layers}
    if architecture.output_layer not in rows:
        raise LayerTextError(0, f"{need}. Received: nothing but an auxiliary head.")
    last = rows[architecture.output_layer]
    softmax = last.arguments.get("activation") == "softmax"
    if last.output_shape != (CLASSES,) or not (softmax or last.type == "CapsuleLength"):
        raise LayerTextError(
            last.line,
            f'{need}. Received: "{last.text}" with output {describe_shape(last.output_shape)}.',
        )
    return architecture


def check_buildable(architecture: Architecture | str | Summary) -> Summary:
    """Make sure that a network is a classifier of a size to be built; returns its summary.

    Raises:
        LayerTextError: it is no classifier, or it is too large for the memory of one machine.
    """
    summary = check_classifier(architecture)
    if summary.total_params > MAX_BUILD_PARAMS:
        raise LayerTextError(
            0,
            f"a network to build may have at most {MAX_BUILD_PARAMS:,} parameters. "
            f"Received: {summary.total_params:,}. Use fewer filters or units.",
        )
    if summary.activation_bytes > MAX_BUILD_ACTIVATION_BYTES:
        raise LayerTextError(
            0,
            f"a network to build may hold at most {MAX_BUILD_ACTIVATION_BYTES:,} bytes of outputs "
            f"for one image. Received: {summary.activation_bytes:,}. Use fewer filters.",
        )
    return summary


def _feature_layer(rows: list[LayerRow]) -> str:
    """The layer that feeds the last weighted layer; for capsules, the last capsules themselves."""
    weighted = [row for row in rows if row.macs]
    if not weighted:
        return IMAGE
    return weighted[-1].name if weighted[-1].type == "CapsuleRouting" else weighted[-1].inputs[0]


def _row_to_json(row: LayerRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "type": row.type,
        "line": row.line,
        "text": row.text,
        "depth": row.depth,
        "blocks": list(row.blocks),
        "inputs": list(row.inputs),
        "output_shape": list(row.output_shape),
        "params": row.params,
        "trainable_params": row.trainable_params,
        "non_trainable_params": row.non_trainable_params,
        "macs": row.macs,
        "formula": row.formula,
        "shape_formula": row.shape_formula,
        "training_only": row.training_only,
    }
