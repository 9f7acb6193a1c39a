"""Claims of the sources: each check holds, fails, or cannot be said."""

import dataclasses
from pathlib import Path

import pytest

from fmnist_core.errors import RunError
from fmnist_core.evaluation.significance import Answers
from fmnist_core.figures.papers.checks import (
    ahead_in_every_class,
    easy_and_hard,
    fits,
    harder,
    lower_loss,
    number,
    record,
    silent,
)
from fmnist_core.figures.papers.claims import CHECKS, Claim, claims, claims_takeaway, standing
from fmnist_core.figures.papers.facts import Facts, Finding
from fmnist_core.figures.papers.rivals import (
    beats,
    costlier,
    leads,
    of_optimizers,
    smaller,
    smallest_gap,
)
from fmnist_core.papers import papers
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.schema import Run
from tests.fixture_facts import facts_of
from tests.fixture_runs import FixtureRun, write_fixture_run

YES, NO, OPEN = Finding(True, "yes"), Finding(False, "no"), Finding(None, "open")
CAUSE, UNCLEAR = Finding(True, "yes", cause=True), Finding(None, "open", cause=True)


@pytest.fixture
def empty(tmp_path: Path) -> Facts:
    return facts_of(tmp_path / "none")


@pytest.fixture
def two(tmp_path: Path) -> Facts:
    write_fixture_run(
        tmp_path, FixtureRun("awasthi_enhanced", 0.93, number=1, params=422_922, epochs=100)
    )
    write_fixture_run(
        tmp_path,
        FixtureRun(
            "awasthi_basic", 0.90, number=2, params=1_386_506, epochs=100, epoch_seconds=9.0
        ),
    )
    return facts_of(tmp_path)


def test_every_claim_of_every_source_has_checks() -> None:
    assert list(CHECKS) == [paper.id for paper in papers()]
    for paper in papers():
        assert len(CHECKS[paper.id]) == len(paper.claims)
        assert all(CHECKS[paper.id])


def test_without_runs_every_claim_is_still_shown_and_none_holds(empty: Facts) -> None:
    found = [claim for paper in papers() for claim in claims(paper.id, empty)]
    assert [claim.text for claim in found] == [text for p in papers() for text in p.claims]
    assert {claim.standing for claim in found} <= {"open", "does not hold here"}
    assert all(finding.says for claim in found for finding in claim.findings)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([YES, YES], "holds here"),
        ([YES, OPEN], "holds as far as checked"),
        ([YES, NO, OPEN], "holds in part"),
        ([YES, NO], "holds in part"),
        ([NO, OPEN], "does not hold here"),
        ([OPEN], "open"),
        ([CAUSE], "holds here"),
        ([YES, CAUSE, UNCLEAR], "holds as far as checked"),
        ([YES, UNCLEAR], "open"),
        ([YES, NO, UNCLEAR], "holds in part"),
        ([NO, UNCLEAR], "does not hold here"),
    ],
)
def test_a_claim_stands_as_its_checks_do(findings, expected) -> None:
    assert standing(findings) == expected


def test_the_takeaway_counts_claims() -> None:
    found = [Claim("000", "a", (YES,)), Claim("000", "b", (YES,)), Claim("000", "c", (OPEN,))]
    assert claims_takeaway(found) == "Of 3 claims: 2 hold here, 1 is open."


def test_one_network_beats_another_only_by_the_paired_test(two: Facts, empty: Facts) -> None:
    assert beats("awasthi_enhanced", "awasthi_basic")(two).holds is True
    assert beats("awasthi_basic", "awasthi_enhanced")(two).holds is False
    missing = beats("awasthi_enhanced", "awasthi_basic")(empty)
    assert missing.holds is None
    assert "not trained here in full yet" in missing.says


def test_a_difference_that_chance_explains_is_neither(tmp_path: Path) -> None:
    for number_, name in enumerate(("awasthi_enhanced", "awasthi_basic")):
        write_fixture_run(tmp_path, FixtureRun(name, 0.9 + number_ / 1000, number=number_))
    assert beats("awasthi_basic", "awasthi_enhanced")(facts_of(tmp_path)).holds is None


def test_all_seeds_of_a_network_count_and_their_spread_too(tmp_path: Path) -> None:
    accuracies = {"awasthi_enhanced": (0.94, 0.90, 0.92), "awasthi_basic": (0.905, 0.90, 0.895)}
    for name, of_seeds in accuracies.items():
        for seed, accuracy in enumerate(of_seeds):
            number_ = seed + 10 * (name == "awasthi_basic")
            write_fixture_run(tmp_path, FixtureRun(name, accuracy, number=number_, seed=seed))
    found = beats("awasthi_enhanced", "awasthi_basic")(facts_of(tmp_path))
    assert found.holds is None
    assert "+2.00 points" in found.says
    assert "which chance alone can explain" in found.says
    assert "the mean of 3 seeds" in silent("awasthi_basic")(facts_of(tmp_path)).says


