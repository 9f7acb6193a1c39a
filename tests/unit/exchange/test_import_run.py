"""A run from elsewhere predicts as it did, and one whose network does not work is not taken."""

import io
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import find_data, load_pool
from fmnist_core.errors import RunError
from fmnist_core.inference.import_run import import_run
from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.inference.model_trial import try_model
from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.read import read_predictions, run_ids
from fmnist_core.runs.write import STAGING
from tests.unit.runs.hostile_archives import listed, pack, unpack

SHIPPED = Path(__file__).parents[3] / "cached_runs"
RUN_ID = next(name for name in run_ids(SHIPPED) if name.startswith("kadam_a1-"))
ARCHIVE = export_archive(SHIPPED, RUN_ID)


def model_bytes(run_id_start: str) -> bytes:
    folder = next(SHIPPED.glob(f"{run_id_start}-*"))
    return (folder / "model.tflite").read_bytes()


def with_model(model: bytes) -> bytes:
    files = unpack(ARCHIVE)
    size = str(len(files["model.tflite"])).encode()
    record = files["run.json"].replace(b'"size_bytes": ' + size, b'"size_bytes": %d' % len(model))
    return pack(listed(RUN_ID, {**files, "model.tflite": model, "run.json": record}))


def test_an_imported_network_answers_exactly_as_before(tmp_path):
    imported = import_run(tmp_path, io.BytesIO(ARCHIVE))
    images = np.random.default_rng(0).integers(0, 256, (50, 28, 28)).astype(np.uint8)
    before = LiteRTModel(SHIPPED / RUN_ID / "model.tflite")(images)
    after = LiteRTModel(tmp_path / imported.run_id / "model.tflite")(images)
    np.testing.assert_array_equal(after.probabilities, before.probabilities)
    np.testing.assert_array_equal(after.features, before.features)


@pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")
def test_an_imported_network_answers_what_its_cached_predictions_say(tmp_path):
    import_run(tmp_path, io.BytesIO(ARCHIVE))
    cached = read_predictions(tmp_path, RUN_ID)
    images = load_pool().images[cached.test_indices[:500]]
    answered = LiteRTModel(tmp_path / RUN_ID / "model.tflite")(images).probabilities
    np.testing.assert_allclose(answered, cached.test_probabilities[:500], atol=5e-4)


def test_the_same_run_again_is_known(tmp_path):
    assert not import_run(tmp_path, io.BytesIO(ARCHIVE)).known
    assert import_run(tmp_path, io.BytesIO(ARCHIVE)).known


GOOD_MODEL = model_bytes("kadam_a1")


@pytest.mark.parametrize(
    "model",
    {
        "cut": GOOD_MODEL[:1000],
        "noise": GOOD_MODEL[:8] + bytes(range(256)) * 40,
        "without its end": GOOD_MODEL[:-3000] + bytes(3000),
    }.items(),
    ids=lambda item: item[0],
)
def test_a_model_that_cannot_be_read_is_refused_and_leaves_nothing(model, tmp_path):
    with pytest.raises(RunError, match=r"must be a LiteRT model .* Received: a file"):
        import_run(tmp_path, io.BytesIO(with_model(model[1])))
    assert run_ids(tmp_path) == []
    assert list((tmp_path / STAGING).iterdir()) == []


def test_a_model_whose_weights_are_not_finite_is_refused(tmp_path):
    middle = len(GOOD_MODEL) // 2
    spoilt = bytearray(GOOD_MODEL)
    spoilt[middle : middle + 2_000] = b"\xff\x7e" * 1_000  # float16 NaN
    path = tmp_path / "model.tflite"
    path.write_bytes(spoilt)
    with pytest.raises(RunError, match="no probabilities"):
        try_model(path)


def test_a_good_model_passes(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(GOOD_MODEL)
    try_model(path)
