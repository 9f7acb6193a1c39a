"""What the ledger says, in sentences computed from it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fmnist_core.evaluation.compare import read_answers
from fmnist_core.evaluation.ledger.ceiling import ceiling_sentence
from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.ledger.systems_table import SystemLine
from fmnist_core.evaluation.ledger.verdicts import FEWEST_SEEDS, RULES, is_wide
from fmnist_core.evaluation.network_effect import network_effect, network_sentence
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.papers import find_system
from fmnist_core.papers.schema import METRICS

_NOT_TRAINED_ON = ("test_accuracy", "val_accuracy")
# What may become of all that is printed of one network and set of images -> verb, and the rest.
_FATES: Mapping[str, tuple[Literal["is", "was"], str]] = MappingProxyType(
    {
        "reproduced": ("is", "reproduced{}"),
        "above": ("was", "published above what we measure, by {}"),
        "below": ("was", "published below what we measure, by {}"),
        "mixed": ("is", "printed more than once, with numbers that fare differently"),
    }
)
# The comparison that source 000 is about: its plain network and the regularised one.
PLAIN, REGULARISED = "awasthi_basic", "awasthi_enhanced"


def ledger_sentences(rows: Sequence[LedgerRow]) -> list[str]:
    """Returns how many numbers are published, and what became of them."""
    printed = [row for row in rows if row.published is not None]
    counts = Counter(row.verdict for row in printed)
    parts = [f"{counts[word]} {word}" for word in RULES if counts[word]]
    silent = len(rows) - len(printed)
    if not printed:
        sentences = ["No number is published."]
    else:
        numbers = "number is" if len(printed) == 1 else "numbers are"
        sentences = [f"{len(printed)} {numbers} published: {', '.join(parts)}."]
    wide = sum(_asks_little(row) for row in printed)
    if wide:
        lie = "1 of those reproduced lies in an interval" if wide == 1 else ""
        lie = lie or f"{wide} of those reproduced lie in intervals"
        sentences.append(f"{lie} wider than ±5 points, which asks little.")
    if silent:
        networks = "network" if silent == 1 else "networks"
        sentences.append(f"For {silent} {networks} there is none on Fashion-MNIST.")
    return sentences


def _asks_little(row: LedgerRow) -> bool:
    low, high = row.ci95 or (0.0, 0.0)
    return row.verdict == "reproduced" and is_wide(METRICS[row.metric][1], high - low)


def accuracies_sentence(rows: Sequence[LedgerRow]) -> str:
    """Returns how many accuracies published of images not trained on stand up, and how they err.

    Only numbers of the whole training with a verdict: networks that a source describes, trained
    here at its recipe. All that is printed of one network and one set of images counts once. Says
    how many are of test images that were the validation images too, so that nothing was held out,
    and how many were judged without the chance of other seeds.
    """
    groups: dict[tuple[str, ...], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        judged = row.verdict in ("reproduced", "not reproduced")
        if judged and row.metric in _NOT_TRAINED_ON and not row.epoch:
            groups[row.system, _images(row), _optimizer(row)].append(row)
    if not groups:
        return "No published accuracy on images not trained on could be judged yet."
    fates: dict[str, list[LedgerRow]] = defaultdict(list)
    for group in groups.values():
        found = {_fate(row) for row in group}
        fates[found.pop() if len(found) == 1 else "mixed"].append(max(group, key=_distance))
    parts = [
        f"{count_is(len(fates[fate]), verb)} "
        + words.format((_widths if fate == "reproduced" else _points)(fates[fate]))
        for fate, (verb, words) in _FATES.items()
        if fates[fate] or fate == "reproduced"
    ]
    notes = _notes(
        len(groups),
        sum(group[0].protocol == TEST_SEEN_PROTOCOL for group in groups.values()),
        [group[0] for group in groups.values() if group[0].seeds < FEWEST_SEEDS],
    )
    if len(groups) == 1:
        (part,) = (part for part in parts if part.startswith("1 "))
        said = (
            f"The one published accuracy that could be judged, on images not trained on, {part[2:]}"
        )
    else:
        said = (
            f"Of {len(groups)} published accuracies that could be judged, on images not trained on "
            f"and one for each network and set of images, {'; '.join(parts)}"
        )
    return " ".join((f"{said}.", *notes))


def _notes(judged: int, of_validation: int, few_seeds: Sequence[LedgerRow]) -> list[str]:
    """Returns what the verdicts leave open, each with how many of the judged numbers it is of."""
    those = "It" if judged == 1 else "{} of them"
    notes = []
    if of_validation:
        some = those.format(of_validation if of_validation < judged else "All")
        notes.append(
            f"{some} {'is' if of_validation == 1 else 'are'} of test images that were the "
            "validation images too."
        )
    if few_seeds:
        some = those.format(len(few_seeds) if len(few_seeds) < judged else "All")
        it, its = ("it", "its") if len(few_seeds) == 1 else ("them", "their")
        borrowed = [row.spread_of_others for row in few_seeds if row.spread_of_others is not None]
        told = sum(row.spread_of_epochs is not None for row in few_seeds)
        what = f", and what another seed would do is not in {its} verdict"
        if borrowed:
            what = (
                f": how far another would move {it} is taken from the networks "
                f"that have several (standard deviation {100 * borrowed[0]:.2f} points)"
            )
            what += f", but for {told} from the swing of its own last epochs" if told else ""
        elif told:
            what = f": how far another would move {it} is told from the swing of {its} last epochs"
        notes.append(f"{some} had fewer than {FEWEST_SEEDS} seeds here{what}.")
    return notes


def count_is(count: int, verb: Literal["is", "was"] = "is") -> str:
    """Returns "none is", "1 is" or "2 are"; with "was", "none was" and so on."""
    if count > 1:
        return f"{count} {'are' if verb == 'is' else 'were'}"
    return f"{count or 'none'} {verb}"


def _images(row: LedgerRow) -> str:
    """Which set a number was taken on: under one split the validation images are the test's."""
    return "test" if row.protocol == TEST_SEEN_PROTOCOL else row.metric


