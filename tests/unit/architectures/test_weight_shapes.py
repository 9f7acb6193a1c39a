"""Weights are named and shaped as Keras does it, for every catalogue entry and every kind."""

import keras
import pytest

from fmnist_core.architectures.keras_model import build_model
from fmnist_core.architectures.summary import summarize
from fmnist_core.architectures.weight_shapes import weight_shapes
from fmnist_core.papers import systems

EVERY_KIND = """
conv 4 3x3 relu no_bias
separable_conv 6 3x3
depthwise_conv 3x3
batchnorm
attention 2 5
primary_capsules 2 4 9x9 strides 2
capsules 10 3 routing 2
capsule_length
"""


def keras_shapes(layers):
    keras.config.set_dtype_policy("float32")
    return {weight.path: tuple(weight.shape) for weight in build_model(layers).weights}


@pytest.mark.parametrize("system", [s for s in systems() if s.layers], ids=lambda s: s.id)
def test_every_catalogue_entry_has_the_weights_that_keras_makes(system):
    assert weight_shapes(summarize(system.layers)) == keras_shapes(system.layers)


def test_every_kind_of_layer_has_the_weights_that_keras_makes():
    assert weight_shapes(summarize(EVERY_KIND)) == keras_shapes(EVERY_KIND)
