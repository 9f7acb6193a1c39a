"""What networks say of images, alone and together."""

import subprocess
import sys

import numpy as np
import pytest

from fmnist_core.data import load_pool
from fmnist_core.errors import RunError
from fmnist_core.prediction.answer import Answers, answer, calibrate
from fmnist_core.prediction.models import ModelShelf
from fmnist_core.prediction.temperature import Calibration
from fmnist_core.runs.read import read_predictions
from tests.shipped_runs import (
    RUNS,
    SHIPPED,
    SMALL,
    copy_runs,
    damage,
    needs_data,
    needs_runs,
    run_of,
    shipped_run,
)

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)
PLAIN = Calibration(None, 0, None, None, "made up")


@pytest.fixture(scope="module")
def shelf():
    return ModelShelf(SHIPPED)


def _made_up(*networks: list[float]) -> Answers:
    """Answers of networks that give these first three probabilities, for one image."""
    raw = np.zeros((len(networks), 1, 10), np.float32)
    raw[:, 0, :3] = networks
    ids = tuple(f"network-{number}" for number in range(len(networks)))
    return Answers(ids, (PLAIN,) * len(ids), raw, raw.astype(np.float64), ())


@needs_data
@needs_runs
@pytest.mark.parametrize("run_id", RUNS)
def test_a_test_image_gets_the_label_of_the_cached_prediction(shelf, run_id):
    """On 500 images, and those that two classes nearly share; `bench predictions` reads all."""
    stored = read_predictions(SHIPPED, run_id)
    ordered = np.sort(stored.test_probabilities, axis=1)
    closest = np.argsort(ordered[:, -1] - ordered[:, -2])[:50]
    chosen = np.union1d(np.arange(0, len(ordered), len(ordered) // 500), closest)
    images = load_pool().images[stored.test_indices[chosen]]
    labels = answer(images, [run_id], shelf).labels[0]
    assert np.array_equal(labels, stored.test_probabilities[chosen].argmax(axis=1))


@needs_data
@needs_runs
def test_a_test_image_is_calibrated_as_its_cached_prediction_is(shelf):
    """Of a run that is far too sure, so that its smallest probabilities count."""
    run_id = shipped_run("awasthi_enhanced")
    stored = read_predictions(SHIPPED, run_id)
    answers = answer(load_pool().images[stored.test_indices[:300]], [run_id], shelf)
    (known,) = answers.calibrations
    expected = calibrate(stored.test_probabilities[:300], known)
    # A probability near the edge of its byte's step may fall to either side.
    assert np.abs(answers.calibrated[0] - expected).max() < 0.01


@needs_runs
def test_every_run_says_its_label_its_probabilities_and_the_top_three(shelf):
    run_ids = [run_of("holdout-80-20"), run_of("test-as-validation"), run_of("pooled-60-20-20")]
    answers = answer(IMAGES, run_ids, shelf)
    assert answers.run_ids == tuple(run_ids)
    for index in range(len(IMAGES)):
        said = answers.image(index)
        assert [verdict.run_id for verdict in said.verdicts] == run_ids
        for row, verdict in enumerate((*said.verdicts, said.ensemble)):
            assert sum(verdict.probabilities) == pytest.approx(1)
            assert verdict.label == int(np.argmax(verdict.probabilities))
            assert (
                verdict.probability
                == verdict.probabilities[verdict.label]
                == max(verdict.probabilities)
            )
            assert verdict.raw_probability == verdict.raw_probabilities[verdict.label]
            assert [ranked.label for ranked in verdict.top] == sorted(
                range(10), key=lambda label: -verdict.probabilities[label]
            )[:3]
            if row < len(run_ids):
                assert verdict.label == answers.labels[row, index]
        assert said.ensemble.probabilities == pytest.approx(
            np.mean([verdict.probabilities for verdict in said.verdicts], axis=0)
        )


@needs_runs
def test_only_a_calibrated_run_is_softened(shelf):
    calibrated, plain = run_of("holdout-80-20"), run_of("test-as-validation")
    answers = answer(IMAGES, [calibrated, plain], shelf)
    assert answers.calibrations[0].temperature is not None
    assert not np.allclose(answers.calibrated[0], answers.raw[0], atol=1e-4)
    assert np.allclose(answers.calibrated[1], answers.raw[1], atol=1e-3)


@needs_runs
def test_an_image_gets_the_same_answer_alone_and_among_many(shelf):
    together = answer(IMAGES, SMALL[:3], shelf)
    for index, image in enumerate(IMAGES):
        alone = answer(image[None], SMALL[:3], shelf)
        assert np.array_equal(alone.raw[:, 0], together.raw[:, index])
        assert np.array_equal(alone.calibrated[:, 0], together.calibrated[:, index])


def test_agreement_counts_the_networks_that_say_what_most_say():
    said = _made_up([0.1, 0.8, 0.1], [0.2, 0.7, 0.1], [0.9, 0.1, 0]).image(0)
    assert (said.majority, said.agreeing, said.unanimous) == (1, 2, False)
    assert _made_up([0.1, 0.8, 0.1], [0.2, 0.7, 0.1]).image(0).unanimous


def test_of_equally_many_votes_the_ensemble_decides():
    said = _made_up([0.6, 0.3, 0.1], [0.1, 0.9, 0], [0.5, 0.3, 0.2], [0.1, 0.8, 0.1]).image(0)
    assert (said.majority, said.agreeing) == (1, 2)


def test_the_ensemble_may_say_what_most_networks_do_not():
    said = _made_up([0.51, 0.49, 0], [0.51, 0.49, 0], [0, 1, 0]).image(0)
    assert (said.majority, said.ensemble.label) == (0, 1)


def test_of_equal_probabilities_the_first_class_counts():
    said = _made_up([0.4, 0.4, 0.2]).image(0)
    assert said.verdicts[0].label == 0
    assert [ranked.label for ranked in said.verdicts[0].top] == [0, 1, 2]


@needs_runs
def test_a_damaged_run_is_left_out_with_its_reason(tmp_path):
    root = copy_runs(tmp_path, *SMALL[:3])
    damage(root, SMALL[0], "model.tflite")
    damage(root, SMALL[1], "predictions.npz")
    missing = "nothing-20250101-000000-000000"
    answers = answer(IMAGES, [*SMALL[:3], missing, SMALL[2]], ModelShelf(root))
    assert answers.run_ids == (SMALL[2],)
    reasons = {run.run_id: run.reason for run in answers.left_out}
    assert list(reasons) == [SMALL[0], SMALL[1], missing]
    assert "model.tflite is damaged" in reasons[SMALL[0]]
    assert "predictions.npz is damaged" in reasons[SMALL[1]]
    assert "known name" in reasons[missing]


@needs_runs
def test_without_a_run_that_answers_there_is_an_error_with_the_reasons(tmp_path, shelf):
    with pytest.raises(RunError, match=r"at least one run must answer\. Received: no run"):
        answer(IMAGES, [], shelf)
    root = copy_runs(tmp_path, SMALL[0])
    damage(root, SMALL[0], "model.tflite")
    with pytest.raises(RunError, match=f"{SMALL[0]}: model.tflite is damaged"):
        answer(IMAGES, [SMALL[0]], ModelShelf(root))


@needs_runs
def test_answering_imports_nothing_slow():
    """The first upload of a cold server pays for every import."""
    code = (
        "import sys\n"
        "import numpy as np\n"
        "from pathlib import Path\n"
        "from fmnist_core.prediction.answer import answer\n"
        "from fmnist_core.prediction.models import ModelShelf\n"
        "from fmnist_core.prediction.occlusion import occlusion_map\n"
        f"shelf = ModelShelf(Path({str(SHIPPED)!r}))\n"
        f"answer(np.zeros((1, 28, 28), np.uint8), [{run_of('holdout-80-20')!r}], shelf)\n"
        "heavy = {'scipy', 'sklearn', 'pandas', 'tensorflow', 'keras', 'streamlit'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
