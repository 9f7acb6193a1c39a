"""The figures of a run from what it answers; the same for networks and baselines, without Keras."""

import importlib.metadata
import platform
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fmnist_core.data import Pool, Split
from fmnist_core.evaluation.metrics import accuracy, log_loss
from fmnist_core.evaluation.run_metrics import metrics_of
from fmnist_core.runs.arrays import Floats, Indices, Labels, Predictions, write_predictions
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Metrics
from fmnist_core.training.cost import TRAIN_SAMPLE


def store_predictions(
    staging: Path, pool: Pool, split: Split, test: Floats, validation: Floats
) -> Predictions:
    """Writes what was said of the test and validation images, and returns it as stored.

    Args:
        test: probabilities (n, 10) of the images of `split.test`, in that order.
        validation: those of `split.validation`.

    Raises `RunError` when the file cannot be written.
    """
    return write_predictions(
        staging / "predictions.npz",
        Predictions(
            test_probabilities=test,
            test_labels=pool.labels[split.test],
            test_indices=split.test,
            validation_probabilities=validation,
            validation_labels=pool.labels[split.validation],
            validation_indices=split.validation,
        ),
    )


def train_sample(split: Split) -> Indices:
    """The training images on which training accuracy is read: at most 10,000, stratified."""
    return split.train[:TRAIN_SAMPLE]  # every prefix of `split.train` is stratified


def measure(
    predictions: Predictions,
    train: Floats,
    train_labels: Labels,
    history: Sequence[EpochRow] = (),
) -> Metrics:
    """The metrics of stored predictions.

    Args:
        train: probabilities (n, 10) of the images of `train_sample`.
        history: of a network; without one, no epoch is the best.
    """
    return replace(
        metrics_of(predictions, history),
        train_accuracy=accuracy(train, train_labels),
        train_loss=log_loss(train, train_labels),
    )


def installed_versions(packages: Sequence[str]) -> dict[str, str]:
    """Python's version, and that of each package that is installed."""
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
