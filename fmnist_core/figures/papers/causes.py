"""Checks of what a claim says is the cause: each by trainings of a study that differ in one part.

What comes back or ranks first elsewhere may have other causes; these checks keep the rest alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.evaluation.study.result import LevelResult, SeriesResult
from fmnist_core.evaluation.study.sentences import effect_sentence, points
from fmnist_core.figures.papers.facts import (
    Check,
    Facts,
    Finding,
    below,
    bold_name,
    count_seeds,
    of_all,
    unanimous,
)
from fmnist_core.figures.words import escaped
from fmnist_core.listing import listed

# Epochs at the start of a curve that rise steeply in every network and are no fluctuation.
_STEEP = 3


@dataclass(frozen=True)
class _Pair:
    """The trainings of a network without one of its parts, and those with all of them."""

    series: SeriesResult
    effect: Effect
    without: LevelResult
    whole: LevelResult

    @property
    def alike(self) -> bool:
        """Whether they differ in that part alone, and were trained in full."""
        return _alike(self.effect)


def brings(study: str, series: str, without: str) -> Check:
    """Returns the check that a network does worse without one of its parts, by a study's effect."""

    def check(facts: Facts) -> Finding:
        pair = _pair(facts, study, series, without)
        if pair is None:
            return _untrained(series, without)
        known = pair.alike and pair.effect.separated
        holds = pair.effect.difference < 0 if known else None
        return Finding(holds, f"{effect_sentence(pair.effect)}.", cause=True)

    return check


def helps_nowhere(study: str, level: str) -> Check:
    """Returns the check that no network of a study gains by a level of its factor.

    It holds where every network loses by it; where chance can explain one, that is not known.
    """

    def check(facts: Facts) -> Finding:
        parts = {
            escaped(part.series.title): _effect(part, level)
            for part in facts.study(study).series
            if level in {one.label for one in part.series.levels}
        }
        says = [f"{title}: {effect_sentence(one)}." for title, one in parts.items() if one]
        if missing := [title for title, one in parts.items() if one is None]:
            says.append(f"{listed(missing)}: not trained here yet.")
        losses = [
            one.difference < 0 if one and one.separated and _alike(one) else None
            for one in parts.values()
        ]
        return Finding(of_all(losses), " ".join(says), cause=True)

    return check


def calmer(study: str, series: str, without: str) -> Check:
    """Returns the check that a network's validation loss moves less than without one part."""

    def check(facts: Facts) -> Finding:
        pair = _pair(facts, study, series, without)
        if pair is None:
            return _untrained(series, without)
        whole, lacking = (
            [_movement(facts.val_losses(run.run_id)) for run in level.runs]
            for level in (pair.whole, pair.without)
        )
        seeds = listed([count_seeds(len(moves)) for moves in (whole, lacking)])
        return Finding(
            below(whole, lacking) if pair.alike else None,
            f"From epoch {_STEEP} on, validation loss of {bold_name(series)} moves by "
            f"{fmean(whole):.3f} an epoch {_inside(pair.whole)}, by {fmean(lacking):.3f} "
            f"{_inside(pair.without)}: means over {seeds}.",
            cause=True,
        )

    return check


def stops_overfitting(study: str, series: str, without: str) -> Check:
    """Returns the check that a network overfits without one of its parts, and does not with it.

    Says how every trained level of the series fits, so that it is seen which part does it.
    """

    def check(facts: Facts) -> Finding:
        pair = _pair(facts, study, series, without)
        if pair is None:
            return _untrained(series, without)
        fits = {one.level.label: _fits(facts, one) for one in pair.series.trained}
        says = "; ".join(
            f"{_inside(one)} {points(fmean(gaps))} points, {_counted(verdicts)}"
            for one in pair.series.trained
            for gaps, verdicts in [fits[one.level.label]]
            if gaps
        )
        whole, lacking = (
            _overfits(fits[level.level.label][1]) for level in (pair.whole, pair.without)
        )
        known = pair.alike and None not in (whole, lacking)
        return Finding(
            bool(lacking and not whole) if known else None,
            f"Training over validation accuracy of {bold_name(series)}: {says}.",
            cause=True,
        )

    return check


def _pair(facts: Facts, study: str, series: str, without: str) -> _Pair | None:
    part = next(one for one in facts.study(study).series if one.series.id == series)
    found = _effect(part, without)
    if found is None:
        return None
    levels = {one.level.label: one for one in part.levels}
    return _Pair(part, found, levels[found.level], levels[found.base])


def _effect(part: SeriesResult, level: str) -> Effect | None:
    return next((one for one in part.effects if one.level == level), None)


def _untrained(series: str, without: str) -> Finding:
    says = f"{bold_name(series)} {without[0].lower()}{without[1:]} is not trained here yet."
    return Finding(None, says, cause=True)


def _alike(one: Effect) -> bool:
    return not one.confounded and not any(one.reduced)


def _movement(losses: Sequence[float]) -> float:
    return fmean(abs(b - a) for a, b in pairwise(losses[_STEEP - 1 :]))


def _fits(facts: Facts, level: LevelResult) -> tuple[list[float], list[str]]:
    """Returns the gap and the verdict of each seed that has them."""
    found = [one for run in level.runs if (one := facts.fit(run.run_id)) is not None]
    return [one.gap for one in found], [one.verdict for one in found]


def _overfits(verdicts: Sequence[str]) -> bool | None:
    if not verdicts:
        return None
    return unanimous([verdict in ("mild overfit", "overfit") for verdict in verdicts])


def _counted(verdicts: Sequence[str]) -> str:
    """Returns "good fit", or "2 overfit and 1 mild overfit" where seeds differ."""
    counts = Counter(verdicts).most_common()
    if len(counts) == 1:
        return counts[0][0]
    return listed([f"{count} {verdict}" for verdict, count in counts])


def _inside(level: LevelResult) -> str:
    """Its label inside a sentence."""
    return level.label[0].lower() + level.label[1:]
