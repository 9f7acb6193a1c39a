"""Trainings too short for their batch normalisation, whose accuracies therefore say little.

Its running averages, which validation and test use, begin at 0 and 1; after n steps these first
values still weigh momentum^n (Ioffe & Szegedy 2015, arXiv:1502.03167; averaged as Keras does).
"""

import math
from collections.abc import Mapping
from functools import lru_cache

from fmnist_core.architectures import summarize
from fmnist_core.architectures.kinds_plain import MOMENTUM
from fmnist_core.errors import LayerTextError
from fmnist_core.figures.words import escaped
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run

_MOST_UNSETTLED = 0.05


def will_be_unsettled(layers: str, recipe: Recipe, images: int) -> str:
    """Says of a planned training that it is too short for its averages; empty where it is not.

    Args:
        layers: its layer text.
        images: that one epoch trains on.
    """
    steps = _steps(recipe.epochs, images, recipe.batch_size)
    left = _unsettled(layers, steps)
    if not left:
        return ""
    return (
        f"After {_in_words(steps)} the running averages of its batch normalisation are still "
        f"{100 * left:.0f} % what they began as, so validation accuracy will lag far behind "
        "training accuracy. More epochs or smaller batches settle them."
    )


def is_unsettled(run: Run) -> str:
    """Says of a run that its averages had not settled, beside its accuracy; empty where they had.

    Those of the epoch whose weights it kept.
    """
    left, steps = _left_in(run)
    if not left:
        return ""
    return (
        f"After {_in_words(steps)} the running averages of its batch normalisation were still "
        f"{100 * left:.0f} % what they began as: this accuracy says how short the training was, "
        "and little about the network."
    )


def unsettled_note(runs: Mapping[str, Run]) -> str:
    """Says which of these runs are too short for a verdict on their fit, as Markdown; or nothing.

    Args:
        runs: by the name that each has on the page.
    """
    left = {label: share for label, run in runs.items() if (share := _left_in(run)[0])}
    if not left:
        return ""
    names = [f"**{escaped(label)}**" for label in left]
    low, high = (f"{100 * end:.0f}" for end in (min(left.values()), max(left.values())))
    shares = low if low == high else f"{low} to {high}"
    whose = "its" if len(names) == 1 else "their"
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"The training of {listed} ended while the running averages of {whose} batch normalisation "
        f"were still {shares} % what they began as. Both accuracies were measured with them, so "
        f"{whose} fit says how short the training was, and little about the network."
    )


def _left_in(run: Run) -> tuple[float, int]:
    """Returns what share of the first values a run's averages hold, and after how many steps."""
    if run.recipe is None:
        return 0.0, 0
    best = run.metrics.best_epoch if run.recipe.keep == "best" else None
    steps = _steps(best or run.epochs, run.images.train, run.recipe.batch_size)
    return _unsettled(run.layers, steps), steps


def _steps(epochs: int, images: int, batch_size: int) -> int:
    return epochs * math.ceil(images / batch_size)


def _unsettled(layers: str, steps: int) -> float:
    """Returns the share of the first values after so many steps; 0 where it is small."""
    left: float = _slowest_momentum(layers) ** steps
    return left if left >= _MOST_UNSETTLED else 0.0


@lru_cache(maxsize=256)
def _slowest_momentum(layers: str) -> float:
    """Returns the highest momentum of a layer text; 0 where it has none, or cannot be read."""
    try:
        rows = summarize(layers).layers
    except LayerTextError:  # a run of another version: its own page says so
        return 0.0
    momenta = (
        float(row.arguments.get("momentum", MOMENTUM.default))
        for row in rows
        if row.type == "BatchNormalization"
    )
    return max(momenta, default=0.0)


def _in_words(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps:,} steps"
