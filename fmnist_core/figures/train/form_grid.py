"""The jobs that a form would queue, as a table."""

from dataclasses import dataclass

import pandas as pd

from fmnist_core.architectures import Summary
from fmnist_core.figures.table import Column
from fmnist_core.recipes import Recipe

GRID_COLUMNS = {
    "network": Column("Network", pinned=True),
    "optimizer": Column("Optimizer"),
    "learning_rate": Column("Learning rate"),
    "seeds": Column("Seeds", meaning="One job for each."),
    "epochs": Column("Epochs", "integer"),
    "images": Column("Training images", "integer"),
    "budget": Column(
        "Label",
        meaning="Reduced: fewer epochs or images than its source has. Varied: as many or more, "
        "with other layers or settings. Only full ones are ranked unasked.",
    ),
    "params": Column("Parameters", "integer"),
    "macs": Column("MACs", "integer", "Multiply-accumulates for one image."),
    "seconds": Column("One job (s)", "integer", "Estimated for this machine."),
    "memory_mb": Column("Memory (MB)", "integer", "Of the training at its peak."),
    "differences": Column(
        "Unlike the source", "integer", "Settings in which it departs from its source."
    ),
}


@dataclass(frozen=True)
class GridRow:
    """Jobs that differ in their seed only."""

    network: str
    recipe: Recipe
    summary: Summary
    train_images: int
    seconds: float
    memory_bytes: int
    budget: str  # as `run_names.named_budget` has it
    differences: int


def grid_frame(rows: list[GridRow], seeds: int) -> pd.DataFrame:
    """Returns one row for each network, optimizer and learning rate."""
    return pd.DataFrame([_record(row, seeds) for row in rows])


def _record(row: GridRow, seeds: int) -> dict[str, object]:
    first = row.recipe.seed
    return {
        "network": row.network,
        "optimizer": row.recipe.optimizer,
        "learning_rate": f"{row.recipe.learning_rate:g}",
        "seeds": str(first) if seeds == 1 else f"{first} to {first + seeds - 1}",
        "epochs": row.recipe.epochs,
        "images": row.train_images,
        "params": row.summary.total_params,
        "macs": row.summary.macs,
        "seconds": row.seconds,
        "memory_mb": row.memory_bytes / 1e6,
        "budget": row.budget,
        "differences": row.differences,
    }
