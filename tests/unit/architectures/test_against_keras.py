"""The pure-Python summary and Keras agree on every layer of every network."""

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from fmnist_core.architectures.grammar import ACTIVATIONS
from fmnist_core.architectures.keras_model import FEATURES, build_model
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.architectures.layers import Layer
from fmnist_core.architectures.spec import format_layers, parse
from fmnist_core.architectures.summary import Summary, summarize
from tests.unit.architectures import example_networks
from tests.unit.architectures.random_networks import InputShape, networks


def count(weights: list[keras.Variable]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


def assert_agrees(summary: Summary, model: keras.Model) -> None:
    rows = {row.name: row for row in summary.layers}
    inputs = {tensor.name for tensor in model.inputs}
    assert {layer.name for layer in model.layers} - inputs - {FEATURES} == set(rows)
    for name, row in rows.items():
        layer = model.get_layer(name)
        assert type(layer).__name__ == row.type
        assert layer.output.shape == (None, *row.output_shape), name
        assert count(layer.trainable_weights) == row.trainable_params, name
        assert count(layer.non_trainable_weights) == row.non_trainable_params, name
    assert model.count_params() == summary.total_params
    assert count(model.trainable_weights) == summary.trainable_params
    assert count(model.non_trainable_weights) == summary.non_trainable_params
    assert model.output["features"].shape == (None, *summary.feature_shape)
    assert model.output["probabilities"].shape == (None, 10)


def run_once(model: keras.Model) -> None:
    """A layer may have a shape that the processor's kernels cannot compute."""
    inputs = {tensor.name: np.ones((2, *tensor.shape[1:]), "float32") for tensor in model.inputs}
    outputs = model(inputs if len(inputs) > 1 else inputs["image"], training=True)
    for name, tensor in model.output.items():
        assert outputs[name].shape == (2, *tensor.shape[1:])


def kinds_of(layers: tuple[Layer, ...]) -> set[str]:
    return {layer.kind for layer in layers}.union(*(kinds_of(layer.body) for layer in layers))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")  # of one channel
def test_300_random_networks_have_the_shapes_and_counts_of_the_summary() -> None:
    seen: set[str] = set()
    examples = 0

    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(networks())
    def agrees(network: tuple[str, InputShape]) -> None:
        nonlocal examples
        text, input_shape = network
        model = build_model(text, input_shape=input_shape)
        assert_agrees(summarize(text, input_shape), model)
        run_once(model)
        seen.update(kinds_of(parse(text).layers))
        examples += 1
        if examples % 50 == 0:
            keras.utils.clear_session(free_memory=False)

    agrees()
    assert examples >= 300
    assert seen >= set(KINDS) - set(ACTIVATIONS), "every kind of layer must have been drawn"


@settings(max_examples=500, derandomize=True, database=None, deadline=None)
@given(networks())
def test_a_network_survives_being_written_out_and_read_again(
    network: tuple[str, InputShape],
) -> None:
    architecture = parse(network[0])
    canonical = format_layers(architecture)
    assert parse(canonical) == architecture
    assert format_layers(parse(canonical)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        example_networks.AWASTHI_ENHANCED,
        example_networks.RESNET_20,
        example_networks.CAPSNET,
        example_networks.VGG_16,
        example_networks.BRANCHES,
        example_networks.densenet_bc(6),
    ],
    ids=["plain", "resnet", "capsnet", "vgg", "branches", "densenet"],
)
def test_a_known_network_has_the_shapes_and_counts_of_the_summary(text: str) -> None:
    assert_agrees(summarize(text), build_model(text))
