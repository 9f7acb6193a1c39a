"""Taking in a run from elsewhere: checked, its network tried, and only then among the others."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fmnist_core.inference.model_trial import try_model
from fmnist_core.runs.arrival import arriving_run


@dataclass(frozen=True)
class Imported:
    """A run that came from an archive; `known` when it was here already, with equal content."""

    run_id: str
    known: bool


def import_run(root: Path, file: BinaryIO) -> Imported:
    """Adds the run of an archive to the folder of runs, whole or not at all.

    Raises:
        RunError: see `arriving_run`; or its model does not answer as a network must.
    """
    with arriving_run(root, file) as arrival:
        if arrival.model and not arrival.known:
            try_model(arrival.model)
        arrival.commit()
        return Imported(arrival.run_id, arrival.known)
