"""The plain kinds of layer: each line is one Keras layer."""

from collections.abc import Callable
from typing import Any

from fmnist_core.architectures.grammar import (
    ACTIVATION,
    ACTIVATIONS,
    BIAS,
    DILATION,
    KERNEL_SETTINGS,
    PADDING,
    STRIDES,
    Kind,
    Parameter,
    integer,
    number,
    size,
)
from fmnist_core.architectures.graph import Graph, Tensor
from fmnist_core.architectures.layers import Layer, Regularizer
from fmnist_core.architectures.rules import ShapeError, require_map, require_vector

FILTERS = Parameter("filters", "a number of filters", integer())
KERNEL = Parameter("kernel", "a kernel size", size(square_as_one=False))
POOL = Parameter("pool", "a pool size", size())
POOL_STRIDES = Parameter("strides", "strides", size(), "strides", default=None)
RATE = Parameter("rate", "a rate", number(0, 1, below_high=True))
MOMENTUM = Parameter("momentum", "a momentum", number(0, 1), "momentum", 0.99)
EPSILON = Parameter("epsilon", "an epsilon", number(1e-9, 1), "epsilon", 0.001)
CONVOLUTION_OPTIONS = (STRIDES, DILATION, PADDING, ACTIVATION, BIAS, *KERNEL_SETTINGS)


def kernel_arguments(layer: Layer, *roles: str) -> dict[str, Any]:
    """Keras arguments for the initializer and the regularizer, for each kernel the layer has."""
    arguments: dict[str, Any] = {}
    init, l1, l2 = (layer.settings[key] for key in ("init", "l1", "l2"))
    for role in roles:
        if init != "glorot_uniform":
            arguments[f"{role}_initializer"] = init
        if l1 or l2:
            arguments[f"{role}_regularizer"] = Regularizer(l1, l2)
    return arguments


def convolution_arguments(layer: Layer, *roles: str) -> dict[str, Any]:
    """Keras arguments that all convolutions share; those at their default are left out."""
    settings = layer.settings
    strided, dilated = settings["strides"] != (1, 1), settings["dilation"] != (1, 1)
    if strided and dilated:
        raise ShapeError("needs strides 1 or dilation 1. Received: both larger. Drop one of them.")
    arguments: dict[str, Any] = {"kernel_size": settings["kernel"]}
    if strided:
        arguments["strides"] = settings["strides"]
    if settings["padding"] != "valid":
        arguments["padding"] = settings["padding"]
    if dilated:
        arguments["dilation_rate"] = settings["dilation"]
    return arguments | _activation_and_bias(layer) | kernel_arguments(layer, *roles)


def _activation_and_bias(layer: Layer) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if layer.settings["activation"] != "linear":
        arguments["activation"] = layer.settings["activation"]
    if not layer.settings["use_bias"]:
        arguments["use_bias"] = False
    return arguments


