"""Classifiers that are no networks, fitted to a small part of the real images."""

import json

import numpy as np
import pytest

from fmnist_core.cli import main
from fmnist_core.data import find_data, load_pool, make_split
from fmnist_core.errors import RecipeError, UnknownNameError
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_history, read_predictions, read_run
from fmnist_core.runs.verify import verify_run
from fmnist_core.training.baselines.definitions import BASELINES, plan_baseline
from fmnist_core.training.baselines.hog import hog_features
from fmnist_core.training.baselines.session import run_baseline

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


def _edge(*, upright: bool) -> np.ndarray:
    """An image (1, 28, 28) that is dark on one side and light on the other."""
    image = np.zeros((28, 28), np.uint8)
    image[:, 14:] = 200
    return (image if upright else image.T)[None]


def test_hog_tells_directions_apart_and_knows_1296_numbers():
    upright, lying = hog_features(_edge(upright=True)), hog_features(_edge(upright=False))
    assert upright.shape == (1, 1296)
    votes = upright.reshape(-1, 9).sum(axis=0)
    assert votes[0] > 0  # the gradient of an upright edge points to the right: 0 degrees
    assert votes[1:].max() == 0
    # 90 degrees is half-way between the fifth direction, at 80 degrees, and the sixth.
    assert lying.reshape(-1, 9).sum(axis=0).argsort()[-2:].tolist() in ([4, 5], [5, 4])


def test_hog_forgets_contrast_and_bears_an_empty_image():
    strong = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8) // 2 * 2
    np.testing.assert_allclose(hog_features(strong), hog_features(strong // 2), atol=1e-3)
    assert not hog_features(np.zeros((1, 28, 28), np.uint8)).any()
    lengths = np.linalg.norm(hog_features(strong).reshape(-1, 36), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-3)


@needs_data
@pytest.mark.parametrize(
    ("baseline", "least"),
    [
        ("dummy", 0.1),
        ("svc", 0.7),
        pytest.param("logistic_regression", 0.7, marks=pytest.mark.slow),
        pytest.param("greeshma_hog_svm", 0.75, marks=pytest.mark.slow),
    ],
)
def test_a_baseline_becomes_a_whole_run_and_twice_the_same(tmp_path, baseline, least):
    plans = [plan_baseline(baseline, {"limit": "300"}) for _ in range(2)]
    first, second = (read_run(tmp_path, run_baseline(tmp_path, plan).name) for plan in plans)
    assert verify_run(tmp_path, first.run_id).ok
    assert least <= first.metrics.test_accuracy < 0.9
    assert (first.weight_digest, first.metrics) == (second.weight_digest, second.metrics)
    assert (first.recipe, first.epochs, first.layers, first.size_bytes) == (None, 0, "", None)
    assert (first.images.train, first.budget) == (300, "reduced")
    assert read_history(tmp_path, first.run_id) == ()
    rows = read_predictions(tmp_path, first.run_id).test_probabilities.sum(axis=1)
    np.testing.assert_allclose(rows, 1, atol=5e-3)


@needs_data
def test_a_baseline_limited_to_all_the_images_there_are_is_full(tmp_path):
    plan = plan_baseline("dummy", {"limit": 48_000})
    assert read_run(tmp_path, run_baseline(tmp_path, plan).name).budget == "full"


@needs_data
def test_a_support_vector_machine_answers_as_its_own_votes_say(tmp_path):
    from sklearn.svm import SVC

    run = run_baseline(tmp_path, plan_baseline("svc", {"limit": 500}))
    pool = load_pool()
    train = make_split("holdout-80-20", pool.labels, 0, 1.0, 500).train
    model = SVC(C=10, break_ties=True).fit(
        pool.images[train].reshape(500, -1) / 255, pool.labels[train]
    )
    expected = model.predict(pool.images[60_000:61_000].reshape(1000, -1) / 255)
    stored = read_predictions(tmp_path, run.name).test_probabilities[:1000].argmax(axis=1)
    # Probabilities are stored as float16, which can make a tie of a near one.
    assert (stored == expected).mean() >= 0.998


@needs_data
@pytest.mark.slow
def test_the_command_trains_the_catalogue_s_baseline(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    assert main(["train", "greeshma_hog_svm", "--limit", "300", "--seed", "1", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["architecture"], record["seed"], record["recipe"]) == (
        "greeshma_hog_svm",
        1,
        None,
    )
    assert record["provenance"]["paper"] == "001"
    assert record["provenance"]["protocol_differences"] == [
        "training images taken: 300 of 48,000 here, all 48,000 in our reading of the source."
    ]
    assert main(["train", "greeshma_hog_svm", "--epochs", "3"]) == 2
    assert "Received: epochs" in capsys.readouterr().err
    assert main(["train", "svc", "--name", "mine"]) == 2
    assert "Received as well: name" in capsys.readouterr().err
    assert [run.run_id for run in list_runs(tmp_path).runs] == [record["run_id"]]


def test_a_plan_takes_what_means_something_without_epochs():
    plan = plan_baseline("dummy", {"train_fraction": "0.25", "protocol": "test-as-validation"})
    assert (plan.train_images, plan.name) == (15_000, BASELINES["dummy"].title)
    with pytest.raises(RecipeError, match="Received: learning_rate"):
        plan_baseline("dummy", {"learning_rate": 1})
    with pytest.raises(UnknownNameError, match="svc"):
        plan_baseline("svm", {})


@pytest.mark.parametrize("few", [{"limit": 9}, {"train_fraction": 1e-6}])
def test_fewer_images_than_classes_are_refused_before_anything_is_fitted(few):
    with pytest.raises(RecipeError, match=r"from 10 training images or more\. Received: [19]\."):
        plan_baseline("svc", few)
    assert plan_baseline("svc", {"limit": 10}).train_images == 10
