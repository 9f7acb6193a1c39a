"""How far a training's batch normalisation was from settled when it ended.

Its running averages, which validation and test use, begin at 0 and 1; after n steps these first
values still weigh momentum^n (Ioffe & Szegedy 2015, arXiv:1502.03167; averaged as Keras does).
Layer after layer they add up: 0.35 % cost three normalisations 2 to 9 points, and 39 of them 27.
"""

import math
from functools import lru_cache

from fmnist_core.architectures import summarize
from fmnist_core.architectures.kinds_plain import MOMENTUM
from fmnist_core.errors import LayerTextError
from fmnist_core.runs.schema import Run

# Of the layers together. In the shipped runs' epochs, of 3 to 39 normalisations, validation lags 26
# to 76 points behind training where 7 % or more is left, up to 24 from 2 % on, and mostly under 4
# below that.
_MOST_UNSETTLED = 0.02


def unsettled_share(run: Run) -> float:
    """Returns what share of a run's averages are still first values; 0 where it is small.

    All layers together, at the epoch whose weights it kept.
    """
    return unsettled_after(run.layers, kept_steps(run)) if run.recipe else 0.0


def unsettled_after(layers: str, steps: int) -> float:
    """Returns the share of the first values after so many steps; 0 where it is small.

    Args:
        layers: a layer text; one that cannot be read has no normalisation.
    """
    left = 1 - math.prod(1 - momentum**steps for momentum in momenta(layers))
    return left if left >= _MOST_UNSETTLED else 0.0


def kept_steps(run: Run) -> int:
    """Returns after how many steps a run's weights were kept; 0 for a baseline."""
    if run.recipe is None:
        return 0
    best = run.metrics.best_epoch if run.recipe.keep == "best" else None
    return count_steps(best or run.epochs, run.images.train, run.recipe.batch_size)


def count_steps(epochs: int, images: int, batch_size: int) -> int:
    """Returns the steps of a training, of which the last of each epoch may be a smaller batch."""
    return epochs * math.ceil(images / batch_size)


@lru_cache(maxsize=256)
def momenta(layers: str) -> tuple[float, ...]:
    """Returns the momentum of each normalisation; none where a layer text cannot be read."""
    try:
        rows = summarize(layers).layers
    except LayerTextError:  # a run of another version: its own page says so
        return ()
    return tuple(
        float(row.arguments.get("momentum", MOMENTUM.default))
        for row in rows
        if row.type == "BatchNormalization"
    )
