"""Every layer's output in NumPy is what Keras and the stored probabilities say."""

import tracemalloc

import numpy as np
import pytest

from fmnist_core.architectures.grammar import ACTIVATIONS
from fmnist_core.architectures.graph import IMAGE
from fmnist_core.architectures.summary import summarize
from fmnist_core.architectures.weight_shapes import weight_shapes
from fmnist_core.data import load_pool
from fmnist_core.errors import RunError
from fmnist_core.inference.layer_outputs import COMPUTED, trace, window_of
from fmnist_core.inference.sliding_window import Window, average_pool, max_pool
from fmnist_core.papers import find_system, systems
from fmnist_core.runs.read import read_predictions, read_run, read_stored_weights
from tests.shipped_runs import RUNS, SHIPPED, needs_data
from tests.unit.architectures.example_networks import BRANCHES, CAPSNET, densenet_bc

ENHANCED = find_system("awasthi_enhanced").layers
SMALL = "conv 4 3x3 same relu\nmaxpool 2\ndropout 0.5\nflatten\ndense 10 softmax\n"

EVERY_KIND = """\
repeat_channels 2
pad 1
conv 6 5x3 strides 2x3 same gelu
depthwise_conv 3x3 strides 2 same no_bias tanh
separable_conv 8 3x3 dilation 2 same elu
batchnorm epsilon 0.01
leaky_relu 0.3
residual projection pad
  conv 12 2x2 strides 2 same selu
squeeze_excite 4
avgpool 2 strides 1 same
spatial_dropout 0.4
inception
  branch
    conv 3 1x1 mish
  branch
    maxpool 3 strides 1 same
global_maxpool
dense 10 softmax
"""
WITHOUT_ATTENTION = BRANCHES.replace("attention 2 5\n", "")
EVERY_ACTIVATION = (
    "flatten\n"
    + "".join(f"dense 6 {name}\n" for name in ACTIVATIONS if name != "softmax")
    + "dense 10 softmax\n"
)


def random_image(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (28, 28), dtype=np.uint8)


def random_weights(text: str) -> dict[str, np.ndarray]:
    """Weights as a training might leave them; made by hand, so that no Keras is needed."""
    rng = np.random.default_rng(1)
    shapes = {
        "conv2d/kernel": (3, 3, 1, 4),
        "conv2d/bias": (4,),
        "dense/kernel": (784, 10),
        "dense/bias": (10,),
    }
    assert text == SMALL
    return {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}


def zeros(text: str) -> dict[str, np.ndarray]:
    """Weights of a network of any size, which take no memory."""
    shapes = weight_shapes(summarize(text))
    return {name: np.broadcast_to(np.float32(0), shape) for name, shape in shapes.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        ENHANCED,
        EVERY_KIND,
        EVERY_ACTIVATION,
        WITHOUT_ATTENTION,
        densenet_bc(1),
    ],
    ids=["plain", "every kind", "every activation", "branches", "densenet"],
)
def test_each_layer_gives_what_it_gives_in_keras(text: str) -> None:
    import keras  # ten seconds, for this test alone

    from fmnist_core.architectures.keras_model import build_model  # as above

    model = build_model(text, seed=0)
    rng = np.random.default_rng(2)
    for weight in model.weights:  # moving means and biases start at 0, where many faults hide
        spread = 0.2 * rng.standard_normal(weight.shape)
        # a variance cannot be negative
        weight.assign(np.abs(1 + spread) if "variance" in weight.path else weight + spread)
    image = random_image()
    got = trace(text, {w.path: np.asarray(w) for w in model.weights}, image)
    assert got.unknown is None
    names = [row.name for row in got.rows]
    inspect = keras.Model(
        next(tensor for tensor in model.inputs if tensor.name == IMAGE),
        [model.get_layer(name).output for name in names],
    )
    wanted = inspect((image / 255).astype(np.float32)[None, ..., None], training=False)
    for name, value in zip(names, wanted, strict=True):
        value = np.asarray(value[0], np.float32)
        scale = max(1.0, float(np.abs(value).max()))
        np.testing.assert_allclose(got.outputs[name], value, atol=2e-5 * scale, err_msg=name)


@needs_data
@pytest.mark.parametrize("run_id", RUNS)
def test_the_last_layer_gives_the_probabilities_that_the_run_stored(run_id: str) -> None:
    run, weights = read_run(SHIPPED, run_id), read_stored_weights(SHIPPED, run_id)
    stored, pool = read_predictions(SHIPPED, run_id), load_pool()
    assert run.recipe is not None
    for place in range(0, 200, 10):
        got = trace(
            run.layers,
            weights,
            pool.images[stored.test_indices[place]],
            pixel_mean=run.recipe.pixel_mean,
            pixel_std=run.recipe.pixel_std,
        )
        # float16 model and float16 probabilities: s003_enhanced differs most, by 0.0012
        np.testing.assert_allclose(
            got.after(got.rows[-1]), stored.test_probabilities[place], atol=0.002
        )


