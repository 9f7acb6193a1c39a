"""Where the measured counterpart of each published number comes from.

| published                               | measured                                               |
|-----------------------------------------|--------------------------------------------------------|
| parameters, batches an epoch, support   | the layer text, the recipe and the split; no run       |
| test accuracy, test loss                | the stored weights on the test images                  |
| accuracy on images that are not named   | the same                                               |
| precision, recall, F1, their averages   | the predicted classes of the test images               |
| validation accuracy and loss            | the history, in the epoch asked for or the kept one    |
| training accuracy and loss              | the same: with dropout and augmentation on, which is   |
|                                         | what a training prints                                 |
| seconds an epoch                        | wall-clock time of that epoch; their median for all    |
"""

import functools
import math
import statistics
from dataclasses import dataclass, replace

from fmnist_core.architectures import summarize
from fmnist_core.data import PROTOCOLS
from fmnist_core.data.dataset import CLASS_NAMES
from fmnist_core.evaluation.epoch_swing import seeds_from_epochs
from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.ledger.choice import Choice
from fmnist_core.evaluation.ledger.evidence import Evidence, Interval
from fmnist_core.evaluation.ledger.verdicts import (
    FEWEST_SEEDS,
    Measured,
    expected_interval,
    needs_own_seeds,
)
from fmnist_core.evaluation.seed_spread import SeedSpread, is_wider
from fmnist_core.listing import listed
from fmnist_core.papers.schema import METRICS, Published, System
from fmnist_core.recipes import Recipe
from fmnist_core.runs.history import EpochRow

_PARAMS = {
    "params": "total_params",
    "trainable_params": "trainable_params",
    "non_trainable_params": "non_trainable_params",
}


@dataclass(frozen=True)
class _Found:
    """A value of one run; `images` is its 95 % interval over the images, where it is a sample."""

    value: float | None
    images: Interval | None = None


