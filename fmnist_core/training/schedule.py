"""Learning-rate schedules in plain numbers; `optimizers` gives Keras the same ones."""

import math

from fmnist_core.recipes import Recipe

# A step schedule divides the rate by ten after half and after three quarters of the steps.
STEP_AT = (0.5, 0.75)
# One-cycle: 30 % of the steps warm up from 1/25 of the peak (Smith & Topin, arXiv:1708.07120).
WARM_UP, WARM_UP_FROM = 0.3, 1 / 25


def warm_up_steps(total_steps: int) -> int:
    """Steps of a one-cycle schedule until its peak."""
    return max(1, round(total_steps * WARM_UP))


def scheduled_rate(recipe: Recipe, step: int, total_steps: int) -> float:
    """The learning rate of a step, counted from 0, of all `total_steps` of a training.

    A plateau schedule depends on losses: the recipe's own rate is returned for it.
    """
    peak = recipe.learning_rate
    if recipe.schedule == "cosine":
        return peak * _cosine(step / total_steps)
    if recipe.schedule == "one_cycle":
        rising = warm_up_steps(total_steps)
        if step < rising:
            return peak * (WARM_UP_FROM + (1 - WARM_UP_FROM) * step / rising)
        return peak * _cosine((step - rising) / max(1, total_steps - rising))
    if recipe.schedule == "step":
        passed = sum(step > round(total_steps * share) for share in STEP_AT)
        return peak / 10**passed
    return peak


def _cosine(done: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
