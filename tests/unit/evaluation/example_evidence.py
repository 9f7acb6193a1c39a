"""Made-up evidence of runs for the tests of the ledger: numbers drawn up, nothing trained."""

from dataclasses import dataclass, field
from typing import Any

from fmnist_core.architectures import summarize
from fmnist_core.data import PROTOCOLS
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.ledger.evidence import Evidence, Score
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import ImageCounts, Machine, Metrics, Params, Provenance, Run


@dataclass(frozen=True)
class MadeUp:
    """A run of a catalogue network by its recipe, but for what `changes` says of it.

    Attributes:
        accuracy: on test and validation images; `train_accuracy` in the last epoch.
        epochs: trained; 0 for as many as planned.
        number: makes the id and the moment unique; a larger one is newer.
    """

    system: str = "ajani_m1"
    accuracy: float = 0.88
    test_loss: float | None = 0.35
    seed: int = 0
    number: int = 0
    epochs: int = 0
    status: str = "done"
    layers: str = ""
    variant: str | None = None
    train_accuracy: float = 0.91
    changes: dict[str, Any] = field(default_factory=dict)
    scores: dict[tuple[str, str], Score] = field(default_factory=dict)

    def evidence(self) -> Evidence:
        """The run with one row an epoch, growing to its accuracies."""
        run = self._run()
        rows = tuple(
            EpochRow(
                epoch=epoch,
                loss=1 / epoch,
                accuracy=self.train_accuracy * epoch / run.epochs,
                val_loss=2 / epoch,
                val_accuracy=self.accuracy * epoch / run.epochs,
                learning_rate=1e-3,
                seconds=10.0 + epoch,
                cpu_seconds=20.0,
            )
            for epoch in range(1, run.epochs + 1)
        )
        return Evidence(run, rows, self.scores, 0.01, 0.02)

    def _run(self) -> Run:
        system = find_system(self.system)
        recipe = Recipe.from_dict({**system.recipe, "seed": self.seed, **self.changes})
        split = PROTOCOLS[recipe.protocol]
        epochs = self.epochs or recipe.epochs
        layers = self.layers or system.layers
        network = summarize(layers)
        interval = wilson_interval(round(self.accuracy * split.test), split.test)
        train_images = int(split.train * recipe.train_fraction)
        return Run(
            schema_version=1,
            run_id=f"{self.system}-20250101-0000{self.number:02d}-{self.number:06x}",
            name="made up",
            architecture=self.system,
            variant=self.variant,
            layers=layers,
            recipe=recipe,
            protocol=recipe.protocol,
            seed=self.seed,
            dataset_sha256={str(number): "0" * 64 for number in range(4)},
            status=self.status,  # type: ignore[arg-type]
            epochs=epochs,
            epochs_planned=recipe.epochs,
            budget="full",
            created=f"2025-01-01T00:00:{self.number:02d}Z",
            train_seconds=100.0,
            train_cpu_seconds=200.0,
            metrics=Metrics(
                test_accuracy=self.accuracy,
                test_accuracy_ci95=interval,
                test_loss=self.test_loss,
                test_macro_f1=self.accuracy,
                val_accuracy=self.accuracy,
                val_accuracy_ci95=interval,
                val_loss=self.test_loss,
                train_accuracy=self.train_accuracy,
                train_loss=0.1,
                best_epoch=max(1, epochs // 2),
                best_val_accuracy=self.accuracy,
            ),
            params=Params(
                network.total_params, network.trainable_params, network.non_trainable_params
            ),
            macs=network.macs,
            latency_ms=1.0,
            size_bytes=1000,
            images=ImageCounts(train_images, split.validation, split.test),
            versions={"python": "made up"},
            machine=Machine("made up", 2, recipe.precision),
            provenance=Provenance(system.basis, system.paper, (), ""),
            weight_digest=None,
        )