def _conv(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    filters = {"filters": layer.settings["filters"]}
    return graph.add("Conv2D", filters | convolution_arguments(layer, "kernel"), tensor)


def _depthwise_conv(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    _require_equal_strides(layer)
    return graph.add("DepthwiseConv2D", convolution_arguments(layer, "depthwise"), tensor)


def _separable_conv(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    _require_equal_strides(layer)
    filters = {"filters": layer.settings["filters"]}
    arguments = filters | convolution_arguments(layer, "depthwise", "pointwise")
    return graph.add("SeparableConv2D", arguments, tensor)


def _require_equal_strides(layer: Layer) -> None:
    # TensorFlow's depthwise kernel knows one stride only.
    height, width = layer.settings["strides"]
    if height != width:
        raise ShapeError(f"needs equal strides, e.g. strides 2. Received: {height}x{width}.")


def _dense(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    require_vector(tensor.shape)
    arguments = {"units": layer.settings["units"]} | _activation_and_bias(layer)
    return graph.add("Dense", arguments | kernel_arguments(layer, "kernel"), tensor)


def _batchnorm(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    defaults = {"momentum": MOMENTUM.default, "epsilon": EPSILON.default}
    changed = {key: value for key, value in layer.settings.items() if value != defaults[key]}
    return graph.add("BatchNormalization", changed, tensor)


def _activation(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    return graph.add("Activation", {"activation": layer.kind}, tensor)


def _leaky_relu(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    return graph.add("LeakyReLU", {"negative_slope": layer.settings["slope"]}, tensor)


def _pool(type_: str) -> Callable[[Graph, Layer, Tensor], Tensor]:
    def expand(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
        arguments = {"pool_size": layer.settings["pool"]}
        if layer.settings["strides"] not in (None, layer.settings["pool"]):
            arguments["strides"] = layer.settings["strides"]
        if layer.settings["padding"] != "valid":
            arguments["padding"] = layer.settings["padding"]
        return graph.add(type_, arguments, tensor)

    return expand


def _without_settings(type_: str) -> Callable[[Graph, Layer, Tensor], Tensor]:
    def expand(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
        return graph.add(type_, {}, tensor)

    return expand


def _dropout(type_: str) -> Callable[[Graph, Layer, Tensor], Tensor]:
    def expand(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
        return graph.add(type_, {"rate": layer.settings["rate"]}, tensor)

    return expand


def _pad(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    return graph.add("ZeroPadding2D", {"padding": layer.settings["pixels"]}, tensor)


def _repeat_channels(graph: Graph, layer: Layer, tensor: Tensor) -> Tensor:
    require_map(tensor.shape)
    return graph.add("Concatenate", {}, *[tensor] * layer.settings["times"])


PLAIN_KINDS = (
    Kind("conv", "conv 32 3x3 same relu", (FILTERS, KERNEL, *CONVOLUTION_OPTIONS), _conv),
    Kind(
        "depthwise_conv",
        "depthwise_conv 3x3 same relu",
        (KERNEL, *CONVOLUTION_OPTIONS),
        _depthwise_conv,
    ),
    Kind(
        "separable_conv",
        "separable_conv 64 3x3 same relu",
        (FILTERS, KERNEL, *CONVOLUTION_OPTIONS),
        _separable_conv,
    ),
    Kind(
        "dense",
        "dense 128 relu",
        (Parameter("units", "a number of units", integer()), ACTIVATION, BIAS, *KERNEL_SETTINGS),
        _dense,
    ),
    Kind(
        "batchnorm",
        "batchnorm momentum 0.9",
        (MOMENTUM, EPSILON),
        _batchnorm,
    ),
    *(Kind(name, name, (), _activation) for name in ACTIVATIONS if name != "leaky_relu"),
    Kind(
        "leaky_relu",
        "leaky_relu 0.1",
        (Parameter("slope", "a negative slope", number(0, 100)),),
        _leaky_relu,
    ),
    Kind("maxpool", "maxpool 2", (POOL, POOL_STRIDES, PADDING), _pool("MaxPooling2D")),
    Kind("avgpool", "avgpool 2", (POOL, POOL_STRIDES, PADDING), _pool("AveragePooling2D")),
    Kind("global_avgpool", "global_avgpool", (), _without_settings("GlobalAveragePooling2D")),
    Kind("global_maxpool", "global_maxpool", (), _without_settings("GlobalMaxPooling2D")),
    Kind("dropout", "dropout 0.5", (RATE,), _dropout("Dropout")),
    Kind("spatial_dropout", "spatial_dropout 0.2", (RATE,), _dropout("SpatialDropout2D")),
    Kind("flatten", "flatten", (), _without_settings("Flatten")),
    Kind("pad", "pad 2", (Parameter("pixels", "a number of pixels", integer()),), _pad),
    Kind(
        "repeat_channels",
        "repeat_channels 3",
        (Parameter("times", "a number of copies", integer(64, minimum=2)),),
        _repeat_channels,
    ),
)
