"""Checks of a claim that hold networks, or optimizers, against each other."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from fmnist_core.evaluation.network_effect import network_effect, network_sentence
from fmnist_core.evaluation.p_values import p_words
from fmnist_core.evaluation.recipe_words import OPTIMIZER_TITLES
from fmnist_core.evaluation.study.effects import adjusted
from fmnist_core.evaluation.study.sentences import beyond_chance
from fmnist_core.figures.papers.facts import (
    Check,
    Facts,
    Finding,
    below,
    bold_name,
    mean_accuracy,
    not_trained,
)
from fmnist_core.figures.papers.rows import in_style
from fmnist_core.listing import listed
from fmnist_core.runs.schema import Run


def beats(better: str, worse: str, *, besides: str = "") -> Check:
    """Returns the check that one network has the higher test accuracy, by the paired test.

    Args:
        besides: what else the two differ in than what is claimed; then nothing can be concluded.
    """

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (better, worse))
        if missing:
            return Finding(None, missing)
        first, second = (
            [facts.answers(run.run_id) for run in facts.runs[one]] for one in (better, worse)
        )
        found = network_effect((bold_name(better), bold_name(worse)), first, second)
        if found is None:
            return Finding(None, f"{bold_name(better)} and {bold_name(worse)} share no test image.")
        says = network_sentence(found)
        if besides:
            return Finding(None, f"{says} The two differ in {besides} as well.")
        return Finding(found.difference > 0 if found.separated else None, says)

    return check


def leads(system: str, among: Sequence[str]) -> Check:
    """Returns the check that no other of these networks has a higher test accuracy."""

    def check(facts: Facts) -> Finding:
        trained = [name for name in among if name in facts.runs]
        if system not in trained or len(trained) < 2:
            return Finding(None, f"{bold_name(system)} or its rivals are not trained here yet.")
        accuracy = {name: mean_accuracy(facts, name) for name in trained}
        best = max(trained, key=accuracy.__getitem__)
        says = f"Of {len(trained)} trained here, {bold_name(best)} is highest with "
        says += f"{100 * accuracy[best]:.2f} %"
        if best != system:
            says += f"; {bold_name(system)} has {100 * accuracy[system]:.2f} %"
        elif len(trained) < len(among):
            return Finding(None, f"{says}; {len(among) - len(trained)} are not trained yet.")
        runs = {name: [run.run_id for run in facts.runs[name]] for name in trained}
        end, apart = _tested(facts, runs, best, system, bold_name)
        return Finding(best == system if apart else None, says + end)

    return check


def of_optimizers(table_id: str, metric: str, optimizer: str, *, best: bool) -> Check:
    """Returns the check that an optimizer ends highest (or lowest) of a table's."""

    def check(facts: Facts) -> Finding:
        rows = [
            row for row in facts.rows if (row.table, row.metric, row.epoch) == (table_id, metric, 0)
        ]
        names = OPTIMIZER_TITLES  # the source misspells one of them
        choose = max if best else min
        printed = choose(rows, key=lambda row: row.published or 0)
        side = "highest" if best else "lowest"
        says = f"Published, {names[printed.optimizer]} ends {side} with {printed.printed}"
        measured = [row for row in rows if row.measured is not None and row.budget == "full"]
        if optimizer not in {row.optimizer for row in measured} or len(measured) < 2:
            return Finding(None, f"{says}; the optimizers are not trained here in full yet.")
        ours = choose(measured, key=lambda row: row.measured or 0)
        value = in_style(ours.measured or 0, metric, ours.printed)
        says += f"; here, of {len(measured)} of {len(rows)}, {names[ours.optimizer]} with {value}"
        if ours.optimizer == optimizer and len(measured) < len(rows):
            return Finding(None, f"{says}.")
        runs = {row.optimizer: row.run_ids for row in measured}
        end, apart = _tested(facts, runs, ours.optimizer, optimizer, names.__getitem__)
        return Finding(ours.optimizer == optimizer if apart else None, says + end)

    return check


