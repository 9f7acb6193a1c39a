"""How far a training seed alone moves a network: kept apart from which test images were drawn."""

import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from fmnist_core.evaluation.settings import settings_of
from fmnist_core.runs.schema import Run

# They move the last digits of the weights, which is what another seed does on purpose.
_LAST_DIGITS = ("processor", "threads", "version of ")


@dataclass(frozen=True)
class SeedGroup:
    """Runs that differ in nothing but the seed, by seed.

    Attributes:
        run_ids: (seeds,).
        seeds: (seeds,) ascending, each once.
        accuracies: (seeds,) on the test images.
        mean: of the accuracies.
        deviation: their sample standard deviation, with n - 1; `None` for a single seed.
        same_test_images: whether all were tested on the same images; else the seed drew those too,
            and the deviation holds both.
    """

    run_ids: tuple[str, ...]
    seeds: tuple[int, ...]
    accuracies: tuple[float, ...]
    mean: float
    deviation: float | None
    same_test_images: bool


def seed_groups(runs: Sequence[Run]) -> tuple[SeedGroup, ...]:
    """Returns the runs grouped by everything but the seed, in the order of their first members.

    Processor, threads and library versions do not part runs, nor does where early stopping ended
    each. Runs that were stopped by hand stand with those stopped at the same epoch. Of runs with
    one and the same seed the newest counts: repeating a seed says nothing about others, and would
    make the deviation look smaller than it is.
    """
    members: dict[Hashable, list[Run]] = defaultdict(list)
    for run in runs:
        members[_all_but_the_seed(run)].append(run)
    return tuple(_group(list(newest_by_seed(group).values())) for group in members.values())


def newest_by_seed(runs: Iterable[Run]) -> dict[int, Run]:
    """Returns seed -> the newest run that has it, in the order of the seeds."""
    newest = {run.seed: run for run in sorted(runs, key=lambda run: (run.created, run.run_id))}
    return dict(sorted(newest.items()))


def _group(runs: list[Run]) -> SeedGroup:
    accuracies = [run.metrics.test_accuracy for run in runs]
    return SeedGroup(
        run_ids=tuple(run.run_id for run in runs),
        seeds=tuple(run.seed for run in runs),
        accuracies=tuple(accuracies),
        mean=statistics.fmean(accuracies),
        deviation=statistics.stdev(accuracies) if len(runs) > 1 else None,
        same_test_images=runs[0].protocol != "pooled-60-20-20",
    )


def _all_but_the_seed(run: Run) -> Hashable:
    ignored = {"seed"} if run.status == "stopped" else {"seed", "epochs_trained"}
    return frozenset(
        (name, value)
        for name, value in settings_of(run).items()
        if name not in ignored and not name.startswith(_LAST_DIGITS)
    )
