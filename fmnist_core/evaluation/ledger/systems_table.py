"""The networks in one table: what each reached here, by which protocol, and what it cost."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fmnist_core.evaluation.ledger.choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import Evidence
from fmnist_core.evaluation.ledger.measured import measure
from fmnist_core.evaluation.ledger.seeds import spread_over_networks
from fmnist_core.evaluation.ledger.verdicts import Budget
from fmnist_core.evaluation.seed_spread import SeedSpread
from fmnist_core.papers import systems
from fmnist_core.papers.schema import Published, System

SPLITS = {
    "holdout-80-20": "80/20",
    "pooled-60-20-20": "60/20/20 of 70,000",
    "test-as-validation": "test as validation",
}
_COLUMNS = (
    "network | source | test accuracy | 95 % interval | seeds | parameters | epochs | training "
    "| split | budget"
)
_RIGHT = (False, False, True, True, True, True, True, True, False, False)
_LEGEND = (
    "Mean over the seeds. The interval is where one more run is expected, by the chance of test "
    "images and of the seed; with fewer than three seeds, how far one moves the accuracy is taken "
    "from the networks that have several, or from the swing of its own last epochs where that is "
    "more. Training is processor time over all threads. Budget says what was less than, or other "
    "than, the source's recipe. Networks of different splits are not ranked against each other: "
    "under *test as validation* nothing was held out from whoever chose the network, and "
    "*60/20/20* tests other images."
)


@dataclass(frozen=True)
class SystemLine:
    """What a network reached here, by the runs the ledger takes.

    Attributes:
        test_accuracy: mean over the seeds, a fraction; `None` without a run, as all that follows.
        total_params: `None` for a baseline that has none.
        train_cpu_seconds: mean over the seeds, of all threads together.
        protocol: their split; the catalogue's without a run.
        budget: `"full"`, `"reduced"`, `"stopped"` or `"other recipe"`; empty without a run.
        departures: how the recipe departs from the source's, one sentence each.
    """

    system: System
    run_ids: tuple[str, ...]
    test_accuracy: float | None
    ci95: tuple[float, float] | None
    total_params: int | None
    epochs: int | None
    train_cpu_seconds: float | None
    protocol: str
    budget: Budget
    departures: tuple[str, ...]


def system_lines(evidence: Sequence[Evidence]) -> tuple[SystemLine, ...]:
    """Returns a line for each system of the catalogue, in its order."""
    by_system: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_system[item.run.architecture].append(item)
    others = spread_over_networks(by_system)
    return tuple(_line(system, by_system[system.id], others) for system in systems())


def markdown_table(lines: Sequence[SystemLine]) -> str:
    """Returns the table of the lines as Markdown, with what its columns mean below it."""
    rules = ("---:" if right else "---" for right in _RIGHT)
    rows = [f"| {_COLUMNS} |", f"|{'|'.join(rules)}|", *map(_row, lines)]
    return "\n".join([*rows, "", _LEGEND])


def _line(system: System, evidence: Sequence[Evidence], others: SeedSpread | None) -> SystemLine:
    choice = choose_runs(system, needed_recipe(system), evidence)
    number = Published("test_accuracy", 0.0, "", system.place)
    measured = measure(number, choice, others) if choice else None
    if choice is None or measured is None:
        return SystemLine(system, (), None, None, None, None, None, system.protocol, "", ())
    runs = [item.run for item in choice.evidence]
    return SystemLine(
        system=system,
        run_ids=tuple(run.run_id for run in runs),
        test_accuracy=measured.value,
        ci95=measured.interval,
        total_params=runs[0].params.total or None,
        epochs=runs[0].epochs,
        train_cpu_seconds=statistics.fmean(run.train_cpu_seconds for run in runs),
        protocol=runs[0].protocol,
        budget=choice.budget,
        departures=choice.departures,
    )


def _row(line: SystemLine) -> str:
    system = line.system
    cells = [f"`{system.id}`", system.paper]
    if line.test_accuracy is None or line.ci95 is None or line.train_cpu_seconds is None:
        cells += ["", "", "0", "", "", "", SPLITS[line.protocol], "not trained yet"]
        return f"| {' | '.join(cells)} |"
    low, high = (100 * end for end in line.ci95)
    cells += [
        f"{100 * line.test_accuracy:.2f} %",
        f"{low:.2f} to {high:.2f}",
        str(len(line.run_ids)),
        f"{line.total_params:,}" if line.total_params else "",
        str(line.epochs) if line.epochs else "",
        _duration(line.train_cpu_seconds),
        SPLITS[line.protocol],
        _budget(line),
    ]
    return f"| {' | '.join(cells)} |"


def _budget(line: SystemLine) -> str:
    remarks = " ".join(line.departures).replace("|", "/")
    if line.budget == "full":
        return f"full; {remarks}" if remarks else "full"
    return f"**{line.budget}**: {remarks}" if remarks else f"**{line.budget}**"


def _duration(seconds: float) -> str:
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 99.5 else f"{minutes / 60:.1f} h"
