"""What each Keras layer does to shapes, parameters and work, in numbers and as a formula.

MACs are multiply-accumulates for one image: convolutions, dense layers, attention and capsule
products. Pooling, normalisation, activations and element-wise sums count 0.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fmnist_core.architectures.layers import Shape, describe_shape


class ShapeError(Exception):
    """A layer that cannot follow its input; the sentence starts with what the layer needs."""


@dataclass(frozen=True)
class Effect:
    """What one Keras layer adds to the network."""

    output_shape: Shape
    trainable_params: int = 0
    non_trainable_params: int = 0
    macs: int = 0
    formula: str = "0"
    shape_formula: str = ""


Arguments = Mapping[str, Any]
Rule = Callable[[Arguments, Sequence[Shape]], Effect]


def require_map(shape: Shape) -> Shape:
    """The shape itself when it is height x width x channels; else `ShapeError`."""
    if len(shape) != 3:
        raise ShapeError(
            f"needs a height x width x channels input. Received: {describe_shape(shape)}. "
            "Put it before flatten and the global pools."
        )
    return shape


def require_vector(shape: Shape) -> Shape:
    """The shape itself when it is flat; else `ShapeError`."""
    if len(shape) != 1:
        raise ShapeError(
            f"needs a flat input. Received: {describe_shape(shape)}. "
            'Put "flatten" or "global_avgpool" before it.'
        )
    return shape


def require_capsules(shape: Shape) -> Shape:
    """The shape itself when it is capsules x dimension; else `ShapeError`."""
    if len(shape) != 2:
        raise ShapeError(
            f"needs capsules. Received: {describe_shape(shape)}. "
            'Put "primary_capsules 32 8 9x9 strides 2" before it.'
        )
    return shape


def _slide(length: int, kernel: int, stride: int, dilation: int, padding: str) -> tuple[int, str]:
    """Output length of a window that slides over `length`, and its formula."""
    if padding == "same":
        output = -(-length // stride)
        return output, f"ceil({length}/{stride}) = {output}"
    reach = dilation * (kernel - 1) + 1
    reach_text = str(kernel) if dilation == 1 else f"({dilation}*({kernel} - 1) + 1)"
    steps, rest = divmod(length - reach, stride)
    fraction = f"({length} - {reach_text} + 2*0)/{stride}"
    return steps + 1, f"{f'floor({fraction})' if rest else fraction} + 1 = {steps + 1}"


def _window(arguments: Arguments, shape: Shape, size_key: str) -> tuple[int, int, str]:
    """Output height and width of a convolution or pool, and their formula."""
    height, width, _ = require_map(shape)
    kernel = arguments[size_key]
    strides = arguments.get("strides", kernel if size_key == "pool_size" else (1, 1))
    dilation = arguments.get("dilation_rate", (1, 1))
    padding = arguments.get("padding", "valid")
    rows, rows_formula = _slide(height, kernel[0], strides[0], dilation[0], padding)
    columns, columns_formula = _slide(width, kernel[1], strides[1], dilation[1], padding)
    if rows < 1 or columns < 1:
        reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
        raise ShapeError(
            f"needs an input of at least {reach[0]}x{reach[1]}, or its output falls below 1x1. "
            f"Received: {describe_shape(shape)}. Use same padding, a smaller window, or less "
            "pooling before it."
        )
    if rows_formula != columns_formula:
        rows_formula += f"; {columns_formula}"
    return rows, columns, rows_formula


def _conv2d(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    rows, columns, shape_formula = _window(arguments, shapes[0], "kernel_size")
    (height, width), channels = arguments["kernel_size"], shapes[0][2]
    filters, bias = arguments["filters"], arguments.get("use_bias", True)
    weights = height * width * channels * filters
    params = weights + filters * bias
    taps = f"{height}*{width}*{channels}"
    fan_in = f"({taps} + 1)" if bias else taps
    return Effect(
        (rows, columns, filters),
        params,
        macs=rows * columns * weights,
        formula=f"{fan_in} * {filters} = {params}",
        shape_formula=shape_formula,
    )


def _depthwise_conv2d(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    rows, columns, shape_formula = _window(arguments, shapes[0], "kernel_size")
    (height, width), channels = arguments["kernel_size"], shapes[0][2]
    bias = arguments.get("use_bias", True)
    weights = height * width * channels
    params = weights + channels * bias
    taps = f"({height}*{width} + 1)" if bias else f"{height}*{width}"
    return Effect(
        (rows, columns, channels),
        params,
        macs=rows * columns * weights,
        formula=f"{taps} * {channels} = {params}",
        shape_formula=shape_formula,
    )


def _separable_conv2d(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    rows, columns, shape_formula = _window(arguments, shapes[0], "kernel_size")
    (height, width), channels = arguments["kernel_size"], shapes[0][2]
    filters, bias = arguments["filters"], arguments.get("use_bias", True)
    weights = height * width * channels + channels * filters
    params = weights + filters * bias
    pointwise = f"({channels} + 1) * {filters}" if bias else f"{channels} * {filters}"
    return Effect(
        (rows, columns, filters),
        params,
        macs=rows * columns * weights,
        formula=f"{height}*{width}*{channels} + {pointwise} = {params}",
        shape_formula=shape_formula,
    )


def _dense(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    *positions, inputs = shapes[0]
    units, bias = arguments["units"], arguments.get("use_bias", True)
    params = (inputs + bias) * units
    fan_in = f"({inputs} + 1)" if bias else f"{inputs}"
    return Effect(
        (*positions, units),
        params,
        macs=math.prod(positions) * inputs * units,
        formula=f"{fan_in} * {units} = {params}",
    )


def _batch_normalization(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    channels = shapes[0][-1]
    formula = f"4 * {channels} = {4 * channels}, of which 2 * {channels} = {2 * channels} trainable"
    return Effect(shapes[0], 2 * channels, 2 * channels, formula=formula)


def _pool(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    rows, columns, shape_formula = _window(arguments, shapes[0], "pool_size")
    return Effect((rows, columns, shapes[0][2]), shape_formula=shape_formula)


def _global_pool(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    channels = require_map(shapes[0])[2]
    return Effect((1, 1, channels) if arguments.get("keepdims") else (channels,))


def _flatten(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    length = math.prod(shapes[0])
    return Effect((length,), shape_formula=f"{'*'.join(map(str, shapes[0]))} = {length}")


def _reshape(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    return Effect(arguments["target_shape"])


def _same_shape(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    return Effect(shapes[0])


def _map_same_shape(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    return Effect(require_map(shapes[0]))


def _zero_padding(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    height, width, channels = require_map(shapes[0])
    added = arguments["padding"]
    rows, columns = height + 2 * added, width + 2 * added
    formula = f"{height} + 2*{added} = {rows}"
    if height != width:
        formula += f"; {width} + 2*{added} = {columns}"
    return Effect((rows, columns, channels), shape_formula=formula)


def _concatenate(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    channels = [shape[-1] for shape in shapes]
    formula = f"{' + '.join(map(str, channels))} = {sum(channels)}"
    return Effect((*shapes[0][:-1], sum(channels)), shape_formula=formula)


def _channel_padding(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    *positions, channels = shapes[0]
    added = arguments["channels"]
    formula = f"{channels} + {added} = {channels + added}"
    return Effect((*positions, channels + added), shape_formula=formula)


def _attention(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    positions, channels = shapes[0]
    heads, key_dim = arguments["num_heads"], arguments["key_dim"]
    width = heads * key_dim
    params = 3 * (channels + 1) * width + (width + 1) * channels
    projections = 4 * positions * channels * width
    query_key_value = f"3*({channels} + 1)*{heads}*{key_dim}"
    return Effect(
        shapes[0],
        params,
        macs=projections + 2 * positions * positions * width,
        formula=f"{query_key_value} + ({heads}*{key_dim} + 1)*{channels} = {params}",
    )


def _capsule_routing(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    inputs, input_dim = require_capsules(shapes[0])
    count, dim, rounds = arguments["count"], arguments["dim"], arguments["routing"]
    params = inputs * input_dim * count * dim
    # A weighted sum in every round, an agreement in every round but the last.
    routing = (2 * rounds - 1) * inputs * count * dim
    return Effect(
        (count, dim),
        params,
        macs=params + routing,
        formula=f"{inputs} * {input_dim} * {count} * {dim} = {params}",
    )


def _capsule_length(arguments: Arguments, shapes: Sequence[Shape]) -> Effect:
    return Effect(require_capsules(shapes[0])[:1])


RULES: dict[str, Rule] = {
    "Activation": _same_shape,
    "Add": _same_shape,
    "AveragePooling2D": _pool,
    "BatchNormalization": _batch_normalization,
    "CapsuleLength": _capsule_length,
    "CapsuleMask": _same_shape,
    "CapsuleRouting": _capsule_routing,
    "ChannelPadding": _channel_padding,
    "Concatenate": _concatenate,
    "Conv2D": _conv2d,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv2d,
    "Dropout": _same_shape,
    "Flatten": _flatten,
    "GlobalAveragePooling2D": _global_pool,
    "GlobalMaxPooling2D": _global_pool,
    "LeakyReLU": _same_shape,
    "MaxPooling2D": _pool,
    "MultiHeadAttention": _attention,
    "Multiply": _same_shape,
    "Reshape": _reshape,
    "SeparableConv2D": _separable_conv2d,
    "SpatialDropout2D": _map_same_shape,
    "Squash": _same_shape,
    "ZeroPadding2D": _zero_padding,
}