def test_a_lead_that_chance_explains_is_not_one(tmp_path: Path) -> None:
    write_fixture_run(tmp_path, FixtureRun("awasthi_enhanced", 0.901, number=1))
    write_fixture_run(tmp_path, FixtureRun("awasthi_basic", 0.9, number=2))
    found = leads("awasthi_enhanced", ("awasthi_enhanced", "awasthi_basic"))(facts_of(tmp_path))
    assert found.holds is None
    assert "chance alone can explain its distance from" in found.says


def test_a_lead_is_measured_by_the_seeds_of_all_and_says_so(tmp_path: Path) -> None:
    write_fixture_run(tmp_path, FixtureRun("kadam_a1", 0.955, number=1))
    wild = {"awasthi_enhanced": (0.93, 0.89), "awasthi_basic": (0.92, 0.88)}
    check = leads("kadam_a1", ("kadam_a1", *wild))
    for number_, (name, of_seeds) in enumerate(wild.items(), 2):
        write_fixture_run(tmp_path, FixtureRun(name, of_seeds[0], number=number_))
    found = check(facts_of(tmp_path))
    assert found.holds is True
    assert found.says.endswith(
        "by more than the choice of test images explains (each tested alone, the largest p "
        "< 0.0001)."
    )
    for number_, (name, of_seeds) in enumerate(wild.items(), 12):
        write_fixture_run(tmp_path, FixtureRun(name, of_seeds[1], number=number_, seed=1))
    found = check(facts_of(tmp_path))
    assert found.holds is None
    assert "can explain its distance from **Enhanced CNN (Awasthi & Soni)** and" in found.says


def test_a_rival_that_was_picked_by_its_result_is_tested_as_one_of_many(tmp_path: Path) -> None:
    names = ("awasthi_basic", "awasthi_enhanced", "kadam_a1", "kadam_a2", "kadam_a3", "kadam_a4")
    accuracies = (0.9, 0.912, 0.9, 0.9, 0.9, 0.9)
    for number_, (name, accuracy) in enumerate(zip(names, accuracies, strict=True)):
        write_fixture_run(tmp_path, FixtureRun(name, accuracy, number=number_))
    known = facts_of(tmp_path)
    alone = beats("awasthi_enhanced", "awasthi_basic")(known)
    assert (alone.holds, "p = 0.0" in alone.says) == (True, True)
    assert leads("awasthi_basic", names[:2])(known).holds is False
    assert leads("awasthi_basic", names)(known).holds is None


def test_a_claim_whose_run_cannot_be_read_stands_open_and_the_others_are_kept(two: Facts) -> None:
    def damaged(run_id: str) -> Answers:
        raise RunError(f"{run_id} *is* damaged.")

    found = claims("000", dataclasses.replace(two, answers=damaged))
    assert len(found) == len(claims("000", two))
    says = [part.says for claim in found for part in claim.findings]
    assert sum("\\*is\\* damaged" in text for text in says) == 1


def test_sizes_costs_and_fits_are_read_off_the_runs(two: Facts) -> None:
    assert smaller("awasthi_enhanced", "awasthi_basic", 1 / 3)(two).holds is True
    assert smaller("awasthi_basic", "awasthi_enhanced", 1 / 3)(two).holds is False
    assert costlier("awasthi_enhanced", "awasthi_basic")(two).holds is True
    assert fits("awasthi_basic", "overfit")(two).holds is True
    assert fits("awasthi_basic", "good fit")(two).holds is False
    assert "90.00 %" in silent("awasthi_basic")(two).says


