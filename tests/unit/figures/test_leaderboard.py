"""Which runs may be ranked with which, what they are called, and what is said about them."""

import re

import altair
import pandas as pd
import pytest

from fmnist_core.evaluation.significance import Pair
from fmnist_core.figures.cost_chart import (
    COSTS,
    FRONTIER,
    beyond_axis_note,
    cost_chart,
    cost_takeaway,
    with_frontier,
)
from fmnist_core.figures.findings import findings, ranked_group, runs_to_test
from fmnist_core.figures.leaderboard import leaderboard_frame, short_source, with_ranks
from fmnist_core.figures.svg import to_svgs
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.runs.summary import RunSummary


def summary(number: int, accuracy: float, **changes: object) -> RunSummary:
    values: dict[str, object] = {
        "run_id": f"run-{number:06d}",
        "name": f"net {number}",
        "architecture": "awasthi_basic",
        "variant": None,
        "paper": "000",
        "basis": "stated",
        "protocol": "holdout-80-20",
        "protocol_differences": 0,
        "seed": 0,
        "epochs": 10,
        "epochs_planned": 10,
        "budget": "full",
        "status": "done",
        "test_accuracy": accuracy,
        "test_accuracy_ci95": (accuracy - 0.005, accuracy + 0.005),
        "test_macro_f1": accuracy,
        "train_images": 48_000,
        "test_images": 10_000,
        "val_accuracy": accuracy,
        "train_accuracy": accuracy + 0.02,
        "total_params": 1_000 * number,
        "macs": 1_000_000,
        "latency_ms": 0.5,
        "size_bytes": 4_000 * number,
        "train_seconds": 100.0,
        "train_cpu_seconds": 180.0 * number,
        "created": "2025-01-01T00:00:00Z",
        "optimizer": "adam",
        "learning_rate": 1e-3,
        "batch_size": 128,
        "augmentation": "",
        "train_fraction": 1.0,
        "precision": "float32",
        "has_model": True,
        "has_projection": True,
    }
    return RunSummary(**(values | changes))  # type: ignore[arg-type]


def test_ranks_count_within_one_split() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.90),
            summary(2, 0.92),
            summary(3, 0.99, protocol="test-as-validation"),
            summary(4, 0.80, protocol="pooled-60-20-20"),
        ]
    )
    assert list(zip(frame["run_id"].str[-1], frame["rank"], strict=True)) == [
        ("2", 1),
        ("1", 2),
        ("4", 1),
        ("3", 1),
    ]
    assert frame["badges"].iloc[-1] == ["test set seen in training"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"budget": "reduced", "epochs": 1}, " · reduced, 1 epoch"),
        ({"budget": "reduced", "epochs": 3}, " · reduced, 3 epochs"),
        (
            {"budget": "reduced", "epochs": 100, "train_fraction": 0.25, "train_images": 12_000},
            " · reduced, 25 % of the images",
        ),
        (
            {"budget": "reduced", "epochs": 4, "train_images": 5_000},
            " · reduced, 4 epochs, 5,000 images",
        ),
        (
            {"architecture": "svc", "budget": "reduced", "epochs": 0, "train_images": 600},
            " · reduced, 600 images",
        ),
        ({"budget": "stopped", "epochs": 3}, " · stopped after 3 of 10 epochs"),
        ({"architecture": "custom", "name": "mine"}, "mine · own layers"),
        ({"architecture": "custom", "budget": "reduced"}, " · reduced, 10 epochs"),
        (
            {
                "protocol_differences": 2,
                "optimizer": "sgd",
                "learning_rate": 0.1,
                "batch_size": 512,
            },
            " · sgd, rate 0.1",
        ),
        ({"protocol_differences": 1, "batch_size": 512}, " · other settings"),
        ({"protocol_differences": 1, "batch_size": 512, "epochs_planned": 300}, " · 300 epochs"),
    ],
)
def test_a_run_not_trained_in_full_has_no_rank_unasked_and_says_why_in_its_name(
    changes: dict, name: str
) -> None:
    frame = leaderboard_frame([summary(1, 0.90), summary(2, 0.95, **changes)])
    assert list(frame["run_id"].str[-1]) == ["1", "2"]
    assert frame["rank"].isna().tolist() == [False, True]
    assert frame["badges"].iloc[1]
    assert frame["label"].iloc[1].endswith(name)
    assert "·" not in frame["label"].iloc[0]
    asked = with_ranks(frame, every_budget=True)
    assert list(asked["run_id"].str[-1]) == ["2", "1"]
    assert list(asked["rank"]) == [1, 2]


def test_a_yardstick_of_no_source_is_beside_the_ranking() -> None:
    ours = summary(1, 0.1, architecture="dummy", paper="", optimizer=None)
    frame = leaderboard_frame([ours, summary(2, 0.9), summary(3, 0.8, architecture="svc")])
    assert list(zip(frame["run_id"].str[-1], frame["rank"].notna(), strict=True)) == [
        ("2", True),
        ("3", True),
        ("1", False),
    ]
    assert frame["badges"].tolist() == [[], [], ["yardstick of no source"]]
    points = with_frontier(frame, "params")
    assert points.loc[points[FRONTIER], "run_id"].str[-1].tolist() == ["2"]
    assert beyond_axis_note(points).startswith(" An arrow marks **net 1**")


