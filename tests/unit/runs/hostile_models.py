"""LiteRT models of a few kilobytes, made to cost whoever runs them."""

import tempfile
from collections.abc import Callable
from typing import Any


def endless_model() -> bytes:
    """A loop of two thousand million rounds before it answers."""

    def answer(mean: Any) -> Any:
        import tensorflow as tf

        def again(count: Any, value: Any) -> Any:
            return count + 1, value * 1.0000001 + 1e-9

        return tf.while_loop(lambda count, _: count < 2_000_000_000, again, [0, mean])[1][:, None]

    return _model(answer)


def huge_model() -> bytes:
    """Forty million numbers for each image, 160 MB."""

    def answer(mean: Any) -> Any:
        import tensorflow as tf

        return tf.sqrt(tf.abs(tf.tile(mean[:, None], [1, 40_000_000])) + 1.0)

    return _model(answer)


def _model(answer: Callable[[Any], Any]) -> bytes:
    """A model with our two outputs, of what is made of each image's mean: (n,) -> (n, any)."""
    import tensorflow as tf  # takes seconds, which only these tests need

    image = tf.TensorSpec([None, 28, 28, 1], tf.float32, name="image")

    @tf.function(input_signature=[image])
    def run(image: Any) -> Any:
        numbers = answer(tf.reduce_mean(image, axis=[1, 2, 3]))
        total = tf.reduce_sum(numbers, axis=1, keepdims=True)
        probabilities = tf.nn.softmax(tf.tile(total, [1, 10]))
        return {"probabilities": probabilities, "features": total}

    module = tf.Module()
    module.run = run
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures={"serving_default": run})
        return bytes(tf.lite.TFLiteConverter.from_saved_model(folder).convert())
