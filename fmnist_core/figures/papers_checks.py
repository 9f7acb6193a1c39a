"""Checks of a claim: each holds, does not hold, or cannot be said yet, with its numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from fmnist_core.data import CLASS_NAMES
from fmnist_core.evaluation.fit import FitVerdict
from fmnist_core.evaluation.ledger import LedgerRow
from fmnist_core.evaluation.sentences import pair_sentence
from fmnist_core.evaluation.significance import Pair, separated
from fmnist_core.figures.papers_rows import in_style, network_name, what
from fmnist_core.figures.words import escaped
from fmnist_core.papers import find_table
from fmnist_core.runs.schema import Run

# Epochs at the start of a curve that rise steeply in every network and are no fluctuation.
_STEEP = 3


@dataclass(frozen=True)
class Facts:
    """What checks are made with.

    Attributes:
        rows: the whole ledger.
        runs: system id -> the run that stands for it: full training as its source says.
        pair: paired test of two runs, by id; `None` where they share no test image.
        fit: verdict of a run on over- and underfitting, by id.
        f1: F1 of the ten classes of a run, by id.
        val_accuracies: of every epoch of a run, by id.
    """

    rows: Sequence[LedgerRow]
    runs: Mapping[str, Run]
    pair: Callable[[str, str], Pair | None]
    fit: Callable[[str], FitVerdict | None]
    f1: Callable[[str], Sequence[float]]
    val_accuracies: Callable[[str], Sequence[float]]


@dataclass(frozen=True)
class Finding:
    """What a check found; `holds` is `None` where it cannot be said. `says` is Markdown."""

    holds: bool | None
    says: str


Check = Callable[[Facts], Finding]


def number(system: str, metric: str, source: str, *, table: str = "") -> Check:
    """Returns the check that a published number came back here.

    Args:
        source: id of the source that prints it.
        table: id of the table where several places print it; "" takes the first in the text.
    """

    def check(facts: Facts) -> Finding:
        row = next(
            row
            for row in facts.rows
            if (row.system, row.metric, row.source, row.table) == (system, metric, source, table)
            and not (row.epoch or row.class_name or row.optimizer)
            and row.dataset == "fashion_mnist"
        )
        printed = f"{row.qualifier} {row.printed}".strip()
        text = f"{_name(system)}, {what(row)}: published {printed}"
        if row.measured is None:
            return Finding(None, f"{text}; {row.verdict}.")
        ours = in_style(row.measured, metric, row.printed)
        holds = {"reproduced": True, "not reproduced": False}.get(row.verdict)
        return Finding(holds, f"{text}, ours {ours}: {row.verdict}.")

    return check


def beats(better: str, worse: str) -> Check:
    """Returns the check that one network has the higher test accuracy, by the paired test."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (better, worse))
        if missing:
            return Finding(None, missing)
        a, b = (facts.runs[system].run_id for system in (better, worse))
        pair = facts.pair(a, b)
        if pair is None:
            return Finding(None, f"{_name(better)} and {_name(worse)} share no test image.")
        says = pair_sentence(pair, {a: _name(better), b: _name(worse)})
        if not separated(pair):
            return Finding(None, says)
        ahead = pair.a if pair.accuracy_difference > 0 else pair.b
        return Finding(ahead == a, says)

    return check


def fits(system: str, *verdicts: str) -> Check:
    """Returns the check that a network fits as is said of it, by the rule used on every page."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system,))
        found = None if missing else facts.fit(facts.runs[system].run_id)
        if found is None:
            return Finding(None, missing or f"{_name(system)} states no validation accuracy.")
        says = f"{_name(system)}: {found.verdict}. {found.reason}"
        return Finding(found.verdict in verdicts, says)

    return check


def smaller(system: str, than: str, factor: float) -> Check:
    """Returns the check that a network has at most this share of another's parameters."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (facts.runs[name].params.total for name in (system, than))
        says = f"{_name(system)} has {ours:,} parameters, {ours / other:.2f} times the {other:,} "
        return Finding(ours <= factor * other, f"{says}of {_name(than)}.")

    return check


