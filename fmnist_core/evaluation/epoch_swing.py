"""How far another seed would move a training, told from how far its own last epochs swing.

A network whose accuracy swings by points from epoch to epoch does not end where it would under
another seed, and a single training has nothing else to show it.
"""

import itertools
import math
import statistics
from collections.abc import Sequence
from pathlib import Path

from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.runs.history import EpochRow
from fmnist_core.runs.read import read_history

# In the shipped networks with several seeds, these moved the end of a training 0.61 times as far as
# its last epochs swung (0.42 and 0.69 points, pooled over 23 networks).
SEEDS_OF_SWING = 0.6
_MOST_EPOCHS, _FEWEST_EPOCHS = 10, 4


def epoch_swing(epochs: Sequence[EpochRow]) -> SeedSpread | None:
    """Returns the deviation of the validation accuracy over the last epochs, without its trend.

    Half the variance of successive differences (J. von Neumann et al., "The Mean Square Successive
    Difference", Annals of Mathematical Statistics 12, 1941), over the last ten epochs or the second
    half of a shorter training. `None` where those are fewer than four.
    """
    last = epochs[-min(_MOST_EPOCHS, len(epochs) // 2 + 1) :]
    values = [row.val_accuracy for row in last if row.val_accuracy is not None]
    if len(values) < _FEWEST_EPOCHS:
        return None
    steps = [after - before for before, after in itertools.pairwise(values)]
    return SeedSpread(math.sqrt(statistics.variance(steps) / 2), len(steps) - 1)


def seeds_from_epochs(epochs: Sequence[EpochRow]) -> SeedSpread | None:
    """Returns how far seeds move networks that swing as this training did; `None` as above."""
    swing = epoch_swing(epochs)
    return swing and SeedSpread(SEEDS_OF_SWING * swing.deviation, swing.degrees)


def read_seeds_from_epochs(root: Path, run_id: str) -> SeedSpread | None:
    """Returns `seeds_from_epochs` of a stored run. Raises `RunError` as `read_history`."""
    return seeds_from_epochs(read_history(root, run_id))
