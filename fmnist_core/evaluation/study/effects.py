"""The paired effect of a level against another on the same test images, one seed or several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fmnist_core.evaluation.intervals import Z95, newcombe_paired_interval, wilson_interval
from fmnist_core.evaluation.seed_spread import Interval, SeedSpread, joint_test
from fmnist_core.evaluation.significance import (
    SEPARATED_BELOW,
    Answers,
    holm,
    mcnemar_exact,
)
from fmnist_core.runs.arrays import POOL_SIZE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """What changing the factor from `base` to `level` did, in fractions of test images.

    Attributes:
        level, base: labels within the series.
        images: that runs of both levels were tested on.
        difference: accuracy of `level` minus that of `base` on them, averaged over seeds.
        ci95, p: of which test images were drawn and, with `seeds_known`, of other seeds as well.
        p_images: of the images alone; the trained networks are taken as given.
        p_holm: `p` adjusted for all effects of the study.
        images_error: standard error of the difference over the images.
        seeds_known: whether the study tells how far seeds move a level.
        seed_differences: the same difference seed by seed, for the seeds that both levels have.
        also_differs: settings in which the two differ besides the factor, in words.
        reduced: how much shorter `level` and `base` were trained than they ask; empty for all.
    """

    series: str
    level: str
    base: str
    images: int
    difference: float
    ci95: Interval
    p: float
    p_images: float
    p_holm: float
    images_error: float
    seeds_known: bool = False
    seed_differences: tuple[float, ...] = ()
    also_differs: tuple[str, ...] = ()
    reduced: tuple[str, str] = ("", "")

    @property
    def level_label(self) -> str:
        """The level with the length of its training where that is reduced."""
        return with_budget(self.level, self.reduced[0])

    @property
    def base_label(self) -> str:
        """The base with the length of its training where that is reduced."""
        return with_budget(self.base, self.reduced[1])

    @property
    def confounded(self) -> bool:
        """Whether something besides the factor may have caused it."""
        return bool(self.also_differs)

    @property
    def separated(self) -> bool:
        """Whether it is more than chance explains, all effects of the study tested together.

        Without `seeds_known` that is the chance of images alone.
        """
        return self.p_holm < SEPARATED_BELOW

    @property
    def verdict(self) -> str:
        """Returns "better", "worse", "second cause" or "not separated"."""
        if not self.separated:
            return "not separated"
        if self.confounded:
            return "second cause"
        return "better" if self.difference > 0 else "worse"


@dataclass(frozen=True, eq=False)
class Scores:
    """The share of a level's runs that get each image right, over the pool of 70,000.

    Attributes:
        hits, tested: (70000,) numbers of runs that are right on the image, and that had it as a
            test image. Each image counts once, however many seeds answered it.
    """

    hits: Floats
    tested: Floats
    runs: int


def with_budget(label: str, reduced: str) -> str:
    """Returns "batch 32", or "batch 32 (3 of 15 epochs)"."""
    return f"{label} ({reduced})" if reduced else label


def scores(runs: Sequence[Answers]) -> Scores:
    """Returns the scores of a level from its runs' answers."""
    hits, tested = np.zeros(POOL_SIZE), np.zeros(POOL_SIZE)
    for run in runs:
        hits[run.indices] += run.correct
        tested[run.indices] += 1
    return Scores(hits, tested, len(runs))


def accuracy_interval(level: Scores) -> tuple[float, Interval]:
    """Returns mean accuracy with its 95 % interval over test images: Wilson's for a single run.

    For several runs the images are the sample: the mean of their scores, with the normal interval
    of a mean. Seeds are not in it.
    """
    seen = level.tested > 0
    if level.runs == 1:
        hits, count = int(level.hits.sum()), int(seen.sum())
        return hits / count, wilson_interval(hits, count)
    mean, half = _mean_and_half(level.hits[seen] / level.tested[seen])
    return mean, (max(0.0, mean - half), min(1.0, mean + half))


def effect(series: str, level: str, base: str, a: Scores, b: Scores) -> Effect | None:
    """Returns the effect of `a` (of `level`) against `b` (of `base`); None without a shared image.

    Its chance is that of the images, until `with_seed_spread` adds that of seeds.

    Two single runs: McNemar's exact test and Newcombe's interval. With several seeds an image is
    answered several times and the answers are not independent, so the images are the sample:
    the mean over images of the difference of their scores, with its standard error (a z-test, as
    for cluster means; B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, section
    5.2). `p_holm` is `p` until `adjusted` sees all effects of the study.
    """
    shared = (a.tested > 0) & (b.tested > 0)
    images = int(shared.sum())
    if not images:
        return None
    score_a, score_b = a.hits[shared] / a.tested[shared], b.hits[shared] / b.tested[shared]
    difference, half = _mean_and_half(score_a - score_b)
    error = half / Z95
    if a.runs == b.runs == 1:
        right_a, right_b = score_a > 0, score_b > 0
        a_only, b_only = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
        both = int((right_a & right_b).sum())
        p = mcnemar_exact(a_only, b_only)
        ci95 = newcombe_paired_interval(both, a_only, b_only, images - both - a_only - b_only)
    else:
        ci95 = (max(-1.0, difference - half), min(1.0, difference + half))
        p = math.erfc(abs(difference) / error / math.sqrt(2)) if error else float(difference == 0)
    return Effect(series, level, base, images, difference, ci95, p, p, p, error)


def adjusted(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Returns the effects with Holm's p-values over all of them."""
    p_values = holm([one.p for one in effects])
    return tuple(replace(one, p_holm=p) for one, p in zip(effects, p_values, strict=True))


def with_seeds(one: Effect, of_level: dict[int, float], of_base: dict[int, float]) -> Effect:
    """Returns the effect with its differences seed by seed.

    Args:
        of_level, of_base: seed -> accuracy.
    """
    shared = sorted(of_level.keys() & of_base.keys())
    return replace(one, seed_differences=tuple(of_level[seed] - of_base[seed] for seed in shared))


def with_seed_spread(
    one: Effect,
    spread: SeedSpread,
    runs: tuple[int, int],
    swings: tuple[SeedSpread | None, SeedSpread | None] = (None, None),
) -> Effect:
    """Returns the effect with the chance of other seeds in its interval and its p-value.

    Args:
        runs: how many seeds its level and its base have.
        swings: the same told from the last epochs of the two, as `joint_test` takes it.
    """
    ci95, p = joint_test(one.difference, one.images_error, spread, runs, swings)
    return replace(one, ci95=ci95, p=p, p_holm=p, seeds_known=True)


def _mean_and_half(values: Floats) -> tuple[float, float]:
    """Returns the mean and half the width of its 95 % interval."""
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return float(values.mean()), Z95 * spread / math.sqrt(len(values))