def test_what_stood_before_an_activation_is_kept() -> None:
    got = trace(SMALL, random_weights(SMALL), random_image())
    assert set(got.sums) == {"conv2d", "dense"}
    assert got.sums["conv2d"].min() < 0
    np.testing.assert_array_equal(got.outputs["conv2d"], np.maximum(got.sums["conv2d"], 0))
    assert got.outputs["dense"].sum() == pytest.approx(1)


def test_dropout_is_off_while_predicting_and_drawn_from_its_seed_otherwise() -> None:
    weights, image = random_weights(SMALL), random_image()
    (row,) = trace(SMALL, weights, image).of_type("Dropout")
    calm = trace(SMALL, weights, image)
    np.testing.assert_array_equal(calm.after(row), calm.before(row))
    first, again, other = (
        trace(SMALL, weights, image, dropout_seed=seed).after(row) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    kept = first != 0
    np.testing.assert_allclose(first[kept], 2 * calm.before(row)[kept])


def test_a_capsule_network_is_followed_as_far_as_it_can_be() -> None:
    rng = np.random.default_rng(0)
    weights = {
        "conv2d/kernel": rng.standard_normal((9, 9, 1, 256), np.float32),
        "conv2d/bias": np.zeros(256, np.float32),
        "conv2d_1/kernel": rng.standard_normal((9, 9, 256, 256), np.float32),
        "conv2d_1/bias": np.zeros(256, np.float32),
    }
    got = trace(CAPSNET, weights, random_image())
    assert [row.type for row in got.rows] == ["Conv2D", "Conv2D", "Reshape"]
    assert got.unknown is not None
    assert got.unknown.type == "Squash"


@pytest.mark.parametrize(
    "lines",
    [
        "conv 1 200x200 same",  # 31 million numbers under its windows
        "conv 1 5000x5000 same",
        "depthwise_conv 300x300 same",
        "maxpool 9000 strides 1 same",
        "conv 1 3x3 dilation 90000 same",  # nine numbers a window, on a map that is padded to it
        "pad 40",
        "pad 1000\nconv 1 31x31",
        "conv 4000 1x1\nconv 8 3x3 same",
        "conv 2500 1x1\n" * 4,  # too much together
    ],
)
def test_a_layer_that_asks_for_more_than_a_page_may_take_is_not_computed(lines: str) -> None:
    text = f"{lines}\nflatten\ndense 10 softmax"
    tracemalloc.start()
    got = trace(text, zeros(text), random_image())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.unknown is not None
    assert got.unknown.type in COMPUTED
    assert peak < 150_000_000


def test_no_network_of_the_catalogue_is_too_large_to_be_followed() -> None:
    for text in {system.layers for system in systems() if system.layers}:
        got = trace(text, zeros(text), random_image())
        assert got.unknown is None or got.unknown.type not in COMPUTED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dense/kernel": np.zeros((783, 10), np.float32)}, "the weights of dense must fit"),
        ({"conv2d/bias": np.zeros((3,), np.float32)}, "the weights of conv2d must fit"),
        ({"conv2d/kernel": None}, "must hold conv2d/kernel. Received: bias"),
    ],
)
def test_weights_of_another_network_are_refused_by_name(change: dict, said: str) -> None:
    weights = {k: v for k, v in (random_weights(SMALL) | change).items() if v is not None}
    with pytest.raises(RunError, match=said):
        trace(SMALL, weights, random_image())


def test_same_padding_is_never_the_largest_and_never_counted() -> None:
    below_zero = np.full((5, 5, 1), -3.0, np.float32)
    window = Window((2, 2), (2, 2), "same")
    assert (max_pool(below_zero, window) == -3).all()
    np.testing.assert_allclose(average_pool(below_zero, window), -3)


@pytest.mark.parametrize(
    ("window", "length", "positions", "borders"),
    [
        (Window((3, 3)), 28, 26, (0, 0)),
        (Window((3, 3), padding="same"), 28, 28, (1, 1)),
        (Window((2, 2), padding="same"), 28, 28, (0, 1)),
        (Window((3, 3), (2, 2), "same"), 28, 14, (0, 1)),
        (Window((3, 3), (2, 2)), 28, 13, (0, 0)),
        (Window((3, 3), dilation=(2, 2)), 28, 24, (0, 0)),
    ],
)
def test_positions_and_borders_follow_the_formula(
    window: Window, length: int, positions: int, borders: tuple[int, int]
) -> None:
    assert window.positions(length, 0) == positions
    assert window.borders(length, 0) == borders


def test_the_window_of_a_layer_is_that_of_its_text() -> None:
    got = trace(SMALL, random_weights(SMALL), random_image())
    assert window_of(got.rows[0]) == Window((3, 3), (1, 1), "same")
    assert window_of(got.rows[1]) == Window((2, 2), (2, 2), "valid")
