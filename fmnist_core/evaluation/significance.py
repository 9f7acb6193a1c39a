"""Is the difference of two networks on the same images more than chance?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fmnist_core.errors import RunError
from fmnist_core.evaluation.intervals import newcombe_paired_interval
from fmnist_core.runs.arrays import POOL_SIZE

# Holm-adjusted p-values below it call two runs different.
SEPARATED_BELOW = 0.05


@dataclass(frozen=True, eq=False)
class Answers:
    """Which test images a run gets right.

    Attributes:
        correct: (n,) bool.
        indices: (n,) which images of the pool of 70,000.
        selected_on_test: these very images also served for validation.
    """

    run_id: str
    correct: NDArray[np.bool_]
    indices: NDArray[np.int32]
    selected_on_test: bool = False


@dataclass(frozen=True)
class Pair:
    """Two runs on the images that both were tested on; neither was trained on any of them.

    Attributes:
        images: how many those are.
        accuracy_difference: accuracy of a minus accuracy of b on those images.
        difference_ci95: Newcombe's interval for paired proportions.
        mcnemar_p: exact, two-sided; `mcnemar_p_holm` is adjusted for all pairs tested together.
        remark: what a reader must know about the pair; empty when there is nothing.
    """

    a: str
    b: str
    images: int
    a_only_correct: int
    b_only_correct: int
    accuracy_difference: float
    difference_ci95: tuple[float, float]
    mcnemar_p: float
    mcnemar_p_holm: float
    remark: str


@dataclass(frozen=True)
class UntestedPair:
    """Two runs that share no test image, and that in words."""

    a: str
    b: str
    reason: str


def paired_tests(
    runs: Sequence[Answers],
) -> tuple[tuple[Pair, ...], tuple[UntestedPair, ...]]:
    """Returns every two runs tested against each other, and those that cannot be.

    A test image of a run was never trained on by that run, so the images that two runs share in
    their test sets are held out for both, whatever their protocols.

    Raises:
        RunError: a run comes twice.
    """
    ids = [run.run_id for run in runs]
    if len(set(ids)) != len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise RunError(f"runs to compare must be different. Received: {twice} twice.")
    right, wrong = _answer_sheets(runs)
    # Counts of images for all pairs at once, (runs, runs) each; float32 is exact up to 2^24.
    both, only, neither = right @ right.T, right @ wrong.T, wrong @ wrong.T
    tables, untested = [], []
    for i, j in combinations(range(len(runs)), 2):
        table = (int(both[i, j]), int(only[i, j]), int(only[j, i]), int(neither[i, j]))
        if sum(table):
            tables.append((runs[i], runs[j], table))
        else:
            reason = "cannot be compared: no image was a test image of both"
            untested.append(UntestedPair(ids[i], ids[j], reason))
    p_values = [mcnemar_exact(a_only, b_only) for _, _, (_, a_only, b_only, _) in tables]
    pairs = [
        _pair(a, b, table, p, adjusted)
        for (a, b, table), p, adjusted in zip(tables, p_values, holm(p_values), strict=True)
    ]
    return tuple(pairs), tuple(untested)


def separated(pair: Pair) -> bool:
    """Says whether the test tells the two apart, with all pairs tested together."""
    return pair.mcnemar_p_holm < SEPARATED_BELOW


def mcnemar_exact(a_only: int, b_only: int) -> float:
    """Returns the two-sided exact p-value of McNemar's test; 1 without discordant images.

    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", Psychometrika 12, 1947, in its exact conditional form: if neither network is
    better, each image that only one of them gets right is a fair coin. It never calls more
    differences than it promises. Fagerland, Lydersen and Laake ("Statistical Analysis of
    Contingency Tables", 2017, chapter 8) treat 1 against 7, which gives 18/256.

    Args:
        a_only: images that only the first network gets right.
        b_only: images that only the second gets right.
    """
    flips, fewer = a_only + b_only, min(a_only, b_only)
    # C(n, 0) + ... + C(n, fewer) of 2^n in whole numbers: exact, 0.2 ms for 1,500 flips, and no
    # scipy.stats in the web process (its import takes 1.7 s).
    term = tail = 1
    for heads in range(fewer):
        term = term * (flips - heads) // (heads + 1)
        tail += term
    possible: int = 2**flips
    # The two tails overlap when the counts are equal.
    return min(1.0, 2 * tail / possible)


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns Holm's adjusted p-values in the order given.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6, 1979: the smallest p-value is multiplied by their number m, the next by m - 1, and
    so on; none becomes smaller than the one before it, or larger than 1. Calling those below 0.05
    different makes one wrong call or more in at most 5 % of all tables, whatever the dependence.
    R's `p.adjust` turns 0.01, 0.04, 0.03, 0.005 into 0.03, 0.06, 0.06, 0.02.
    """
    order = sorted(range(len(p_values)), key=lambda position: p_values[position])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, position in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = highest
    return adjusted


def _answer_sheets(runs: Sequence[Answers]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns two (runs, pool) matrices: 1 where a run is right, and where it is wrong."""
    right = np.zeros((len(runs), POOL_SIZE), np.float32)
    wrong = np.zeros_like(right)
    for row, run in enumerate(runs):
        right[row, run.indices] = run.correct
        wrong[row, run.indices] = ~run.correct
    return right, wrong


def _pair(
    a: Answers, b: Answers, table: tuple[int, int, int, int], p: float, adjusted: float
) -> Pair:
    _, a_only, b_only, _ = table
    images = sum(table)
    return Pair(
        a=a.run_id,
        b=b.run_id,
        images=images,
        a_only_correct=a_only,
        b_only_correct=b_only,
        accuracy_difference=(a_only - b_only) / images,
        difference_ci95=newcombe_paired_interval(*table),
        mcnemar_p=p,
        mcnemar_p_holm=adjusted,
        remark=_remark(a, b, images),
    )


def test_seen_sentence(name: str) -> str:
    """Returns what must be known of a run that had its test images for validation."""
    return f"{name} used its test images for validation, which flatters it."


def _remark(a: Answers, b: Answers, images: int) -> str:
    remarks = [test_seen_sentence(run.run_id) for run in (a, b) if run.selected_on_test]
    if images < max(len(a.indices), len(b.indices)):
        remarks.append(
            f"Compared on the {images:,} images that were test images of both "
            f"(of {len(a.indices):,} and {len(b.indices):,})."
        )
    return " ".join(remarks)
