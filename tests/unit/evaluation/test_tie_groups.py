"""Tie groups: overlapping, ordered by accuracy, and never across a separation."""

import itertools

import numpy as np

from fmnist_core.evaluation.compare import ComparedRun, Comparison, compare_answers
from fmnist_core.evaluation.significance import Answers, Pair, UntestedPair
from fmnist_core.evaluation.tie_groups import TieGroup, tie_groups


def _comparison(accuracies: dict[str, float], tied: list[str], untested=()) -> Comparison:
    """`tied` names pairs as two letters; all others are separated, but the untested ones."""
    runs = [ComparedRun(name, 1000, share, (0, 1)) for name, share in accuracies.items()]
    names = list(itertools.combinations(accuracies, 2))
    pairs = [
        Pair(a, b, 1000, 1, 2, 0, (0, 0), 0, 0.4 if a + b in tied else 0.01, "")
        for a, b in names
        if a + b not in untested
    ]
    without = [UntestedPair(a, b, "") for a, b in names if a + b in untested]
    return Comparison(tuple(runs), tuple(pairs), tuple(without))


def _names(comparison: Comparison) -> list[str]:
    return ["".join(group.run_ids) for group in tie_groups(comparison)]


def test_groups_overlap_where_ties_do_not_carry_over():
    comparison = _comparison({"a": 0.9, "b": 0.89, "c": 0.88}, ["ab", "bc"])
    assert tie_groups(comparison) == (
        TieGroup(("a", "b"), 0.9, 0.89),
        TieGroup(("b", "c"), 0.89, 0.88),
    )


def test_the_ranking_is_by_accuracy_whatever_the_order_of_the_runs():
    assert _names(_comparison({"c": 0.8, "a": 0.9, "b": 0.85}, ["ca", "cb", "ab"])) == ["abc"]


def test_a_run_apart_stands_alone_and_every_run_is_in_some_group():
    accuracies = {"a": 0.9, "b": 0.8, "c": 0.79}
    assert _names(_comparison(accuracies, ["bc"])) == ["a", "bc"]
    assert _names(_comparison(accuracies, [])) == ["a", "b", "c"]


def test_a_group_inside_another_is_not_told_again():
    accuracies = {"a": 0.9, "b": 0.89, "c": 0.88, "d": 0.8}
    assert _names(_comparison(accuracies, ["ab", "ac", "bc", "cd"])) == ["abc", "cd"]


def test_a_group_never_spans_a_separated_pair():
    accuracies = {"a": 0.9, "b": 0.89, "c": 0.88}
    assert _names(_comparison(accuracies, ["ac", "bc"])) == ["a", "bc"]


def test_runs_that_cannot_be_tested_are_not_tied():
    assert _names(_comparison({"a": 0.9, "b": 0.9}, [], untested=["ab"])) == ["a", "b"]


def test_one_run_alone_and_none():
    assert _names(_comparison({"a": 0.9}, [])) == ["a"]
    assert _names(_comparison({}, [])) == []


def test_two_runs_with_identical_answers_are_tied():
    right = np.arange(1000) % 10 > 0
    indices = np.arange(60_000, 61_000, dtype=np.int32)
    comparison = compare_answers([Answers(name, right, indices) for name in "ab"])
    assert _names(comparison) == ["ab"]


def test_groups_of_random_networks_are_the_maximal_stretches():
    generator = np.random.default_rng(0)
    indices = np.arange(60_000, 63_000, dtype=np.int32)
    runs = [Answers(str(i), generator.random(3_000) < 0.85 + i / 100, indices) for i in range(8)]
    comparison = compare_answers(runs)
    ranking = sorted(comparison.runs, key=lambda run: -run.test_accuracy)
    separated = {frozenset((p.a, p.b)) for p in comparison.pairs if p.mcnemar_p_holm < 0.05}
    stretches = [
        tuple(run.run_id for run in ranking[low:high])
        for low in range(8)
        for high in range(low + 1, 9)
        if not any(
            frozenset(pair) in separated
            for pair in itertools.combinations([r.run_id for r in ranking[low:high]], 2)
        )
    ]
    maximal = [s for s in stretches if not any(set(s) < set(other) for other in stretches)]
    assert [group.run_ids for group in tie_groups(comparison)] == maximal
    assert len(maximal) > 2
