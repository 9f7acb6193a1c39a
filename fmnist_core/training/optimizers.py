"""Optimizers and learning-rate schedules by the names a recipe uses, all of them Keras' own."""

from typing import Any

import keras

from fmnist_core.recipes import Recipe
from fmnist_core.training.schedule import STEP_AT, WARM_UP_FROM, warm_up_steps


def make_optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """The recipe's optimizer, its schedule over all epochs, its weight decay decoupled."""
    rate = _learning_rate(recipe, recipe.epochs * steps_per_epoch)
    optimizers = keras.optimizers
    momentum = {"momentum": 0.9, "nesterov": recipe.optimizer == "nesterov"}
    classes: dict[str, tuple[type[keras.optimizers.Optimizer], dict[str, Any]]] = {
        "sgd": (optimizers.SGD, {}),
        "momentum": (optimizers.SGD, momentum),
        "nesterov": (optimizers.SGD, momentum),
        "adam": (optimizers.Adam, {}),
        "adamw": (optimizers.AdamW, {}),
        "rmsprop": (optimizers.RMSprop, {}),
        "adagrad": (optimizers.Adagrad, {}),
        "adadelta": (optimizers.Adadelta, {}),
        "adamax": (optimizers.Adamax, {}),
        "nadam": (optimizers.Nadam, {}),
        "lion": (optimizers.Lion, {}),
    }
    constructor, options = classes[recipe.optimizer]
    # AdamW decays by 0.004 when it is not told otherwise; the recipe's 0 means none.
    if recipe.weight_decay or recipe.optimizer == "adamw":
        options = {**options, "weight_decay": recipe.weight_decay}
    return constructor(learning_rate=rate, **options)


def _learning_rate(recipe: Recipe, total_steps: int) -> Any:
    peak = float(recipe.learning_rate)  # Keras refuses a whole number
    schedules = keras.optimizers.schedules
    if recipe.schedule == "cosine":
        return schedules.CosineDecay(peak, total_steps)
    if recipe.schedule == "one_cycle":
        warm_up = warm_up_steps(total_steps)
        return schedules.CosineDecay(
            peak * WARM_UP_FROM,
            decay_steps=max(1, total_steps - warm_up),
            warmup_target=peak,
            warmup_steps=warm_up,
        )
    if recipe.schedule == "step":
        boundaries = [round(total_steps * share) for share in STEP_AT]
        return schedules.PiecewiseConstantDecay(boundaries, [peak, peak / 10, peak / 100])
    return peak
