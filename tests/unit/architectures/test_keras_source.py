"""The exported source code, run on its own, builds the model that the layer text describes."""

import ast
import re
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest

from fmnist_core.architectures.keras_model import build_model
from fmnist_core.architectures.keras_source import keras_source
from fmnist_core.architectures.summary import summarize
from fmnist_core.errors import LayerTextError
from tests.unit.architectures.example_networks import (
    AWASTHI_ENHANCED,
    BRANCHES,
    RESNET_20,
    SMALL_CAPSNET,
    densenet_bc,
)

IMAGES = np.random.default_rng(0).random((3, 28, 28, 1), dtype="float32")
LABELS = np.array([2, 5, 9], dtype="int32")


def run_source(source: str) -> keras.Model:
    names: dict[str, Any] = {}
    exec(compile(source, "exported", "exec"), names)
    return names["model"]


def named_outputs(model: keras.Model) -> dict[str, np.ndarray]:
    inputs = {"image": IMAGES, "label": LABELS}
    given = {tensor.name: inputs[tensor.name] for tensor in model.inputs}
    outputs = model(given if len(given) > 1 else IMAGES, training=False)
    outputs = outputs if isinstance(outputs, dict) else {"probabilities": outputs}
    return {name: keras.ops.convert_to_numpy(value) for name, value in outputs.items()}


@pytest.mark.parametrize(
    "text",
    [AWASTHI_ENHANCED, RESNET_20, BRANCHES, SMALL_CAPSNET, densenet_bc(2)],
    ids=["plain", "resnet", "branches", "capsules", "densenet"],
)
def test_the_source_builds_the_same_network(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    exported = run_source(keras_source(text, title="A network"))
    ours = build_model(text, seed=0)
    summary = summarize(text)
    assert f"{summary.total_params:,}" in capsys.readouterr().out
    rows = {row.name: row for row in summary.layers}
    assert {layer.name for layer in exported.layers} - {"image", "label"} == set(rows)
    for name, row in rows.items():
        layer, our_layer = exported.get_layer(name), ours.get_layer(name)
        assert layer.output.shape == (None, *row.output_shape)
        assert layer.count_params() == row.params
        own_config = {"name", "dtype", "seed", "module", "registered_name", "build_config"}
        for key in set(our_layer.get_config()) - own_config:
            if not key.endswith("initializer"):  # ours are seeded
                assert layer.get_config()[key] == our_layer.get_config()[key], (name, key)
        layer.set_weights(our_layer.get_weights())
    expected = named_outputs(ours)
    outputs = named_outputs(exported)
    assert set(outputs) == set(expected) - {"features"}
    for name, value in outputs.items():
        np.testing.assert_allclose(value, expected[name], atol=1e-6)


def test_the_source_of_a_plain_network_reads_like_a_tutorial() -> None:
    text = "conv 32 3x3 same relu l2 0.001\nmaxpool 2\nflatten\ndropout 0.5\ndense 10 softmax"
    assert keras_source(text, title="Tiny") == (
        """\
# -*- coding: utf-8 -*-
# Tiny
import keras
from keras import layers

image = keras.Input((28, 28, 1), name="image")
x = layers.Conv2D(
    32,
    (3, 3),
    padding="same",
    activation="relu",
    kernel_regularizer=keras.regularizers.L1L2(l1=0.0, l2=0.001),
    name="conv2d",
)(image)
x = layers.MaxPooling2D((2, 2), name="max_pooling2d")(x)
x = layers.Flatten(name="flatten")(x)
x = layers.Dropout(0.5, name="dropout")(x)
probabilities = layers.Dense(10, activation="softmax", name="dense")(x)

model = keras.Model(image, probabilities)
model.summary()
"""
    )


def test_initializers_are_written_out() -> None:
    source = keras_source("flatten\ndense 10 softmax init he_normal", title="t")
    assert 'kernel_initializer="he_normal"' in source


def test_only_the_layers_that_keras_lacks_are_quoted() -> None:
    defined = re.findall(r"^class (\w+)", keras_source(SMALL_CAPSNET, title="t"), re.MULTILINE)
    assert defined == ["CapsuleLength", "CapsuleMask", "CapsuleRouting", "Squash"]
    assert "class" not in keras_source(AWASTHI_ENHANCED, title="t")


def test_no_line_of_the_source_is_too_long_to_read() -> None:
    for text in (BRANCHES, RESNET_20, SMALL_CAPSNET):
        assert max(map(len, keras_source(text, title="t").splitlines())) <= 100


@pytest.mark.parametrize(
    "title",
    [
        "two\nlines = 1",
        'a "quote" and a \\',
        "\u2028escape = 1",
        "nul\0",
        '"""',
        "Encoding: one-hot labels",
        r"coding: raw_unicode_escape \u000aescape = 1 #",
        "coding=utf-7 +AAo-escape = 1 +AAo-",
    ],
)
def test_a_title_stays_a_comment_whatever_it_holds(title: str) -> None:
    source = keras_source("flatten\ndense 10 softmax", title=title)
    plain = keras_source("flatten\ndense 10 softmax", title="t")
    # From bytes, as from a file: only then does Python look for an encoding.
    assert ast.dump(ast.parse(source.encode())) == ast.dump(ast.parse(plain.encode()))
    assert source.split("\n")[1].startswith("# ")


def test_a_text_that_is_not_a_classifier_has_no_source() -> None:
    with pytest.raises(LayerTextError, match="must give 10 class probabilities"):
        keras_source("flatten", title="t")


def test_summary_and_source_need_no_keras() -> None:
    program = (
        "import sys; from fmnist_core.architectures import summarize; "
        "from fmnist_core.architectures.keras_source import keras_source; "
        "text = 'flatten\\ndense 10 softmax'; "
        "summarize(text); keras_source(text, title='t'); "
        "sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
