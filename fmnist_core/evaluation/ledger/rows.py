"""The ledger: every number the sources print, beside ours, with a verdict.

A row for each published number; and one for each network of which no number on Fashion-MNIST is
published, with our test accuracy and without a verdict.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmnist_core.evaluation.ledger.choice import Choice, choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import Evidence, read_all_evidence
from fmnist_core.evaluation.ledger.measured import (
    count,
    having,
    lacking_seeds,
    measure,
    why_missing,
)
from fmnist_core.evaluation.ledger.seeds import spread_over_networks
from fmnist_core.evaluation.ledger.verdicts import Budget, Measured, Verdict, VerdictWord, verdict
from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.papers import systems
from fmnist_core.papers.schema import Published, System


@dataclass(frozen=True)
class LedgerRow:
    """A published number, and what became of it here.

    Attributes:
        source: id of the source that prints it; `place` is a place in that source.
        metric: a key of `papers.schema.METRICS`.
        published: as `measured`: fractions, losses in nats, counts, seconds. `None` where the
            source prints no number (on Fashion-MNIST) for the system.
        split: which images, as the source uses the word; `epoch` 0 is the whole training.
        basis: how much of the network the source states.
        contradictions: ids in the register that concern this very number.
        measured: the mean over the seeds that have the number; `reason` names those without.
        difference: measured minus published.
        ci95: where one more run of ours is expected, by the chance of images and of seeds; without
            either what is known of the other alone.
        seed_deviation: sample standard deviation over the seeds; `None` for fewer than two.
        spread_of_others: that over the seeds of other networks, where `ci95` holds it in place of
            the network's own; `spread_of_epochs` that told from its last epochs, where it holds
            this instead.
        run_ids: by seed; empty for what needs no run, and where there is none.
        budget: of those runs, for this number: `"full"`, `"reduced"`, `"stopped"`,
            `"other recipe"`, or empty without runs.
        protocol: their split; the catalogue's where there is no run.
        protocol_differences: how their recipe departs from the source's, one sentence each.
    """

    system: str
    source: str
    place: str
    metric: str
    published: float | None
    printed: str
    qualifier: str
    dataset: str
    split: str
    class_name: str
    epoch: int
    optimizer: str
    train_fraction: float
    table: str
    note: str
    basis: str
    contradictions: tuple[str, ...]
    measured: float | None
    difference: float | None
    ci95: tuple[float, float] | None
    seeds: int
    seed_deviation: float | None
    spread_of_others: float | None
    spread_of_epochs: float | None
    run_ids: tuple[str, ...]
    budget: Budget
    protocol: str
    protocol_differences: tuple[str, ...]
    verdict: VerdictWord
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Returns the fields as a JSON object."""
        return dataclasses.asdict(self)


def read_ledger(root: Path) -> tuple[LedgerRow, ...]:
    """Returns the ledger of the runs in a folder; damaged ones count as missing."""
    evidence, _ = read_all_evidence(root)
    return ledger(evidence)


def ledger(
    evidence: Sequence[Evidence], of: Sequence[System] | None = None
) -> tuple[LedgerRow, ...]:
    """Returns the rows in the order of the sources, their systems and their numbers.

    Args:
        of: these systems only; all of the catalogue otherwise.
    """
    by_system: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_system[item.run.architecture].append(item)
    others = spread_over_networks(by_system)
    rows: list[LedgerRow] = []
    for system in systems() if of is None else of:
        rows += _system_rows(system, by_system[system.id], others)
    return tuple(rows)


def _system_rows(
    system: System, evidence: Sequence[Evidence], others: SeedSpread | None
) -> list[LedgerRow]:
    choices: dict[tuple[str, float], Choice | None] = {}
    rows = []
    for number in system.published:
        recipe = needed_recipe(system, number.optimizer, number.train_fraction)
        key = number.optimizer, number.train_fraction
        if key not in choices:
            choices[key] = choose_runs(system, recipe, evidence)
        counted = count(system, number, recipe)
        if number.dataset != "fashion_mnist":
            choice, measured, missing = None, None, ""
        elif counted is not None:
            choice, measured, missing = None, Measured(counted), ""
        else:
            choice = choices[key]
            measured = measure(number, choice, others) if choice else None
            missing = why_missing(number, choice) if choice else _no_run(number)
        judged = _without_seeds(number, choice, verdict(system, number, measured, missing))
        rows.append(_row(system, number, number.value, choice, measured, judged))
    if all(number.dataset != "fashion_mnist" for number in system.published):
        rows.append(_unpublished(system, evidence, others))
    return rows


def _without_seeds(number: Published, choice: Choice | None, judged: Verdict) -> Verdict:
    """Seeds without the number are named, and the others, which had better luck, decide nothing."""
    lacking = lacking_seeds(number, choice) if choice else ""
    if not lacking:
        return judged
    if judged.word in ("reproduced", "not reproduced"):
        return Verdict("not judged", lacking)
    return Verdict(judged.word, f"{judged.reason} {lacking}")


def _unpublished(
    system: System, evidence: Sequence[Evidence], others: SeedSpread | None
) -> LedgerRow:
    """The row of a system for which no source prints a number on these images."""
    elsewhere = " on Fashion-MNIST" if system.published else ""
    reason = f"No number is published for this network{elsewhere}."
    number = Published("test_accuracy", 0.0, "", system.place, paper=system.paper)
    choice = choose_runs(system, needed_recipe(system), evidence)
    measured = measure(number, choice, others) if choice else None
    if measured is None:
        judged = Verdict("not measured", f"{reason} {_no_run(number)}")
    else:
        judged = Verdict("not judged", reason)
    return _row(system, number, None, choice, measured, judged)


def _row(
    system: System,
    number: Published,
    published: float | None,
    choice: Choice | None,
    measured: Measured | None,
    judged: Verdict,
) -> LedgerRow:
    runs = [item.run for item in having(number, choice).evidence] if choice and measured else []
    difference = None
    if measured and published is not None:
        difference = measured.value - published
    return LedgerRow(
        system=system.id,
        source=number.paper,
        place=number.place,
        metric=number.metric,
        published=published,
        printed=number.printed,
        qualifier=number.qualifier,
        dataset=number.dataset,
        split=number.split,
        class_name=number.class_name,
        epoch=number.epoch,
        optimizer=number.optimizer,
        train_fraction=number.train_fraction,
        table=number.table,
        note=number.note,
        basis=system.basis,
        contradictions=number.contradictions,
        measured=measured.value if measured else None,
        difference=difference,
        ci95=measured.interval if measured else None,
        seeds=measured.seeds if measured else 0,
        seed_deviation=measured.deviation if measured else None,
        spread_of_others=measured.spread_of_others if measured else None,
        spread_of_epochs=measured.spread_of_epochs if measured else None,
        run_ids=tuple(run.run_id for run in runs),
        budget=measured.budget if measured else "",
        protocol=runs[0].protocol if runs else system.protocol,
        protocol_differences=measured.departures if measured else (),
        verdict=judged.word,
        reason=judged.reason,
    )


def _no_run(number: Published) -> str:
    if number.optimizer:
        return f"There is no run with {number.optimizer} yet."
    return "There is no run of this network yet."
