"""Protocols: the source's words beside ours, and how the two stand to each other."""

import dataclasses

from fmnist_core.evaluation.ledger.choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger.evidence import read_evidence
from fmnist_core.figures.papers.protocols import (
    matrix,
    matrix_takeaway,
    side_by_side,
    side_takeaway,
)
from fmnist_core.papers import find_system
from fmnist_core.recipes import Recipe
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import SHIPPED
from tests.unit.evaluation.example_evidence import MadeUp


def test_a_protocol_says_what_is_stated_what_is_ours_and_what_was_changed(tmp_path) -> None:
    system = find_system("ajani_m1")
    frame = side_by_side(system, None).set_index("setting")
    assert frame.loc["Optimizer", "status"] == "✓ stated"
    assert frame.loc["Batch size", "status"] == "○ reconstructed"
    assert frame.loc["Batch size", "theirs"] == "not said"
    assert (frame.loc["Split", "theirs"], frame.loc["Split", "status"][0]) == ("not said", "○")
    of_five = side_by_side(find_system("ajani_m5"), None).set_index("setting")
    assert "official test images serve for validation" in of_five.loc["Split", "theirs"]
    layers = {
        "mcnn12": "not said",
        "ajani_m5": "most layers",
        "ajani_m6": "kinds of layers, no sizes",
        "saranya_3conv": "kinds of layers, no sizes",
        "kayed_lenet5": "its name and kind",
    }
    for name, words in layers.items():
        of_one = side_by_side(find_system(name), None).set_index("setting")
        assert of_one.loc["Layers", "theirs"] == words, name
    changed_system = find_system("s003_enhanced")
    other_batches = FixtureRun("s003_enhanced", epochs=15, protocol="test-as-validation")
    run_id = write_fixture_run(tmp_path, other_batches)
    choice = choose_runs(
        changed_system, needed_recipe(changed_system), [read_evidence(tmp_path, run_id)]
    )
    changed = side_by_side(changed_system, choice)
    wrong = changed.set_index("setting")
    assert wrong.loc["Batch size", "status"] == "≠ changed"  # fixture runs use batches of 128
    assert (wrong.loc["Batch size", "theirs"], wrong.loc["Batch size", "ours"]) == ("64", "128")
    stated = len(changed) - (changed["theirs"] == "not said").sum()
    assert f"the source states {stated}, and" in side_takeaway(changed, choice)
    assert "our training departs in" in side_takeaway(changed, choice)


def test_networks_trained_in_full_are_told_from_those_trained_as_their_source_says() -> None:
    known = [find_system(name) for name in ("kadam_a1", "vijayaraj_cnn", "s003_enhanced")]
    assert matrix_takeaway(known, {}) == "None of 3 networks is trained here at full length."
    # Optimizer, rate, batch size and epochs of the first are ours, the layers of the second.
    ours = {
        system.id: choose_runs(system, needed_recipe(system), [MadeUp(system.id).evidence()])
        for system in known[:2]
    }
    assert matrix_takeaway(known, ours) == (
        "2 of 3 networks are trained here at full length; of none of them does the source state "
        "every setting."
    )
    keys = tuple(field.name for field in dataclasses.fields(Recipe))
    told = dataclasses.replace(known[0], basis="stated", stated_recipe=keys)
    assert matrix_takeaway([told, *known[1:]], ours).endswith(
        "; of 1 of them the source states every setting."
    )
    assert matrix_takeaway([told], ours) == (
        "1 of 1 network is trained here at full length; the source states every setting of it."
    )


def test_a_reduced_run_is_told_from_an_untrained_network_in_the_protocols() -> None:
    system = find_system("kadam_a1")
    short = MadeUp("kadam_a1", changes={"epochs": 3}).evidence()
    choice = choose_runs(system, needed_recipe(system), [short])
    frame = side_by_side(system, choice).set_index("setting")
    assert (frame.loc["Epochs", "ours"], frame.loc["Epochs", "status"][0]) == ("3", "≠")
    assert "Length of our training" not in frame.index, "one departure is one row"
    assert "departs in 1." in side_takeaway(side_by_side(system, choice), choice)
    stopped = dataclasses.replace(choice, budget="stopped")
    halted = side_by_side(system, stopped).set_index("setting")
    assert halted.loc["Length of our training", "ours"].startswith("3 of 3 epochs: stopped")
    assert list(matrix([system], {"kadam_a1": choice})["trained"]) == ["reduced"]
    assert list(matrix([system], {})["trained"]) == ["not yet"]
    assert matrix_takeaway([system], {"kadam_a1": choice}).startswith("None of 1 network is")


def test_a_classifier_without_a_network_has_no_optimizer_and_no_epochs() -> None:
    system = find_system("svc")
    own = read_evidence(SHIPPED, next(SHIPPED.glob("svc-*")).name)
    choice = choose_runs(system, needed_recipe(system), [own])
    frame = side_by_side(system, choice).set_index("setting")
    assert list(frame.index) == ["Layers", "Split", "Learned from"]
    assert frame.loc["Learned from", "ours"] == "48,000 images"
    assert list(side_by_side(system, None)["setting"]) == ["Layers", "Split"]
    row = matrix([find_system("kadam_a1"), system], {"svc": choice}).set_index("system")
    assert row.loc[system.title, "Optimizer"] == "–"
