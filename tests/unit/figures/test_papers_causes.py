"""What a claim calls the cause is checked by trainings that differ in that part alone."""

import dataclasses
from pathlib import Path

from fmnist_core.evaluation.fit import FitVerdict
from fmnist_core.figures.papers.causes import (
    brings,
    calmer,
    helps_nowhere,
    stops_overfitting,
)
from fmnist_core.figures.papers.facts import Facts
from tests.fixture_facts import facts_of
from tests.fixture_studies import setups, write_level_run

NETWORK, PART = "s003_enhanced", "Without batch normalisation"
WHOLE = "As published"


def write(root: Path, study: str, of: dict[tuple[str, str], tuple[float, ...]], **changes) -> Facts:
    """Facts of levels (series, label) that reach these accuracies, one a seed."""
    number = 0
    for (series, label), accuracies in of.items():
        for seed, accuracy in enumerate(accuracies):
            number += 1
            asked = setups(study, series)[label]
            write_level_run(root, asked, accuracy, number=number, seed=seed, **changes)
    return facts_of(root)


def ablated(root: Path, whole: tuple[float, ...], without: tuple[float, ...], **changes) -> Facts:
    wanted = {(NETWORK, WHOLE): whole, (NETWORK, PART): without}
    return write(root, "ablation", wanted, **changes)


def runs_of(known: Facts, label: str) -> list[str]:
    levels = known.study("ablation").levels
    return [run for one in levels if one.level.label == label for run in one.run_ids]


def test_a_part_brings_something_where_the_network_does_worse_without_it(tmp_path: Path) -> None:
    check = brings("ablation", NETWORK, PART)
    found = check(ablated(tmp_path / "worse", (0.92,), (0.85,)))
    assert (found.holds, found.cause) == (True, True)
    assert found.says.startswith("Without batch normalisation against As published: -7.00 points")
    assert check(ablated(tmp_path / "better", (0.85,), (0.92,))).holds is False
    assert check(ablated(tmp_path / "alike", (0.90,), (0.901,))).holds is None
    short = check(ablated(tmp_path / "short", (0.92,), (0.85,), epochs=3))
    assert short.holds is None
    assert "3 of 15 epochs" in short.says


def test_a_part_that_no_training_leaves_out_says_so(tmp_path: Path) -> None:
    known = write(tmp_path, "ablation", {(NETWORK, WHOLE): (0.9,)})
    for check in (brings, calmer, stops_overfitting):
        found = check("ablation", NETWORK, PART)(known)
        assert (found.holds, found.cause) == (None, True)
        assert "without batch normalisation is not trained here yet" in found.says


def test_another_difference_leaves_the_cause_open(tmp_path: Path) -> None:
    known = ablated(tmp_path, (0.92,), (0.85,))
    result = known.study("ablation")
    mixed = [
        dataclasses.replace(
            part,
            effects=[dataclasses.replace(one, also_differs=("epochs",)) for one in part.effects],
        )
        for part in result.series
    ]
    other = dataclasses.replace(result, series=tuple(mixed))
    known = dataclasses.replace(known, study=lambda _: other)
    for check in (brings, calmer, stops_overfitting):
        assert check("ablation", NETWORK, PART)(known).holds is None


def test_a_curve_is_calmer_than_without_the_part_after_its_start(tmp_path: Path) -> None:
    known = ablated(tmp_path, (0.90, 0.90), (0.90,))
    wild, calm = (2.0, 0.3, 0.5, 0.3, 0.5), (2.0, 0.3, 0.32, 0.31, 0.32)
    (without,), wholes = runs_of(known, PART), runs_of(known, WHOLE)
    check = calmer("ablation", NETWORK, PART)

    def moving(of: dict[str, tuple[float, ...]]) -> Facts:
        return dataclasses.replace(known, val_losses=of.__getitem__)

    found = check(moving({without: wild} | dict.fromkeys(wholes, calm)))
    assert found.holds is True
    assert "by 0.010 an epoch as published, by 0.200 without batch normalisation" in found.says
    assert found.says.endswith("means over 2 seeds and 1 seed.")
    assert check(moving({without: calm} | dict.fromkeys(wholes, wild))).holds is False
    mixed = {without: (1.0, 1.1) * 4, wholes[0]: (1.0,) * 9, wholes[1]: (1.0, 2.0) * 4}
    assert check(moving(mixed)).holds is None, "its own seeds disagree"


def test_a_part_stops_overfitting_only_where_the_network_overfits_without_it(
    tmp_path: Path,
) -> None:
    known = ablated(tmp_path, (0.90,), (0.90,))
    (whole,), (without,) = runs_of(known, WHOLE), runs_of(known, PART)
    good = FitVerdict("good fit", 0.91, 0.01, None, False, "")
    wide = FitVerdict("overfit", 0.99, 0.08, None, False, "")
    check = stops_overfitting("ablation", NETWORK, PART)

    def fitting(of_whole: FitVerdict | None, of_without: FitVerdict | None) -> Facts:
        return dataclasses.replace(known, fit={whole: of_whole, without: of_without}.__getitem__)

    found = check(fitting(good, wide))
    assert found.holds is True
    assert (
        "as published +1.00 points, good fit; without batch normalisation +8.00 points, over"
        in (found.says)
    )
    assert check(fitting(good, good)).holds is False, "it fits as well without the part"
    assert check(fitting(wide, wide)).holds is False
    assert check(fitting(wide, good)).holds is False
    assert check(fitting(good, None)).holds is None


def test_what_helps_nowhere_is_worse_in_every_network(tmp_path: Path) -> None:
    plain, turned = "Not augmented", "Rotation, shift and zoom"
    series = ("ajani_mlp", NETWORK, "awasthi_enhanced")
    check = helps_nowhere("augmentation", turned)

    def found(folder: str, *pairs: tuple[float, float]):
        of = {
            (name, label): (accuracy,)
            for name, pair in zip(series, pairs, strict=False)
            for label, accuracy in zip((plain, turned), pair, strict=True)
        }
        return check(write(tmp_path / folder, "augmentation", of))

    worse, better, alike = (0.92, 0.85), (0.85, 0.92), (0.90, 0.901)
    assert found("all", worse, worse, worse).holds is True
    assert found("one gains", worse, worse, better).holds is False
    undecided = found("one undecided", worse, alike, worse)
    assert (undecided.holds, undecided.cause) == (None, True)
    assert "Models 2 and 3, dense: Rotation, shift and zoom against" in undecided.says
    missing = found("one missing", worse, worse)
    assert missing.holds is None, "the third may gain"
    assert missing.says.endswith("Awasthi & Soni, enhanced: not trained here yet.")
