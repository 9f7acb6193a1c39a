"""What checks of a claim are made with, and what they find."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from fmnist_core.evaluation.fit import FitVerdict
from fmnist_core.evaluation.ledger.rows import LedgerRow
from fmnist_core.evaluation.significance import Answers
from fmnist_core.evaluation.study.result import StudyResult
from fmnist_core.figures.papers.rows import network_name
from fmnist_core.figures.words import escaped
from fmnist_core.runs.schema import Run


@dataclass(frozen=True)
class Facts:
    """What checks are made with.

    Attributes:
        rows: the whole ledger.
        runs: system id -> its full trainings, as its source says, one a seed.
        answers: which test images a run gets right, by id.
        fit: verdict of a run on over- and underfitting, by id.
        f1: F1 of the ten classes of a run, by id.
        val_losses: of every epoch of a run, by id.
        study: a study with its runs and effects, by its id.
    """

    rows: Sequence[LedgerRow]
    runs: Mapping[str, Sequence[Run]]
    answers: Callable[[str], Answers]
    fit: Callable[[str], FitVerdict | None]
    f1: Callable[[str], Sequence[float]]
    val_losses: Callable[[str], Sequence[float]]
    study: Callable[[str], StudyResult]


@dataclass(frozen=True)
class Finding:
    """What a check found; `holds` is `None` where it cannot be said. `says` is Markdown.

    Attributes:
        cause: whether it bears on what the claim says is the cause.
    """

    holds: bool | None
    says: str
    cause: bool = False


Check = Callable[[Facts], Finding]


def mean_accuracy(facts: Facts, system: str) -> float:
    """Returns the mean test accuracy of a network's trainings."""
    return fmean(run.metrics.test_accuracy for run in facts.runs[system])


def unanimous(seeds: Sequence[bool]) -> bool | None:
    """Returns what every seed says; `None` where they disagree."""
    return seeds[0] if len(set(seeds)) == 1 else None


def of_all(said: Sequence[bool | None]) -> bool | None:
    """Returns what holds of all: one counterexample is enough against it, for it none is open."""
    if False in said:
        return False
    return True if said and all(said) else None


def below(ours: Sequence[float], other: Sequence[float]) -> bool | None:
    """Returns whether every seed's number lies below every one of the other's; `None` if mixed."""
    if max(ours) < min(other):
        return True
    return False if min(ours) > max(other) else None


def count_seeds(count: int) -> str:
    """Returns "1 seed" or "3 seeds"."""
    return "1 seed" if count == 1 else f"{count} seeds"


def not_trained(facts: Facts, wanted: Sequence[str]) -> str:
    """Returns which of these networks have no full training here; empty if all have."""
    names = [bold_name(system) for system in wanted if system not in facts.runs]
    if not names:
        return ""
    return (
        f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} not trained here in full yet."
    )


def bold_name(system: str) -> str:
    """Returns a network's name in bold, as Markdown."""
    return f"**{escaped(network_name(system))}**"
