"""Every run in `cached_runs`, held against its own files and the data."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core.architectures import summarize
from fmnist_core.data import find_data, load_pool
from fmnist_core.evaluation.metrics import accuracy
from fmnist_core.inference.litert import LiteRTModel
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.read import read_predictions, read_run, run_ids
from fmnist_core.runs.verify import verify_run
from fmnist_core.training.batches import network_input
from fmnist_core.training.finish import restore_network

ROOT = Path(__file__).parents[2] / "cached_runs"
RUNS = run_ids(ROOT)
WITH_MODEL = [name for name in RUNS if (ROOT / name / "model.tflite").exists()]

# Two passes over all test images would take minutes; `bench predictions` makes one for every run.
MOST_IMAGES, MOST_MACS = 2_000, 1e11

needs_data = pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine")


def test_there_are_runs():
    assert RUNS


@pytest.mark.parametrize("run_id", RUNS)
def test_every_file_is_as_it_was_committed_and_the_metrics_follow_from_the_predictions(run_id):
    assert verify_run(ROOT, run_id).problems == ()
    run, predictions = read_run(ROOT, run_id), read_predictions(ROOT, run_id)
    recomputed = accuracy(predictions.test_probabilities, predictions.test_labels)
    assert run.metrics.test_accuracy == pytest.approx(recomputed, abs=1e-4)


@pytest.mark.parametrize("run_id", RUNS)
def test_a_run_that_names_no_difference_has_the_layers_and_recipe_of_the_catalogue(run_id):
    run = read_run(ROOT, run_id)
    if run.architecture == "custom" or run.provenance.protocol_differences or not run.recipe:
        return  # one that says wherever it is shown how it departs, or a baseline without a recipe
    system = find_system(run.architecture)
    assert run.layers == system.layers
    expected = Recipe.from_dict({**system.recipe, "seed": run.seed})
    assert run.recipe == expected
    assert (run.budget == "full") == (run.epochs == expected.epochs)


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("run_id", WITH_MODEL)
def test_the_lite_model_says_what_the_stored_weights_and_predictions_say(run_id):
    run, predictions = read_run(ROOT, run_id), read_predictions(ROOT, run_id)
    pool = load_pool()
    count = min(MOST_IMAGES, int(MOST_MACS / summarize(run.layers).macs))
    numbers = np.arange(60_000, 60_000 + count)
    images, labels = pool.images[numbers], pool.labels[numbers]
    lite = LiteRTModel(ROOT / run_id / "model.tflite", threads=2)(images).probabilities
    network = restore_network(run.layers, ROOT / run_id / "weights.safetensors")
    restored = network.predict(network_input(images, run.recipe), batch_size=500, verbose=0)
    assert np.abs(lite - restored["probabilities"]).max() <= 2e-3

    tested = np.isin(numbers, predictions.test_indices)
    stored = predictions.test_probabilities[np.isin(predictions.test_indices, numbers)]
    np.testing.assert_allclose(lite[tested], stored, atol=1e-3)
    assert accuracy(lite[tested], labels[tested]) == pytest.approx(
        accuracy(stored, labels[tested]), abs=2e-4
    )
