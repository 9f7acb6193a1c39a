"""Capsule networks with dynamic routing (Sabour, Frosst and Hinton, 2017)."""

import math

from fmnist_core.architectures.grammar import STRIDES, Kind, Parameter, integer
from fmnist_core.architectures.graph import LABEL, Graph, Tensor
from fmnist_core.architectures.kinds_plain import KERNEL
from fmnist_core.architectures.layers import Layer
from fmnist_core.architectures.rules import ShapeError, require_capsules

DIMENSION = Parameter("dim", "a capsule dimension", integer())


def _primary_capsules(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """A convolution whose channels are read as capsules: groups of `dim`, squashed."""
    dim = layer.settings["dim"]
    arguments = {
        "filters": layer.settings["channels"] * dim,
        "kernel_size": layer.settings["kernel"],
    }
    if layer.settings["strides"] != (1, 1):
        arguments["strides"] = layer.settings["strides"]
    with graph.block("primary_capsules"):
        maps = graph.add("Conv2D", arguments, tensor)
        shape = (math.prod(maps.shape) // dim, dim)
        return graph.add("Squash", {}, graph.add("Reshape", {"target_shape": shape}, maps))


def _capsules(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    return graph.add("CapsuleRouting", dict(layer.settings), tensor)


def _capsule_length(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    return graph.add("CapsuleLength", {}, tensor)


def _decoder(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    """Reconstructs the image from the capsule of the true class, while training."""
    require_capsules(tensor.shape)
    if graph.reconstruction is not None:
        raise ShapeError("may be used once. Received: a second one. Remove it.")
    with graph.block("decoder", training_only=True):
        masked = graph.add("CapsuleMask", {}, tensor, Tensor(LABEL, ()))
        image = graph.add("Flatten", {}, masked)
        for units in layer.settings["units"]:
            image = graph.add("Dense", {"units": units, "activation": "relu"}, image)
        pixels = math.prod(graph.input_shape)
        image = graph.add("Dense", {"units": pixels, "activation": "sigmoid"}, image)
        image = graph.add("Reshape", {"target_shape": graph.input_shape}, image)
    graph.reconstruction = image.name
    return tensor


CAPSULE_KINDS = (
    Kind(
        "primary_capsules",
        "primary_capsules 32 8 9x9 strides 2",
        (Parameter("channels", "a number of channels", integer()), DIMENSION, KERNEL, STRIDES),
        _primary_capsules,
    ),
    Kind(
        "capsules",
        "capsules 10 16 routing 3",
        (
            Parameter("count", "a number of capsules", integer()),
            DIMENSION,
            # Every round is laid out in the model's graph.
            Parameter("routing", "a number of routing rounds", integer(20), "routing"),
        ),
        _capsules,
    ),
    Kind("capsule_length", "capsule_length", (), _capsule_length),
    Kind(
        "decoder",
        "decoder 512 1024",
        (Parameter("units", "the units of its layers", integer(), many=True),),
        _decoder,
        place="top",
    ),
)
