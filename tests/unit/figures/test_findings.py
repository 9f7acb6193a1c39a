"""What the leaderboard says in words, and what it must not say."""

import pytest

from fmnist_core.evaluation.significance import Pair
from fmnist_core.figures.findings import findings, ranked_group, runs_to_test
from fmnist_core.figures.leaderboard import leaderboard_frame, with_ranks
from tests.unit.figures.example_summaries import SAME, summary


def pair(a: str, b: str, difference: float, p: float) -> Pair:
    interval = (difference - 0.004, difference + 0.004)
    return Pair(a, b, 10_000, 300, 200, difference, interval, p, p, "")


def test_the_best_run_is_not_called_better_than_what_the_test_cannot_separate() -> None:
    board = leaderboard_frame([summary(1, 0.920), summary(2, 0.918), summary(3, 0.915)])
    best, second, third = board["run_id"]
    pairs = [pair(best, second, 0.002, 0.4), pair(third, best, -0.005, 0.001)]
    first = findings(board, pairs)[0]
    assert first.run_id == best
    assert first.figure == "92.00 %"
    assert f"does not separate it from **{board['label'][1]}" in first.text.replace("\\", "")
    assert board["label"][2] not in first.text
    assert "another seed" in first.caveat


def test_the_cheaper_run_near_the_best_is_offered_with_its_price_and_interval() -> None:
    board = leaderboard_frame([summary(10, 0.920), summary(2, 0.915), summary(1, 0.80)])
    best, near, _ = board["run_id"]
    assert runs_to_test(ranked_group(board)) == [best, near]
    cheap = findings(board, [pair(near, best, -0.005, 0.01)])[1]
    assert cheap.run_id == near
    assert "5.0 times fewer parameters" in cheap.text
    assert "for 0.50 points" in cheap.text
    assert "95 % interval +0.10 to +0.90" in cheap.text


def test_the_cheapest_is_tested_however_many_lie_closer_to_the_best() -> None:
    many = [summary(100 + n, 0.92 - n / 10_000) for n in range(12)]
    board = leaderboard_frame([*many, summary(1, 0.912), summary(2, 0.80)])
    tested = runs_to_test(ranked_group(board))
    assert tested == [*board["run_id"].head(8), "run-000001"]


def test_the_best_run_says_what_its_further_seeds_reach() -> None:
    alone = leaderboard_frame([summary(1, 0.920), summary(2, 0.91, architecture="kadam_a1")])
    assert "One training run" in findings(alone, [])[0].caveat
    seeds = [summary(3 + n, 0.918 + n / 1000, seed=n + 1, **SAME) for n in range(2)]
    board = leaderboard_frame([summary(1, 0.920, **SAME), *seeds])
    best = findings(board, [])[0]
    assert best.run_id == "run-000001"
    assert "is the only ranked run" in best.text
    assert best.caveat == "Its 3 seeds reach 91.80 to 92.00 %."


def test_findings_rank_a_held_out_split_before_one_that_saw_the_test_set() -> None:
    seen = [summary(n, 0.95, protocol="test-as-validation") for n in range(2, 6)]
    board = leaderboard_frame([summary(1, 0.90), *seen])
    assert findings(board, [])[0].figure == "90.00 %"
    only_seen = leaderboard_frame(seen)
    assert findings(only_seen, [])[0].figure == "95.00 %"


@pytest.mark.parametrize(
    ("trained", "said"),
    [
        ([0.93], "That is less than a gap of 5 points."),
        ([0.97], "That is a gap of 5 points or more."),
        ([0.91, 0.92], "None of 2 ranked runs has a gap"),
        ([0.91, 0.97, 0.92], "1 of 3 ranked runs has a gap"),
        ([0.96, 0.97, 0.92], "2 of 3 ranked runs have a gap"),
    ],
)
def test_wide_gaps_are_counted_in_good_english(trained: list[float], said: str) -> None:
    runs = [summary(n, 0.9, train_accuracy=accuracy) for n, accuracy in enumerate(trained, 1)]
    (gap,) = (one for one in findings(leaderboard_frame(runs), []) if one.title == "Widest gap")
    assert said in gap.text


def test_a_gap_to_images_of_the_test_set_is_not_called_one_to_validation_images() -> None:
    held_out, seen = summary(1, 0.9), summary(2, 0.9, protocol="test-as-validation")
    assert "on validation images" in findings(leaderboard_frame([held_out]), [])[-1].text
    text = findings(leaderboard_frame([seen]), [])[-1].text
    assert "90.00 % on test images" in text
    assert "validation" not in text


def test_no_finding_is_drawn_from_runs_without_a_rank() -> None:
    board = leaderboard_frame([summary(1, 0.9, budget="stopped", train_accuracy=0.99)])
    assert findings(board, []) == []


def test_findings_over_runs_not_trained_in_full_say_how_many_there_are() -> None:
    board = leaderboard_frame([summary(1, 0.9), summary(2, 0.95, budget="stopped")])
    assert "trained in full" not in findings(board, [])[0].caveat
    asked = findings(with_ranks(board, every_budget=True), [])[0]
    assert asked.figure == "95.00 %"
    assert asked.caveat.startswith("1 of these was not trained in full")


def test_names_in_findings_are_text_not_markup() -> None:
    board = leaderboard_frame([summary(1, 0.9, architecture="unlisted", name="*[x](http://e)*")])
    assert r"\*\[x\](http\://e)\*" in findings(board, [])[0].text
