"""Names and shapes of a network's weights, known without building it."""

from collections.abc import Callable, Iterator
from typing import Any

from fmnist_core.architectures.graph import IMAGE, LayerRow
from fmnist_core.architectures.layers import Shape
from fmnist_core.architectures.summary import Summary

# A weight's name below its layer, and its shape.
_Weights = Iterator[tuple[str, Shape]]


def weight_shapes(summary: Summary) -> dict[str, Shape]:
    """Returns the shape of each weight by its path in the Keras model, such as "conv2d/kernel"."""
    outputs = {IMAGE: summary.input_shape} | {row.name: row.output_shape for row in summary.layers}
    return {
        f"{row.name}/{name}": shape
        for row in summary.layers
        if row.params
        for name, shape in _WEIGHTS[row.type](row, outputs[row.inputs[0]])
    }


def _conv2d(row: LayerRow, read: Shape) -> _Weights:
    filters = row.arguments["filters"]
    yield "kernel", (*row.arguments["kernel_size"], read[-1], filters)
    yield from _bias(row, (filters,))


def _depthwise_conv2d(row: LayerRow, read: Shape) -> _Weights:
    yield "kernel", (*row.arguments["kernel_size"], read[-1], 1)
    yield from _bias(row, (read[-1],))


def _separable_conv2d(row: LayerRow, read: Shape) -> _Weights:
    filters = row.arguments["filters"]
    yield "depthwise_kernel", (*row.arguments["kernel_size"], read[-1], 1)
    yield "pointwise_kernel", (1, 1, read[-1], filters)
    yield from _bias(row, (filters,))


def _dense(row: LayerRow, read: Shape) -> _Weights:
    units = row.arguments["units"]
    yield "kernel", (read[-1], units)
    yield from _bias(row, (units,))


def _batch_normalization(_: LayerRow, read: Shape) -> _Weights:
    for name in ("gamma", "beta", "moving_mean", "moving_variance"):
        yield name, (read[-1],)


def _attention(row: LayerRow, read: Shape) -> _Weights:
    channels, heads = read[-1], (row.arguments["num_heads"], row.arguments["key_dim"])
    for name in ("query", "key", "value"):
        yield f"{name}/kernel", (channels, *heads)
        yield f"{name}/bias", heads
    yield "attention_output/kernel", (*heads, channels)
    yield "attention_output/bias", (channels,)


def _capsule_routing(row: LayerRow, read: Shape) -> _Weights:
    yield "kernel", (*read, row.arguments["count"] * row.arguments["dim"])


def _bias(row: LayerRow, shape: Shape) -> _Weights:
    if row.arguments.get("use_bias", True):
        yield "bias", shape


_WEIGHTS: dict[str, Callable[[LayerRow, Any], _Weights]] = {
    "BatchNormalization": _batch_normalization,
    "CapsuleRouting": _capsule_routing,
    "Conv2D": _conv2d,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv2d,
    "MultiHeadAttention": _attention,
    "SeparableConv2D": _separable_conv2d,
}
