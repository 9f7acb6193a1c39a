"""Checks of a claim on one network: each holds, does not hold, or cannot be said yet.

What no test of chance goes with is held seed by seed, and counts where all seeds agree.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.papers.facts import (
    Check,
    Facts,
    Finding,
    below,
    bold_name,
    count_seeds,
    mean_accuracy,
    not_trained,
    of_all,
    unanimous,
)
from fmnist_core.figures.papers.rows import in_style, marks, what
from fmnist_core.figures.words import escaped


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
        text = f"{bold_name(system)}, {what(row)}: published {printed}"
        if row.measured is None:
            return Finding(None, f"{text}; {row.verdict}.")
        ours = in_style(row.measured, metric, row.printed)
        known = [*marks(row), *(["counted while training"] if metric == "train_accuracy" else [])]
        ours += f" ({', '.join(known)})" if known else ""
        holds = {"reproduced": True, "not reproduced": False}.get(row.verdict)
        why = f" {escaped(row.reason)}" if holds is None else ""
        return Finding(holds, f"{text}, ours {ours}: {row.verdict}.{why}")

    return check


def fits(system: str, *verdicts: str) -> Check:
    """Returns the check that a network fits as is said of it, by the rule used on every page."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system,))
        found = [] if missing else [facts.fit(run.run_id) for run in facts.runs[system]]
        said = [one for one in found if one is not None]
        if not said:
            return Finding(None, missing or f"{bold_name(system)} states no validation accuracy.")
        holds = unanimous([one.verdict in verdicts for one in said])
        most, alike = Counter(one.verdict for one in said).most_common(1)[0]
        first = next(one for one in said if one.verdict == most)
        says = f"{bold_name(system)}: {first.verdict}. {first.reason}"
        if len(said) > 1:
            every = "Both" if len(said) == 2 else f"All {len(said)}"
            count = every if alike == len(said) else f"{alike} of the {len(said)}"
            says += f" {count} seeds {'is' if alike == 1 else 'are'} judged so."
        return Finding(holds, says)

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
        says = f"{bold_name(best.system)} has the highest test accuracy that this source prints"
        return Finding(best.system == system, f"{says}: {best.printed}.")

    return check


def easy_and_hard(system: str, easy: Sequence[str], hard: Sequence[str]) -> Check:
    """Returns the check that classes lie above, and others below, the network's mean F1."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system,))
        if missing:
            return Finding(None, missing)
        of_seeds = _f1_of_seeds(facts, system)
        f1 = {name: fmean(one[name] for one in of_seeds) for name in CLASS_NAMES}
        mean = fmean(f1.values())
        holds = unanimous([_lie_apart(one, easy, hard) for one in of_seeds])
        listed = ", ".join(f"{name} {100 * f1[name]:.1f}" for name in (*easy, *hard))
        lowest = min(f1, key=f1.__getitem__)
        return Finding(
            holds,
            f"{bold_name(system)}, F1 in per cent: {listed}; mean {100 * mean:.1f}, "
            f"lowest {lowest} with {100 * f1[lowest]:.1f}.",
        )

    return check


def harder(system: str, than: str, classes: Sequence[str]) -> Check:
    """Returns the check that a network has the lower mean F1 on classes than another."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (
            [fmean(one[name] for name in classes) for one in _f1_of_seeds(facts, network)]
            for network in (system, than)
        )
        return Finding(
            below(ours, other),
            f"{' and '.join(classes)}, mean F1 in per cent: {bold_name(system)} "
            f"{100 * fmean(ours):.1f}, {bold_name(than)} {100 * fmean(other):.1f}.",
        )

    return check


def ahead_in_every_class(system: str, of: str) -> Check:
    """Returns the check that a network has the higher F1 in each of the ten classes."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system, of))
        if missing:
            return Finding(None, missing)
        ours, other = (_f1_of_seeds(facts, network) for network in (system, of))
        seeds = {
            name: ([one[name] for one in other], [one[name] for one in ours])
            for name in CLASS_NAMES
        }
        said = [below(behind, ahead) for behind, ahead in seeds.values()]
        gains = {name: fmean(ahead) - fmean(behind) for name, (behind, ahead) in seeds.items()}
        least, most = min(gains, key=gains.__getitem__), max(gains, key=gains.__getitem__)
        return Finding(
            of_all(said),
            f"F1 of {bold_name(system)} over that of {bold_name(of)}, in points: least "
            f"{100 * gains[least]:+z.1f} ({least}), most {100 * gains[most]:+z.1f} ({most}); in "
            f"{said.count(True)} of {len(said)} classes every seed is ahead.",
        )

    return check


def lower_loss(system: str, than: str) -> Check:
    """Returns the check that a network has the lower loss on the test images."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (
            [loss for run in facts.runs[name] if (loss := run.metrics.test_loss) is not None]
            for name in (system, than)
        )
        if (len(ours), len(other)) != (len(facts.runs[system]), len(facts.runs[than])):
            return Finding(None, "The test loss of a seed is no finite number.")
        return Finding(
            below(ours, other),
            f"Test loss: {bold_name(system)} {fmean(ours):.3f}, {bold_name(than)} "
            f"{fmean(other):.3f}.",
        )

    return check


def _f1_of_seeds(facts: Facts, system: str) -> list[dict[str, float]]:
    return [dict(zip(CLASS_NAMES, facts.f1(run.run_id), strict=True)) for run in facts.runs[system]]


def _lie_apart(f1: Mapping[str, float], easy: Sequence[str], hard: Sequence[str]) -> bool:
    mean = fmean(f1.values())
    return all(f1[name] > mean for name in easy) and all(f1[name] < mean for name in hard)


def silent(system: str) -> Check:
    """Returns the check for a claim without a number: what ours says instead."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system,))
        if missing:
            return Finding(None, missing)
        runs = facts.runs[system]
        says = (
            f"{bold_name(system)} has no published number; ours has a test accuracy of "
            f"{100 * mean_accuracy(facts, system):.2f} %"
        )
        if len(runs) > 1:
            return Finding(None, f"{says}, the mean of {count_seeds(len(runs))}.")
        low, high = runs[0].metrics.test_accuracy_ci95
        return Finding(None, f"{says} ({100 * low:.2f} to {100 * high:.2f}).")

    return check
