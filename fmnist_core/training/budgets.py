"""How long a training may take: the recipe shortened to fit, epochs first, then images."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from fmnist_core.architectures import Summary
from fmnist_core.recipes import Recipe
from fmnist_core.runs.schema import ImageCounts
from fmnist_core.training.estimate import Speed, estimate

# A curve of fewer epochs shows nothing: rather fewer images.
_FEWEST_EPOCHS = 3
_FEWEST_IMAGES = 1_000
_STEP_IMAGES = 100


@dataclass(frozen=True)
class Budget:
    """A choice of length.

    Attributes:
        seconds: that the whole job should take, evaluation included; None for the recipe as it is.
    """

    id: Literal["quick", "short", "full"]
    label: str
    seconds: float | None


# 40 s leaves room for an estimate that is a quarter too low: still less than a minute.
QUICK = Budget("quick", "Quick look (about 30 s of training)", 40.0)
SHORT = Budget("short", "Short (about 3 min)", 180.0)
FULL = Budget("full", "Full recipe", None)
BUDGETS = (QUICK, SHORT, FULL)


def recipe_for(
    budget: Budget,
    recipe: Recipe,
    summary: Summary,
    images_of: Callable[[Recipe], ImageCounts],
    speed: Speed,
) -> dict[str, Any]:
    """The changes of `epochs` and `limit` that make a training take about as long as its budget.

    As many epochs as there is time for on all images of the recipe; where that is fewer than three,
    three epochs on fewer images (the split stays stratified), at least a batch and 1,000 of them;
    and fewer epochs only where even those take too long. Never more epochs or images than the
    recipe has. A network whose evaluation alone takes longer gets one epoch on the fewest images.

    Args:
        images_of: `estimate.image_counts`, or what stands in for it.
    """
    longest = budget.seconds
    if longest is None:
        return {}
    available = images_of(recipe).train

    def takes(epochs: int, limit: int) -> float:
        changed = replace(recipe, epochs=epochs, limit=limit)
        return estimate(summary, changed, images_of(changed), speed).seconds

    epochs = _most(recipe.epochs, lambda count: takes(count, recipe.limit) <= longest)
    if epochs >= min(_FEWEST_EPOCHS, recipe.epochs):
        return {} if epochs == recipe.epochs else {"epochs": epochs}
    fewest = min(available, max(_FEWEST_IMAGES, recipe.batch_size))
    epochs = min(_FEWEST_EPOCHS, recipe.epochs)
    while epochs > 1 and takes(epochs, fewest) > longest:
        epochs -= 1
    steps = _most(
        (available - fewest) // _STEP_IMAGES,
        lambda count: takes(epochs, fewest + count * _STEP_IMAGES) <= longest,
    )
    limit = fewest + steps * _STEP_IMAGES
    changes = {"epochs": epochs} if epochs < recipe.epochs else {}
    return changes | ({"limit": limit} if limit < available else {})


def _most(highest: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `highest` that fits, by bisection; 0 when not even 1 does."""
    low = 0
    while low < highest:
        middle = (low + highest + 1) // 2
        if fits(middle):
            low = middle
        else:
            highest = middle - 1
    return low
