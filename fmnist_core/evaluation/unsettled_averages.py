"""Trainings too short for their batch normalisation, whose accuracies therefore say little."""

from collections.abc import Mapping

from fmnist_core.listing import listed
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import Run
from fmnist_core.runs.unsettled import (
    count_steps,
    kept_steps,
    momenta,
    unsettled_after,
    unsettled_share,
)


def will_be_unsettled(layers: str, recipe: Recipe, images: int) -> str:
    """Says of a planned training that it is too short for its averages; empty where it is not.

    Args:
        layers: its layer text.
        images: that one epoch trains on.
    """
    steps = count_steps(recipe.epochs, images, recipe.batch_size)
    left = unsettled_after(layers, steps)
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
        f"After {_in_words(kept_steps(run))} the running averages of its batch normalisation were "
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


def _together(layers: str) -> str:
    count = len(momenta(layers))
    return f", its {count} layers together" if count > 1 else ""


def _in_words(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps:,} steps"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.1 else f"{100 * share:.1f}"
