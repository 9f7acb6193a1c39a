import numpy as np
import pytest

from fmnist_core.architectures.keras_model import build_model, inference_model
from fmnist_core.training import finish
from fmnist_core.training.plan import plan_run

LAYERS = "conv 8 3x3 strides 2 relu\nbatchnorm\nflatten\ndense 64 relu\ndense 10 softmax"


@pytest.mark.parametrize(("rounding", "bytes_each"), [(1.0, 2), (0.0, 4)])
def test_the_model_is_float16_unless_that_shows(tmp_path, monkeypatch, rounding, bytes_each):
    monkeypatch.setattr(finish, "_LARGEST_ROUNDING", rounding)
    full = build_model(LAYERS)
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    plan = plan_run("custom", {}, layers=LAYERS)
    model, outputs = finish._lite_model(inference_model(full), plan, tmp_path, images)
    size = (tmp_path / "model.tflite").stat().st_size
    assert size == pytest.approx(bytes_each * full.count_params(), rel=0.2)
    assert np.array_equal(outputs.probabilities, model(images).probabilities)