def test_how_many_seeds_fit_alike_is_said(two: Facts) -> None:
    seeds = [*two.runs["awasthi_basic"], *two.runs["awasthi_enhanced"]]
    known = dataclasses.replace(two, runs={"awasthi_basic": seeds})
    verdicts = {run.run_id: two.fit(run.run_id) for run in seeds}
    assert {one.verdict for one in verdicts.values() if one} == {"overfit"}
    check = fits("awasthi_basic", "overfit")
    assert check(known).says.endswith(" Both seeds are judged so.")
    first = verdicts[seeds[0].run_id]
    assert first
    verdicts[seeds[1].run_id] = dataclasses.replace(first, verdict="good fit")
    mixed = check(dataclasses.replace(known, fit=verdicts.__getitem__))
    assert mixed.says.endswith(" 1 of the 2 seeds is judged so.")
    assert mixed.holds is None
    third = dataclasses.replace(seeds[1], run_id="third")
    verdicts["third"] = verdicts[seeds[1].run_id]
    more = dataclasses.replace(known, runs={"awasthi_basic": [*seeds, third]})
    says = check(dataclasses.replace(more, fit=verdicts.__getitem__)).says
    assert "good fit." in says
    assert says.endswith(" 2 of the 3 seeds are judged so."), "what most of them say goes first"


def test_a_leader_is_named_only_when_all_are_trained(two: Facts) -> None:
    among = ("awasthi_enhanced", "awasthi_basic")
    assert leads("awasthi_enhanced", among)(two).holds is True
    assert leads("awasthi_basic", among)(two).holds is False
    assert leads("awasthi_enhanced", (*among, "kadam_a1"))(two).holds is None


def test_the_smallest_gap_is_that_of_every_seed(two: Facts) -> None:
    among = ("awasthi_enhanced", "awasthi_basic")

    def gapped(name: str, *gaps: float) -> list[Run]:
        (run,) = two.runs[name]
        test = run.metrics.test_accuracy
        metrics = [dataclasses.replace(run.metrics, train_accuracy=test + gap) for gap in gaps]
        return [dataclasses.replace(run, metrics=one) for one in metrics]

    runs = {"awasthi_enhanced": gapped(among[0], 0.01), "awasthi_basic": gapped(among[1], 0.05)}
    apart = dataclasses.replace(two, runs=runs)
    found = smallest_gap("awasthi_enhanced", among)(apart)
    assert found.holds is True
    assert found.says.startswith("Training over test accuracy: **Enhanced CNN")
    assert smallest_gap("awasthi_basic", among)(apart).holds is False
    untrained = (*among, "kadam_a1")
    assert smallest_gap("awasthi_enhanced", untrained)(apart).holds is None
    assert smallest_gap("awasthi_basic", untrained)(apart).holds is False
    runs["awasthi_enhanced"] = gapped(among[0], 0.01, 0.06)
    mixed = dataclasses.replace(two, runs=runs)
    assert [smallest_gap(name, among)(mixed).holds for name in among] == [None, None]


def test_classes_are_easy_or_hard_against_the_networks_own_mean(two: Facts) -> None:
    f1 = (0.9, 0.99, 0.9, 0.9, 0.9, 0.9, 0.6, 0.99, 0.9, 0.9)
    known = dataclasses.replace(two, f1=lambda _: f1)
    assert easy_and_hard("awasthi_basic", ("Trouser",), ("Shirt",))(known).holds is True
    found = easy_and_hard("awasthi_basic", ("Shirt",), ("Trouser",))(known)
    assert found.holds is False
    assert "lowest Shirt with 60.0" in found.says


def test_what_no_test_of_chance_goes_with_counts_where_all_seeds_agree(two: Facts) -> None:
    basic, enhanced = (two.runs[name][0] for name in ("awasthi_basic", "awasthi_enhanced"))
    again = dataclasses.replace(basic, run_id="again")
    known = dataclasses.replace(
        two, runs={"awasthi_basic": [basic, again], "awasthi_enhanced": [enhanced]}
    )
    low, high = (0.9,) * 6 + (0.5,) + (0.9,) * 3, (0.8,) * 6 + (0.9,) + (0.8,) * 3

    def of(f1: dict[str, tuple[float, ...]]) -> Facts:
        return dataclasses.replace(known, f1=f1.__getitem__)

    alike = of({basic.run_id: low, "again": low, enhanced.run_id: high})
    assert easy_and_hard("awasthi_basic", (), ("Shirt",))(alike).holds is True
    assert harder("awasthi_basic", "awasthi_enhanced", ("Shirt",))(alike).holds is True
    assert harder("awasthi_enhanced", "awasthi_basic", ("Shirt",))(alike).holds is False
    assert "50.0, **Enhanced" in harder("awasthi_basic", "awasthi_enhanced", ("Shirt",))(alike).says
    unlike = of({basic.run_id: low, "again": high, enhanced.run_id: high})
    assert easy_and_hard("awasthi_basic", (), ("Shirt",))(unlike).holds is None
    assert harder("awasthi_basic", "awasthi_enhanced", ("Shirt",))(unlike).holds is None


