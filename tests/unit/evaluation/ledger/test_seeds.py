"""How far another seed moves a network that has too few of its own."""

import dataclasses
import math

import pytest

from fmnist_core.evaluation.epoch_swing import seeds_from_epochs
from fmnist_core.evaluation.ledger.rows import LedgerRow, ledger
from fmnist_core.evaluation.ledger.seeds import spread_over_networks
from tests.unit.evaluation.example_evidence import MadeUp


def seeds(system: str, *accuracies: float, **more):
    return [
        MadeUp(system, accuracy, seed=n, number=n, **more).evidence()
        for n, accuracy in enumerate(accuracies)
    ]


SEVERAL = seeds("ajani_m1", 0.87, 0.88, 0.89)  # standard deviation 0.01


def row(evidence, system: str, metric: str) -> LedgerRow:
    return next(row for row in ledger(evidence) if (row.system, row.metric) == (system, metric))


def test_all_networks_with_several_seeds_are_pooled():
    spread = spread_over_networks({"ajani_m1": SEVERAL, "s002_ann": seeds("s002_ann", 0.88, 0.90)})
    # Squares of 2e-4 on 2 and 2e-4 on 1 degrees of freedom.
    assert spread.degrees == 3
    assert spread.deviation == pytest.approx(math.sqrt(4e-4 / 3))


def test_networks_that_had_not_the_whole_recipe_are_left_out():
    short = seeds("s002_ann", 0.6, 0.9, 0.7, changes={"epochs": 1})
    spread = spread_over_networks({"ajani_m1": SEVERAL, "s002_ann": short})
    assert (spread.degrees, spread.deviation) == (2, pytest.approx(0.01))
    assert spread_over_networks({"s002_ann": short}) is None


def test_a_network_of_one_seed_is_taken_to_move_as_the_others_do():
    alone = seeds("ajani_m2", 0.85)
    before, after = (
        row(evidence, "ajani_m2", "test_accuracy") for evidence in (alone, [*SEVERAL, *alone])
    )
    assert before.spread_of_others is None
    assert after.spread_of_others == pytest.approx(0.01)
    # Its source prints 87.73: 2.7 points from ours, over ±0.7 by images alone, within ±6.1.
    assert (before.verdict, after.verdict) == ("not reproduced", "reproduced")
    assert after.ci95[1] - after.ci95[0] == pytest.approx(
        2 * 4.3027 * 0.01 * math.sqrt(2), abs=2e-3
    )
    assert "taken from other networks (1.00 points, standard deviation)" in after.reason


def test_a_network_whose_last_epochs_swing_further_is_taken_to_move_further():
    (steady,) = seeds("ajani_m2", 0.85)
    ends = (0.80, 0.90, 0.80, 0.90, 0.80, 0.85)
    start = len(steady.epochs) - len(ends)
    epochs = (
        *steady.epochs[:start],
        *(
            dataclasses.replace(row, val_accuracy=value)
            for row, value in zip(steady.epochs[start:], ends, strict=True)
        ),
    )
    swinging = dataclasses.replace(steady, epochs=epochs)
    calm = row([*SEVERAL, steady], "ajani_m2", "test_accuracy")
    found = row([*SEVERAL, swinging], "ajani_m2", "test_accuracy")
    told = seeds_from_epochs(epochs)
    assert calm.spread_of_epochs is None
    assert found.spread_of_others is None
    assert found.spread_of_epochs == told.deviation > 0.03
    assert found.ci95[0] < calm.ci95[0]
    assert "told from the swing of its last epochs" in found.reason


def test_what_the_accuracy_of_others_does_not_tell_is_not_judged_by_it():
    alone = seeds("s003_enhanced", 0.89)
    for one in ledger([*SEVERAL, *alone]):
        if one.system == "s003_enhanced" and one.seeds and (one.epoch or one.class_name):
            assert one.spread_of_others is None
            assert one.verdict not in ("reproduced", "not reproduced")


def test_a_baseline_does_not_move_as_networks_do():
    (svc,) = seeds("ajani_m2", 0.85)
    svc = dataclasses.replace(
        svc,
        run=dataclasses.replace(svc.run, architecture="svc", layers="", recipe=None),
        epochs=(),
    )
    of_svc = next(row for row in ledger([*SEVERAL, svc]) if row.system == "svc")
    assert of_svc.ci95 is not None
    assert of_svc.spread_of_others is None


def test_three_seeds_of_its_own_are_asked_first():
    own = seeds("ajani_m2", 0.850, 0.851, 0.852)
    assert row(own, "ajani_m2", "test_accuracy").ci95 == (
        row([*SEVERAL, *own], "ajani_m2", "test_accuracy").ci95
    )
