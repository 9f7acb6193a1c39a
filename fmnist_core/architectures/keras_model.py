"""From a layer text to the Keras model that it describes."""

import hashlib
import math
from typing import Any

import keras

from fmnist_core.architectures import keras_layers
from fmnist_core.architectures.graph import IMAGE, LABEL, LayerRow
from fmnist_core.architectures.layers import Architecture, Regularizer, Shape
from fmnist_core.architectures.summary import check_buildable, summarize

PROBABILITIES = "probabilities"
FEATURES = "features"


def build_model(
    architecture: Architecture | str,
    *,
    input_shape: Shape = (28, 28, 1),
    batch_normalization: type[keras.layers.Layer] | None = None,
    seed: int | None = None,
) -> keras.Model:
    """Build the functional model of a network; its layers carry the summary's names.

    The input is "image", (n, height, width, channels). The outputs are a dictionary:
    "probabilities" (n, 10) float32; "features" (n, d), the flattened penultimate representation;
    one (n, classes) float32 per auxiliary head, by its name; and with a decoder "reconstruction",
    of the image's shape, which asks for a second input "label", (n,) whole numbers.
    Probabilities of capsules are their lengths, each in [0, 1), and do not add up to one.

    Args:
        architecture: the network, or its layer text.
        input_shape: height x width x channels of the image.
        batch_normalization: used in place of `keras.layers.BatchNormalization`.
        seed: makes initial weights and dropout repeatable, each layer drawing from (seed, index).

    Raises:
        LayerTextError: the text cannot be read, built, or does not give ten probabilities.
    """
    summary = check_buildable(summarize(architecture, input_shape))
    tensors: dict[str, Any] = {IMAGE: keras.Input(summary.input_shape, name=IMAGE)}
    inputs: Any = tensors[IMAGE]
    if summary.reconstruction_layer:
        tensors[LABEL] = keras.Input((), dtype="int32", name=LABEL)
        inputs = {IMAGE: tensors[IMAGE], LABEL: tensors[LABEL]}
    for index, row in enumerate(summary.layers):
        layer_seed = None if seed is None else _layer_seed(seed, index)
        layer = _layer(row, row.name in summary.outputs.values(), batch_normalization, layer_seed)
        read = [tensors[name] for name in row.inputs]
        if row.type == "MultiHeadAttention":
            tensors[row.name] = layer(read[0], read[0])
            if layer_seed is not None:
                _draw_attention_kernels(layer, layer_seed)
        else:
            tensors[row.name] = layer(read[0] if len(read) == 1 else read)
    features = tensors[summary.feature_layer]
    if len(features.shape) > 2:
        features = keras.layers.Flatten(name=FEATURES)(features)
    named = {name: tensors[layer] for name, layer in summary.outputs.items()}
    return keras.Model(inputs, {**named, FEATURES: features})


def inference_model(model: keras.Model) -> keras.Model:
    """The same layers and weights, from the image alone to "probabilities" and "features"."""
    image = next(tensor for tensor in model.inputs if tensor.name == IMAGE)
    outputs = {name: model.output[name] for name in (PROBABILITIES, FEATURES)}
    return keras.Model(image, outputs)


def _layer(
    row: LayerRow,
    gives_output: bool,
    batch_normalization: type[keras.layers.Layer] | None,
    seed: int | None,
) -> keras.layers.Layer:
    layer_class = getattr(keras_layers, row.type, None) or getattr(keras.layers, row.type)
    if row.type == "BatchNormalization" and batch_normalization is not None:
        layer_class = batch_normalization
    arguments = {key: _keras_value(value) for key, value in row.arguments.items()}
    if gives_output or row.arguments.get("activation") == "softmax":
        # Probabilities and losses need float32 even when the policy computes in bfloat16.
        arguments["dtype"] = "float32"
    if seed is not None and row.type in ("Dropout", "SpatialDropout2D"):
        arguments["seed"] = seed
    layer = layer_class(**arguments, name=row.name)
    if seed is not None:
        _seed_initializers(layer, seed)
    return layer


def _keras_value(value: Any) -> Any:
    if isinstance(value, Regularizer):
        return keras.regularizers.L1L2(l1=value.l1, l2=value.l2)
    return value


def _layer_seed(seed: int, index: int) -> int:
    digest = hashlib.sha256(f"{seed}/{index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _seed_initializers(layer: keras.layers.Layer, seed: int) -> None:
    """Make the kernels' first values follow from `seed`; a layer not yet built."""
    for offset, role in enumerate(("kernel", "depthwise", "pointwise")):
        initializer = getattr(layer, f"{role}_initializer", None)
        if initializer is not None:
            setattr(layer, f"{role}_initializer", _with_seed(initializer, seed + offset))


def _with_seed(
    initializer: keras.initializers.Initializer, seed: int
) -> keras.initializers.Initializer:
    config = initializer.get_config()
    if "seed" in config:
        config["seed"] = seed
    return type(initializer).from_config(config)


def _draw_attention_kernels(layer: keras.layers.Layer, seed: int) -> None:
    """Glorot values as Keras draws them, but from a seed of its own for each projection.

    Keras hands one seeded initializer to all of them: query, key and value would start out equal.
    """
    for offset, weight in enumerate(layer.weights):
        if not weight.path.endswith("kernel"):
            continue
        # (channels, heads, key_dim), or (heads, key_dim, channels) on the way out
        split = 2 if "attention_output" in weight.path else 1
        matrix = math.prod(weight.shape[:split]), math.prod(weight.shape[split:])
        drawn = keras.initializers.GlorotUniform(seed=seed + offset)(matrix, weight.dtype)
        weight.assign(keras.ops.reshape(drawn, weight.shape))
