"""The fused layer must be Keras' layer in everything but speed."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist_core.training.batchnorm import FusedBatchNormalization

# The largest difference allowed, relative to the largest value: float32 sums in another order,
# and one bfloat16 rounding (8 bits).
TOLERANCE = {"float32": 2e-5, "mixed_bfloat16": 1e-2}


def _step(layer, inputs, upstream):
    """Output, gradients of input, gamma and beta, and both moving statistics after one step."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
        loss = tf.reduce_sum(tf.cast(outputs, "float32") * upstream)
    gradients = tape.gradient(loss, [inputs, layer.gamma.value, layer.beta.value])
    return [outputs, *gradients, layer.moving_mean.value, layer.moving_variance.value]


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("shape", [(8, 14, 14, 32), (3, 5, 7, 1), (1, 1, 1, 6), (64, 1, 1, 4)])
def test_a_training_step_equals_keras_in_output_gradients_and_moving_statistics(policy, shape):
    generator = np.random.default_rng(7)
    dtype = "bfloat16" if policy == "mixed_bfloat16" else "float32"
    images = tf.constant(generator.normal(3, 2, shape), dtype)
    upstream = tf.constant(generator.normal(size=shape), "float32")
    layers = []
    for kind in (keras.layers.BatchNormalization, FusedBatchNormalization):
        layer = kind(dtype=policy)
        layer.build(shape)
        layer.gamma.assign(np.linspace(0.5, 1.5, shape[-1]))
        layer.beta.assign(np.linspace(-1, 1, shape[-1]))
        layers.append(layer)
    for _ in range(3):
        plain, fused = (_step(layer, images, upstream) for layer in layers)
    for expected, received in zip(plain, fused, strict=True):
        expected, received = np.float32(expected), np.float32(received)
        assert received.shape == expected.shape
        np.testing.assert_allclose(
            received, expected, rtol=0, atol=TOLERANCE[policy] * max(1, np.abs(expected).max())
        )


def test_inference_uses_the_moving_statistics_exactly_as_keras_does():
    images = tf.constant(np.random.default_rng(1).normal(size=(4, 3, 3, 2)), "float32")
    plain, fused = keras.layers.BatchNormalization(), FusedBatchNormalization()
    for layer in (plain, fused):
        layer.build(images.shape)
        layer.moving_mean.assign([0.5, -0.5])
        layer.moving_variance.assign([2.0, 0.25])
    np.testing.assert_array_equal(fused(images, training=False), plain(images, training=False))


def test_flat_inputs_fall_back_to_keras():
    rows = tf.constant(np.random.default_rng(1).normal(size=(16, 5)), "float32")
    plain, fused = keras.layers.BatchNormalization(), FusedBatchNormalization()
    np.testing.assert_array_equal(fused(rows, training=True), plain(rows, training=True))
    np.testing.assert_array_equal(fused.moving_variance, plain.moving_variance)
