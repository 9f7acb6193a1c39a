"""What the ledger says, in sentences computed from it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fmnist_core.evaluation.compare import compare_runs
from fmnist_core.evaluation.ledger import LedgerRow
from fmnist_core.evaluation.sentences import pair_sentence
from fmnist_core.evaluation.sheet import TEST_SEEN_PROTOCOL
from fmnist_core.evaluation.significance import Pair, separated
from fmnist_core.evaluation.systems_table import SystemLine
from fmnist_core.evaluation.verdicts import RULES
from fmnist_core.papers import find_system

_HELD_OUT = ("test_accuracy", "val_accuracy")
# What may become of all that is printed of one network and set of images -> verb, and the rest.
_FATES: Mapping[str, tuple[Literal["is", "was"], str]] = MappingProxyType(
    {
        "reproduced": ("is", "reproduced"),
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
        sentences = ["The sources print no number."]
    else:
        numbers = "number" if len(printed) == 1 else "numbers"
        sentences = [f"The sources print {len(printed)} {numbers}: {', '.join(parts)}."]
    if silent:
        networks = "network" if silent == 1 else "networks"
        sentences.append(f"For {silent} {networks} they print none on Fashion-MNIST.")
    return sentences


def held_out_sentence(rows: Sequence[LedgerRow]) -> str:
    """Returns how many published accuracies on held-out images stand up, and which way they err.

    Only numbers of the whole training with a verdict: networks that a source describes, trained
    here at its recipe. All that is printed of one network and one set of images counts once.
    """
    groups: dict[tuple[str, ...], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        judged = row.verdict in ("reproduced", "not reproduced")
        if judged and row.metric in _HELD_OUT and not row.epoch:
            groups[row.system, _images(row), row.optimizer].append(row)
    if not groups:
        return "No published accuracy on held-out images could be judged yet."
    fates: dict[str, list[LedgerRow]] = defaultdict(list)
    for group in groups.values():
        found = {_fate(row) for row in group}
        fates[found.pop() if len(found) == 1 else "mixed"].append(max(group, key=_distance))
    parts = [
        f"{count_is(len(fates[fate]), verb)} {words.format(_points(fates[fate]))}"
        for fate, (verb, words) in _FATES.items()
        if fates[fate] or fate == "reproduced"
    ]
    if len(groups) == 1:
        (part,) = (part for part in parts if part.startswith("1 "))
        return f"The one published accuracy on held-out images that could be judged{part[1:]}."
    return (
        f"Of {len(groups)} published accuracies on held-out images that could be judged, one for "
        f"each network and set of images, {'; '.join(parts)}."
    )


def count_is(count: int, verb: Literal["is", "was"] = "is") -> str:
    """Returns "none is", "1 is" or "2 are"; with "was", "none was" and so on."""
    if count > 1:
        return f"{count} {'are' if verb == 'is' else 'were'}"
    return f"{count or 'none'} {verb}"


def _images(row: LedgerRow) -> str:
    """Which set a number was taken on: under one split the validation images are the test's."""
    return "test" if row.protocol == TEST_SEEN_PROTOCOL else row.metric


def _fate(row: LedgerRow) -> str:
    if row.verdict == "reproduced":
        return "reproduced"
    return "above" if (row.difference or 0) < 0 else "below"


def ceiling_sentence(lines: Sequence[SystemLine], rows: Sequence[LedgerRow]) -> str:
    """Returns the best accuracy of all full runs, and how far above it the published ones lie."""
    networks = [line for line in lines if line.system.layers and line.test_accuracy is not None]
    full = [line for line in networks if line.budget == "full"]
    if not full:
        return "No network was trained at its full protocol yet."
    top = max(full, key=lambda line: line.test_accuracy or 0)
    _, high = top.ci95 or (0.0, 1.0)
    claims: dict[str, LedgerRow] = {}
    for row in rows:
        if _is_claim(row) and (row.published or 0) > high:
            claims[row.system] = max(row, claims.get(row.system, row), key=_published)
    reached = 100 * (top.test_accuracy or 0)
    best = f"{reached:.2f} % (`{top.system.id}`, 95 % interval up to {100 * high:.2f} %)"
    text = f"None of the {len(full)} networks trained here at full budget passes {best}"
    if len(full) == 1:
        text = f"The one network trained here at full budget reaches {best}"
    if not claims:
        return text + ", and no published accuracy lies above that."
    trained = len(claims.keys() & {line.system.id for line in full})
    highest = max(claims.values(), key=_published)
    return (
        f"{text}; the sources print accuracies above that interval for "
        f"{_of_which_trained(len(claims), trained)}, the highest by "
        f"{100 * _published(highest) - reached:.1f} points over our best ({highest.printed} for "
        f"`{highest.system}`)."
    )


def _of_which_trained(count: int, trained: int) -> str:
    if count == 1:
        return f"1 network, {'' if trained else 'not '}trained here at full budget"
    if trained == count:
        return f"{count} networks, all trained here at full budget"
    return f"{count} networks, {count - trained} of them not trained here at full budget"


def _is_claim(row: LedgerRow) -> bool:
    """Whether it is an accuracy on images of Fashion-MNIST that a network was not trained on."""
    return (
        row.dataset == "fashion_mnist"
        and "accuracy" in row.metric
        and not row.metric.startswith("train")
    )


def _published(row: LedgerRow) -> float:
    return row.published or 0.0


def regularisation_sentence(root: Path, lines: Sequence[SystemLine]) -> str:
    """Returns whether batch normalisation and dropout help as source 000 says, tested in pairs.

    Of several seeds the first of each stands for it: a paired test holds for two networks.
    """
    runs: Mapping[str, tuple[str, ...]] = {line.system.id: line.run_ids for line in lines}
    if not runs.get(PLAIN) or not runs.get(REGULARISED):
        return "There are no runs yet of both networks that source 000 compares."
    a, b = runs[REGULARISED][0], runs[PLAIN][0]
    (pair,) = compare_runs(root, [a, b]).pairs
    names = {a: f"`{REGULARISED}`", b: f"`{PLAIN}`"}
    return f"{_regularisation(pair)} {pair_sentence(pair, names)}"


def _regularisation(pair: Pair) -> str:
    claimed = _claimed_gain()
    said = (
        f"Source 000 reports {claimed:.1f} points more on its validation images with batch "
        "normalisation and dropout; trained here at its batch size and epochs,"
    )
    if not separated(pair):
        return f"{said} the two networks cannot be told apart on the test images."
    better = pair.accuracy_difference > 0
    return f"{said} the regularised one is {'better' if better else 'worse'} on the test images."


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
        held_out_sentence(rows),
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


def _distance(row: LedgerRow) -> float:
    return abs(row.difference or 0)
