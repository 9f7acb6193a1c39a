"""What the files of a run must say, alone and together."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from fmnist_core.errors import RunError
from fmnist_core.runs.arrays import Predictions, parse_predictions, parse_projection
from fmnist_core.runs.disk import read_bounded
from fmnist_core.runs.history import parse_history
from fmnist_core.runs.manifest import OPTIONAL_FILES, RUN_FILES
from fmnist_core.runs.schema import Run, parse_run
from fmnist_core.runs.weights import check_weights

_MODEL_BEGINS = 8  # four bytes of offset, then the file identifier


def content_problems(
    folder: Path, weight_shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Iterator[str]:
    """Yields a sentence for each thing that is wrong with the files in a folder named like its run.

    One file at a time is in memory, weights and model never whole: ask for the first sentence alone
    where that is enough.

    Args:
        weight_shapes: what the weights must be, by name; `None` for any.
    """
    run = history = predictions = None
    try:
        run = parse_run(_read(folder, "run.json"), folder.name)
    except RunError as error:
        yield str(error)
    try:
        predictions = parse_predictions(_read(folder, "predictions.npz"))
    except RunError as error:
        yield str(error)
    if run and predictions:
        yield from _disagreements(run, predictions)
    try:
        history = parse_history(_read(folder, "history.jsonl"))
    except RunError as error:
        yield str(error)
    if run and history is not None and len(history) != run.epochs:
        yield (
            f"history.jsonl must hold the {run.epochs} epochs of run.json. "
            f"Received: {len(history)}."
        )
    yield from _optional_problems(folder, run, predictions, weight_shapes)


def _optional_problems(
    folder: Path,
    run: Run | None,
    predictions: Predictions | None,
    weight_shapes: Mapping[str, tuple[int, ...]] | None,
) -> Iterator[str]:
    held = [name for name in OPTIONAL_FILES if (folder / name).exists()]
    if run and not run.layers and held:
        yield (
            f"run.json must state the layers of a run with {' and '.join(held)}. Received: none, "
            "as for a baseline, which has no such file."
        )
    try:
        if (folder / "projection.npz").exists():
            yield from _projection_problems(folder, predictions)
    except RunError as error:
        yield str(error)
    try:
        if (folder / "weights.safetensors").exists():
            check_weights(folder / "weights.safetensors", weight_shapes)
    except RunError as error:
        yield str(error)
    if (folder / "model.tflite").exists():
        yield from _model_problems(run, folder / "model.tflite")


def _projection_problems(folder: Path, predictions: Predictions | None) -> Iterator[str]:
    projection = parse_projection(_read(folder, "projection.npz"))
    if predictions:
        strangers = np.setdiff1d(projection.indices, predictions.test_indices)
        if strangers.size:
            yield f"projection.npz must show test images only. Received: {strangers.size:,} others."


def _model_problems(run: Run | None, model: Path) -> Iterator[str]:
    with model.open("rb") as file:
        if file.read(_MODEL_BEGINS)[4:] != b"TFL3":
            yield "model.tflite must be a LiteRT model (file identifier TFL3)."
    size = model.stat().st_size
    if run and run.size_bytes != size:
        yield (
            f"run.json must state the size of model.tflite, {size} bytes. "
            f"Received: {run.size_bytes}."
        )


def _read(folder: Path, name: str) -> bytes:
    return read_bounded(folder / name, RUN_FILES[name])


def _disagreements(run: Run, predictions: Predictions) -> Iterator[str]:
    found = (len(predictions.validation_labels), len(predictions.test_labels))
    stated = (run.images.validation, run.images.test)
    if found != stated:
        yield (
            f"predictions.npz must hold {stated[0]:,} validation and {stated[1]:,} test images, "
            f"as run.json says. Received: {found[0]:,} and {found[1]:,}."
        )
    guesses = predictions.test_probabilities.argmax(axis=1)
    accuracy = float((guesses == predictions.test_labels).mean())
    # Half an image of 10,000: a figure that was rounded on its way to run.json still passes.
    if abs(accuracy - run.metrics.test_accuracy) > 5e-5:
        yield (
            f"run.json must state the test accuracy of predictions.npz, {accuracy:.6f}. "
            f"Received: {run.metrics.test_accuracy:.6f}."
        )
