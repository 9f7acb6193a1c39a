"""Accuracy against cost: the frontier, its axes, its names and its words."""

import re

import altair
import pandas as pd
import pytest

from fmnist_core.figures.cost_chart import (
    COSTS,
    FRONTIER,
    cost_chart,
    cost_takeaway,
    drawn_runs,
    unranked_note,
    with_frontier,
)
from fmnist_core.figures.leaderboard import leaderboard_frame
from fmnist_core.figures.svg import to_svgs
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.runs.summary import RunSummary
from tests.unit.figures.example_summaries import summary


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
    note = unranked_note(points)
    assert note.startswith(" Hollow points have no rank. An arrow marks")
    assert "reduced, 1 epoch**, whose 21.40 % lies beyond the axis" in note
    assert unranked_note(points[points["test_accuracy"] > 0.5]) == " Hollow points have no rank."
    assert unranked_note(drawn_runs(points, unranked=False)) == ""
    farther = [summary(n, n / 100, budget="stopped", epochs=1) for n in (20, 45)]
    both = with_frontier(leaderboard_frame([*ranked, *farther]), "params")
    assert "Arrows mark 2 of them" in unranked_note(both)
    assert "20.00 % to 45.00 %" in unranked_note(both)


def test_without_a_ranked_run_the_axis_holds_them_all() -> None:
    short = [summary(n, n / 100, budget="reduced") for n in (20, 90)]
    points = with_frontier(leaderboard_frame(short), "params")
    low, high = cost_chart(points, "params")["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert low < 20 < 90 < high
    assert unranked_note(points) == " Hollow points have no rank."


def test_a_run_without_the_cost_is_left_out_of_its_chart() -> None:
    board = leaderboard_frame([summary(1, 0.90), summary(2, 0.92, macs=None)])
    assert list(with_frontier(board, "macs")["run_id"].str[-1]) == ["1"]


def test_the_cost_takeaway_names_both_ends_of_the_frontier() -> None:
    board = leaderboard_frame([summary(1, 0.90), summary(2, 0.85), summary(4, 0.93)])
    words = cost_takeaway(with_frontier(board, "params"), "params")
    assert "2 of 3 ranked runs" in words
    assert "4.0 times the cost for 3.00 points" in words


def test_the_chart_of_ten_thousand_runs_is_made_in_a_moment() -> None:
    rows = [summary(n, 0.8 + n / 100_000) for n in range(1, 10_001)]
    frame = leaderboard_frame(rows)
    assert len(frame) == 10_000
    assert isinstance(with_frontier(frame, "params"), pd.DataFrame)


def test_only_ranked_runs_are_drawn_unless_asked_for_or_there_are_none() -> None:
    short = summary(4, 0.87, budget="reduced", epochs=3)
    both = with_frontier(leaderboard_frame([summary(1, 0.90), short]), "params")
    assert list(drawn_runs(both, unranked=False)["run_id"].str[-1]) == ["1"]
    assert drawn_runs(both, unranked=True).equals(both)
    unranked = with_frontier(leaderboard_frame([short]), "params")
    assert drawn_runs(unranked, unranked=False).equals(unranked)


def _name_sides(*runs: RunSummary) -> dict[int, str]:
    shown = cost_chart(with_frontier(leaderboard_frame(list(runs)), "params"), "params")["data"]
    return dict(zip(shown["params"] // 1000, shown["name_side"], strict=True))


def test_a_name_on_the_frontier_stands_on_the_left_unless_it_would_leave_the_plot() -> None:
    assert _name_sides(summary(1, 0.85), summary(40, 0.93)) == {1: "right", 40: "left"}


def test_two_networks_of_one_short_name_stand_with_their_whole_names() -> None:
    names = ["Model 4, deep (Author)", "Model 4, wide (Author)", "Model 5, deep (Author)"]
    board = leaderboard_frame([summary(n, 0.9 + n / 100) for n in (1, 2, 3)])
    points = with_frontier(board.assign(label=names), "params")
    shown = cost_chart(points, "params")["data"]
    assert sorted(shown["name"]) == [*names[:2], "Model 5 (Author)"]


def test_names_on_the_frontier_never_cover_one_another() -> None:
    runs = summary(1, 0.80), summary(1000, 0.85), summary(1001, 0.8501), summary(9000, 0.93)
    assert _name_sides(*runs) == {1: "right", 1000: "right", 1001: "left", 9000: "left"}


def test_a_name_on_the_frontier_never_covers_a_point() -> None:
    ends = summary(1, 0.80), summary(100, 0.93)
    other_split = summary(60, 0.935, protocol="pooled-60-20-20")
    assert _name_sides(*ends, other_split)[100] == ""
    lower = summary(60, 0.90, protocol="pooled-60-20-20")
    assert _name_sides(*ends, lower)[100] == "left"
