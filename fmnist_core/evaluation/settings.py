"""What was set differently between runs: causes, not results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fmnist_core.runs.schema import BACKEND_PACKAGES, Run

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Setting:
    """One setting and its value in each run, in the order of the runs; `None` where it has none."""

    name: str
    values: tuple[Value, ...]


def differing_settings(runs: Sequence[Run]) -> tuple[Setting, ...]:
    """Returns the settings in which the runs are not all equal; none for fewer than two runs."""
    columns = [settings_of(run) for run in runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [Setting(name, tuple(column.get(name) for column in columns)) for name in names]
    if any(run.architecture == "custom" for run in runs):
        # Beside the text of own layers belongs that of the catalogue's networks.
        text = Setting("layers", tuple(run.layers for run in runs))
        rows = [text if row.name == "layers" else row for row in rows]
    return tuple(row for row in rows if len(set(row.values)) > 1)


def settings_of(run: Run) -> dict[str, Value]:
    """Returns the settings of a run by name."""
    recipe: dict[str, Any] = run.recipe.to_dict() if run.recipe else {}
    return {
        "architecture": run.architecture,
        "variant": run.variant,
        # The text of catalogue entries follows from their ids; of custom ones it is all there is.
        "layers": run.layers if run.architecture == "custom" else None,
        "total_params": run.params.total,
        "macs": run.macs,
        "protocol": run.protocol,
        "train_images": run.images.train,
        "seed": run.seed,
        **recipe,
        "epochs_trained": run.epochs,
        "status": run.status,
        "processor": run.machine.processor,
        **{f"version of {name}": run.versions[name] for name in _versions_in_use(run)},
        **{f"digest of {name}": digest for name, digest in run.dataset_sha256.items()},
    }


def _versions_in_use(run: Run) -> list[str]:
    """Runs once named each backend that was installed; only the one that trained has a part."""
    used = run.versions.get("backend")
    idle = {
        package
        for backend, packages in BACKEND_PACKAGES.items()
        for package in packages
        if used and backend != used
    }
    return [name for name in run.versions if name not in idle]