def costlier(system: str, than: str) -> Check:
    """Returns the check that one network takes more processor time to train than another."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (facts.runs[name].train_cpu_seconds for name in (system, than))
        says = f"{_name(system)} took {ours:,.0f} processor seconds to train, {_name(than)} "
        return Finding(ours > other, f"{says}{other:,.0f}.")

    return check


def leads(system: str, among: Sequence[str]) -> Check:
    """Returns the check that no other of these networks has a higher test accuracy."""

    def check(facts: Facts) -> Finding:
        trained = [name for name in among if name in facts.runs]
        if system not in trained or len(trained) < 2:
            return Finding(None, f"{_name(system)} or its rivals are not trained here yet.")
        accuracy = {name: facts.runs[name].metrics.test_accuracy for name in trained}
        best = max(trained, key=accuracy.__getitem__)
        says = f"Of {len(trained)} trained here, {_name(best)} is highest with "
        says += f"{100 * accuracy[best]:.2f} %"
        if best == system:
            complete = len(trained) == len(among)
            rest = "." if complete else f"; {len(among) - len(trained)} are not trained yet."
            return Finding(True if complete else None, says + rest)
        says += f"; {_name(system)} has {100 * accuracy[system]:.2f} %"
        pair = facts.pair(facts.runs[best].run_id, facts.runs[system].run_id)
        if pair is None or not separated(pair):
            return Finding(None, f"{says}, which chance alone can explain.")
        return Finding(False, f"{says}, more than chance explains.")

    return check


def smallest_gap(system: str, among: Sequence[str]) -> Check:
    """Returns the check that a network has the smallest gap of training over test accuracy."""

    def check(facts: Facts) -> Finding:
        metrics = {name: facts.runs[name].metrics for name in among if name in facts.runs}
        gaps = {
            name: found.train_accuracy - found.test_accuracy
            for name, found in metrics.items()
            if found.train_accuracy is not None
        }
        if system not in gaps or len(gaps) < 2:
            return Finding(None, f"{_name(system)} or its rivals are not trained here yet.")
        least = min(gaps, key=gaps.__getitem__)
        says = f"Training over test accuracy: {_name(system)} {100 * gaps[system]:+z.2f} points"
        if least == system:
            return Finding(True, f"{says}, the smallest of {len(gaps)} trained here.")
        least_words = f"{_name(least)} {100 * gaps[least]:+z.2f}"
        return Finding(False, f"{says}; the smallest of {len(gaps)} is that of {least_words}.")

    return check


def record(system: str, source: str) -> Check:
    """Returns the check that no higher test accuracy is printed by the same source."""

    def check(facts: Facts) -> Finding:
        printed = {
            row.system: row
            for row in facts.rows
            if row.source == source
            and row.metric == "test_accuracy"
            and row.dataset == "fashion_mnist"
            and row.published is not None
        }
        best = max(printed.values(), key=lambda row: row.published or 0)
        says = f"{_name(best.system)} has the highest test accuracy that this source prints"
        return Finding(best.system == system, f"{says}: {best.printed}.")

    return check


def easy_and_hard(system: str, easy: Sequence[str], hard: Sequence[str]) -> Check:
    """Returns the check that classes lie above, and others below, the network's mean F1."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system,))
        if missing:
            return Finding(None, missing)
        f1 = dict(zip(CLASS_NAMES, facts.f1(facts.runs[system].run_id), strict=True))
        mean = fmean(f1.values())
        holds = all(f1[name] > mean for name in easy) and all(f1[name] < mean for name in hard)
        listed = ", ".join(f"{name} {100 * f1[name]:.1f}" for name in (*easy, *hard))
        lowest = min(f1, key=f1.__getitem__)
        return Finding(
            holds,
            f"{_name(system)}, F1 in per cent: {listed}; mean {100 * mean:.1f}, "
            f"lowest {lowest} with {100 * f1[lowest]:.1f}.",
        )

    return check


def calmer(system: str, than: str) -> Check:
    """Returns the check that a validation accuracy moves less from epoch to epoch."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (
            fmean(abs(b - a) for a, b in pairwise(accuracies[_STEEP - 1 :]))
            for accuracies in (
                facts.val_accuracies(facts.runs[name].run_id) for name in (system, than)
            )
        )
        return Finding(
            ours < other,
            f"From epoch {_STEEP} on, validation accuracy moves by {100 * ours:.2f} points an "
            f"epoch in {_name(system)}, by {100 * other:.2f} in {_name(than)}; one run of each.",
        )

    return check


def of_optimizers(table_id: str, metric: str, optimizer: str, *, best: bool) -> Check:
    """Returns the check that an optimizer ends highest (or lowest) of a table's."""

    def check(facts: Facts) -> Finding:
        rows = [
            row for row in facts.rows if (row.table, row.metric, row.epoch) == (table_id, metric, 0)
        ]
        names = {entry.key: entry.label for entry in find_table(table_id).rows}
        choose = max if best else min
        printed = choose(rows, key=lambda row: row.published or 0)
        side = "highest" if best else "lowest"
        says = f"Published, {names[printed.optimizer]} ends {side} with {printed.printed}"
        measured = [row for row in rows if row.measured is not None]
        if optimizer not in {row.optimizer for row in measured} or len(measured) < 2:
            return Finding(None, f"{says}; the optimizers are not trained here yet.")
        ours = choose(measured, key=lambda row: row.measured or 0)
        value = in_style(ours.measured or 0, metric, ours.printed)
        says += f"; here, of {len(measured)} of {len(rows)}, {names[ours.optimizer]} with {value}."
        if ours.optimizer == optimizer and len(measured) < len(rows):
            return Finding(None, says)
        own = next(row for row in measured if row.optimizer == optimizer)
        pair = facts.pair(ours.run_ids[0], own.run_ids[0]) if ours is not own else None
        if pair and not separated(pair):
            return Finding(None, f"{says} The two are not separated on the test images.")
        return Finding(ours is own, says)

    return check


def silent(system: str) -> Check:
    """Returns the check for a claim without a number: what ours says instead."""

    def check(facts: Facts) -> Finding:
        missing = _missing(facts, (system,))
        if missing:
            return Finding(None, missing)
        metrics = facts.runs[system].metrics
        low, high = metrics.test_accuracy_ci95
        return Finding(
            None,
            f"{_name(system)} has no published number; ours has a test accuracy of "
            f"{100 * metrics.test_accuracy:.2f} % ({100 * low:.2f} to {100 * high:.2f}).",
        )

    return check


def _missing(facts: Facts, wanted: Sequence[str]) -> str:
    names = [_name(system) for system in wanted if system not in facts.runs]
    if not names:
        return ""
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not trained here yet."


def _name(system: str) -> str:
    return f"**{escaped(network_name(system))}**"
