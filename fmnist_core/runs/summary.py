"""What a list of runs shows of each."""

from dataclasses import dataclass

from fmnist_core.runs.schema import Run
from fmnist_core.runs.unsettled import unsettled_share


@dataclass(frozen=True)
class RunSummary:
    """One row of the leaderboard: `run.json` without its long parts, and which files there are.

    The fields have the meaning they have in `schema.Run` and its parts. Those of the recipe are
    `None` for a baseline without one.

    Attributes:
        paper: id of the source, `basis` how the architecture comes from it.
        protocol_differences: how many ways our training departs from the source's.
        unsettled_share: of the averages of batch normalisation, still first values; 0 where small.
        has_model: whether the run can predict; `has_projection`, whether it has a PCA.
    """

    run_id: str
    name: str
    architecture: str
    variant: str | None
    paper: str
    basis: str
    protocol: str
    protocol_differences: int
    seed: int
    epochs: int
    epochs_planned: int
    budget: str
    status: str
    test_accuracy: float
    test_accuracy_ci95: tuple[float, float]
    test_macro_f1: float
    train_images: int
    test_images: int
    val_accuracy: float | None
    train_accuracy: float | None
    total_params: int
    macs: int | None
    latency_ms: float | None
    size_bytes: int | None
    train_seconds: float
    train_cpu_seconds: float
    created: str
    optimizer: str | None
    learning_rate: float | None
    batch_size: int | None
    augmentation: str | None
    train_fraction: float | None
    precision: str
    unsettled_share: float
    has_model: bool
    has_projection: bool


def summarize_run(run: Run, files: frozenset[str]) -> RunSummary:
    """Returns the row of a run that holds these files."""
    metrics, recipe = run.metrics, run.recipe
    low, high = metrics.test_accuracy_ci95
    return RunSummary(
        run_id=run.run_id,
        name=run.name,
        architecture=run.architecture,
        variant=run.variant,
        paper=run.provenance.paper,
        basis=run.provenance.basis,
        protocol=run.protocol,
        protocol_differences=len(run.provenance.protocol_differences),
        seed=run.seed,
        epochs=run.epochs,
        epochs_planned=run.epochs_planned,
        budget=run.budget,
        status=run.status,
        test_accuracy=metrics.test_accuracy,
        test_accuracy_ci95=(low, high),
        test_macro_f1=metrics.test_macro_f1,
        train_images=run.images.train,
        test_images=run.images.test,
        val_accuracy=metrics.val_accuracy,
        train_accuracy=metrics.train_accuracy,
        total_params=run.params.total,
        macs=run.macs,
        latency_ms=run.latency_ms,
        size_bytes=run.size_bytes,
        train_seconds=run.train_seconds,
        train_cpu_seconds=run.train_cpu_seconds,
        created=run.created,
        optimizer=recipe.optimizer if recipe else None,
        learning_rate=recipe.learning_rate if recipe else None,
        batch_size=recipe.batch_size if recipe else None,
        augmentation=recipe.augmentation if recipe else None,
        train_fraction=recipe.train_fraction if recipe else None,
        precision=run.machine.precision,
        unsettled_share=unsettled_share(run),
        has_model="model.tflite" in files,
        has_projection="projection.npz" in files,
    )
