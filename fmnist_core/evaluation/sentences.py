"""What comparisons say, in sentences computed from their numbers; pages and commands share them.

`names` gives each run id the name that is printed: a page passes its bold, escaped labels.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from fmnist_core.evaluation.agreement import agreement_matrix, wrong_counts
from fmnist_core.evaluation.compare import Comparison
from fmnist_core.evaluation.ensembles import EnsembleResult
from fmnist_core.evaluation.p_values import p_words
from fmnist_core.evaluation.seeds import SeedGroup
from fmnist_core.evaluation.selective import CoverageRisk, risk_at
from fmnist_core.evaluation.sheet import Sheet
from fmnist_core.evaluation.significance import SEPARATED_BELOW, Pair, UntestedPair, separated
from fmnist_core.evaluation.tie_groups import TieGroup
from fmnist_core.listing import listed

Names = Mapping[str, str]

# The coverage that sentences about staying silent speak of.
MOST_SURE = 0.9


def comparison_sentence(comparison: Comparison, names: Names) -> str:
    """Returns what the paired tests say together, and their name; for one pair, its numbers."""
    pairs = comparison.pairs
    if len(comparison.runs) < 2:
        return "A test needs two runs: there is nothing to compare this one with."
    if not pairs:
        return "No two of these runs were tested on the same images, so no test can compare them."
    count = len(comparison.untested)
    rest = f" {count} more cannot be tested: they share no test image." if count else ""
    if len(pairs) == 1:
        return f"{pair_sentence(pairs[0], names)} Tested with McNemar's exact test.{rest}"
    apart = sum(map(separated, pairs))
    text = (
        f"The exact McNemar tests separate {apart} of {len(pairs)} pairs (p below "
        f"{SEPARATED_BELOW:g} after Holm's correction for {len(pairs)} tests)"
    )
    if apart < len(pairs):
        text += "; the others may differ only by which images were drawn"
    return text + "." + rest


def pair_sentence(pair: Pair, names: Names) -> str:
    """Returns one pair with its numbers and its verdict: better, worse, or not separated."""
    a, b = names[pair.a], names[pair.b]
    if not pair.a_only_correct and not pair.b_only_correct:
        return f"{a} and {b} get exactly the same of {pair.images:,} images right and wrong."
    chance, verdict = "which chance alone can explain", "they are not separated"
    if separated(pair):
        chance = "more than chance explains"
        verdict = f"{a if pair.accuracy_difference > 0 else b} is better"
    return (
        f"{a} is right on {pair.a_only_correct:,} images that {b} gets wrong, and wrong on "
        f"{pair.b_only_correct:,} that it gets right: {100 * pair.accuracy_difference:+z.2f} "
        f"points (95 % interval {difference_interval(pair)}), {chance} "
        f"(p {p_words(pair.mcnemar_p_holm)}); {verdict}."
    )


def untested_sentence(pair: UntestedPair, names: Names) -> str:
    """Returns why two runs were not tested against each other."""
    return f"{names[pair.a]} and {names[pair.b]} {pair.reason}."


def verdict(pair: Pair) -> str:
    """Returns "A is better", "B is better" or "not separated"."""
    if not separated(pair):
        return "not separated"
    return "A is better" if pair.accuracy_difference > 0 else "B is better"


def difference_interval(pair: Pair) -> str:
    """Returns the interval of the difference in points: "-0.12 to +0.50"."""
    low, high = pair.difference_ci95
    return f"{100 * low:+z.2f} to {100 * high:+z.2f}"


def renamed(remark: str, names: Names) -> str:
    """Returns a remark that names runs by their ids with their names instead."""
    for run_id, name in names.items():
        remark = remark.replace(run_id, name)
    return remark


def tie_sentences(groups: Sequence[TieGroup], names: Names) -> list[str]:
    """Returns one sentence for each group of two and more, then one for those that stand alone."""
    sentences = []
    for group in groups:
        if len(group.run_ids) > 1:
            who = listed([names[run_id] for run_id in group.run_ids])
            low, high = 100 * group.worst, 100 * group.best
            sentences.append(f"No test separates {who} ({low:.2f} to {high:.2f} %).")
    alone = [group for group in groups if len(group.run_ids) == 1]
    if alone and len(groups) > 1:
        who = listed([names[group.run_ids[0]] for group in alone])
        verb, it = ("stands", "it") if len(alone) == 1 else ("stand", "them")
        sentences.append(f"{who} {verb} alone: nothing next to {it} is tied with {it}.")
    return sentences


def tie_remark(comparison: Comparison) -> str:
    """Returns what makes tie groups of unlike test sets uncertain; empty where there are none."""
    images = {pair.images for pair in comparison.pairs}
    if not comparison.untested and len(images) < 2:
        return ""
    return (
        "Not all of these runs were tested on the same images: accuracies are each run's own, "
        "pairs that share fewer images are harder to separate, and pairs that share none are "
        "never joined."
    )


def seed_sentences(groups: Sequence[SeedGroup], names: Names) -> list[str]:
    """Returns how far seeds move each recipe that had several, then which had one only."""
    sentences = [_seeds(group, names) for group in groups if group.deviation is not None]
    single = [names[group.run_ids[0]] for group in groups if group.deviation is None]
    if single:
        verb = "was" if len(single) == 1 else "were each"
        sentences.append(
            f"{listed(single)} {verb} trained with one seed: how far another would move "
            f"{'it' if len(single) == 1 else 'them'} is not known."
        )
    return sentences


def _seeds(group: SeedGroup, names: Names) -> str:
    each = ", ".join(f"{100 * accuracy:.2f}" for accuracy in group.accuracies)
    text = (
        f"{names[group.run_ids[0]]} was trained with {len(group.seeds)} seeds that reach {each} %: "
        f"mean {100 * group.mean:.2f} %, standard deviation {100 * (group.deviation or 0):.2f} "
        "points"
    )
    if group.same_test_images:
        return text + "."
    return text + ", which includes that each seed drew other test images."


def agreement_sentences(sheet: Sheet, names: Names) -> list[str]:
    """Returns which two runs are most and least alike, and how many images all get wrong."""
    runs, images = sheet.correct.shape
    failed = wrong_counts(sheet)
    if runs < 2:
        return [f"{names[sheet.run_ids[0]]} gets {int(failed.sum()):,} of {images:,} images wrong."]
    matrix = agreement_matrix(sheet)
    pairs = [(i, j) for i in range(runs) for j in range(i + 1, runs)]
    shares = np.array([matrix[pair] for pair in pairs])

    def said(place: int) -> str:
        a, b = (names[sheet.run_ids[row]] for row in pairs[place])
        return f"{a} and {b} ({100 * shares[place]:.1f} %)"

    if len(pairs) > 1:
        sentences = [
            f"Of {images:,} images {said(int(shares.argmax()))} name most alike, and "
            f"{said(int(shares.argmin()))} fewest."
        ]
    else:
        a, b = (names[run_id] for run_id in sheet.run_ids)
        sentences = [f"{a} and {b} name {100 * shares[0]:.1f} % of {images:,} images alike."]
    all_wrong, all_right = int((failed == runs).sum()), int((failed == 0).sum())
    every = "Both" if runs == 2 else f"All {runs}"
    return [
        *sentences,
        f"{every} are right on {all_right:,} of them and wrong on {all_wrong:,}.",
    ]


def coverage_sentence(curve: CoverageRisk, name: str) -> str:
    """Returns what a run gains by staying silent where it is least sure."""
    sure, every = risk_at(curve, MOST_SURE), risk_at(curve, 1)
    if sure is None or every is None:
        return f"{name} has no test images, so nothing can be said of its silence."
    return (
        f"Answering only the {100 * MOST_SURE:.0f} % of images it is surest of, {name} is wrong on "
        f"{100 * sure:.2f} % of them instead of {100 * every:.2f} % of all."
    )


def ensemble_sentence(result: EnsembleResult, names: Names) -> str:
    """Returns what an ensemble gains over its best member, and whether that is more than chance."""
    low, high = result.accuracy_ci95
    text = (
        f"Together they reach {100 * result.accuracy:.2f} % (95 % interval {100 * low:.2f} to "
        f"{100 * high:.2f} %). "
    )
    against = pair_sentence(result.pair, {**names, result.pair.a: "the ensemble"})
    return text + against[0].upper() + against[1:]
