"""A run from elsewhere predicts as it did; one that says what it cannot show is not taken."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import find_data, load_pool
from fmnist_core.errors import DataError, RunError
from fmnist_core.exchange import import_run as importing
from fmnist_core.exchange.import_run import import_run, trial_images
from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.inference.model_trial import try_model
from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.read import read_predictions, run_ids
from fmnist_core.runs.write import STAGING
from tests.shipped_runs import shipped_run
from tests.unit.runs.hostile_archives import listed, pack, unpack

SHIPPED = Path(__file__).parents[3] / "cached_runs"
RUN_ID = shipped_run("kadam_a1")
ARCHIVE = export_archive(SHIPPED, RUN_ID)
NO_IMAGES = (np.zeros((0, 28, 28), np.uint8), np.zeros((0, 10), np.float32))

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


def model_bytes(architecture: str) -> bytes:
    folder = SHIPPED / shipped_run(architecture)
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


@needs_data
def test_an_imported_network_answers_what_its_cached_predictions_say(tmp_path):
    import_run(tmp_path, io.BytesIO(ARCHIVE))
    cached = read_predictions(tmp_path, RUN_ID)
    images = load_pool().images[cached.test_indices[:500]]
    answered = LiteRTModel(tmp_path / RUN_ID / "model.tflite")(images).probabilities
    np.testing.assert_allclose(answered, cached.test_probabilities[:500], atol=5e-4)


def refused(root: Path, archive: bytes, match: str) -> None:
    with pytest.raises(RunError, match=match) as refusal:
        import_run(root, io.BytesIO(archive))
    assert "\n" not in str(refusal.value)
    assert run_ids(root) == []
    assert list((root / STAGING).iterdir()) == []


def test_a_figure_that_does_not_follow_is_refused_and_leaves_nothing(tmp_path):
    files = unpack(ARCHIVE)
    record = json.loads(files["run.json"])
    record["metrics"]["val_accuracy"] = 1.0
    forged = listed(RUN_ID, {**files, "run.json": json.dumps(record).encode()})
    refused(
        tmp_path, pack(forged), r"val_accuracy must be 0\.\d+, which follows .* Received: 1\.0\."
    )


@needs_data
@pytest.mark.parametrize("other", ["ajani_m1", "kadam_a2"])
def test_the_model_of_another_network_is_refused(other, tmp_path):
    said = r"the one that made the predictions. Received: other probabilities .* of 100 images"
    refused(tmp_path, with_model(model_bytes(other)), said)


@needs_data
def test_a_model_that_answers_otherwise_for_a_few_images_is_refused(tmp_path):
    cached = read_predictions(SHIPPED, RUN_ID)
    images = load_pool().images[cached.test_indices[:50]]
    expected = cached.test_probabilities[:50].copy()
    path = SHIPPED / RUN_ID / "model.tflite"
    try_model(path, images, expected)
    expected[7] = np.roll(expected[7], 1)
    with pytest.raises(RunError, match="for 1 of 50 images"):
        try_model(path, images, expected)


@pytest.mark.parametrize(
    ("macs", "images"), [(101_632, 100), (951_958_144, 4), (10**12, 1), (0, 100), (None, 100)]
)
def test_a_costly_network_is_tried_on_fewer_images(macs, images):
    assert trial_images(macs) == images


def test_without_the_images_a_run_is_taken_and_says_what_was_not_tried(tmp_path, monkeypatch):
    def missing():
        raise DataError("no images")

    monkeypatch.setattr(importing, "load_test_images", missing)
    imported = import_run(tmp_path, io.BytesIO(ARCHIVE))
    assert imported.sentence == (
        f"{RUN_ID} is imported. Its model could not be held against its predictions: the images of "
        "Fashion-MNIST are not on this machine."
    )
    assert import_run(tmp_path, io.BytesIO(ARCHIVE)).sentence.endswith("with the same content.")


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
    refused(tmp_path, with_model(model[1]), r"must be a LiteRT model .* Received: a file")


def test_a_model_whose_weights_are_not_finite_is_refused(tmp_path):
    middle = len(GOOD_MODEL) // 2
    spoilt = bytearray(GOOD_MODEL)
    spoilt[middle : middle + 2_000] = b"\xff\x7e" * 1_000  # float16 NaN
    path = tmp_path / "model.tflite"
    path.write_bytes(spoilt)
    with pytest.raises(RunError, match="no probabilities"):
        try_model(path, *NO_IMAGES)
