"""Checkpoints that survive a kill at any moment and restore training bit for bit.

A checkpoint is one safetensors file (model, optimizer and random-seed variables, and the best
weights so far). A pointer file, replaced last and atomically, names the current one with its
digest and carries the history, so weights and epoch can never disagree.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from fmnist_core.errors import RunError
from fmnist_core.runs.disk import write_durably, writing_to
from fmnist_core.runs.history import EpochRow
from fmnist_core.training.network import Network
from fmnist_core.training.pointer import (
    OTHER_DIGEST,
    Pointer,
    damaged_checkpoint,
    read_pointer,
    write_pointer,
)

Arrays = list[npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Checkpoint:
    """Where training stands after `len(history)` epochs."""

    history: tuple[EpochRow, ...]
    best_weights: Arrays


def save_checkpoint(
    folder: Path,
    network: Network,
    history: tuple[EpochRow, ...],
    best_weights: Arrays,
) -> None:
    """Writes the state after the last epoch of `history`; the checkpoint before it goes last."""
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    state = values_of(_variables(network))
    tensors = {f"state/{i:04d}": array for i, array in enumerate(state)}
    tensors |= {f"best/{i:04d}": array for i, array in enumerate(best_weights)}
    name = f"epoch-{len(history):05d}.safetensors"
    payload = save(tensors)
    write_durably(folder / name, payload)
    write_pointer(folder, Pointer(name, hashlib.sha256(payload).hexdigest(), history))
    for stale in folder.glob("epoch-*.safetensors"):
        if stale.name != name:
            stale.unlink(missing_ok=True)


def load_checkpoint(folder: Path, network: Network) -> Checkpoint | None:
    """Puts the saved state into a compiled network; None when there is none.

    Raises `RunError` when the files do not belong together or do not fit the network.
    """
    pointer = read_pointer(folder)
    if pointer is None:
        return None
    try:
        payload = (folder / pointer.weights).read_bytes()
        if hashlib.sha256(payload).hexdigest() != pointer.sha256:
            raise ValueError(OTHER_DIGEST)
        tensors = load(payload)
    except (OSError, ValueError, SafetensorError) as error:
        raise damaged_checkpoint(folder, error) from error
    variables = _variables(network)
    state = [tensors[key] for key in sorted(tensors) if key.startswith("state/")]
    if [value.shape for value in state] != [tuple(v.shape) for v in variables]:
        raise RunError(
            f"the checkpoint in {folder} must fit the network. Received: other shapes. "
            "Delete that folder to start again."
        )
    for variable, value in zip(variables, state, strict=True):
        variable.assign(value)
    best = [tensors[key] for key in sorted(tensors) if key.startswith("best/")]
    return Checkpoint(pointer.history, best)


def values_of(variables: Sequence[keras.Variable]) -> Arrays:
    """Copies of the values as arrays, scalars too."""
    return [np.array(variable.numpy()) for variable in variables]


def _variables(network: Network) -> list[keras.Variable]:
    """Weights, dropout's seed states, and the optimizer's slots and step counter, in a fixed order.

    From the model that is not compiled: the other one gains variables for its metrics on the way.
    """
    return [*network.full.variables, *network.trained.optimizer.variables]
