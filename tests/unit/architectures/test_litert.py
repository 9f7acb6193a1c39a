"""Every kind of network turns into a LiteRT model that gives what Keras gives."""

from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from fmnist_core.architectures.keras_model import build_model, inference_model
from tests.unit.architectures.example_networks import (
    AWASTHI_ENHANCED,
    BRANCHES,
    SMALL_CAPSNET,
    densenet_bc,
)

SMALL_RESNET = """\
conv 8 3x3 same no_bias
residual
  conv 16 3x3 strides 2 same no_bias
  batchnorm
  relu
residual projection pad
  conv 24 3x3 strides 2 same
repeat_channels 2
pad 1
separable_conv 8 3x3 dilation 2 gelu
global_avgpool
dense 10 softmax
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "text",
    [AWASTHI_ENHANCED, SMALL_RESNET, BRANCHES, SMALL_CAPSNET, densenet_bc(1)],
    ids=["plain", "resnet", "branches", "capsules", "densenet"],
)
def test_the_litert_model_gives_the_probabilities_and_features_of_keras(
    text: str, tmp_path: Path
) -> None:
    model = inference_model(build_model(text, seed=0))
    images = np.random.default_rng(0).random((4, 28, 28, 1), dtype="float32")
    expected = model(images, training=False)
    path = tmp_path / "model.tflite"
    model.export(str(path), format="litert", verbose=False)
    interpreter = Interpreter(model_path=str(path))
    entry = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(entry, images.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(entry, images)
    interpreter.invoke()
    outputs = [
        interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()
    ]
    by_width = {output.shape[1]: output for output in outputs}
    assert len(by_width) == 2
    for name in ("probabilities", "features"):
        wanted = np.asarray(expected[name])
        assert np.ptp(wanted, axis=0).max() > 0, "the images must be told apart"
        np.testing.assert_allclose(by_width[wanted.shape[1]], wanted, atol=1e-3)
