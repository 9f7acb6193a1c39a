"""What every layer of a stored network makes of one image, computed in NumPy from its weights.

A LiteRT model has the same numbers, but fuses batch normalisation and activations into the layers
before them; here each layer of the text keeps its own output, under the name that it has in Keras.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fmnist_core.architectures.graph import IMAGE, LayerRow
from fmnist_core.architectures.layers import Shape
from fmnist_core.architectures.summary import summarize
from fmnist_core.errors import RunError
from fmnist_core.inference.activations import ACTIVATION_FUNCTIONS, leaky_relu
from fmnist_core.inference.sliding_window import POOLS, Window, convolve, convolve_each
from fmnist_core.runs.arrays import Floats

EPSILON = 0.001  # Keras' default of batch normalisation
# A text of few parameters can ask for any amount of work. These are twice what the largest network
# of the catalogue lays out for one image, and a map of which every pixel can be drawn.
MOST_VALUES = 16_000_000
MOST_MAP_PIXELS = 64 * 64

Weights = Mapping[str, Floats]
DROPOUTS = ("Dropout", "SpatialDropout2D")
_WINDOWED = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D")


@dataclass(frozen=True, eq=False)
class Trace:
    """One image on its way through a network.

    Attributes:
        rows: the layers that were computed, in order; training-only branches are left out.
        outputs: layer name -> its output without the batch axis; "image" holds what the network
            reads, (28, 28, 1).
        sums: layer name -> what stood there before the layer's own activation function; only for
            layers that have one.
        masks: dropout layer -> what its input was multiplied with; empty while predicting.
        unknown: the first layer that is not computed here, for its kind or, where that is one of
            `COMPUTED`, for its size; `None` when all were.
    """

    rows: tuple[LayerRow, ...]
    outputs: Mapping[str, Floats]
    sums: Mapping[str, Floats]
    masks: Mapping[str, Floats]
    unknown: LayerRow | None

    def before(self, row: LayerRow) -> Floats:
        """Returns what the layer reads."""
        return self.outputs[row.inputs[0]]

    def after(self, row: LayerRow) -> Floats:
        """Returns what the layer gives."""
        return self.outputs[row.name]

    def of_type(self, *types: str) -> tuple[LayerRow, ...]:
        """Returns the computed layers of these Keras classes, in order."""
        return tuple(row for row in self.rows if row.type in types)


@dataclass(frozen=True, eq=False)
class _Layer:
    """One layer at work.

    Attributes:
        weights: of this layer, by the last part of their names.
        mask: what dropout multiplies its input with; `None` while predicting.
    """

    row: LayerRow
    weights: Weights
    mask: Floats | None

    def weight(self, name: str) -> Floats:
        if name not in self.weights:
            raise RunError(
                f"weights.safetensors must hold {self.row.name}/{name}. Received: "
                f"{', '.join(sorted(self.weights)) or 'nothing'} for that layer. Verify the run."
            )
        return self.weights[name]

    def bias(self) -> Floats | float:
        return self.weight("bias") if self.row.arguments.get("use_bias", True) else 0.0


def trace(
    layers: str,
    weights: Weights,
    image: npt.NDArray[np.uint8],
    *,
    pixel_mean: float = 0.0,
    pixel_std: float = 1.0,
    dropout_seed: int | None = None,
) -> Trace:
    """Follows one image through a network.

    Args:
        layers: layer text.
        weights: "conv2d/kernel" -> values, as `read_stored_weights` gives them.
        image: uint8 (28, 28), light on dark.
        pixel_mean: of the recipe; taken from the pixels once they are in [0, 1].
        pixel_std: of the recipe; they are then divided by it.
        dropout_seed: draws what the dropout layers drop, as while training; `None` as while
            predicting.

    Raises:
        RunError: a weight is missing or has another shape than its layer.
        LayerTextError: the text cannot be read.
    """
    pixels = (image.astype(np.float32) / 255 - pixel_mean) / pixel_std
    outputs: dict[str, Floats] = {IMAGE: pixels.astype(np.float32)[..., None]}
    sums: dict[str, Floats] = {}
    masks: dict[str, Floats] = {}
    done: list[LayerRow] = []
    generator = None if dropout_seed is None else np.random.default_rng(dropout_seed)
    values = 0
    for row in summarize(layers).layers:
        if row.training_only:
            continue
        if row.type not in _RULES:
            return Trace(tuple(done), outputs, sums, masks, row)
        inputs = [outputs[name] for name in row.inputs]
        shapes = _laid_out(row, inputs[0].shape)
        values += sum(map(math.prod, shapes))
        maps = (shape for shape in shapes if len(shape) > 2)
        if values > MOST_VALUES or any(math.prod(of[:2]) > MOST_MAP_PIXELS for of in maps):
            return Trace(tuple(done), outputs, sums, masks, row)
        if generator and row.type in DROPOUTS:
            masks[row.name] = _drawn_mask(row, inputs[0].shape, generator)
        layer = _Layer(row, _own(weights, row.name), masks.get(row.name))
        output = _computed(layer, inputs)
        activation = _activation_name(row)
        if activation != "linear":
            sums[row.name] = output
            output = ACTIVATION_FUNCTIONS[activation](output)
        outputs[row.name] = output.astype(np.float32, copy=False)
        done.append(row)
    return Trace(tuple(done), outputs, sums, masks, None)


def window_of(row: LayerRow) -> Window:
    """Returns the window of a convolution or a pool. Raises `KeyError` for another layer."""
    size = row.arguments["kernel_size" if row.type in _WINDOWED else "pool_size"]
    return Window(
        size,
        row.arguments.get("strides", (1, 1) if row.type in _WINDOWED else size),
        row.arguments.get("padding", "valid"),
        row.arguments.get("dilation_rate", (1, 1)),
    )


def _laid_out(row: LayerRow, shape: Shape) -> list[Shape]:
    """Returns the shapes that computing a layer takes: its output, and what its window sees.

    Args:
        row: of a kind that can be computed.
        shape: of what it reads.
    """
    if row.type not in (*_WINDOWED, *POOLS):
        return [row.output_shape]
    window, (height, width, channels) = window_of(row), shape
    padded = (height + sum(window.borders(height, 0)), width + sum(window.borders(width, 1)))
    patches = (*row.output_shape[:2], channels, *window.size)
    return [row.output_shape, (*padded, channels), patches]


def _own(weights: Weights, name: str) -> dict[str, Floats]:
    return {
        path.removeprefix(f"{name}/"): values
        for path, values in weights.items()
        if path.startswith(f"{name}/")
    }


def _activation_name(row: LayerRow) -> str:
    return str(row.arguments.get("activation", "linear"))


def _computed(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    row = layer.row
    try:
        output = _RULES[row.type](layer, inputs)
    except ValueError as error:
        raise _unfitting(row, str(error)) from error
    if output.shape != row.output_shape:
        raise _unfitting(row, f"an output of shape {output.shape}")
    return output


def _unfitting(row: LayerRow, received: str) -> RunError:
    return RunError(
        f"the weights of {row.name} must fit its layer, with an output of shape "
        f"{row.output_shape}. Received: {received}. Verify the run."
    )


def _conv2d(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return convolve(inputs[0], layer.weight("kernel"), window_of(layer.row)) + layer.bias()


def _depthwise_conv2d(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return convolve_each(inputs[0], layer.weight("kernel"), window_of(layer.row)) + layer.bias()


def _separable_conv2d(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    each = convolve_each(inputs[0], layer.weight("depthwise_kernel"), window_of(layer.row))
    mixed: Floats = each @ layer.weight("pointwise_kernel")[0, 0]
    return mixed + layer.bias()


def _dense(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    product: Floats = inputs[0] @ layer.weight("kernel")
    return product + layer.bias()


def _batch_normalization(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    epsilon = layer.row.arguments.get("epsilon", EPSILON)
    scale = layer.weight("gamma") / np.sqrt(layer.weight("moving_variance") + epsilon)
    return np.asarray((inputs[0] - layer.weight("moving_mean")) * scale + layer.weight("beta"))


def _pool(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return POOLS[layer.row.type](inputs[0], window_of(layer.row))


def _global_average(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    keep = bool(layer.row.arguments.get("keepdims"))
    return np.asarray(inputs[0].mean(axis=(0, 1), keepdims=keep))


def _global_maximum(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return np.asarray(inputs[0].max(axis=(0, 1)))


def _drawn_mask(row: LayerRow, shape: Shape, generator: np.random.Generator) -> Floats:
    """Inverted dropout: what is kept grows by 1 / (1 - rate), so that the mean stays."""
    rate = row.arguments["rate"]
    # SpatialDropout2D drops whole channels.
    drawn = generator.random(shape[-1:] if row.type == "SpatialDropout2D" else shape)
    return np.broadcast_to((drawn >= rate) / np.float32(1 - rate), shape).astype(np.float32)


def _dropout(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return inputs[0] if layer.mask is None else np.multiply(inputs[0], layer.mask)


def _reshaped(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return inputs[0].reshape(layer.row.output_shape)


def _zero_padding(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    pixels = layer.row.arguments["padding"]
    return np.pad(inputs[0], ((pixels, pixels), (pixels, pixels), (0, 0)))


def _channel_padding(layer: _Layer, inputs: Sequence[Floats]) -> Floats:
    return np.pad(inputs[0], ((0, 0), (0, 0), (0, layer.row.arguments["channels"])))


_RULES: dict[str, Callable[[_Layer, Sequence[Floats]], Floats]] = {
    "Activation": lambda _, inputs: inputs[0],  # the function itself follows in `trace`
    "Add": lambda _, inputs: np.add(inputs[0], inputs[1]),
    "AveragePooling2D": _pool,
    "BatchNormalization": _batch_normalization,
    "ChannelPadding": _channel_padding,
    "Concatenate": lambda _, inputs: np.concatenate(inputs, axis=-1),
    "Conv2D": _conv2d,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv2d,
    "Dropout": _dropout,
    "Flatten": _reshaped,
    "GlobalAveragePooling2D": _global_average,
    "GlobalMaxPooling2D": _global_maximum,
    "LeakyReLU": lambda layer, inputs: leaky_relu(inputs[0], layer.row.arguments["negative_slope"]),
    "MaxPooling2D": _pool,
    "Multiply": lambda _, inputs: np.multiply(inputs[0], inputs[1]),
    "Reshape": _reshaped,
    "SeparableConv2D": _separable_conv2d,
    "SpatialDropout2D": _dropout,
    "ZeroPadding2D": _zero_padding,
}
COMPUTED = frozenset(_RULES)