def test_another_reading_of_the_layers_is_still_a_training_in_full() -> None:
    frame = leaderboard_frame([summary(1, 0.9, variant="same", protocol_differences=1)])
    assert list(frame["rank"]) == [1]
    assert frame["label"].iloc[0].endswith("(same)")


def test_a_network_is_ranked_by_its_first_seed_and_tells_what_the_others_reach() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.90),
            summary(2, 0.92, seed=1),
            summary(3, 0.91, seed=2),
            summary(4, 0.95, seed=3, budget="reduced"),
            summary(5, 0.89, architecture="kadam_a1", seed=4),
            summary(6, 0.93, protocol="pooled-60-20-20", seed=1),
        ]
    ).set_index("run_id")
    frame.index = frame.index.str[-1]
    assert frame["rank"].dropna().to_dict() == {"1": 1, "5": 2, "6": 1}
    assert frame.index[frame["further_seed"]].tolist() == ["2", "3"]
    assert frame["seeds"][frame["seeds"] != ""].to_dict() == {"1": "90.00–92.00 (3)"}
    asked = with_ranks(frame.reset_index(), every_budget=True).set_index("run_id")
    assert asked["rank"].to_dict() == {"4": 1, "2": 2, "3": 3, "1": 4, "5": 5, "6": 1}


def test_equal_accuracies_share_a_rank() -> None:
    frame = leaderboard_frame([summary(1, 0.9), summary(2, 0.9), summary(3, 0.8)])
    assert list(frame["rank"]) == [1, 1, 3]


def test_every_run_has_a_name_of_its_own() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.90),
            summary(2, 0.91, seed=1),
            summary(3, 0.92, seed=1),
            summary(4, 0.93, architecture="kadam_a1"),
            summary(5, 0.94, architecture="custom", name="mine"),
        ]
    )
    labels = dict(zip(frame["run_id"].str[-1].astype(int), frame["label"], strict=True))
    assert labels[1].endswith("· seed 0")
    assert labels[2].endswith("· seed 1 · 000002")
    assert labels[3].endswith("· seed 1 · 000003")
    assert "seed" not in labels[4]
    assert labels[5] == "mine · own layers"


def test_runs_of_one_name_say_first_how_they_were_trained() -> None:
    mine = {"architecture": "custom", "name": "mine"}
    frame = leaderboard_frame(
        [
            summary(1, 0.90, **mine),
            summary(2, 0.91, **mine, optimizer="sgd"),
            summary(3, 0.92, **mine, optimizer="sgd", batch_size=32),
        ]
    ).sort_values("run_id")
    assert list(frame["label"]) == [
        "mine · own layers · adam",
        "mine · own layers · sgd · batches of 128",
        "mine · own layers · sgd · batches of 32",
    ]


def test_no_run_makes_an_empty_frame() -> None:
    assert leaderboard_frame([]).empty


@pytest.mark.parametrize(
    ("authors", "short"),
    [
        ((), "Title"),
        (("Mohit Awasthi",), "Awasthi"),
        (("Mohit Awasthi", "Ankit Soni"), "Awasthi & Soni"),
        (("A Ajani", "B Baluch", "C Patel"), "Ajani et al."),
    ],
)
def test_a_source_is_cited_by_its_authors(authors: tuple[str, ...], short: str) -> None:
    assert short_source(authors, "Title") == short


def test_the_frontier_holds_the_runs_that_none_beats_at_their_cost() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.85),
            summary(2, 0.84),
            summary(3, 0.90),
            summary(4, 0.95, budget="reduced"),
            summary(5, 0.91),
            summary(6, 0.89, protocol="pooled-60-20-20"),
        ]
    )
    points = with_frontier(frame, "params")
    ahead = points[points[FRONTIER]]
    # 4 has no rank, so it beats no one; 6 is alone under its split.
    assert sorted(ahead["run_id"].str[-1]) == ["1", "3", "5", "6"]


def test_of_two_runs_at_one_cost_only_the_more_accurate_is_on_the_frontier() -> None:
    frame = leaderboard_frame([summary(1, 0.9, total_params=5), summary(2, 0.8, total_params=5)])
    points = with_frontier(frame, "params")
    assert list(points[points[FRONTIER]]["run_id"].str[-1]) == ["1"]


