"""When a published number counts as reproduced: the rules, in the order in which they are asked.

1. Taken on other images than Fashion-MNIST, impossible by the source's own numbers, or a count that
   no reading of its layers gives: not reproducible.
2. Nothing of ours to set beside it: not measured.
3. The source gives no layers, or no sizes of them, or of a classifier no settings, so that it is
   ours: reconstruction only.
4. The source does not say on which images it was taken: not reproducible.
5. Seconds, a reduced budget, another recipe; and, with fewer than three seeds, a number for which
   no other network's seeds can stand in (`needs_own_seeds`): not judged.
6. A count: reproduced when it is the same.
7. Everything else: reproduced when the published value, anywhere within its own rounding, lies in
   the 95 % interval in which one more run of ours is expected.

The interval of rule 7 (`expected_interval`) joins two sources of chance: which images were drawn,
and where another seed would end. With fewer than three seeds of its own, a network is taken to move
as all networks with several seeds do together, or further where its own last epochs swing further
(`epoch_swing`). The interval depends on no choice among runs. Rule 7 asks whether the source's
number could have come out here; it does not prove that it did, so a wide interval is said in the
reason.
"""

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from fmnist_core.evaluation.recipe_words import setting_name
from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.evaluation.student import student_quantile
from fmnist_core.papers.schema import METRICS, Published, SourceGives, System

VerdictWord = Literal[
    "reproduced",
    "not reproduced",
    "not reproducible",
    "reconstruction only",
    "not judged",
    "not measured",
]
Budget = Literal["full", "reduced", "stopped", "other recipe", ""]

RULES: Mapping[VerdictWord, str] = MappingProxyType(
    {
        "reproduced": (
            "The published value, within its rounding, lies in the 95 % interval in which one "
            "more run at the source's recipe is expected; with fewer than three seeds, how far "
            "one moves it is taken from the networks that have several, or from the swing of its "
            "own last epochs. A count is the same."
        ),
        "not reproduced": (
            "It lies outside that interval; a count differs. Where the source leaves parts of its "
            "recipe open, our choice may be the cause."
        ),
        "not reproducible": (
            "It was taken on other data or on images that are not named, contradicts the "
            "source's own numbers, or follows from no reading of the layers."
        ),
        "reconstruction only": (
            "The source gives no layers, or no sizes of them, or of a classifier no settings. The "
            "difference is shown, but what stands here is ours."
        ),
        "not judged": (
            "Ours stands beside it without a verdict: a time on another machine, a reduced "
            "budget or another recipe, too few seeds to tell how far the number moves, or a seed "
            "without it."
        ),
        "not measured": "There is no run of ours to set beside it yet, or it has no such number.",
    }
)

# Below it, a deviation is known so badly that its interval would swallow any published value.
FEWEST_SEEDS = 3
# Half the width of an interval of a fraction from which on it says so.
_WIDE = 0.05
# What a source gives of a network that is then ours -> why the difference proves nothing.
_OURS: Mapping[SourceGives, str] = MappingProxyType(
    {
        "kinds of layers": (
            "The source names the kinds of layers and no sizes: the sizes are ours, and so may be "
            "the difference."
        ),
        "name": "The source gives no layers: the network is ours, and so may be the difference.",
        "other images": (
            "The source used other images: the network is fitted to these, and so may be the "
            "difference."
        ),
        "no network": (
            "The source names the method and no more: features and settings are ours, and so may "
            "be the difference."
        ),
    }
)
_ROUNDING_ERROR = 1e-12
_PIXELS = dict.fromkeys(("pixel_mean", "pixel_std"), "pixel scaling")


@dataclass(frozen=True)
class Verdict:
    """One of the six words, and why: the rule that decided, with its numbers."""

    word: VerdictWord
    reason: str


@dataclass(frozen=True)
class Measured:
    """Our counterpart of a published number.

    Attributes:
        value: the mean over the seeds.
        interval: where one more run is expected with 95 %; `None` for counts, for seconds, and
            where too few seeds tell.
        seeds: how many runs; 0 for what follows from layers and recipe without a run.
        deviation: sample standard deviation over the seeds (n - 1); `None` for fewer than two.
        images: whether the interval holds the chance of which images were drawn.
        spread_of_others: the deviation over the seeds of other networks that the interval holds in
            place of its own; `None` where it holds none of others.
        spread_of_epochs: that told from its own last epochs, where the interval holds this instead.
        departures: how the recipe differs from the source's, one sentence each.
    """

    value: float
    interval: tuple[float, float] | None = None
    seeds: int = 0
    deviation: float | None = None
    images: bool = False
    spread_of_others: float | None = None
    spread_of_epochs: float | None = None
    budget: Budget = ""
    departures: tuple[str, ...] = ()