def smaller(system: str, than: str, factor: float) -> Check:
    """Returns the check that a network has at most this share of another's parameters."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (facts.runs[name][0].params.total for name in (system, than))
        says = (
            f"{bold_name(system)} has {ours:,} parameters, {ours / other:.2f} times the {other:,} "
        )
        return Finding(ours <= factor * other, f"{says}of {bold_name(than)}.")

    return check


def costlier(system: str, than: str) -> Check:
    """Returns the check that one network takes more processor time to train than another."""

    def check(facts: Facts) -> Finding:
        missing = not_trained(facts, (system, than))
        if missing:
            return Finding(None, missing)
        ours, other = (
            fmean(run.train_cpu_seconds for run in facts.runs[name]) for name in (system, than)
        )
        says = (
            f"{bold_name(system)} took {ours:,.0f} processor seconds to train, {bold_name(than)} "
        )
        return Finding(ours > other, f"{says}{other:,.0f}.")

    return check


def smallest_gap(system: str, among: Sequence[str]) -> Check:
    """Returns the check that a network has the smallest gap of training over test accuracy."""

    def check(facts: Facts) -> Finding:
        seen = {name: facts.runs[name] for name in among if name in facts.runs}
        of_seeds = {
            name: found
            for name, runs in seen.items()
            if (found := [gap for run in runs if (gap := _gap(run)) is not None])
        }
        gaps = {name: fmean(found) for name, found in of_seeds.items()}
        if system not in gaps or len(gaps) < 2:
            return Finding(None, f"{bold_name(system)} or its rivals are not trained here yet.")
        least = min(gaps, key=gaps.__getitem__)
        says = f"Training over test accuracy: {bold_name(system)} {100 * gaps[system]:+z.2f} points"
        rivals = [below(of_seeds[system], of_seeds[name]) for name in gaps if name != system]
        if least == system:
            # A rival that is not trained yet may have a smaller one.
            known = True if all(rivals) and len(gaps) == len(among) else None
            return Finding(known, f"{says}, the smallest of {len(gaps)} trained here.")
        least_words = f"{bold_name(least)} {100 * gaps[least]:+z.2f}"
        holds = False if False in rivals else None
        return Finding(holds, f"{says}; the smallest of {len(gaps)} is that of {least_words}.")

    return check


def _gap(run: Run) -> float | None:
    train = run.metrics.train_accuracy
    return None if train is None else train - run.metrics.test_accuracy


def _tested(
    facts: Facts,
    runs: Mapping[str, Sequence[str]],
    first: str,
    said: str,
    name: Callable[[str], str],
) -> tuple[str, bool]:
    """Tests the one that is first here against the one said to be, or against all if it is that.

    Args:
        runs: the runs of each, one a seed; all of them tell how far a seed moves one.
        name: gives the name that a sentence calls one by.

    Returns:
        the end of a sentence, and whether it is more than chance.
    """
    answers = {one: [facts.answers(run_id) for run_id in ids] for one, ids in runs.items()}
    found = {
        other: network_effect(
            (other, said),
            answers[other],
            answers[said],
            [own for one, own in answers.items() if one not in (other, said)],
        )
        for other in answers
        if other != said
    }
    if first == said:
        # To lead is to beat every rival: each test at the full level, no correction.
        alike = [name(other) for other, one in found.items() if one is None or not one.separated]
        if alike:
            return f"; chance alone can explain its distance from {listed(alike)}.", False
        every = [one for one in found.values() if one]
        largest = p_words(max(one.p for one in every))
        alone = f"each tested alone, the largest p {largest}"
        return f", apart from every other by {beyond_chance(every)} ({alone}).", True
    # Which one is first was seen in the result, so its test is one of as many as there are rivals.
    tested = adjusted([one for one in found.values() if one])
    its = [one for one in tested if one.level == first and one.separated]
    if not its:
        return ", which chance alone can explain.", False
    return f", {beyond_chance(its)}.", True
