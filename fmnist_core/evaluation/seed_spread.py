"""How far seeds alone move a difference of two accuracies, from trainings of several seeds."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from fmnist_core.evaluation.student import student_p, student_quantile

Interval = tuple[float, float]
# With one degree of freedom Student's t is 12.7: two seeds would swallow any effect.
_FEWEST_DEGREES = 2


@dataclass(frozen=True)
class SeedSpread:
    """One deviation for several levels, taken to be the same in each.

    Attributes:
        deviation: standard deviation of a training's accuracy over seeds.
        degrees: of freedom behind it.
    """

    deviation: float
    degrees: int


def pooled_spread(levels: Iterable[Sequence[float]]) -> SeedSpread | None:
    """Returns the deviation within levels, pooled as the residual of an analysis of variance.

    Args:
        levels: the accuracies of each level, one a seed.

    Returns:
        `None` where too few levels have several seeds to tell how far a seed moves one: it takes
        one of three, or two of two.
    """
    several = [values for values in levels if len(values) > 1]
    degrees = sum(len(values) - 1 for values in several)
    if degrees < _FEWEST_DEGREES:
        return None
    squares = sum((len(values) - 1) * statistics.variance(values) for values in several)
    return SeedSpread(math.sqrt(squares / degrees), degrees)


def stands_in(swing: SeedSpread | None, spread: SeedSpread, runs: int) -> TypeGuard[SeedSpread]:
    """Says whether the last epochs of a single training tell of more than the seeds of others."""
    return runs == 1 and swing is not None and is_wider(swing, spread)


def is_wider(swing: SeedSpread, spread: SeedSpread) -> bool:
    """Says whether the first deviation is larger, by more than the rounding of a straight line."""
    return swing.deviation > spread.deviation + 1e-9


def joint_test(
    difference: float,
    images_error: float,
    spread: SeedSpread,
    runs: tuple[int, int],
    swings: tuple[SeedSpread | None, SeedSpread | None] = (None, None),
) -> tuple[Interval, float]:
    """Returns the 95 % interval of a difference of means over seeds, and its two-sided p-value.

    Two independent errors: which test images were drawn, and which seeds. The second is estimated
    from few trainings, so Student's t with the degrees of freedom of F. E. Satterthwaite, "An
    Approximate Distribution of Estimates of Variance Components", Biometrics Bulletin 2, 1946.

    Args:
        images_error: standard error of the difference over the images, for these trainings.
        runs: how many seeds the two means are over.
        swings: how far seeds would move each, told from its last epochs; it stands in for `spread`
            where there is one seed only and it is the larger.
    """
    parts, pooled = [], 0.0  # of the variance, each with the degrees of freedom behind it
    for count, swing in zip(runs, swings, strict=True):
        if stands_in(swing, spread, count):
            parts.append((swing.deviation**2, swing.degrees))
        else:
            pooled += spread.deviation**2 / count
    parts.append((pooled, spread.degrees))
    of_seeds = sum(part for part, _ in parts)
    variance = images_error**2 + of_seeds
    if not variance:
        return (difference, difference), float(difference == 0)
    error = math.sqrt(variance)
    uncertain = sum(part**2 / degrees for part, degrees in parts)
    degrees = variance**2 / uncertain if uncertain else math.inf
    half = student_quantile(degrees) * error
    interval = (max(-1.0, difference - half), min(1.0, difference + half))
    return interval, student_p(difference / error, degrees)
