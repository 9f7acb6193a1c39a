"""Which runs the paired tests leave together: the bars of a critical-difference diagram."""

from dataclasses import dataclass

from fmnist_core.evaluation.compare import Comparison
from fmnist_core.evaluation.significance import separated


@dataclass(frozen=True)
class TieGroup:
    """Runs of which no test separates any two, the most accurate first.

    Attributes:
        best: test accuracy of the first.
        worst: test accuracy of the last.
    """

    run_ids: tuple[str, ...]
    best: float
    worst: float


def tie_groups(comparison: Comparison) -> tuple[TieGroup, ...]:
    """Returns the longest stretches of the ranking within which no pair is separated, best first.

    J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006, draws
    classifiers on an axis of mean ranks and joins those that Nemenyi's test after Friedman's does
    not separate. Those tests draw data sets; here there is one, and its images are what is drawn.
    So the axis is accuracy, and bars join what the exact McNemar test on the same images, with
    Holm's correction over all pairs, leaves together.

    Groups overlap: A with B and B with C, although A and C are separated. Every run is in one at
    least; one that is separated from its neighbours stands alone. Two runs that could not be tested
    are never joined. Two that are not separated, but have a third between them that is separated
    from one, are in no common group either: see the pairs.
    """
    ranking = sorted(comparison.runs, key=lambda run: -run.test_accuracy)
    tied = {frozenset((pair.a, pair.b)) for pair in comparison.pairs if not separated(pair)}
    groups: list[TieGroup] = []
    end = 0
    for start, first in enumerate(ranking):
        reach = start + 1
        while reach < len(ranking) and all(
            frozenset((run.run_id, ranking[reach].run_id)) in tied for run in ranking[start:reach]
        ):
            reach += 1
        if reach > end:  # else the group before holds all of these
            ids = tuple(run.run_id for run in ranking[start:reach])
            groups.append(TieGroup(ids, first.test_accuracy, ranking[reach - 1].test_accuracy))
            end = reach
    return tuple(groups)
