"""Two networks held against each other over all their seeds, in a number and in a sentence."""

from collections.abc import Iterable, Sequence

from fmnist_core.evaluation.p_values import p_words
from fmnist_core.evaluation.seed_spread import pooled_spread
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.study.effects import Effect, effect, scores, with_seed_spread
from fmnist_core.evaluation.study.sentences import beyond_chance, points


def network_effect(
    names: tuple[str, str],
    first: Sequence[Answers],
    second: Sequence[Answers],
    others: Iterable[Sequence[Answers]] = (),
) -> Effect | None:
    """Returns the effect of the first network against the second; None without a shared image.

    It holds the chance of other seeds where there are enough: three of one, or two of two.

    Args:
        first, second: what their runs answered, one a seed.
        others: the same of further networks, which tell how far a seed moves one as well.
    """
    found = effect("", *names, scores(first), scores(second))
    spread = pooled_spread(
        [run.correct.mean() for run in runs] for runs in (first, second, *others)
    )
    if found is None or spread is None:
        return found
    return with_seed_spread(found, spread, (len(first), len(second)))


def network_sentence(one: Effect) -> str:
    """Returns the effect with its interval, and whether it is more than chance."""
    low, high = one.ci95
    verdict = beyond_chance([one]) if one.separated else "which chance alone can explain"
    seeds = "" if one.seeds_known else ", of test images alone"
    return (
        f"{one.level} against {one.base}: {points(one.difference)} points (95 % interval "
        f"{points(low)} to {points(high)}), {verdict} (p {p_words(one.p)}{seeds})."
    )