def verdict(
    system: System, published: Published, measured: Measured | None, missing: str = ""
) -> Verdict:
    """Returns the verdict on a number that a source prints for a system.

    Args:
        measured: ours; `None` where there is none.
        missing: why there is none, as a sentence.
    """
    reason = _not_reproducible(system, published)
    if reason:
        return Verdict("not reproducible", reason)
    if measured is None:
        return Verdict("not measured", missing)
    if is_ours(system):
        return Verdict("reconstruction only", _OURS[system.source_gives])
    if published.split == "not said":
        return Verdict(
            "not reproducible",
            "The source does not say on which images it was taken; ours are test images.",
        )
    reason = _not_judged(published, measured)
    if reason:
        return Verdict("not judged", reason)
    return _compared(system, published, measured)


def is_ours(system: System) -> bool:
    """Says whether layers, sizes or settings are ours, so that its numbers judge nothing."""
    return system.source_gives in _OURS


def expected_interval(
    values: Sequence[float],
    images: Sequence[tuple[float, float]],
    others: SeedSpread | None = None,
) -> tuple[float, float] | None:
    """Returns where one more run is expected with 95 %; `None` where nothing tells.

    With fewer than three seeds and no `others` it holds the chance of the images alone.

    Else the prediction interval of a normal sample, mean +- t(n-1) * s * sqrt(1 +
    1/n) (Hahn & Meeker, "Statistical Intervals", 1991, section 4.7); the interval of each run over
    its images is added to it by squares, each side for itself, as in Newcombe's method 10.

    Args:
        values: one a seed; at least one.
        images: the 95 % interval of each value over the images drawn; empty for numbers that are
            not a sample of images.
        others: how far seeds move the number in other networks; it stands in for `values` where
            they are fewer than three.
    """
    mean, count = statistics.fmean(values), len(values)
    below = above = spread = 0.0
    if images:
        below = mean - statistics.fmean(low for low, _ in images)
        above = statistics.fmean(high for _, high in images) - mean
    own = SeedSpread(statistics.stdev(values), count - 1) if count >= FEWEST_SEEDS else others
    if own:
        spread = student_quantile(own.degrees) * own.deviation * math.sqrt(1 + 1 / count)
    elif not images:
        return None
    return mean - math.hypot(below, spread), mean + math.hypot(above, spread)


def needs_own_seeds(published: Published) -> bool:
    """Says whether only seeds of the network itself tell how far another one moves a number.

    True of losses, scores of a single class, an epoch on the way, and the training's own numbers.
    Accuracies and averages over all held-out images at the end of a training move much alike: by
    0.1 to 0.8 points in the 22 networks that had several seeds when this was decided.
    """
    metric, unit = published.metric, METRICS[published.metric][1]
    if unit != "fraction":
        return unit == "loss"
    return bool(published.class_name or published.epoch) or metric == "train_accuracy"


def rounding(published: Published) -> float:
    """Returns by how much the true value may differ from the printed one.

    Half a unit of the last printed digit; a whole one where the source says "about"; nothing for
    counts, "982/1000" among them, and for numbers in words.
    """
    unit = METRICS[published.metric][1]
    number = re.fullmatch(r"(\d+|(?=\.))(?:\.(\d+))?\s*(%?)", published.printed)
    if unit == "count" or number is None:
        return 0.0
    whole, decimals, sign = number.groups(default="")
    last_digit = 10.0 ** -len(decimals)
    # A fraction above 1 is printed in per cent, with or without its sign.
    if unit == "fraction" and (sign or float(f"{whole}.{decimals}") > 1):
        last_digit /= 100
    return last_digit if published.qualifier == "about" else last_digit / 2


def spoken(value: float, metric: str) -> str:
    """Returns a value in the unit of its metric: "92.31 %", "0.2867", "422,922", "75.0 s"."""
    unit = METRICS[metric][1]
    if unit == "fraction":
        return f"{100 * value:.2f} %"
    if unit == "count":
        return f"{value:,.0f}"
    return f"{value:.1f} s" if unit == "seconds" else f"{value:.4f}"


