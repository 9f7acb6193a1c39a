"""Who beats whom among three runs and more, in sentences computed from the paired tests."""

from collections.abc import Mapping, Sequence

from fmnist_core.evaluation.compare import ComparedRun, Comparison
from fmnist_core.evaluation.significance import SEPARATED_BELOW, Pair, separated
from fmnist_core.listing import some

Names = Mapping[str, str]

_NAMED = 4  # runs, or pairs, named in a sentence before the others are counted


def by_accuracy(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Returns the runs, most accurate first; equal ones keep their order."""
    return sorted(runs, key=lambda run: -run.test_accuracy)


def leader_sentences(comparison: Comparison, names: Names) -> list[str]:
    """Returns whom the most accurate run beats and whom not, and how many pairs are separated.

    Nothing is left to say of fewer than three runs, or where no pair could be tested.
    """
    if len(comparison.runs) < 3 or not comparison.pairs:
        return []
    best = by_accuracy(comparison.runs)[0].run_id
    own = [pair for pair in comparison.pairs if best in (pair.a, pair.b)]
    open_ = [pair for pair in own if not separated(pair)]
    beaten = [pair for pair in own if separated(pair) and _ahead(pair, best) > 0]
    text = f"{names[best]} has the highest accuracy"
    if beaten:
        ahead = sorted(_ahead(pair, best) for pair in beaten)
        by = f"{ahead[0]:.2f}" if len(beaten) == 1 else f"{ahead[0]:.2f} to {ahead[-1]:.2f}"
        others = f"{len(beaten)} of the {len(own)} others"
        if len(beaten) == len(own):
            others = "both others" if len(own) == 2 else f"all {len(own)} others"
        if len(own) == 1:
            others = "the only run that it can be tested against"
        text += f" and beats {others} by more than chance explains, by {by} points"
    if open_:
        equals = [names[pair.b if pair.a == best else pair.a] for pair in open_]
        text += f"; the test cannot tell it from {some(equals, _NAMED)}"
    apart, count = sum(map(separated, comparison.pairs)), len(comparison.pairs)
    pairs = "1 pair" if count == 1 else f"{count} pairs"
    return [
        f"{text}.",
        f"Of {pairs}, {apart} {'is' if apart == 1 else 'are'} separated (p below "
        f"{SEPARATED_BELOW:g} after Holm's correction).",
    ]


def identical_sentence(comparison: Comparison, names: Names) -> str:
    """Returns which runs get the very same images right and wrong; empty where none do."""
    alike = [
        pair for pair in comparison.pairs if not pair.a_only_correct and not pair.b_only_correct
    ]
    if not alike:
        return ""
    pairs = [f"{names[pair.a]} and {names[pair.b]}" for pair in alike[:_NAMED]]
    left = len(alike) - len(pairs)
    more = f"; and {left} more pair{'' if left == 1 else 's'}" if left else ""
    return (
        f"Exactly the same images right and wrong: {'; '.join(pairs)}{more}. There is nothing "
        "between them to test."
    )


def _ahead(pair: Pair, run_id: str) -> float:
    return 100 * pair.accuracy_difference * (1 if pair.a == run_id else -1)