def _optimizer(row: LedgerRow) -> str:
    """That of the network's own recipe, where the source names none beside the number."""
    return row.optimizer or str(find_system(row.system).recipe.get("optimizer", ""))


def _fate(row: LedgerRow) -> str:
    if row.verdict == "reproduced":
        return "reproduced"
    return "above" if (row.difference or 0) < 0 else "below"


def regularisation_sentence(root: Path, lines: Sequence[SystemLine]) -> str:
    """Returns whether batch normalisation and dropout help as source 000 says, over all seeds."""
    full = {line.system.id: line.run_ids for line in lines if line.budget == "full"}
    if PLAIN not in full or REGULARISED not in full:
        return "There are no full runs yet of both networks that source 000 compares."
    names = (f"`{REGULARISED}`", f"`{PLAIN}`")
    regularised, plain = (
        [read_answers(root, run_id) for run_id in full[system]] for system in (REGULARISED, PLAIN)
    )
    found = network_effect(names, regularised, plain)
    if found is None:
        return "The two networks that source 000 compares share no test image here."
    said = (
        f"Source 000 reports {_claimed_gain():.1f} points more on its validation images with batch "
        "normalisation and dropout; trained here at its batch size and epochs, "
    )
    if not found.separated:
        said += "the two networks cannot be told apart"
    else:
        said += f"the regularised one is {'better' if found.difference > 0 else 'worse'}"
    return f"{said} on the test images. {network_sentence(found)}"


def _claimed_gain() -> float:
    plain, regularised = (
        next(n.value for n in find_system(name).published if n.metric == "val_accuracy")
        for name in (PLAIN, REGULARISED)
    )
    return 100 * (regularised - plain)


def findings(
    root: Path, rows: Sequence[LedgerRow], lines: Sequence[SystemLine]
) -> tuple[str, str, str]:
    """Returns three things that the measurements say, each computed from them.

    Raises:
        RunError: a run that a finding rests on is damaged.
    """
    return (
        accuracies_sentence(rows),
        regularisation_sentence(root, lines),
        ceiling_sentence(lines, rows),
    )


def _points(rows: Sequence[LedgerRow]) -> str:
    distances = sorted(100 * _distance(row) for row in rows)
    if not distances:
        return ""
    if len(distances) == 1:
        return f"{distances[0]:.1f} points"
    return f"{distances[0]:.1f} to {distances[-1]:.1f} points"


def _widths(rows: Sequence[LedgerRow]) -> str:
    """Says how wide the intervals are that the published values lie in; a wide one asks little."""
    halves = sorted(half_width(row) for row in rows)
    if not halves:
        return ""
    least, most = f"±{halves[0]:.1f}", f"±{halves[-1]:.1f}"
    if len(halves) == 1:
        return f", in an interval of {least} points"
    return f", in intervals of {least if least == most else f'{least} to {most}'} points"


def half_width(row: LedgerRow) -> float:
    """Returns half the width of the interval of a measured fraction, in points; 0 without one."""
    low, high = row.ci95 or (0.0, 0.0)
    return 50 * (high - low)


def _distance(row: LedgerRow) -> float:
    return abs(row.difference or 0)
