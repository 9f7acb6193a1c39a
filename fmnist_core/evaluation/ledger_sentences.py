"""What the ledger says, in sentences computed from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from fmnist_core.evaluation.compare import compare_runs
from fmnist_core.evaluation.ledger import LedgerRow
from fmnist_core.evaluation.sentences import pair_sentence
from fmnist_core.evaluation.significance import Pair, separated
from fmnist_core.evaluation.systems_table import SystemLine
from fmnist_core.evaluation.verdicts import RULES
from fmnist_core.papers import find_system

_HELD_OUT = ("test_accuracy", "val_accuracy")
# The comparison that source 000 is about: its plain network and the regularised one.
PLAIN, REGULARISED = "awasthi_basic", "awasthi_enhanced"


def ledger_sentences(rows: Sequence[LedgerRow]) -> list[str]:
    """Returns how many numbers are published, and what became of them."""
    printed = [row for row in rows if row.published is not None]
    counts = Counter(row.verdict for row in printed)
    parts = [f"{counts[word]} {word}" for word in RULES if counts[word]]
    silent = len(rows) - len(printed)
    sentences = [f"The sources print {len(printed)} numbers: {', '.join(parts)}."]
    if silent:
        sentences.append(f"For {silent} networks they print none on Fashion-MNIST.")
    return sentences


def held_out_sentence(rows: Sequence[LedgerRow]) -> str:
    """Returns how many published accuracies on held-out images stand up, and which way they err.

    Only numbers of the whole training with a verdict: networks that a source describes, trained
    here at its recipe.
    """
    judged = [
        row
        for row in rows
        if row.metric in _HELD_OUT
        and not row.epoch
        and row.verdict in ("reproduced", "not reproduced")
    ]
    if not judged:
        return "No published accuracy on held-out images could be judged yet."
    good = sum(row.verdict == "reproduced" for row in judged)
    failed = [row for row in judged if row.verdict == "not reproduced"]
    above = [row for row in failed if (row.difference or 0) < 0]
    below = [row for row in failed if (row.difference or 0) >= 0]
    accuracies = "accuracy" if len(judged) == 1 else "accuracies"
    parts = [
        f"{len(group)} {'was' if len(group) == 1 else 'were'} published {side} what we measure, "
        f"by {_points(group)}"
        for side, group in (("above", above), ("below", below))
        if group
    ]
    return (
        f"Of {len(judged)} published test {'or' if len(judged) == 1 else 'and'} validation "
        f"{accuracies} that could be judged, {good} {'is' if good == 1 else 'are'} reproduced"
        f"{'; ' if parts else ''}{', and '.join(parts)}."
    )


def ceiling_sentence(lines: Sequence[SystemLine], rows: Sequence[LedgerRow]) -> str:
    """Returns the best accuracy of all full runs, and how far above it the published ones lie."""
    full = [line for line in lines if line.budget == "full" and line.test_accuracy is not None]
    if not full:
        return "No network was trained at its full protocol yet."
    top = max(full, key=lambda line: line.test_accuracy or 0)
    _, high = top.ci95 or (0.0, 1.0)
    claims = {
        row.system: row
        for row in rows
        if row.dataset == "fashion_mnist"
        and "accuracy" in row.metric
        and not row.metric.startswith("train")
        and row.published is not None
        and row.published > high
    }
    reached = 100 * (top.test_accuracy or 0)
    text = (
        f"None of the {len(full)} networks trained here at full budget passes {reached:.2f} % "
        f"(`{top.system.id}`, 95 % interval up to {100 * high:.2f} %)"
    )
    if not claims:
        return text + ", and no published accuracy lies above that."
    highest = max(claims.values(), key=lambda row: row.published or 0)
    distance = 100 * (highest.published or 0) - reached
    return (
        f"{text}; the sources print accuracies above that interval for {len(claims)}, the "
        f"highest by {distance:.1f} points over our best ({highest.printed} for "
        f"`{highest.system}`)."
    )


def regularisation_sentence(root: Path, lines: Sequence[SystemLine]) -> str:
    """Returns whether batch normalisation and dropout help as source 000 says, tested in pairs.

    Of several seeds the first of each stands for it: a paired test holds for two networks.
    """
    runs: Mapping[str, tuple[str, ...]] = {line.system.id: line.run_ids for line in lines}
    if not runs.get(PLAIN) or not runs.get(REGULARISED):
        return "The two networks of source 000 have not both been trained yet."
    a, b = runs[REGULARISED][0], runs[PLAIN][0]
    (pair,) = compare_runs(root, [a, b]).pairs
    names = {a: f"`{REGULARISED}`", b: f"`{PLAIN}`"}
    return f"{_regularisation(pair)} {pair_sentence(pair, names)}"


def _regularisation(pair: Pair) -> str:
    claimed = _claimed_gain()
    said = (
        f"Source 000 reports {claimed:.1f} points more with batch normalisation and dropout; "
        "trained here at its batch size and epochs,"
    )
    if not separated(pair):
        return f"{said} the two networks cannot be told apart."
    better = pair.accuracy_difference > 0
    return f"{said} the regularised one is {'better' if better else 'worse'}."


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
    distances = sorted(100 * abs(row.difference or 0) for row in rows)
    if len(distances) == 1:
        return f"{distances[0]:.1f} points"
    return f"{distances[0]:.1f} to {distances[-1]:.1f} points"
