"""Small predictions of made-up networks, and the runs that ship with the project."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.evaluation.sheet import Sheet, make_sheet
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.read import read_predictions, read_run, run_ids

SHIPPED = Path(__file__).parents[3] / "cached_runs"

needs_runs = pytest.mark.skipif(len(run_ids(SHIPPED)) < 3, reason="the shipped runs are not here")


@cache
def shipped(protocol: str = "holdout-80-20") -> list[str]:
    """Ids of the shipped runs of one split."""
    return [name for name in run_ids(SHIPPED) if read_run(SHIPPED, name).protocol == protocol]


@cache
def shipped_predictions(run_id: str) -> Predictions:
    return read_predictions(SHIPPED, run_id)


def says(classes, sure=0.9) -> np.ndarray:
    """Probabilities of networks that name these classes, (n, 10)."""
    classes, sure = np.asarray(classes, int), np.broadcast_to(sure, len(classes))
    values = np.repeat(((1 - sure) / 9)[:, None], 10, axis=1)
    values[np.arange(len(classes)), classes] = sure
    return values.astype(np.float32)


def predictions(
    probabilities, labels, *, first: int = 60_000, validation=(), validation_first: int = 0
) -> Predictions:
    """Test images from `first` on in the pool; validation labels that are all named rightly."""
    labels, validation = np.asarray(labels, np.uint8), np.asarray(validation, np.uint8)
    return Predictions(
        np.asarray(probabilities, np.float32),
        labels,
        np.arange(first, first + len(labels), dtype=np.int32),
        says(validation) if len(validation) else np.empty((0, 10), np.float32),
        validation,
        np.arange(validation_first, validation_first + len(validation), dtype=np.int32),
    )


def sheet_of(labels, **classes) -> Sheet:
    """A sheet of networks that name these classes, each a list or a (list, confidences)."""
    runs = []
    for name, named in classes.items():
        values = says(*named) if isinstance(named, tuple) else says(named)
        runs.append((name, predictions(values, labels), "holdout-80-20"))
    return make_sheet(runs)


def random_answers(seed: int, count: int = 500) -> tuple[np.ndarray, np.ndarray]:
    """Random probabilities and labels; one class is never predicted, and some never occur."""
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.full(10, 0.3), count)
    probabilities[:, generator.integers(0, 10)] = 0
    present = generator.permutation(10)[: generator.integers(2, 11)]
    labels = np.where(
        generator.random(count) < 0.6,
        probabilities.argmax(axis=1),
        generator.choice(present, count),
    )
    probabilities = np.round(probabilities / probabilities.sum(axis=1, keepdims=True), 3)
    return probabilities, labels
