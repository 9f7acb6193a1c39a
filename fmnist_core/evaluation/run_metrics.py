"""The figures of a run that follow from its stored predictions and its history."""

from collections.abc import Sequence

from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.metrics import correct, log_loss, per_class_report
from fmnist_core.runs.arrays import Predictions
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Metrics


def metrics_of(predictions: Predictions, history: Sequence[EpochRow]) -> Metrics:
    """Returns the metrics of a run; those of training images, which no run stores, are `None`.

    Args:
        predictions: as they are stored.
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
        train_accuracy=None,
        train_loss=None,
        best_epoch=best,
        best_val_accuracy=history[best - 1].val_accuracy if best else None,
    )


def best_epoch(history: Sequence[EpochRow]) -> int:
    """Returns the epoch, from 1, with the highest validation accuracy; of equals, the lower loss.

    There must be at least one.
    """
    return max(history, key=lambda row: (row.val_accuracy or 0.0, -(row.val_loss or 0.0))).epoch
