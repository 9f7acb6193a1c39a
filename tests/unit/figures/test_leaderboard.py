"""Which runs may be ranked with which, and what they are called."""

from pathlib import Path

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES, UNSETTLED, standing
from fmnist_core.figures.cost_chart import (
    FRONTIER,
    unranked_note,
    with_frontier,
)
from fmnist_core.figures.leaderboard import COLUMNS, leaderboard_frame, short_source, with_ranks
from fmnist_core.inference.litert import LATENCY_CALLS
from tests.unit.figures.example_summaries import SAME, summary


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
    assert frame["badges"].iloc[-1] == ["test set used for validation"]


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
    frame = leaderboard_frame([summary(1, 0.90), summary(2, 0.95, **(SAME | changes))])
    assert list(frame["run_id"].str[-1]) == ["1", "2"]
    assert frame["rank"].isna().tolist() == [False, True]
    assert frame["badges"].iloc[1]
    assert frame["label"].iloc[1].endswith(name)
    assert "·" not in frame["label"].iloc[0]
    asked = with_ranks(frame, every_budget=True)
    assert list(asked["run_id"].str[-1]) == ["2", "1"]
    assert list(asked["rank"]) == [1, 2]


def test_a_training_too_short_for_its_averages_says_so_beside_its_number() -> None:
    short = {"budget": "reduced", "epochs": 1, "unsettled_share": 0.4}
    frame = leaderboard_frame([summary(1, 0.1, **short), summary(2, 0.9)])
    assert frame["badges"].tolist() == [[], [BUDGET_BADGES["reduced"], UNSETTLED]]


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
    assert " An arrow marks **net 1**" in unranked_note(points)


def test_another_reading_of_the_layers_is_still_a_training_in_full() -> None:
    first = summary(1, 0.8, **SAME)
    other = summary(2, 0.9, seed=1, variant="same", protocol_differences=1, **SAME)
    frame = leaderboard_frame([first, other])
    assert list(frame["rank"]) == [1, 2]
    assert list(frame["label"].str.endswith("(reading: same)")) == [True, False]
    assert set(frame["seed_count"]) == {1}, "another reading is no other seed"
    assert standing(other).startswith("reading: same, ")
    assert "reading" not in standing(first)


def test_a_network_is_ranked_by_its_first_seed_and_tells_what_the_others_reach() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.90, **SAME),
            summary(2, 0.92, seed=1, **SAME),
            summary(3, 0.91, seed=2, **SAME),
            summary(4, 0.95, seed=3, budget="reduced", **SAME),
            summary(5, 0.89, architecture="kadam_a1", seed=4),
            summary(6, 0.93, protocol="pooled-60-20-20", seed=1, **SAME),
        ]
    ).set_index("run_id")
    frame.index = frame.index.str[-1]
    assert frame["rank"].dropna().to_dict() == {"1": 1, "5": 2, "6": 1}
    assert frame.index[frame["further_seed"]].tolist() == ["2", "3"]
    assert frame["seeds"][frame["seeds"] != ""].to_dict() == {"1": "90.00–92.00 (3)"}
    asked = with_ranks(frame.reset_index(), every_budget=True).set_index("run_id")
    assert asked["rank"].to_dict() == {"4": 1, "2": 2, "3": 3, "1": 4, "5": 5, "6": 1}


def test_the_newest_of_a_seed_that_was_trained_again_is_ranked() -> None:
    days = [f"2025-01-0{day}T00:00:00Z" for day in (1, 2, 3)]
    frame = leaderboard_frame(
        [
            summary(1, 0.95, created=days[0], **SAME),
            summary(2, 0.90, created=days[1], **SAME),
            summary(3, 0.91, created=days[2], seed=1, **SAME),
        ]
    ).set_index("run_id")
    assert frame["rank"].dropna().to_dict() == {"run-000002": 1}
    assert frame.loc["run-000002", "seeds"] == "90.00–91.00 (2)"


def test_equal_accuracies_share_a_rank() -> None:
    frame = leaderboard_frame([summary(1, 0.9), summary(2, 0.9), summary(3, 0.8)])
    assert list(frame["rank"]) == [1, 1, 3]


def test_every_run_has_a_name_of_its_own() -> None:
    frame = leaderboard_frame(
        [
            summary(1, 0.90, **SAME),
            summary(2, 0.91, seed=1, **SAME),
            summary(3, 0.92, seed=1, **SAME),
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


def test_the_latency_is_named_by_how_it_is_measured() -> None:
    words = f"the fastest of {LATENCY_CALLS} calls"
    assert words in COLUMNS["latency_ms"].meaning
    readme = (Path(__file__).parents[3] / "cached_runs" / "README.md").read_text()
    (line,) = (line for line in readme.splitlines() if line.startswith("| `latency_ms` |"))
    assert words in line
