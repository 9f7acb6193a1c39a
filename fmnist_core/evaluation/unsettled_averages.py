"""Trainings too short for their batch normalisation, whose accuracies therefore say little.

Its running averages, which validation and test use, begin at 0 and 1; after n steps these first
values still weigh momentum^n (Ioffe & Szegedy 2015, arXiv:1502.03167; averaged as Keras does).
Layer after layer they add up: 0.35 % cost three normalisations 2 to 9 points, and 39 of them 27.
"""

import math
from collections.abc import Mapping
from functools import lru_cache

from fmnist_core.architectures import summarize
from fmnist_core.architectures.kinds_plain import MOMENTUM
from fmnist_core.errors import LayerTextError
from fmnist_core.listing import listed
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run

# Of the layers together. In the shipped runs' epochs, of 3 to 39 normalisations, validation lags 26
# to 76 points behind training where 7 % or more is left, up to 24 from 2 % on, and mostly under 4
# below that.
_MOST_UNSETTLED = 0.02


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
        f"{_percent(left)} % what they began as{_together(layers)}, so validation accuracy will "
        "lag behind training accuracy, by tens of points from about 7 % on. More epochs or smaller "
        "batches settle them."
    )


def is_unsettled(run: Run) -> str:
    """Says beside a run's accuracy that its averages had not settled; empty where they had."""
    left = unsettled_share(run)
    if not left:
        return ""
    return (
        f"After {_in_words(_steps_of(run))} the running averages of its batch normalisation were "
        f"still {_percent(left)} % what they began as{_together(run.layers)}: this accuracy says "
        "how short the training was, and little about the network."
    )


def unsettled_note(runs: Mapping[str, Run]) -> str:
    """Says which of these runs are too short for their accuracies to say much; or nothing.

    Args:
        runs: by the name that each has in the sentence.
    """
    left = {name: share for name, run in runs.items() if (share := unsettled_share(run))}
    if not left:
        return ""
    names = list(left)
    low, high = (_percent(end) for end in (min(left.values()), max(left.values())))
    shares = low if low == high else f"{low} to {high}"
    whose = "its" if len(names) == 1 else "their"
    return (
        f"The training of {listed(names)} ended while the running averages of {whose} batch "
        f"normalisation were still {shares} % what they began as, all layers together. "
        f"{whose.capitalize()} accuracies, which are measured with them, say how short the "
        "training was, and little about the network."
    )


def settled_words(run: Run) -> str:
    """Returns "5.9 % unsettled", or "settled"."""
    left = unsettled_share(run)
    return f"{_percent(left)} % unsettled" if left else "settled"


def unsettled_share(run: Run) -> float:
    """Returns what share of a run's averages are still first values; 0 where it is small.

    All layers together, at the epoch whose weights it kept.
    """
    return _unsettled(run.layers, _steps_of(run)) if run.recipe else 0.0


def _steps_of(run: Run) -> int:
    if run.recipe is None:
        return 0
    best = run.metrics.best_epoch if run.recipe.keep == "best" else None
    return _steps(best or run.epochs, run.images.train, run.recipe.batch_size)


def _steps(epochs: int, images: int, batch_size: int) -> int:
    return epochs * math.ceil(images / batch_size)


def _unsettled(layers: str, steps: int) -> float:
    """Returns the share of the first values after so many steps; 0 where it is small."""
    left = 1 - math.prod(1 - momentum**steps for momentum in _momenta(layers))
    return left if left >= _MOST_UNSETTLED else 0.0


@lru_cache(maxsize=256)
def _momenta(layers: str) -> tuple[float, ...]:
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


def _together(layers: str) -> str:
    count = len(_momenta(layers))
    return f", its {count} layers together" if count > 1 else ""


def _in_words(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps:,} steps"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.1 else f"{100 * share:.1f}"
