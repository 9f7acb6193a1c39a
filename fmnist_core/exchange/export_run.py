"""A run as one file for elsewhere, by the file's ending."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from fmnist_core.architectures.keras_source import keras_source
from fmnist_core.errors import RunError
from fmnist_core.evaluation.run_names import standing
from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.event_file import event_file
from fmnist_core.runs.read import read_file, read_history, read_run
from fmnist_core.runs.summary import summarize_run


def _model(root: Path, run_id: str) -> bytes:
    return read_file(root, run_id, "model.tflite")


def _source(root: Path, run_id: str) -> bytes:
    run = read_run(root, run_id)
    if not run.layers:
        raise RunError(f"{run_id} must be a network to have Keras source. It has no layers.")
    return keras_source(run.layers, title=f"{run.name} ({run_id})").encode()


def _events(root: Path, run_id: str) -> bytes:
    run = read_run(root, run_id)
    return event_file(run, read_history(root, run_id), standing(summarize_run(run, frozenset())))


# The ending of a file -> what makes it of the folder of runs and an id. Each raises `RunError`
# where a run is damaged or has no such thing, `UnknownNameError` where there is no such run. A
# `.keras` file is not among them: it takes Keras, and `training.keras_export` writes it.
EXPORTS: Mapping[str, Callable[[Path, str], bytes]] = MappingProxyType(
    {".zip": export_archive, ".tflite": _model, ".py": _source, ".tfevents": _events}
)
