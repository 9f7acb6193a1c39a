"""Rows of a list of runs, made up."""

from fmnist_core.papers import systems
from fmnist_core.runs.summary import RunSummary

# A network of its own for each number: two trainings of one and the same are never both ranked.
_NETWORKS = [system.id for system in systems() if system.layers]


SAME = {"architecture": "awasthi_basic"}


def summary(number: int, accuracy: float, **changes: object) -> RunSummary:
    values: dict[str, object] = {
        "run_id": f"run-{number:06d}",
        "name": f"net {number}",
        "architecture": _NETWORKS[number % len(_NETWORKS)],
        "variant": None,
        "paper": "000",
        "basis": "stated",
        "protocol": "holdout-80-20",
        "protocol_differences": 0,
        "seed": 0,
        "epochs": 10,
        "epochs_planned": 10,
        "budget": "full",
        "status": "done",
        "test_accuracy": accuracy,
        "test_accuracy_ci95": (accuracy - 0.005, accuracy + 0.005),
        "test_macro_f1": accuracy,
        "train_images": 48_000,
        "test_images": 10_000,
        "val_accuracy": accuracy,
        "train_accuracy": accuracy + 0.02,
        "total_params": 1_000 * number,
        "macs": 1_000_000,
        "latency_ms": 0.5,
        "size_bytes": 4_000 * number,
        "train_seconds": 100.0,
        "train_cpu_seconds": 180.0 * number,
        "created": "2025-01-01T00:00:00Z",
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "batch_size": 128,
        "augmentation": "",
        "train_fraction": 1.0,
        "precision": "float32",
        "unsettled_share": 0.0,
        "has_model": True,
        "has_projection": True,
    }
    return RunSummary(**(values | changes))  # type: ignore[arg-type]
