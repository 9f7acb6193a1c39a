"""How fast a processor trains, fitted to the runs that it has trained.

The time of a run is a sum of a few kinds of work (`cost.COLUMNS`), each with a price in processor
seconds. The prices are fitted by their logarithms, which keeps them positive and makes every
error a relative one; a prior, the same as a few more runs, holds prices that the runs do not tell
apart. Processor seconds are fitted and not wall-clock time, which other work on the machine
inflates.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fmnist_core.errors import FmnistError, LayerTextError
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import read_run
from fmnist_core.runs.schema import Run
from fmnist_core.training.cost import COLUMNS, Columns, epoch_columns, start_columns, text_work

FloatArray = npt.NDArray[np.float64]

# Processor seconds for one unit of each column: the committed runs, AMD EPYC (Zen 4, AVX-512),
# TensorFlow 2.21. About 80 * 10^9 multiply-accumulates and 7 * 10^9 bytes a second, 6.5 ns for a
# parameter's Adam update, 0.13 ms for a layer's call, 0.08 s for a layer's tracing, 70 ns for a
# number's checkpoint (no epoch's time contains that one: it only follows the others).
_PRIOR = np.array([0.012, 0.14, 6.5, 0.13, 1.0, 0.08, 70.0])
# How far another processor may be from the prior (all prices together), and one price from the
# others; how far a run may be from its fit. Standard deviations of the natural logarithm.
_COMMON_SPREAD, _OWN_SPREAD, _NOISE = np.log(4), np.log(1.7), 0.2
# Residuals beyond it pull with a constant force (Huber): a run on a crowded machine is an outlier.
_HUBER = 0.3
_ITERATIONS = 40

# Enough for the fit; a long study of one network must not crowd out the others.
_MOST_RUNS, _MOST_RUNS_OF_ONE_NETWORK = 200, 4
_MOST_RECORDS = 1_000
# From so many runs of the same processor on, an estimate is meant to hold within a factor of two.
_ENOUGH_RUNS = 3


@dataclass(frozen=True)
class Speed:
    """The prices of a processor. Small and immutable: made once, kept by the caller.

    Attributes:
        prices: processor seconds for one unit of each of `cost.COLUMNS`.
        cores: processor cores that a training may use here.
        factor: the real time should lie within estimate / factor and estimate * factor.
        basis: one sentence on what the prices come from.
    """

    prices: tuple[float, ...]
    cores: int
    factor: float
    basis: str

    def wall_seconds(self, columns: Columns, threads: int) -> float:
        """Wall-clock seconds for some work on idle cores."""
        cpu = dict(zip(COLUMNS, np.multiply(columns, self.prices).tolist(), strict=True))
        # One Python thread calls, traces and stores; the kernels share out the rest.
        serial = cpu["step"] + cpu["start"] + cpu["storage"]
        return serial + (sum(cpu.values()) - serial) / parallel_speed(min(threads, self.cores))


def parallel_speed(threads: int) -> float:
    """How many times faster the kernels run on so many idle cores.

    The power that two cores gave: awasthi_enhanced takes 26.7 processor seconds for 48,000 images
    and 15.4 s by the clock, a factor of 1.73.
    """
    return float(threads**0.8)


def usable_cores() -> int:
    """Processor cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_speed(runs: Sequence[Run], processor: str) -> Speed:
    """The prices of `processor`, from its own runs or, without any, from those of others.

    Takes milliseconds; a network seen for the first time adds 0.5 ms. At most 200 of the newest
    runs count, at most four of one network.

    Args:
        runs: all or the newest ones of the runs folder, in any order. Those that were not trained
            by epochs, or whose layers this version cannot read, are passed over.
        processor: as `provenance.processor_name` gives it.
    """
    costs, seconds = _measured([run for run in runs if run.machine.processor == processor])
    own = len(seconds)
    if not own:
        costs, seconds = _measured(runs)
    count = len(seconds)
    what = f"{count} run{'s' if count > 1 else ''}"
    if own:
        factor = 2.0 if own >= _ENOUGH_RUNS else 3.0
        basis = f"From {what} of this processor ({processor})."
    elif count:
        factor, basis = 4.0, f"No run of this processor yet: from {what} of other ones."
    else:
        factor, basis = 4.0, "No run to go by yet: the speed of an AMD EPYC is assumed."
    prices = _fit(costs, seconds) if count else _PRIOR
    return Speed(tuple(prices.tolist()), usable_cores(), factor, basis)


def folder_speed(root: Path, processor: str) -> Speed:
    """`machine_speed` of the runs in a folder; damaged ones are passed over.

    Reads at most the 1,000 newest records, 0.2 ms each. Raises `RunError` when the folder itself
    cannot be read.
    """
    runs = []
    for row in list_runs(root).runs[:_MOST_RECORDS]:
        with contextlib.suppress(FmnistError):  # deleted or damaged since it was listed
            runs.append(read_run(root, row.run_id))
    return machine_speed(runs, processor)


def run_columns(run: Run) -> Columns | None:
    """The work of a finished run; None when it cannot be told or its time is not known."""
    if run.recipe is None or not run.epochs or not run.train_cpu_seconds:
        return None
    try:
        training, prediction = text_work(run.layers)
    except LayerTextError:
        return None
    epoch = epoch_columns(training, prediction, run.recipe, run.images)
    once = start_columns(training)
    return tuple(run.epochs * each + first for each, first in zip(epoch, once, strict=True))


def _measured(runs: Sequence[Run]) -> tuple[FloatArray, FloatArray]:
    """Work (runs, columns) and processor seconds (runs,) of the newest runs that tell them."""
    seen: Counter[str] = Counter()
    rows = []
    for run in sorted(runs, key=lambda run: run.created, reverse=True):
        seen[run.layers] += 1
        if seen[run.layers] > _MOST_RUNS_OF_ONE_NETWORK:
            continue
        if columns := run_columns(run):
            rows.append((columns, run.train_cpu_seconds))
        if len(rows) == _MOST_RUNS:
            break
    return np.array([columns for columns, _ in rows]), np.array([seconds for _, seconds in rows])


def _fit(costs: FloatArray, seconds: FloatArray) -> FloatArray:
    """Prices (columns,): the most probable ones, by Gauss-Newton on their logarithms."""
    size = len(_PRIOR)
    covariance = _OWN_SPREAD**2 * np.eye(size) + _COMMON_SPREAD**2 * np.ones((size, size))
    precision = np.linalg.inv(covariance)
    theta = np.zeros(size)  # logarithm of price / prior
    for _ in range(_ITERATIONS):
        parts = costs * (_PRIOR * np.exp(theta))
        predicted = parts.sum(axis=1)
        residual = np.log(predicted / seconds)
        slope = parts / predicted[:, None]
        weight = 1 / (_NOISE**2 * np.maximum(1, np.abs(residual) / _HUBER))
        curvature = (slope.T * weight) @ slope + precision
        gradient = slope.T @ (weight * residual) + precision @ theta
        step: npt.NDArray[Any] = np.clip(np.linalg.solve(curvature, gradient), -1, 1)
        theta = theta - step
        if np.abs(step).max() < 1e-4:
            break
    prices: FloatArray = _PRIOR * np.exp(theta)
    return prices
