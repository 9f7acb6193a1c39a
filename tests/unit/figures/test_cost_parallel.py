"""All costs at once: which runs are drawn, where their lines pass, and what is said of them."""

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from fmnist_core.figures.cost_parallel import (
    left_out_words,
    parallel_figure,
    parallel_rows,
    parallel_takeaway,
    to_plotly_json,
)
from fmnist_core.figures.leaderboard import leaderboard_frame
from tests.unit.figures.example_summaries import summary


def board(*runs: object) -> pd.DataFrame:
    return leaderboard_frame(runs)  # type: ignore[arg-type]


def test_a_line_passes_every_axis_where_its_run_stands() -> None:
    rows = parallel_rows(board(summary(1, 0.90), summary(200, 0.93, latency_ms=0.08)))
    figure = parallel_figure(rows)
    go.Figure(figure)  # raises on what Plotly does not know
    *costs, accuracy = figure["data"][0]["dimensions"]
    assert [10 ** axis["values"][0] for axis in costs] == pytest.approx(
        [200_000, 1e6, 36_000, 0.08, 800]
    )
    assert accuracy["values"] == pytest.approx([93, 90])
    assert figure["data"][0]["line"]["color"] == accuracy["values"]
    for axis in [*costs, accuracy]:
        low, high = axis["range"]
        assert all(low < value < high for value in axis["values"])


def test_ticks_show_plain_numbers_at_their_places() -> None:
    rows = parallel_rows(board(summary(90, 0.90), summary(2_500, 0.93)))
    parameters, *_, accuracy = parallel_figure(rows)["data"][0]["dimensions"]
    ticks = dict(zip(parameters["ticktext"], parameters["tickvals"], strict=True))
    assert [text for text in ticks if text.strip("\u200b")] == ["100k", "200k", "500k", "1M", "2M"]
    assert 10 ** ticks["200k"] == pytest.approx(200_000)
    assert "92" in accuracy["ticktext"]


@pytest.mark.parametrize("numbers", [(1,), (1, 2), (1, 9_000)], ids=["one", "near", "far"])
def test_no_two_ticks_of_an_axis_have_one_text_and_some_show_a_number(numbers) -> None:
    """Plotly lays ticks of one text onto one place, and moves all others."""
    rows = parallel_rows(board(*(summary(number, 0.9) for number in numbers)))
    for axis in parallel_figure(rows)["data"][0]["dimensions"]:
        texts = axis["ticktext"]
        assert len(set(texts)) == len(texts)
        shown = [text for text in texts if text.strip("\u200b")]
        assert 1 <= len(shown) <= 10


def test_the_download_is_the_figure() -> None:
    figure = parallel_figure(parallel_rows(board(summary(1, 0.9), summary(2, 0.8))))
    assert json.loads(to_plotly_json(figure)) == figure


def test_the_cheapest_runs_near_the_best_are_named_with_what_they_cost() -> None:
    rows = parallel_rows(
        board(
            summary(30, 0.930),
            summary(20, 0.925, latency_ms=0.25),
            summary(10, 0.922),
            summary(1, 0.800),
        )
    )
    words = parallel_takeaway(rows)
    best, second, third = rows["label"][:3]
    assert words.startswith(
        f"3 of 4 runs (80/20 of the training set) are within 1 point of the most accurate, "
        f"**{best}** (93.00 %), itself counted. Of these, "
    )
    assert (
        f"**{third}** has the fewest parameters (10,000), the least training (1,800 s) and the "
        "smallest model (40 kB)"
    ) in words
    assert f"**{best}** has the fewest MACs (1,000,000)" in words
    assert f"**{second}** has the lowest latency (0.250 ms)" in words
    assert words.endswith(".")


def test_a_run_that_costs_least_in_all_is_said_once() -> None:
    rows = parallel_rows(
        board(summary(3, 0.93), summary(2, 0.925, macs=9, latency_ms=0.1, name="small"))
    )
    assert parallel_takeaway(rows).endswith(
        f"Of these, **{rows['label'].iloc[1]}** costs least in all."
    )


def test_none_near_the_best_is_said() -> None:
    words = parallel_takeaway(parallel_rows(board(summary(3, 0.93), summary(2, 0.90))))
    assert words.startswith(
        "Of 2 runs (80/20 of the training set), no other is within 1 point of the"
    )


def test_one_run_alone_and_none_have_sentences_of_their_own() -> None:
    alone = parallel_rows(board(summary(3, 0.93)))
    assert "(93.00 %) is the only run drawn" in parallel_takeaway(alone)
    go.Figure(parallel_figure(alone))
    unranked = parallel_rows(board(summary(3, 0.93, budget="reduced")))
    assert unranked.empty
    assert (
        parallel_takeaway(unranked) == "No shown run has both a rank and a figure for every cost."
    )


def test_runs_that_are_not_drawn_are_counted_with_their_reasons() -> None:
    shown = board(
        summary(1, 0.90),
        summary(2, 0.91),
        summary(3, 0.92, macs=None),
        summary(4, 0.93, latency_ms=None, size_bytes=None),
        summary(5, 0.94, budget="reduced"),
        summary(6, 0.95, protocol="pooled-60-20-20"),
    )
    assert sorted(parallel_rows(shown)["run_id"].str[-1]) == ["1", "2"]
    assert left_out_words(shown) == (
        "Left out: 1 run without a rank; 1 run of another split, as accuracies of unlike splits "
        "are not compared; 2 runs without a figure for MACs or latency or model size."
    )
    assert left_out_words(board(summary(1, 0.90), summary(2, 0.91))) == ""
    lone = board(summary(1, 0.90, macs=None))
    assert parallel_rows(lone).empty
    assert left_out_words(lone) == "Left out: 1 run without a figure for MACs."
