"""The few layers that Keras lacks. Each stands on its own: exported source code quotes it."""

from typing import Any

import keras


class ChannelPadding(keras.layers.Layer):
    """Adds channels of zeros: (..., c) -> (..., c + channels)."""

    def __init__(self, channels: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channels = channels

    def call(self, inputs: Any) -> Any:
        """Append the zeros."""
        return keras.ops.pad(inputs, [(0, 0)] * (len(inputs.shape) - 1) + [(0, self.channels)])


class Squash(keras.layers.Layer):
    """Shortens each capsule to a length below 1 and keeps its direction: (n, capsules, dim)."""

    def call(self, inputs: Any) -> Any:
        """Scale by |s| / (1 + |s|^2)."""
        square = keras.ops.sum(keras.ops.square(inputs), axis=-1, keepdims=True)
        return inputs * keras.ops.sqrt(square + 1e-7) / (1.0 + square)


class CapsuleRouting(keras.layers.Layer):
    """Capsules that agree by dynamic routing: (n, inputs, input_dim) -> (n, count, dim).

    Every input capsule predicts every output capsule; in each round an output is the squashed sum
    of the predictions, weighed by how well each agreed with it in the round before.
    """

    def __init__(self, count: int, dim: int, routing: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.count, self.dim, self.routing = count, dim, routing
        # Glorot counts all input capsules as one fan: every length then starts, and stays, at 0.
        self.kernel_initializer = keras.initializers.TruncatedNormal(stddev=0.1)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the prediction matrices, (inputs, input_dim, count * dim)."""
        _, inputs, input_dim = input_shape
        self.kernel = self.add_weight(
            shape=(inputs, input_dim, self.count * self.dim),
            initializer=self.kernel_initializer,
            name="kernel",
        )

    def call(self, inputs: Any) -> Any:
        """Predict, then route."""
        ops = keras.ops
        predictions = ops.matmul(ops.transpose(inputs, (1, 0, 2)), self.kernel)
        shape = (inputs.shape[1], -1, self.count, self.dim)
        # (inputs, n, count, dim) -> (n, count, inputs, dim)
        predictions = ops.transpose(ops.reshape(predictions, shape), (1, 2, 0, 3))
        agreement = ops.zeros_like(predictions[..., :1])
        output = predictions[:, :, :1, :]
        for round_ in range(self.routing):
            coupling = ops.transpose(ops.softmax(agreement, axis=1), (0, 1, 3, 2))
            total = ops.matmul(coupling, predictions)  # (n, count, 1, dim)
            square = ops.sum(ops.square(total), axis=-1, keepdims=True)
            output = total * ops.sqrt(square + 1e-7) / (1.0 + square)
            if round_ < self.routing - 1:
                agreement += ops.matmul(predictions, ops.transpose(output, (0, 1, 3, 2)))
        return ops.squeeze(output, axis=2)


class CapsuleLength(keras.layers.Layer):
    """Length of each capsule, in [0, 1): (n, count, dim) -> (n, count)."""

    def call(self, inputs: Any) -> Any:
        """Take the Euclidean norm."""
        return keras.ops.sqrt(keras.ops.sum(keras.ops.square(inputs), axis=-1) + 1e-7)


class CapsuleMask(keras.layers.Layer):
    """Keeps the capsule of the true class and zeroes the others: (n, count, dim) and (n,)."""

    def call(self, inputs: Any) -> Any:
        """Multiply by the label, one-hot."""
        capsules, label = inputs
        chosen = keras.ops.one_hot(label, capsules.shape[1], dtype=capsules.dtype)
        return capsules * keras.ops.expand_dims(chosen, -1)