@pytest.mark.parametrize("cost", list(COSTS))
def test_the_cost_chart_is_valid_vega_lite_and_fits_its_axes(cost: str) -> None:
    board = leaderboard_frame([summary(1, 0.90), summary(2, 0.92), summary(30, 0.93)])
    spec = cost_chart(with_frontier(board, cost), cost)
    altair.Chart.from_json(to_vega_lite(spec).decode())
    low, high = spec["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert 88 < low < 89.5
    assert 93.5 < high < 95
    assert spec["layer"][1]["encoding"]["x"]["scale"]["type"] == "log"


def test_a_latency_below_a_millisecond_is_a_plain_number_on_the_axis() -> None:
    quick, slow = summary(1, 0.90, latency_ms=0.014), summary(2, 0.92, latency_ms=0.31)
    spec = cost_chart(with_frontier(leaderboard_frame([quick, slow]), "latency_ms"), "latency_ms")
    (svg,) = to_svgs([spec], width=800)
    words = re.findall(r">([^<]+)</text>", svg)
    assert {"0.02", "0.05", "0.1", "0.2"} <= set(words)
    assert not [word for word in words if re.fullmatch(r"\d+m", word)]


def test_only_the_points_of_a_chart_have_a_tooltip_and_it_names_no_field() -> None:
    spec = cost_chart(with_frontier(leaderboard_frame([summary(1, 0.90)]), "params"), "params")
    assert spec["config"]["mark"]["tooltip"] is None
    tooltips = [layer["encoding"].get("tooltip") for layer in spec["layer"]]
    (tooltip,) = filter(None, tooltips)
    assert all(line["title"] for line in tooltip)


def test_a_short_training_far_off_does_not_stretch_the_axis_and_is_drawn_at_its_edge() -> None:
    ranked = [summary(1, 0.90), summary(2, 0.92), summary(30, 0.93)]
    near = summary(4, 0.87, budget="reduced", epochs=3)
    far = summary(5, 0.214, budget="reduced", epochs=1)
    points = with_frontier(leaderboard_frame([*ranked, near, far]), "params")
    spec = cost_chart(points, "params")
    altair.Chart.from_json(to_vega_lite(spec).decode())
    low, high = spec["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert 86 < low < 86.5, "it still holds the run that lies near"
    assert high < 95
    shown = spec["data"].set_index("run_id" if "run_id" in spec["data"] else "label")
    edge = shown[shown["beyond"] == "↓"]
    assert len(edge) == 1
    assert low < edge["drawn"].iloc[0] < low + 1
    assert edge["accuracy"].iloc[0] == pytest.approx(21.4), "what is said of it stays true"
    assert (shown["drawn"] == shown["accuracy"]).sum() == 4
    note = beyond_axis_note(points)
    assert "reduced, 1 epoch**, whose 21.40 % lies beyond the axis" in note
    assert beyond_axis_note(points[points["test_accuracy"] > 0.5]) == ""
    farther = [summary(n, n / 100, budget="stopped", epochs=1) for n in (20, 45)]
    both = with_frontier(leaderboard_frame([*ranked, *farther]), "params")
    assert "2 runs without a rank" in beyond_axis_note(both)
    assert "20.00 % to 45.00 %" in beyond_axis_note(both)


def test_without_a_ranked_run_the_axis_holds_them_all() -> None:
    short = [summary(n, n / 100, budget="reduced") for n in (20, 90)]
    points = with_frontier(leaderboard_frame(short), "params")
    low, high = cost_chart(points, "params")["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert low < 20 < 90 < high
    assert beyond_axis_note(points) == ""


def test_a_run_without_the_cost_is_left_out_of_its_chart() -> None:
    board = leaderboard_frame([summary(1, 0.90), summary(2, 0.92, macs=None)])
    assert list(with_frontier(board, "macs")["run_id"].str[-1]) == ["1"]


def test_the_cost_takeaway_names_both_ends_of_the_frontier() -> None:
    board = leaderboard_frame([summary(1, 0.90), summary(2, 0.85), summary(4, 0.93)])
    words = cost_takeaway(with_frontier(board, "params"), "params")
    assert "2 of 3 ranked runs" in words
    assert "4.0 times the cost for 3.00 points" in words


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
    seeds = [summary(3 + n, 0.918 + n / 1000, seed=n + 1) for n in range(2)]
    board = leaderboard_frame([summary(1, 0.920), *seeds])
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


def test_the_chart_of_ten_thousand_runs_is_made_in_a_moment() -> None:
    rows = [summary(n, 0.8 + n / 100_000) for n in range(1, 10_001)]
    frame = leaderboard_frame(rows)
    assert len(frame) == 10_000
    assert isinstance(with_frontier(frame, "params"), pd.DataFrame)


def test_names_on_the_frontier_never_cover_one_another() -> None:
    apart = leaderboard_frame([summary(1, 0.85), summary(40, 0.93)])
    shown = cost_chart(with_frontier(apart, "params"), "params")["data"]
    assert shown["named"].tolist() == [True, True]
    together = leaderboard_frame([summary(1000, 0.85), summary(1001, 0.8501), summary(9000, 0.93)])
    shown = cost_chart(with_frontier(together, "params"), "params")["data"]
    assert shown["named"].tolist() == [False, True, True]
