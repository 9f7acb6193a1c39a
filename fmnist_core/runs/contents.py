"""What the files of a run must say, alone and together."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from fmnist_core.errors import RunError
from fmnist_core.runs.arrays import Predictions, parse_predictions, parse_projection
from fmnist_core.runs.history import parse_history
from fmnist_core.runs.schema import Run, parse_run
from fmnist_core.runs.weights import parse_weights

Result = TypeVar("Result")


def content_problems(run_id: str, contents: Mapping[str, bytes]) -> list[str]:
    """Returns a sentence for each thing that is wrong; `contents` are a run's files by name."""
    problems: list[str] = []
    run = _try(problems, lambda: parse_run(contents["run.json"], run_id))
    predictions = _try(problems, lambda: parse_predictions(contents["predictions.npz"]))
    history = _try(problems, lambda: parse_history(contents["history.jsonl"]))
    if run and predictions:
        problems += _disagreements(run, predictions)
    if run and history is not None and len(history) != run.epochs:
        problems.append(
            f"history.jsonl must hold the {run.epochs} epochs of run.json. "
            f"Received: {len(history)}."
        )
    if "projection.npz" in contents:
        projection = _try(problems, lambda: parse_projection(contents["projection.npz"]))
        if projection and predictions:
            strangers = np.setdiff1d(projection.indices, predictions.test_indices)
            if strangers.size:
                problems.append(
                    "projection.npz must show test images only. "
                    f"Received: {strangers.size:,} others."
                )
    if "weights.safetensors" in contents:
        _try(problems, lambda: parse_weights(contents["weights.safetensors"]))
    if "model.tflite" in contents:
        problems += _model_problems(run, contents["model.tflite"])
    return problems


def _model_problems(run: Run | None, model: bytes) -> list[str]:
    problems = []
    if model[4:8] != b"TFL3":
        problems.append("model.tflite must be a LiteRT model (file identifier TFL3).")
    if run and run.size_bytes != len(model):
        problems.append(
            f"run.json must state the size of model.tflite, {len(model)} bytes. "
            f"Received: {run.size_bytes}."
        )
    return problems


def _disagreements(run: Run, predictions: Predictions) -> list[str]:
    problems = []
    found = (len(predictions.validation_labels), len(predictions.test_labels))
    stated = (run.images.validation, run.images.test)
    if found != stated:
        problems.append(
            f"predictions.npz must hold {stated[0]:,} validation and {stated[1]:,} test images, "
            f"as run.json says. Received: {found[0]:,} and {found[1]:,}."
        )
    guesses = predictions.test_probabilities.argmax(axis=1)
    accuracy = float((guesses == predictions.test_labels).mean())
    # Half an image of 10,000: a figure that was rounded on its way to run.json still passes.
    if abs(accuracy - run.metrics.test_accuracy) > 5e-5:
        problems.append(
            f"run.json must state the test accuracy of predictions.npz, {accuracy:.6f}. "
            f"Received: {run.metrics.test_accuracy:.6f}."
        )
    return problems


def _try(problems: list[str], parse: Callable[[], Result]) -> Result | None:
    try:
        return parse()
    except RunError as error:
        problems.append(str(error))
        return None
