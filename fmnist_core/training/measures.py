"""The figures of a run from what it answers; the same for networks and baselines, without Keras."""

import importlib.metadata
import platform
from collections.abc import Sequence
from pathlib import Path

from fmnist_core.data import Pool, Split
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.metrics import accuracy, correct, log_loss, per_class_report
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
    test, validation = predictions.test_probabilities, predictions.validation_probabilities
    right = correct(test, predictions.test_labels)
    val_right = correct(validation, predictions.validation_labels)
    best = best_epoch(history) if history else None
    return Metrics(
        test_accuracy=float(right.mean()),
        test_accuracy_ci95=wilson_interval(int(right.sum()), len(right)),
        test_loss=log_loss(test, predictions.test_labels),
        test_macro_f1=per_class_report(predictions.test_labels, test.argmax(axis=1)).macro.f1,
        val_accuracy=float(val_right.mean()),
        val_accuracy_ci95=wilson_interval(int(val_right.sum()), len(val_right)),
        val_loss=log_loss(validation, predictions.validation_labels),
        train_accuracy=accuracy(train, train_labels),
        train_loss=log_loss(train, train_labels),
        best_epoch=best,
        best_val_accuracy=history[best - 1].val_accuracy if best else None,
    )


def best_epoch(history: Sequence[EpochRow]) -> int:
    """The epoch, from 1, with the highest validation accuracy; ties go to the lower loss."""
    return max(history, key=lambda row: (row.val_accuracy or 0.0, -(row.val_loss or 0.0))).epoch


def installed_versions(packages: Sequence[str]) -> dict[str, str]:
    """Python's version, and that of each package that is installed."""
    versions = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
