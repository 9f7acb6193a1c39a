"""Taking in a run from elsewhere: checked, its network tried, and only then among the others."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from fmnist_core.data import load_test_images
from fmnist_core.data.dataset import IMAGE_SHAPE, TRAIN_COUNT
from fmnist_core.errors import DataError, RunError
from fmnist_core.evaluation.claims import claim_problems
from fmnist_core.inference.model_trial import try_model
from fmnist_core.runs.arrays import CLASSES, Predictions
from fmnist_core.runs.arrival import arriving_run
from fmnist_core.runs.read import read_history, read_predictions, read_run
from fmnist_core.runs.schema import Run

# Drawn anew each time: a model that answers otherwise for one image of thirty is found by 95 %.
_MOST_TRIAL_IMAGES = 100
# Multiply-accumulates: a core does so many in a tenth of a second, and the trial has twelve.
_MOST_TRIAL_MACS = 4_000_000_000


@dataclass(frozen=True)
class Imported:
    """A run that came from an archive.

    Attributes:
        known: it was here already, with equal content.
        untried: why its model was not held against its predictions; empty where it was, or where
            there is none.
    """

    run_id: str
    known: bool
    untried: str = ""

    @property
    def sentence(self) -> str:
        """What became of it."""
        if self.known:
            return f"{self.run_id} is here already, with the same content."
        return f"{self.run_id} is imported.{' ' * bool(self.untried)}{self.untried}"


def import_run(root: Path, file: BinaryIO) -> Imported:
    """Adds the run of an archive to the folder of runs, whole or not at all.

    Its labels, splits, metrics, counts and origin are held against what is known, and its model
    against some of its predictions where the test images are on this machine.

    Raises:
        RunError: see `arriving_run`; or it claims what its evidence does not bear out; or its model
            does not answer as a network must, or as its predictions say.
    """
    with arriving_run(root, file) as arrival:
        untried = ""
        if not arrival.known:
            run, predictions = _believed(arrival.folder)
            if arrival.model:
                untried = _try_model(arrival.model, predictions, trial_images(run.macs))
        arrival.commit()
        return Imported(arrival.run_id, arrival.known, untried)


def trial_images(macs: int | None) -> int:
    """Returns on how many images a network of this cost is tried: at least one."""
    return max(1, min(_MOST_TRIAL_IMAGES, _MOST_TRIAL_MACS // max(macs or 0, 1)))


def _believed(folder: Path) -> tuple[Run, Predictions]:
    root, run_id = folder.parent, folder.name
    run, predictions = read_run(root, run_id), read_predictions(root, run_id)
    claims = claim_problems(run, read_history(root, run_id), predictions)
    if problem := next(claims, ""):
        raise RunError(problem)
    return run, predictions


def _try_model(model: Path, predictions: Predictions, count: int) -> str:
    try:
        images = load_test_images()
    except DataError:
        try_model(model, np.zeros((0, *IMAGE_SHAPE), np.uint8), np.zeros((0, CLASSES), np.float32))
        return (
            "Its model could not be held against its predictions: the images of Fashion-MNIST are "
            "not on this machine."
        )
    rows = np.flatnonzero(predictions.test_indices >= TRAIN_COUNT)
    rows = np.random.default_rng().permutation(rows)[:count]
    shown = images[predictions.test_indices[rows] - TRAIN_COUNT]
    try_model(model, shown, predictions.test_probabilities[rows])
    return ""
