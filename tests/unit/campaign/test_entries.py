"""The list of wanted runs, as it ships."""

from collections import Counter

import pytest

from fmnist_core.architectures import summarize
from fmnist_core.campaign.entries import read_campaign
from fmnist_core.campaign.standing import MOST_COMMITTED_BYTES, campaign_view
from fmnist_core.errors import FmnistError
from fmnist_core.papers import systems
from fmnist_core.runs.ids import runs_root
from fmnist_core.runs.index import list_runs
from fmnist_core.runs.read import run_ids
from fmnist_core.training.plan import Plan
from fmnist_core.training.provenance import budget, provenance

ENTRIES = {entry.id: entry for entry in read_campaign()}


def _plan(entry_id: str) -> Plan:
    plan = ENTRIES[entry_id].plan
    assert isinstance(plan, Plan)
    return plan


def test_every_system_of_the_sources_is_in_it():
    assert {system.id for system in systems()} <= {
        entry.plan.architecture for entry in ENTRIES.values()
    }


def test_what_is_named_reduced_says_so_and_nothing_else_trains_fewer_epochs():
    for entry_id, entry in ENTRIES.items():
        if isinstance(entry.plan, Plan):
            epochs = entry.plan.recipe.epochs
            label = budget(entry.plan, epochs=epochs, stopped=False)
            share = entry.plan.recipe.train_fraction < 1
            assert (label == "reduced") == ("-reduced" in entry_id or share), entry_id


def test_the_optimizers_of_model_6_start_at_the_rates_that_the_catalogue_gives():
    recipes = [_plan("ajani_m6").recipe] + [
        entry.plan.recipe
        for entry in ENTRIES.values()
        if entry.group == "ajani_optimizers" and isinstance(entry.plan, Plan)
    ]
    rates = {recipe.optimizer: recipe.learning_rate for recipe in recipes}
    others = ("adam", "rmsprop", "adagrad", "adadelta", "adamax", "nadam")
    assert rates == {"sgd": 0.01, **dict.fromkeys(others, 0.001)}


def test_kadam_s_grid_has_twenty_corners():
    corners = {
        (plan.layers.split()[3], plan.recipe.optimizer)
        for plan in (entry.plan for entry in ENTRIES.values())
        if isinstance(plan, Plan)
        and plan.layers.startswith("flatten\ndense 128 ")
        and plan.layers.count("dense") == 2
        and plan.recipe.epochs == 50
        and plan.recipe.seed == 0
    }
    assert len(corners) == 20
    assert Counter(activation for activation, _ in corners) == dict.fromkeys(
        ("sigmoid", "softmax", "relu", "tanh"), 5
    )


def test_other_layers_are_nobody_s_network_and_name_where_they_come_from():
    plan = _plan("s003_enhanced-no_batchnorm")
    assert (plan.architecture, plan.variant) == ("custom", None)
    assert plan.recipe == _plan("s003_enhanced").recipe
    assert plan.layers == _plan("s003_enhanced").layers.replace("batchnorm\n", "")
    assert provenance(plan).notes.startswith("s003_enhanced with other layers.")


def test_the_other_padding_of_kadam_s_networks_is_a_reading_of_its_own():
    for name in ("kadam_a3", "kadam_a4"):
        first, other = _plan(name), _plan(f"{name}-same")
        assert (other.architecture, other.variant) == (name, "same")
        assert other.layers == first.layers.replace("valid", "same") != first.layers
        assert other.recipe == first.recipe
        assert other.name == f"{first.name}, same"
        assert provenance(other).protocol_differences == ("layers: the variant 'same'.",)


def test_all_of_it_fits_into_what_may_be_committed():
    root = runs_root()
    view = campaign_view(root, list(ENTRIES.values()))
    expected = float(view.stored_bytes)
    for standing in view.standings:
        if standing.state != "done":
            expected += 400_000  # record, history and predictions: the mean of those there are
            plan = standing.entry.plan
            if standing.entry.keep_weights and isinstance(plan, Plan):
                # Two bytes a parameter in each of two files, and the projection.
                expected += 500_000 + 4 * summarize(plan.layers).total_params
    assert run_ids(root)
    assert expected < MOST_COMMITTED_BYTES


def test_a_committed_run_has_weights_where_its_entry_keeps_them():
    root = runs_root()
    models = {run.run_id: run.has_model for run in list_runs(root).runs}
    done = [
        standing
        for standing in campaign_view(root, list(ENTRIES.values())).standings
        if standing.state == "done" and isinstance(standing.entry.plan, Plan)
    ]
    assert done
    for standing in done:
        assert models[standing.run_id] == standing.entry.keep_weights, standing.entry.id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must have the keys groups"),
        ('[[groups]]\nid = "a"\ntitle = ""\nwhy = ""\narchitectures = ["nothing"]', "nothing"),
        (
            '[[groups]]\nid = "a"\ntitle = ""\nwhy = ""\narchitectures = ["kadam_a1"]\n'
            'levels = [{ id = "x" }, { id = "y", recipe = { epochs = 50 } }]',
            "each training once. Received: kadam_a1-y in a and kadam_a1-x in a",
        ),
        (
            '[[groups]]\nid = "a"\ntitle = ""\nwhy = ""\narchitectures = ["dummy"]\n'
            "levels = [{ recipe = { epochs = 5 } }]",
            "Received: epochs",
        ),
        (
            '[[groups]]\nid = "a"\ntitle = ""\nwhy = ""\narchitectures = ["kadam_a1"]\n'
            'levels = [{ variant = "same" }]',
            "variant must be a known name. Received: 'same'",
        ),
    ],
)
def test_a_list_with_a_slip_is_refused(tmp_path, text, said):
    path = tmp_path / "campaign.toml"
    path.write_text(text)
    with pytest.raises(FmnistError) as refusal:
        read_campaign(path)
    assert said in str(refusal.value)
