"""Small runs for page tests, written through the package's own writers.

The numbers are drawn, not learned: these are fixture data, and live in temporary folders only.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.arrays import Predictions, write_predictions
from fmnist_core.runs.history import EpochRow, write_history
from fmnist_core.runs.schema import (
    ImageCounts,
    Machine,
    Metrics,
    Params,
    Provenance,
    Run,
)
from fmnist_core.runs.write import staged_run, write_run


@dataclass(frozen=True)
class FixtureRun:
    """What a test wants to be true of a run; everything else follows from it.

    Attributes:
        architecture: a catalogue id, or "custom", which gets a small layer text.
        planned: epochs; 0 for those trained.
        epoch_seconds: processor seconds of each epoch.
        name: "fixture" and its number where empty.
        validation_first: the first of its 100 validation images; `None` for a run without any.
    """

    architecture: str = "awasthi_basic"
    accuracy: float = 0.9
    seed: int = 0
    number: int = 0
    epochs: int = 6
    budget: str = "full"
    params: int = 100_000
    protocol: str = "holdout-80-20"
    optimizer: str = "adam"
    second: str = ""
    planned: int = 0
    schedule: str = "constant"
    epoch_seconds: float = 18.0
    validation_first: int | None = 40_000
    batch_size: int = 128
    name: str = ""

    @property
    def run_id(self) -> str:
        second = self.second or f"{self.number:02d}"
        return f"{self.architecture}-20250101-0000{second}-{self.number:06x}"


def write_fixture_run(root: Path, wanted: FixtureRun, *, test_images: int = 2_000) -> str:
    """Writes one run and returns its id; equal `FixtureRun`s get equal contents."""
    protocol = PROTOCOLS[wanted.protocol]
    test_first = 0 if wanted.protocol == "pooled-60-20-20" else 60_000
    predictions = _predictions(wanted, test_first, test_images)
    with staged_run(root, wanted.run_id) as staging:
        stored = write_predictions(staging / "predictions.npz", predictions)
        write_history(staging / "history.jsonl", _history(wanted))
        right = int((stored.test_probabilities.argmax(axis=1) == stored.test_labels).sum())
        accuracy = right / test_images
        interval = wilson_interval(right, test_images)
        layers, provenance = _origin(wanted.architecture)
        planned = wanted.planned or wanted.epochs
        write_run(
            staging,
            Run(
                schema_version=1,
                run_id=wanted.run_id,
                name=wanted.name or f"fixture {wanted.number}",
                architecture=wanted.architecture,
                variant=None,
                layers=layers,
                recipe=Recipe(
                    protocol=wanted.protocol,
                    seed=wanted.seed,
                    epochs=planned,
                    optimizer=wanted.optimizer,
                    batch_size=wanted.batch_size,
                    schedule=wanted.schedule,
                ),
                protocol=wanted.protocol,
                seed=wanted.seed,
                dataset_sha256={str(number): "0" * 64 for number in range(4)},
                status="stopped" if wanted.budget == "stopped" else "done",
                epochs=wanted.epochs,
                epochs_planned=planned,
                budget=wanted.budget,
                created=f"2025-01-01T00:00:{wanted.number:02d}Z",
                train_seconds=10.0 * wanted.epochs,
                train_cpu_seconds=wanted.epoch_seconds * wanted.epochs,
                metrics=Metrics(
                    test_accuracy=accuracy,
                    test_accuracy_ci95=interval,
                    test_loss=0.3,
                    test_macro_f1=accuracy,
                    val_accuracy=accuracy,
                    val_accuracy_ci95=interval,
                    val_loss=0.3,
                    train_accuracy=min(1.0, accuracy + 0.06),
                    train_loss=0.1,
                    best_epoch=wanted.epochs,
                    best_val_accuracy=accuracy,
                ),
                params=Params(wanted.params, wanted.params, 0),
                macs=10 * wanted.params,
                latency_ms=0.5 + wanted.params / 1e6,
                size_bytes=2 * wanted.params,
                images=ImageCounts(protocol.train, len(stored.validation_labels), test_images),
                versions={"python": "fixture"},
                machine=Machine("fixture", 2, "float32"),
                provenance=provenance,
                weight_digest=None,
            ),
        )
    return wanted.run_id


def _origin(architecture: str) -> tuple[str, Provenance]:
    if architecture == "custom":
        return "flatten\ndense 10 softmax", Provenance("custom", "", (), "fixture data")
    system = find_system(architecture)
    return system.layers, Provenance(system.basis, system.paper, (), "fixture data")


def _predictions(wanted: FixtureRun, test_first: int, test_images: int) -> Predictions:
    """Labels in turn; the easy images are the same for every run, the first hard one differs."""
    rng = np.random.default_rng(wanted.number)
    labels = (np.arange(test_images) % 10).astype(np.uint8)
    shared, own = np.random.default_rng(0).random(test_images), rng.standard_normal(test_images)
    hardness = shared + 0.05 * own
    wrong = hardness > np.quantile(hardness, wanted.accuracy)
    guesses = np.where(wrong, (labels + 1) % 10, labels)
    probabilities = np.full((test_images, 10), 0.02, np.float32)
    probabilities[np.arange(test_images), guesses] = 0.82
    held = 0 if wanted.validation_first is None else 100
    first = wanted.validation_first or 0
    return Predictions(
        probabilities,
        labels,
        np.arange(test_first, test_first + test_images, dtype=np.int32),
        probabilities[:held],
        labels[:held],
        np.arange(first, first + held, dtype=np.int32),
    )


def _history(wanted: FixtureRun) -> list[EpochRow]:
    rows = []
    for epoch in range(1, wanted.epochs + 1):
        reached = wanted.accuracy * (1 - 0.5 * 0.5**epoch)
        fitted = min(1.0, reached + 0.01 * epoch)
        seconds = wanted.epoch_seconds
        rows.append(EpochRow(epoch, 1 / epoch, fitted, 1.2 / epoch, reached, 1e-3, 10, seconds))
    return rows
