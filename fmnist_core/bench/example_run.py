"""A small, whole run of made-up numbers, for benchmarks and tests of the run folder."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.metrics import accuracy, correct, log_loss, per_class_report
from fmnist_core.recipes import Recipe
from fmnist_core.runs.arrays import Predictions, Projection, write_predictions, write_projection
from fmnist_core.runs.history import EpochRow, write_history
from fmnist_core.runs.schema import (
    SCHEMA_VERSION,
    ImageCounts,
    Machine,
    Metrics,
    Params,
    Provenance,
    Run,
)
from fmnist_core.runs.weights import weight_digest, write_weights
from fmnist_core.runs.write import staged_run, write_run

EPOCHS = 3
VALIDATION_IMAGES, TEST_IMAGES = 100, 200


def write_example(root: Path, run_id: str, *, seed: int = 0, light: bool = False) -> Run:
    """Commits a run of made-up numbers and returns its record.

    Args:
        root: the folder of runs.
        run_id: its id; the part before the date becomes the architecture.
        seed: of the made-up numbers.
        light: without projection and weights.
    """
    generator = np.random.default_rng(seed)
    with staged_run(root, run_id) as staging:
        predictions = write_predictions(staging / "predictions.npz", _predictions(generator))
        write_history(
            staging / "history.jsonl", [_epoch(number) for number in range(1, EPOCHS + 1)]
        )
        kernel = generator.normal(size=(4, 10)).astype(np.float32)
        tensors = [("dense/kernel", kernel), ("dense/bias", np.zeros(10, np.float32))]
        if not light:
            write_weights(staging / "weights.safetensors", tensors)
            features = generator.normal(size=(50, 3)).astype(np.float32)
            shares = np.array([0.5, 0.3, 0.1], np.float32)
            projection = Projection(features, shares, predictions.test_indices[:50])
            write_projection(staging / "projection.npz", projection)
        run = _record(run_id, seed, predictions, weight_digest(tensors))
        write_run(staging, run)
    return run


def _record(run_id: str, seed: int, predictions: Predictions, digest: str) -> Run:
    probabilities, labels = predictions.test_probabilities, predictions.test_labels
    right = correct(probabilities, labels)
    report = per_class_report(labels, probabilities.argmax(axis=1))
    return Run(
        schema_version=SCHEMA_VERSION,
        run_id=run_id,
        name="Example",
        architecture=run_id.rsplit("-", 3)[0],
        variant=None,
        layers="flatten\ndense 10 softmax\n",
        recipe=Recipe(seed=seed, epochs=EPOCHS),
        protocol="holdout-80-20",
        seed=seed,
        dataset_sha256=dict.fromkeys(("a", "b", "c", "d"), "0" * 64),
        status="done",
        epochs=EPOCHS,
        epochs_planned=EPOCHS,
        budget="reduced",
        created="2025-01-31T23:59:59Z",
        train_seconds=1.5,
        train_cpu_seconds=2.5,
        metrics=Metrics(
            test_accuracy=float(right.mean()),
            test_accuracy_ci95=wilson_interval(int(right.sum()), right.size),
            test_loss=log_loss(probabilities, labels),
            test_macro_f1=report.macro.f1,
            val_accuracy=accuracy(
                predictions.validation_probabilities, predictions.validation_labels
            ),
            val_accuracy_ci95=None,
            val_loss=0.5,
            train_accuracy=0.9,
            train_loss=0.4,
            best_epoch=EPOCHS,
            best_val_accuracy=0.9,
        ),
        params=Params(total=50, trainable=50, non_trainable=0),
        macs=40,
        latency_ms=0.1,
        size_bytes=None,
        images=ImageCounts(train=500, validation=VALIDATION_IMAGES, test=TEST_IMAGES),
        versions={"python": "3.11", "numpy": np.__version__},
        machine=Machine(processor="none", threads=1, precision="float32"),
        provenance=Provenance(
            basis="reconstruction", paper="000", protocol_differences=(), notes="Made-up numbers."
        ),
        weight_digest=digest,
    )


def _epoch(number: int) -> EpochRow:
    loss = 1 / number
    return EpochRow(number, loss, 0.8, loss, 0.8, learning_rate=1e-3, seconds=0.5, cpu_seconds=0.8)


def _predictions(generator: np.random.Generator) -> Predictions:
    test = _part(generator, np.arange(60_000, 60_000 + TEST_IMAGES))
    validation = _part(generator, np.arange(VALIDATION_IMAGES))
    return Predictions(*test, *validation)


def _part(
    generator: np.random.Generator, indices: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.int32]]:
    probabilities = generator.dirichlet(np.full(10, 0.2), len(indices)).astype(np.float32)
    labels = np.where(
        generator.random(len(indices)) < 0.9,
        probabilities.argmax(axis=1),
        generator.integers(0, 10, len(indices)),
    )
    return probabilities, labels.astype(np.uint8), indices.astype(np.int32)
