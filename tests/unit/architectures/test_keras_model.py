"""What the built Keras model gives, beside the shapes and counts that are tested against Keras."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest

from fmnist_core.architectures.grammar import ACTIVATIONS, INITIALIZERS
from fmnist_core.architectures.keras_model import build_model, inference_model
from fmnist_core.errors import LayerTextError
from tests.unit.architectures.example_networks import (
    AWASTHI_ENHANCED,
    BRANCHES,
    SMALL_CAPSNET,
)

IMAGES = np.random.default_rng(0).random((5, 28, 28, 1), dtype="float32")
LABELS = np.array([0, 3, 3, 9, 1], dtype="int32")


@pytest.fixture
def mixed_precision() -> Iterator[None]:
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    yield
    keras.mixed_precision.set_global_policy("float32")


def to_numpy(value: Any) -> np.ndarray:
    # Not convert_to_numpy: numpy warns of its copy of a variable, and of bfloat16.
    return np.asarray(value).astype("float32")


def predict(model: keras.Model, **inputs: np.ndarray) -> dict[str, np.ndarray]:
    given = inputs if len(inputs) > 1 else next(iter(inputs.values()))
    outputs = model(given, training=False)
    return {name: to_numpy(value) for name, value in outputs.items()}


def test_the_probabilities_of_a_softmax_add_up_to_one() -> None:
    outputs = predict(build_model(AWASTHI_ENHANCED), image=IMAGES)
    assert set(outputs) == {"probabilities", "features"}
    np.testing.assert_allclose(outputs["probabilities"].sum(axis=1), 1, rtol=1e-5)
    assert outputs["features"].shape == (5, 128)


def test_the_features_are_what_the_output_layer_reads() -> None:
    model = build_model(AWASTHI_ENHANCED, seed=1)
    outputs = predict(model, image=IMAGES)
    kernel, bias = (to_numpy(w) for w in model.get_layer("dense_2").weights)
    logits = outputs["features"] @ kernel + bias
    expected = to_numpy(keras.ops.softmax(logits))
    np.testing.assert_allclose(outputs["probabilities"], expected, atol=1e-6)


def initial_weights(text: str, seed: int | None) -> list[np.ndarray]:
    return [to_numpy(weight) for weight in build_model(text, seed=seed).weights]


@pytest.mark.parametrize("text", [BRANCHES, SMALL_CAPSNET], ids=["branches", "capsules"])
def test_one_seed_gives_one_set_of_weights_and_another_seed_another(text: str) -> None:
    first, again, other = (initial_weights(text, seed) for seed in (7, 7, 8))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    drawn = [index for index, weight in enumerate(first) if np.ptp(weight) > 0]
    assert len(drawn) >= 4
    assert not any(np.array_equal(first[index], other[index]) for index in drawn)


def test_two_layers_of_one_shape_start_with_different_weights() -> None:
    text = "repeat 2\n  conv 1 3x3 same\nattention 2 4\nflatten\ndense 10 softmax"
    model = build_model(text, seed=0)
    kernels = [to_numpy(weight) for weight in model.weights if weight.path.endswith("kernel")]
    assert len(kernels) == 7  # two convolutions; query, key, value and output; dense
    for index, kernel in enumerate(kernels):
        for earlier in kernels[:index]:
            assert kernel.shape != earlier.shape or not np.array_equal(kernel, earlier)


def test_attention_starts_from_the_range_that_keras_would_draw_from() -> None:
    text = "conv 32 1x1\nattention 4 16\nflatten\ndense 10 softmax"
    seeded, unseeded = (
        build_model(text, seed=seed).get_layer("multi_head_attention") for seed in (0, None)
    )
    for ours, keras_own in zip(seeded.weights, unseeded.weights, strict=True):
        assert np.std(to_numpy(ours)) == pytest.approx(np.std(to_numpy(keras_own)), rel=0.1)


def test_a_seed_repeats_what_dropout_drops() -> None:
    text = "flatten\ndropout 0.5\ndense 10 softmax"
    first, again, other = (
        to_numpy(build_model(text, seed=seed)(IMAGES, training=True)["features"])
        for seed in (7, 7, 8)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first == 0, other == 0)


@pytest.mark.usefixtures("mixed_precision")
@pytest.mark.parametrize("text", [AWASTHI_ENHANCED, BRANCHES, SMALL_CAPSNET])
def test_mixed_precision_computes_in_bfloat16_and_answers_in_float32(text: str) -> None:
    model = build_model(text)
    assert model.layers[1].compute_dtype == "bfloat16"
    assert {tensor.dtype for name, tensor in model.output.items() if name != "features"} == {
        "float32"
    }
    inputs = {"image": IMAGES, "label": LABELS}
    probabilities = predict(model, **{tensor.name: inputs[tensor.name] for tensor in model.inputs})[
        "probabilities"
    ]
    assert np.isfinite(probabilities).all()


def test_another_batch_normalization_takes_the_place_of_keras() -> None:
    class OwnBatchNormalization(keras.layers.BatchNormalization):
        pass

    model = build_model(
        "batchnorm momentum 0.9 epsilon 0.01\nflatten\ndense 10 softmax",
        batch_normalization=OwnBatchNormalization,
    )
    layer = model.get_layer("batch_normalization")
    assert type(layer) is OwnBatchNormalization
    assert (layer.momentum, layer.epsilon) == (0.9, 0.01)


def test_heads_give_the_probabilities_of_their_own_classes() -> None:
    model = build_model(BRANCHES)
    outputs = predict(model, image=IMAGES)
    assert outputs["clothes_goods"].shape == (5, 2)
    assert outputs["garment_group"].shape == (5, 6)
    np.testing.assert_allclose(outputs["garment_group"].sum(axis=1), 1, rtol=1e-5)


def test_a_decoder_reads_the_capsule_of_the_label_alone() -> None:
    model = build_model(SMALL_CAPSNET, seed=0)
    outputs = predict(model, image=IMAGES, label=LABELS)
    others = predict(model, image=IMAGES, label=(LABELS + 1) % 10)
    assert outputs["reconstruction"].shape == (5, 28, 28, 1)
    assert not np.allclose(outputs["reconstruction"], others["reconstruction"], atol=1e-9)
    mask = to_numpy(model.get_layer("capsule_mask")([np.ones((5, 10, 6), "float32"), LABELS]))
    assert np.array_equal(mask.sum(axis=2).argmax(axis=1), LABELS)
    assert mask.sum() == 5 * 6


def test_capsule_lengths_stay_below_one_and_come_from_the_features() -> None:
    outputs = predict(build_model(SMALL_CAPSNET, seed=0), image=IMAGES, label=LABELS)
    lengths = np.linalg.norm(outputs["features"].reshape(5, 10, 6), axis=2)
    np.testing.assert_allclose(outputs["probabilities"], lengths, atol=5e-4)
    assert (outputs["probabilities"] < 1).all()


def test_routing_gives_what_the_published_algorithm_gives() -> None:
    """Procedure 1 of Sabour, Frosst and Hinton (2017), written out in numpy."""

    def squash(vectors: np.ndarray) -> np.ndarray:
        square = (vectors**2).sum(-1, keepdims=True)
        return vectors * square / (1 + square) / np.sqrt(square)

    model = build_model(SMALL_CAPSNET, seed=0)
    layer = model.get_layer("capsule_routing")
    inputs = np.random.default_rng(1).normal(size=(3, *layer.input.shape[1:])).astype("float32")
    kernel = to_numpy(layer.kernel).reshape(inputs.shape[1], 4, 10, 6)
    predictions = np.einsum("nid,idjk->nijk", inputs, kernel)
    logits = np.zeros(predictions.shape[:3])
    for _ in range(3):
        coupling = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
        output = squash(np.einsum("nij,nijk->njk", coupling, predictions))
        logits += np.einsum("nijk,njk->nij", predictions, output)
    assert np.ptp(coupling) > 0.01, "the rounds must have made a difference"
    np.testing.assert_allclose(to_numpy(layer(inputs)), output, atol=1e-4)


def test_the_capsules_of_a_new_network_can_learn() -> None:
    model = build_model(SMALL_CAPSNET.replace("decoder 16\n", ""), seed=0)
    learner = keras.Model(model.input, model.output["probabilities"])
    learner.compile(keras.optimizers.Adam(0.003), "mse", jit_compile=False)
    target = np.eye(10, dtype="float32")[LABELS]
    before = learner.evaluate(IMAGES, target, verbose=0)
    learner.fit(IMAGES, target, epochs=30, verbose=0)
    assert learner.evaluate(IMAGES, target, verbose=0) < 0.5 * before


@pytest.mark.parametrize("text", [BRANCHES, SMALL_CAPSNET], ids=["heads", "decoder"])
def test_the_inference_model_asks_for_the_image_alone_and_gives_the_same(text: str) -> None:
    model = build_model(text, seed=0)
    inference = inference_model(model)
    inputs = {"image": IMAGES, "label": LABELS}
    whole = predict(model, **{tensor.name: inputs[tensor.name] for tensor in model.inputs})
    alone = predict(inference, image=IMAGES)
    assert set(alone) == {"probabilities", "features"}
    for name, value in alone.items():
        np.testing.assert_array_equal(value, whole[name])
    assert all(layer is model.get_layer(layer.name) for layer in inference.layers[1:])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flatten\ndense 5 softmax", "must give 10 class probabilities"),
        ("flatten\ndense 1000000\ndense 10 softmax", "at most 250,000,000 parameters"),
    ],
)
def test_a_network_that_is_no_classifier_or_too_large_is_not_built(text: str, message: str) -> None:
    with pytest.raises(LayerTextError, match=message):
        build_model(text)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_one_that_keras_knows(activation: str) -> None:
    bare = "leaky_relu 0.1" if activation == "leaky_relu" else activation
    build_model(f"{bare}\nflatten\ndense 4 {activation}\ndense 10 softmax")


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_every_initializer_is_one_that_keras_knows(initializer: str) -> None:
    model = build_model(f"flatten\ndense 10 softmax init {initializer}", seed=0)
    ours = model.get_layer("dense").kernel_initializer
    assert type(ours) is type(keras.initializers.get(initializer))


def test_penalties_reach_the_kernel_and_only_the_kernel() -> None:
    model = build_model("flatten\ndense 10 softmax init ones l1 0.5 l2 0.25")
    assert float(sum(model.losses)) == pytest.approx(7840 * (0.5 + 0.25))


def test_settings_of_a_line_reach_the_keras_layer() -> None:
    text = (
        "conv 4 3x5 strides 2x1 same tanh no_bias\nmaxpool 3 strides 2 same\nbatchnorm momentum 0.9"
    )
    model = build_model(text + "\nleaky_relu 0.3\nflatten\ndropout 0.25\ndense 10 softmax")
    conv, pool = model.get_layer("conv2d"), model.get_layer("max_pooling2d")
    assert (conv.kernel_size, conv.strides, conv.padding) == ((3, 5), (2, 1), "same")
    assert (conv.activation, conv.use_bias) == (keras.activations.tanh, False)
    assert (pool.pool_size, pool.strides, pool.padding) == ((3, 3), (2, 2), "same")
    assert model.get_layer("batch_normalization").momentum == 0.9
    assert float(model.get_layer("leaky_re_lu").negative_slope) == pytest.approx(0.3)
    assert model.get_layer("dropout").rate == 0.25


def test_the_padded_shortcut_passes_every_second_pixel_on_and_adds_zeros() -> None:
    text = (
        "residual projection pad\n  conv 3 1x1 strides 2 same init zeros\nflatten\ndense 10 softmax"
    )
    model = build_model(text)
    probe = keras.Model(model.input, model.get_layer("add").output)
    output = to_numpy(probe(IMAGES))
    np.testing.assert_array_equal(output[..., :1], IMAGES[:, ::2, ::2])
    assert not output[..., 1:].any()