def count(system: System, published: Published, recipe: Recipe) -> float | None:
    """Returns what follows without a training; `None` for every other number."""
    if published.metric in _PARAMS:
        return float(getattr(_summary(system.layers), _PARAMS[published.metric]))
    split = PROTOCOLS[recipe.protocol]
    if published.metric == "steps_per_epoch":
        return float(math.ceil(split.train * recipe.train_fraction / recipe.batch_size))
    if published.metric == "support":
        return float(split.test // len(CLASS_NAMES))  # every class has a tenth of each part
    return None


def measure(
    published: Published, choice: Choice, others: SeedSpread | None = None
) -> Measured | None:
    """Returns the mean over the chosen runs that have the number; `None` where none has it.

    Where some lack it, `lacking_seeds` names them: the mean of the others is none to judge by.

    Args:
        others: how far seeds move the accuracy of other networks.
    """
    found = [_find(published, item) for item in choice.evidence]
    values = [item.value for item in found if item.value is not None]
    if not values:
        return None
    images = [item.images for item in found if item.images is not None]
    interval = None
    no_network = choice.evidence[0].run.recipe is None  # a baseline, which seeds move otherwise
    if len(values) >= FEWEST_SEEDS or not images or no_network or needs_own_seeds(published):
        others = None
    own = _from_epochs(choice, others) if others else None
    if METRICS[published.metric][1] != "seconds":
        interval = _within(published.metric, expected_interval(values, images, own or others))
    return Measured(
        value=statistics.fmean(values),
        interval=interval,
        seeds=len(values),
        deviation=statistics.stdev(values) if len(values) > 1 else None,
        images=bool(images),
        spread_of_others=others.deviation if others and not own else None,
        spread_of_epochs=own.deviation if own else None,
        budget=choice.budget,
        departures=choice.departures,
    )


def _from_epochs(choice: Choice, others: SeedSpread) -> SeedSpread | None:
    """Returns how far seeds move networks that swing as this one does, where that is further."""
    told = [spread for item in choice.evidence if (spread := seeds_from_epochs(item.epochs))]
    widest = max(told, key=lambda spread: spread.deviation, default=None)
    return widest if widest and is_wider(widest, others) else None


def having(published: Published, choice: Choice) -> Choice:
    """Returns the chosen runs without those that lack the number."""
    evidence = tuple(e for e in choice.evidence if _find(published, e).value is not None)
    return replace(choice, evidence=evidence)


def lacking_seeds(published: Published, choice: Choice) -> str:
    """Returns which of the chosen seeds lack a number that others have; empty where none does."""
    held = having(published, choice).evidence
    lacking = [item for item in choice.evidence if item not in held]
    if not held or not lacking:
        return ""
    named = listed([str(item.run.seed) for item in lacking])
    one = len(lacking) == 1
    epoch = published.epoch > max(len(item.epochs) for item in lacking)
    what = f"epoch {published.epoch}" if epoch else "such number"
    return (
        f"Of {len(choice.evidence)} seeds, {f'seed {named} has' if one else f'seeds {named} have'} "
        f"no {what}: ours is {'the mean' if len(held) > 1 else 'that'} of the "
        f"{'others' if len(held) > 1 else 'other'} alone."
    )


def why_missing(published: Published, choice: Choice) -> str:
    """Returns why none of the chosen runs has a counterpart of a number."""
    epochs = max(len(item.epochs) for item in choice.evidence)
    if published.epoch > epochs:
        return f"Our run has no epoch {published.epoch}: it was trained for {epochs}."
    return "Our run holds no such number: it was not finite, or no images were held out for it."


@functools.cache
def _summary(layers: str) -> object:
    return summarize(layers)


def _find(published: Published, evidence: Evidence) -> _Found:
    metric, run = published.metric, evidence.run
    if metric in ("test_accuracy", "accuracy"):
        low, high = run.metrics.test_accuracy_ci95
        return _Found(run.metrics.test_accuracy, (low, high))
    if metric == "test_loss":
        return _around(run.metrics.test_loss, evidence.test_loss_margin)
    if metric == "train_seconds":
        return _Found(run.train_seconds)
    if (metric, published.class_name) in evidence.scores:
        return _Found(*evidence.scores[metric, published.class_name])
    return _of_epoch(published, evidence)


def _of_epoch(published: Published, evidence: Evidence) -> _Found:
    metric, epochs = published.metric, evidence.epochs
    if metric == "seconds_per_epoch" and not published.epoch:
        return _Found(statistics.median(row.seconds for row in epochs) if epochs else None)
    row = _row(published.epoch, evidence)
    if row is None:
        return _Found(None)
    if metric == "seconds_per_epoch":
        return _Found(row.seconds)
    if metric == "train_accuracy":
        return _Found(row.accuracy)
    if metric == "train_loss":
        return _Found(row.loss)
    if metric == "val_accuracy":
        return _Found(row.val_accuracy, _share(row.val_accuracy, evidence.run.images.validation))
    if metric == "val_loss":  # the stored predictions are those of the end
        return _around(row.val_loss, None if published.epoch else evidence.val_loss_margin)
    return _Found(None)


def _row(epoch: int, evidence: Evidence) -> EpochRow | None:
    """The epoch asked for; for the whole training, the one whose weights the run holds."""
    run, epochs = evidence.run, evidence.epochs
    best = run.recipe is not None and run.recipe.keep == "best"
    number = epoch or (run.metrics.best_epoch if best else None) or len(epochs)
    return epochs[number - 1] if 0 < number <= len(epochs) else None


def _share(value: float | None, images: int) -> Interval | None:
    if value is None or not images:
        return None
    return wilson_interval(round(value * images), images)


def _around(value: float | None, margin: float | None) -> _Found:
    if value is None or margin is None:
        return _Found(value)
    return _Found(value, (value - margin, value + margin))


def _within(metric: str, interval: Interval | None) -> Interval | None:
    """Cuts an interval at what the metric can be."""
    if interval is None:
        return None
    low, high = interval
    highest = 1.0 if METRICS[metric][1] == "fraction" else math.inf
    return max(0.0, low), min(highest, high)
