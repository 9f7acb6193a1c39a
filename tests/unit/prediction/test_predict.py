"""From files to answers."""

import io

import numpy as np
import pytest
from PIL import Image

from fmnist_core.data import load_pool
from fmnist_core.errors import RunError
from fmnist_core.inference.conversion.corrections import Corrections
from fmnist_core.inference.files.still import MOST_BYTES
from fmnist_core.inference.likeness import Likeness
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.predict import Source, picture_file, predict_files
from fmnist_core.prediction.samples import official_test_image, sample_picture, samples
from fmnist_core.runs.read import read_predictions
from tests.shipped_runs import (
    SHIPPED,
    SMALL,
    needs_data,
    needs_runs,
    run_of,
)

pytestmark = needs_runs


@pytest.fixture(scope="module")
def shelf():
    return ModelShelf(SHIPPED)


def _source(name: str, data: bytes) -> Source:
    return Source(name, lambda: data)


def _jpeg(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@needs_data
def test_a_test_image_given_as_a_file_gets_the_label_of_the_cached_prediction(shelf):
    """500 of them; `bench predictions` reads all for every run."""
    run_id = run_of("holdout-80-20")
    numbers = range(0, 10_000, 20)
    sources = [_source(f"{number}.png", official_test_image(number)) for number in numbers]
    predicted = predict_files(sources, [run_id], shelf)
    assert np.array_equal(
        np.stack([reading.image for reading in predicted.readings]),
        load_pool().images[60_000::20],
    )
    cached = read_predictions(SHIPPED, run_id).test_probabilities[::20].argmax(axis=1)
    said = [reading.answer.verdicts[0].label for reading in predicted.readings]
    assert said == cached.tolist()


def test_a_bad_file_hides_no_other(shelf, tmp_path):
    good = sample_picture("bag")
    sources = [
        _source("first.png", good),
        _source("text.png", b"this is no picture"),
        picture_file(tmp_path / "missing.png"),
        _source("last.png", good),
    ]
    predicted = predict_files(sources, SMALL[:2], shelf)
    first, text, missing, last = predicted.readings
    assert [reading.file for reading in predicted.readings][0::3] == ["first.png", "last.png"]
    assert first.answer == last.answer is not None
    assert np.array_equal(first.image, last.image)
    assert text.answer is missing.answer is None
    assert text.error.endswith(".")
    assert "No such file" in missing.error
    assert predicted.answers.raw.shape == (2, 2, 10)


def test_without_a_readable_file_no_network_is_asked(shelf):
    predicted = predict_files([_source("text.png", b"no picture")], ["nothing"], shelf)
    assert predicted.answers is None
    assert predicted.readings[0].error


def test_files_without_a_run_that_answers_are_an_error(shelf):
    with pytest.raises(RunError, match="at least one run must answer"):
        predict_files([_source("bag.png", sample_picture("bag"))], [], shelf)


def test_a_file_of_any_size_is_never_read_whole(shelf, tmp_path):
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(1 << 40)  # a hole: takes no room on the disk
    assert len(picture_file(huge).read()) == MOST_BYTES + 1
    assert predict_files([picture_file(huge)], SMALL[:1], shelf).readings[0].error


def test_the_steps_say_what_was_opened_and_how_it_became_28_pixels(shelf):
    (reading,) = predict_files(
        [_source("dress.jpg", _jpeg(np.asarray(Image.open(io.BytesIO(sample_picture("dress"))))))],
        SMALL[:1],
        shelf,
    ).readings
    assert reading.image.shape == (28, 28)
    assert reading.steps[0].name == "Opened"
    assert reading.steps[0].says == "JPEG of 400 x 600 pixels."
    assert len(reading.steps) > 3
    assert all(step.name and step.says for step in reading.steps)


def test_what_unlike_images_lack_becomes_a_warning_and_its_figures_are_kept(shelf):
    sources = [_source(name, sample_picture(name)) for name in ("coat", "sandal")]

    def compare(image):
        thin = (image > 0).mean() < 0.25
        verdict = "unlike" if thin else "at the edge"
        words = "Hardly anything is to be seen." if thin else "All is well."
        return Likeness((), 28, 28, 50.0, 90.0, 50.0, 0.0, 50.0, 900.0, 50.0, verdict, words)

    coat, sandal = predict_files(sources, SMALL[:1], shelf, compare=compare).readings
    assert coat.warnings == ()
    assert coat.likeness.verdict == "at the edge"
    assert sandal.warnings == ("Hardly anything is to be seen.",)
    assert sandal.likeness.nearest_distance == 900.0
    (plain,) = predict_files(sources[1:], SMALL[:1], shelf).readings
    assert plain.warnings == ()
    assert plain.likeness is None


def test_corrections_are_made_to_every_picture(shelf):
    sources = [_source(name, sample_picture(name)) for name in ("coat", "sneaker")]
    plain = predict_files(sources, SMALL[:1], shelf)
    mirrored = predict_files(sources, SMALL[:1], shelf, Corrections(mirror=True))
    sneaker, turned = plain.readings[1].image, mirrored.readings[1].image
    assert not np.array_equal(sneaker, turned)
    assert np.abs(sneaker.astype(int) - turned[:, ::-1]).mean() < 12  # the same, but for a pixel


def test_most_networks_know_most_drawings(shelf):
    """They are to be looked at first by someone who tries the page."""
    run_ids = [run_id for run_id in SMALL if "custom" not in run_id]
    sources = [_source(sample.id, sample_picture(sample.id)) for sample in samples()]
    predicted = predict_files(sources, run_ids, shelf)
    right = [
        reading.answer.ensemble.label == sample.label
        for reading, sample in zip(predicted.readings, samples(), strict=True)
    ]
    assert sum(right) >= 9
