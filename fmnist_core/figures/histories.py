"""The history of a run as a data frame, with the clocks that its curves can be drawn over."""

import dataclasses
from collections.abc import Sequence

import pandas as pd

from fmnist_core.evaluation.budget import training_macs
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.schema import Run

_HISTORY_COLUMNS = [field.name for field in dataclasses.fields(EpochRow)]


def history_frame(run: Run, rows: Sequence[EpochRow]) -> pd.DataFrame:
    """Returns one row an epoch: the history's columns, the clocks, and the gap of accuracies.

    `samples` counts the images that training passed through, `macs` the multiply-accumulates of
    their forward and backward passes; NaN where the run does not state its own.
    """
    macs = training_macs(run)
    frame = pd.DataFrame([dataclasses.asdict(row) for row in rows], columns=_HISTORY_COLUMNS)
    frame = frame.astype({name: float for name in _HISTORY_COLUMNS if name != "epoch"})
    samples = frame["epoch"] * run.images.train
    return frame.assign(
        run_id=run.run_id,
        elapsed=frame["seconds"].cumsum(),
        cpu_elapsed=frame["cpu_seconds"].cumsum(),
        samples=samples,
        macs=frame["epoch"] * macs if macs else float("nan"),
        gap=frame["accuracy"] - frame["val_accuracy"],
    )