def _not_reproducible(system: System, published: Published) -> str:
    if published.dataset == "mnist":
        return "It was taken on MNIST, not on Fashion-MNIST: shown as published."
    if published.dataset == "other":
        return "It was taken on the source's own photos, not on Fashion-MNIST: shown as published."
    if published.impossible and METRICS[published.metric][1] != "count":
        return published.impossible
    if published.metric.endswith("params") and not system.params_obtainable:
        return system.params_note
    return ""


def _not_judged(published: Published, measured: Measured) -> str:
    if METRICS[published.metric][1] == "seconds":
        return "A time belongs to the machine that took it; ours is another one."
    if measured.budget not in ("full", ""):
        what = {
            "reduced": "Ours had a reduced budget",
            "stopped": "Our training was stopped before its end",
            "other recipe": "Ours was trained by another recipe",
        }[measured.budget]
        return f"{what}: {' '.join(measured.departures)}".rstrip(": ")
    if needs_own_seeds(published) and measured.seeds < FEWEST_SEEDS:
        return (
            f"This number moves from seed to seed, and {_seeds(measured.seeds)} cannot tell how "
            f"far: it takes {FEWEST_SEEDS}."
        )
    return ""


def _compared(system: System, published: Published, measured: Measured) -> Verdict:
    value = spoken(published.value, published.metric)
    if METRICS[published.metric][1] == "count":
        if published.value == measured.value:
            return Verdict("reproduced", f"{value} as published.")
        ours = spoken(measured.value, published.metric)
        return Verdict("not reproduced", f"{ours} instead of {value}.{_open(system)}")
    assert measured.interval is not None
    low, high = measured.interval
    over = published.qualifier == "over"  # a border has no rounding
    margin = _ROUNDING_ERROR + (0.0 if over else rounding(published))
    inside = published.value - margin <= high and (over or low <= published.value + margin)
    interval = f"{spoken(low, published.metric)} to {spoken(high, published.metric)}"
    where = "lies within" if inside else "lies outside"
    if inside and not low <= published.value <= high:
        where = "lies, within its own rounding, in"
    if over:
        where = "is reached by" if inside else "lies above"
    reason = f"{value} {where} {interval}, {_whence(measured)}."
    if inside:
        return Verdict("reproduced", reason + _width(published, high - low))
    return Verdict("not reproduced", reason + _open(system))


def is_wide(unit: str, width: float) -> bool:
    """Says whether an interval is so wide that to lie in it means little: ±5 points and more."""
    return unit == "fraction" and width > 2 * _WIDE


def _width(published: Published, width: float) -> str:
    if not is_wide(METRICS[published.metric][1], width):
        return ""
    return f" An interval of ±{50 * width:.1f} points asks little."


def _whence(measured: Measured) -> str:
    """What the interval holds: without enough seeds it is no forecast of another run."""
    seeds = _seeds(measured.seeds)
    if measured.spread_of_others is not None:
        points = 100 * measured.spread_of_others
        return (
            f"where one more run is expected, from the chance of images and {seeds}; how far seeds "
            f"move it is taken from other networks ({points:.2f} points, standard deviation)"
        )
    if measured.spread_of_epochs is not None:
        points = 100 * measured.spread_of_epochs
        return (
            f"where one more run is expected, from the chance of images and {seeds}; how far seeds "
            f"move it is told from the swing of its last epochs ({points:.2f} points, standard "
            "deviation)"
        )
    if measured.seeds < FEWEST_SEEDS:
        return f"the 95 % interval of ours by the chance of images alone ({seeds})"
    chance = "the chance of images and " if measured.images else ""
    return f"where one more run is expected, from {chance}{seeds}"


def _open(system: System) -> str:
    """What our choices may have to do with a number that is not reproduced."""
    chosen = [_PIXELS.get(key) or setting_name(key) for key in system.recipe]
    stated = {_PIXELS.get(key) or setting_name(key) for key in system.stated_recipe}
    left_open = [word for word in dict.fromkeys(chosen) if word not in stated]
    if system.basis != "stated":
        padding = ", padding among them" if "padding" in system.silences else ""
        left_open.append(f"parts of the layers{padding}")
    if not left_open:
        return ""
    return f" The source leaves open, and our choice may be the cause: {', '.join(left_open)}."


def _seeds(count: int) -> str:
    return "one seed" if count == 1 else f"{count} seeds"
