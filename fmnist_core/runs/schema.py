"""The record in `run.json`: what was trained, how, on what, and how well it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fmnist_core.errors import RunError
from fmnist_core.recipes import Recipe
from fmnist_core.runs import records, strict_json
from fmnist_core.runs.ids import LONGEST_RUN_ID, RUN_ID
from fmnist_core.runs.records import Count, Range, Text

SCHEMA_VERSION: Literal[1] = 1
MOST_RUN_JSON_BYTES = 256 * 1024
# Keras' backend -> the packages that it may come from; others that are installed have no part.
BACKEND_PACKAGES = {
    "tensorflow": ("tensorflow", "tensorflow-cpu"),
    "jax": ("jax",),
    "torch": ("torch",),
}

Fraction = Annotated[float, Range(0, 1)]
Loss = Annotated[float, Range(0, 1e6)]
Seconds = Annotated[float, Range(0, 1e8)]
Amount = Annotated[int, Range(0, 10**12)]
Epochs = Annotated[int, Range(0, 10_000)]
Interval = Annotated[tuple[Fraction, ...], Count(2, 2)]
LONGEST_WORD = 200
Word = Annotated[str, Text(LONGEST_WORD)]
Name = Annotated[str, Text(60, form=r"[a-z0-9_]+(-[a-z0-9_]+)*")]
Moment = Annotated[str, Text(20, form="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")]
Digest = Annotated[str, Text(64, form=r"[0-9a-f]{64}")]


@dataclass(frozen=True)
class Metrics:
    """Figures of the stored weights, read through the stored model; fractions, not per cent.

    Attributes:
        test_accuracy_ci95: Wilson's interval; binomial sampling of test images only, not seeds.
        test_loss: mean negative log-likelihood in nats; `None` where it is not finite.
        val_accuracy: `None` where no images were held out for validation.
        train_accuracy: in inference mode, on the un-augmented training images.
        best_epoch: the epoch, from 1, with the highest validation accuracy.
    """

    test_accuracy: Fraction
    test_accuracy_ci95: Interval
    test_loss: Loss | None
    test_macro_f1: Fraction
    val_accuracy: Fraction | None
    val_accuracy_ci95: Interval | None
    val_loss: Loss | None
    train_accuracy: Fraction | None
    train_loss: Loss | None
    best_epoch: Epochs | None
    best_val_accuracy: Fraction | None


@dataclass(frozen=True)
class Params:
    """Numbers of parameters."""

    total: Amount
    trainable: Amount
    non_trainable: Amount


@dataclass(frozen=True)
class ImageCounts:
    """Images that each part of the split held."""

    train: Annotated[int, Range(1, 70_000)]
    validation: Annotated[int, Range(0, 70_000)]
    test: Annotated[int, Range(1, 70_000)]


@dataclass(frozen=True)
class Machine:
    """Where the run was trained: timings belong to it, and the last bits of the weights do too."""

    processor: Word
    threads: Annotated[int, Range(1, 4096)]
    precision: Name


@dataclass(frozen=True)
class Provenance:
    """Where the architecture comes from, and how our training departs from the source's."""

    basis: Annotated[str, Text(40)]
    paper: Annotated[str, Text(40)]
    protocol_differences: Annotated[tuple[Annotated[str, Text(500)], ...], Count(0, 50)]
    notes: Annotated[str, Text(5000, lines=True)]


@dataclass(frozen=True)
class Run:
    """One trained network. The keys of `run.json` are these fields.

    Attributes:
        architecture: the catalogue's id, or "custom".
        layers: the layer text; empty for a baseline that is no network.
        recipe: `None` for a baseline that is not trained by epochs.
        dataset_sha256: SHA-256 of the four decompressed data files, by name.
        epochs: epochs trained; `epochs_planned` is what the recipe asked for.
        budget: "full" when the source's own epochs and images were trained, "reduced" when fewer of
            either were planned, "stopped" when the training was ended before its plan.
        created: UTC, `2025-01-31T23:59:59Z`.
        macs: multiply-accumulates for one image; `None` where it is not counted.
        train_seconds: wall-clock time of all epochs; `train_cpu_seconds` is the processor time over
            all threads, which other work on the machine hardly changes.
        latency_ms: one image through `model.tflite` on `machine`, one thread, fastest of many.
        size_bytes: of `model.tflite`.
        weight_digest: SHA-256 of the trained weights before rounding (`weights.weight_digest`).
    """

    schema_version: Literal[1]
    run_id: Annotated[str, Text(LONGEST_RUN_ID, form=RUN_ID.pattern)]
    name: Word
    architecture: Name
    variant: Name | None
    layers: Annotated[str, Text(100_000, lines=True)]
    recipe: Recipe | None
    protocol: Name
    seed: Annotated[int, Range(0, 2**31 - 1)]
    dataset_sha256: Annotated[dict[str, Digest], Count(4, 4)]
    status: Literal["done", "stopped"]
    epochs: Epochs
    epochs_planned: Epochs
    budget: Literal["full", "reduced", "stopped"]
    created: Moment
    train_seconds: Seconds
    train_cpu_seconds: Seconds
    metrics: Metrics
    params: Params
    macs: Amount | None
    latency_ms: Annotated[float, Range(0, 1e6)] | None
    size_bytes: Annotated[int, Range(0, 2**31)] | None
    images: ImageCounts
    versions: Annotated[dict[str, Annotated[str, Text(100)]], Count(1, 20)]
    machine: Machine
    provenance: Provenance
    weight_digest: Digest | None

    def __post_init__(self) -> None:
        recipe = self.recipe
        if recipe and (recipe.protocol, recipe.seed) != (self.protocol, self.seed):
            raise RunError(
                "run.json: protocol and seed must be those of the recipe, "
                f"{recipe.protocol!r} and {recipe.seed}. "
                f"Received: {self.protocol!r} and {self.seed}."
            )
        try:
            datetime.fromisoformat(self.created)
        except ValueError as error:
            raise RunError(
                f"run.json: created must be a date and a time that exist ({error}). "
                f"Received: {self.created!r}."
            ) from None
        if self.epochs > self.epochs_planned:
            raise RunError(
                f"run.json: epochs must be at most epochs_planned, {self.epochs_planned}. "
                f"Received: {self.epochs}."
            )
        if self.params.trainable + self.params.non_trainable != self.params.total:
            raise RunError(
                "run.json: trainable and non_trainable parameters must add up to total. "
                f"Received: {self.params}."
            )
        low, high = self.metrics.test_accuracy_ci95
        if not low <= self.metrics.test_accuracy <= high:
            raise RunError(
                "run.json: test_accuracy must lie within test_accuracy_ci95. "
                f"Received: {self.metrics.test_accuracy} and [{low}, {high}]."
            )

    def to_json(self) -> dict[str, Any]:
        """Returns the JSON object of `run.json`. Raises `RunError` when a value is out of range."""
        return records.to_json(self)

    @classmethod
    def from_json(cls, value: Any) -> "Run":
        """Reads a decoded `run.json`. Raises `RunError` naming the key that is wrong."""
        return records.from_json(cls, value, "run.json")


def parse_run(data: bytes, run_id: str) -> Run:
    """Returns the run that the bytes of `run.json` state.

    Raises:
        RunError: the bytes are no valid record, or the record of another run.
    """
    run = Run.from_json(strict_json.loads(data, "run.json", most_bytes=MOST_RUN_JSON_BYTES))
    if run.run_id != run_id:
        raise RunError(f"run.json must belong to {run_id}. Received: run_id {run.run_id!r}.")
    return run