def test_every_class_and_the_loss_count_where_a_network_is_ahead_on_every_measure(
    two: Facts,
) -> None:
    basic, enhanced = (two.runs[name][0] for name in ("awasthi_basic", "awasthi_enhanced"))
    ahead = ahead_in_every_class("awasthi_enhanced", "awasthi_basic")

    def scored(*classes: float) -> Facts:
        of = {basic.run_id: (0.8,) * 10, enhanced.run_id: (*classes, *(0.9,) * (10 - len(classes)))}
        return dataclasses.replace(two, f1=of.__getitem__)

    found = ahead(scored(0.95))
    assert found.holds is True
    assert "in points: least +10.0 (Trouser), most +15.0 (T-shirt/top); in 10 of 10" in found.says
    assert ahead(scored(0.7)).holds is False
    assert ahead(scored(0.8)).holds is None

    def lossy(*losses: float | None) -> Facts:
        runs = {
            run.architecture: [
                dataclasses.replace(run, metrics=dataclasses.replace(run.metrics, test_loss=loss))
            ]
            for run, loss in zip((enhanced, basic), losses, strict=True)
        }
        return dataclasses.replace(two, runs=runs)

    lower = lower_loss("awasthi_enhanced", "awasthi_basic")
    assert lower(lossy(0.2, 0.3)).holds is True
    assert lower(lossy(0.3, 0.2)).holds is False
    assert lower(lossy(0.3, 0.3)).holds is None
    assert lower(lossy(0.2, None)).holds is None


def test_networks_that_differ_in_more_than_is_claimed_say_nothing_of_it(two: Facts) -> None:
    found = beats("awasthi_enhanced", "awasthi_basic", besides="convolutions")(two)
    assert found.holds is None
    assert found.says.endswith("The two differ in convolutions as well.")


def test_a_record_is_held_against_what_the_same_source_prints(empty: Facts) -> None:
    found = record("mcnn15", "000")(empty)
    assert found.holds is False
    assert "Vijayaraj" in found.says
    assert record("ajani_m6", "004")(empty).holds is True


def test_a_published_number_holds_by_its_verdict_alone(empty: Facts, two: Facts) -> None:
    check = number("awasthi_basic", "val_accuracy", "000")
    assert check(empty).holds is None
    row = next(
        row
        for row in two.rows
        if (row.system, row.metric) == ("awasthi_basic", "val_accuracy") and not row.table
    )
    for verdict, holds in (("reproduced", True), ("not reproduced", False), ("not judged", None)):
        known = dataclasses.replace(two, rows=[dataclasses.replace(row, verdict=verdict)])
        assert check(known).holds is holds
        assert f": {verdict}." in check(known).says
    short = dataclasses.replace(row, verdict="not judged", budget="reduced")
    says = check(dataclasses.replace(two, rows=[short])).says
    assert "90.00% (reduced training, other protocol): not judged." in says


def test_the_best_optimizer_is_that_of_the_table_until_ours_are_trained(
    empty: Facts, tmp_path: Path
) -> None:
    best = of_optimizers("ajani_optimizers", "val_accuracy", "adam", best=True)
    assert best(empty).holds is None
    assert "Nadam ends highest with 0.9371" in best(empty).says
    worst = of_optimizers("ajani_optimizers", "val_accuracy", "adadelta", best=False)
    assert "Adadelta ends lowest with 0.729" in worst(empty).says
    for place, (optimizer, accuracy) in enumerate((("adam", 0.93), ("adadelta", 0.7))):
        write_fixture_run(
            tmp_path,
            FixtureRun(
                "ajani_m6",
                accuracy,
                number=place,
                epochs=20,
                optimizer=optimizer,
                protocol="test-as-validation",
            ),
        )
    some = facts_of(tmp_path)
    assert best(some).holds is None  # five are missing
    assert "Adam with 0.93" in best(some).says
    wrong = of_optimizers("ajani_optimizers", "val_accuracy", "adadelta", best=True)
    assert wrong(some).holds is False
    assert wrong(some).says.endswith(", more than the choice of test images explains.")
    short = [dataclasses.replace(row, budget="reduced") for row in some.rows]
    assert "not trained here in full yet" in wrong(dataclasses.replace(some, rows=short)).says


def test_the_shipped_runs_answer_more_than_half_of_the_claims() -> None:
    found = facts_of(runs_root())
    known = dataclasses.replace(found, f1=lambda _: (0.9,) * 10)
    every = [claim for paper in papers() for claim in claims(paper.id, known)]
    assert sum(claim.standing != "open" for claim in every) > len(every) / 2
