"""Train, the form: which networks are trained, alone or several at once."""

from pathlib import Path

import pytest

from fmnist_core.jobs import client
from fmnist_core.ui.architectures.link import to_link
from tests.app.train_page import SMALL, numbers, open_train, said, submit, type_layers
from tests.app.widgets import field

pytestmark = pytest.mark.usefixtures("root")  # no training: the test passes for the service


def test_the_address_names_what_is_trained() -> None:
    app = open_train(train="kadam_a1,custom,kadam_a2.same")
    assert field(app.segmented_control, "train_mode").value == "several"
    assert app.session_state["train_form"].picks == ("kadam_a1", "custom", "kadam_a2.same")
    app = open_train(train="custom", layers=to_link(SMALL))
    assert field(app.segmented_control, "train_mode").value == "own"
    assert numbers(app)["Parameters"] == f"{80 + (26 * 26 * 8 + 1) * 10:,}"
    field(app.segmented_control, "train_mode").set_value("one").run()
    assert app.session_state["train"] == "awasthi_basic"


@pytest.mark.parametrize(
    "address", ["awasthi_enhancd", "kadam_a2.sane", "greeshma_hog_svm", "../../x", "<b>", "a" * 900]
)
def test_an_unknown_name_in_the_address_is_one_line_and_the_form_works(address: str) -> None:
    app = open_train(train=address)
    (error,) = app.error
    assert "architecture must be a known name" in error.value
    assert len(error.value) < 400
    assert field(app.selectbox, "train_pick").value == "awasthi_basic"
    field(app.selectbox, "train_pick").select("mcnn9").run()
    assert not app.error


def test_own_layers_are_checked_while_they_are_written_and_queued_as_they_are(
    runs_root: Path,
) -> None:
    app = open_train(train="custom", layers=to_link(SMALL))
    type_layers(app, SMALL.replace("flatten", "flaten"))
    assert said(app).count("line 2: a line must start with a known layer") == 2
    assert app.button(key="train_submit").disabled
    assert app.session_state["builder_text"] == SMALL.replace("flatten", "flaten")
    type_layers(app, SMALL)
    assert app.dataframe[0].value["layer"].iloc[0].strip() == "conv 8 3x3 relu"
    submit(app)
    (job,) = client.list_jobs(runs_root)
    assert (job.plan.architecture, job.plan.layers) == ("custom", SMALL)


@pytest.mark.parametrize("layers", ["", "flatten\ndense 7 softmax", "conv"])
def test_layers_that_cannot_be_trained_disable_the_button_with_the_reason(layers: str) -> None:
    app = open_train(train="custom", layers=to_link(layers))
    assert app.button(key="train_submit").disabled
    assert not numbers(app)


def test_several_networks_optimizers_rates_and_seeds_are_counted_and_queued_together(
    runs_root: Path,
) -> None:
    app = open_train(train="kadam_a1,ajani_m1", more=True)
    field(app.multiselect, "train_optimizers").set_value(["sgd", "adam"]).run()
    field(app.multiselect, "train_learning_rates").set_value(["0.01", "0.001"]).run()
    field(app.slider, "train_seeds").set_value(3).run()
    button = app.button(key="train_submit")
    assert button.label == "Queue 24 jobs"
    assert "Time in all" in numbers(app)
    table = app.dataframe[0].value
    assert len(table) == 8
    assert set(table["seeds"]) == {"0 to 2"}
    assert "*60/20/20 of all 70,000* with other test images" in said(app)
    submit(app)
    jobs = client.list_jobs(runs_root)
    assert len({job.run_id for job in jobs}) == 24
    assert {job.batch for job in jobs} == {"Architecture 1 (Kadam et al.) and 1 more"}
    (grid,) = (box for box in app.expander if box.label.startswith("Architecture 1"))
    assert grid.label == "Architecture 1 (Kadam et al.) and 1 more · 24 jobs"
    made = {
        (
            job.plan.architecture,
            job.plan.recipe.optimizer,
            job.plan.recipe.learning_rate,
            job.plan.recipe.seed,
        )
        for job in jobs
    }
    assert len(made) == 24


def test_optimizers_of_one_network_are_compared_after_equally_long_trainings() -> None:
    alone = {}
    for optimizer in ("sgd", "adam"):
        app = open_train(train="kadam_a1,ajani_m1")
        field(app.multiselect, "train_optimizers").set_value([optimizer]).run()
        alone[optimizer] = app.dataframe[0].value["epochs"].tolist()
    assert alone["sgd"][0] > alone["adam"][0], "one has time for more epochs than the other"
    field(app.multiselect, "train_optimizers").set_value(["sgd", "adam"]).run()
    together = app.dataframe[0].value
    assert together["epochs"].tolist() == [alone["adam"][0]] * 2 + [alone["adam"][1]] * 2
    assert together["images"].nunique() <= 2
    assert "train_budget" in [control.key for control in app.segmented_control]


def test_a_learning_rate_that_is_typed_in_two_ways_is_one_job(runs_root: Path) -> None:
    app = open_train(train="kadam_a1,")
    field(app.multiselect, "train_learning_rates").set_value(["0.1", "1e-1", "0.10", "fast"]).run()
    assert field(app.multiselect, "train_learning_rates").value == ["0.1", "fast"]
    assert "learning_rate must be a number. Received: 'fast'" in said(app)
    field(app.multiselect, "train_learning_rates").set_value(["0.1", "0.10", "0.01"]).run()
    submit(app)
    assert {job.plan.recipe.learning_rate for job in client.list_jobs(runs_root)} == {0.1, 0.01}
    assert len(client.list_jobs(runs_root)) == 2


def test_fields_of_several_networks_stay_empty_until_they_are_set_for_all(runs_root: Path) -> None:
    app = open_train(train="kadam_a1,awasthi_basic", more=True)
    assert field(app.number_input, "train_batch_size").value is None
    assert "train_optimizer" not in [box.key for box in app.selectbox]
    field(app.number_input, "train_batch_size").set_value(256).run()
    submit(app)
    assert {job.plan.recipe.batch_size for job in client.list_jobs(runs_root)} == {256}


def test_seeds_that_go_beyond_the_highest_are_refused_before_the_press() -> None:
    app = open_train(train="kadam_a1", more=True)
    field(app.number_input, "train_seed").set_value(2**31 - 1).run()
    assert not app.button(key="train_submit").disabled
    field(app.slider, "train_seeds").set_value(2).run()
    assert app.button(key="train_submit").disabled
    assert "Of 2 seeds in a row, the last: seed must be at least 0 and at most 2147483647." in said(
        app
    )


def test_a_grid_that_is_too_large_or_has_a_wrong_rate_is_refused() -> None:
    app = open_train(train="kadam_a1,ajani_m1", more=True)
    field(app.multiselect, "train_learning_rates").set_value(["0.1", "0.01", "0.001"]).run()
    field(app.multiselect, "train_optimizers").set_value(["sgd", "adam", "adamw"]).run()
    field(app.slider, "train_seeds").set_value(6).run()
    assert "At most 100 jobs can be queued together. Received: 108." in said(app)
    assert app.button(key="train_submit").disabled
    field(app.slider, "train_seeds").set_value(1).run()
    assert not app.button(key="train_submit").disabled
    app.session_state["train_form"] = type(app.session_state["train_form"])(
        mode="several", picks=("kadam_a1",), learning_rates=("fast",)
    )
    app.run()
    assert "learning_rate must be a number. Received: 'fast'" in said(app)
    assert app.button(key="train_submit").disabled
