"""Train, the form: what it promises will stand beside the numbers of the run."""

from pathlib import Path

import pytest

from fmnist_core.evaluation.run_names import BUDGET_BADGES, TEST_SEEN, UNSETTLED
from fmnist_core.jobs import client
from fmnist_core.ui.architectures.link import to_link
from tests.app.train_page import SMALL, badge_texts, open_train, said, submit
from tests.app.widgets import field

pytestmark = pytest.mark.usefixtures("root")  # no training: the test passes for the service


def test_the_full_protocol_changes_nothing_and_says_so(runs_root: Path) -> None:
    app = open_train(train="ajani_m1")
    field(app.segmented_control, "train_budget").set_value("full").run()
    assert "Follows the protocol of its source in every setting" in said(app)
    # Its split is the source's own, and must be known beside the result all the same.
    assert badge_texts(app) == [TEST_SEEN]
    submit(app)
    (job,) = client.list_jobs(runs_root)
    assert job.plan.recipe.epochs == 10
    assert job.plan.recipe.limit == 0


def test_only_a_training_as_its_source_describes_it_is_promised_a_full_budget() -> None:
    app = open_train(train="kadam_a1", more=True)
    field(app.segmented_control, "train_budget").set_value("full").run()
    assert badge_texts(app) == ["Full budget"]
    field(app.number_input, "train_epochs").set_value(300).run()
    assert badge_texts(app) == [BUDGET_BADGES["varied"]]
    assert "epochs 300 instead of 50" in said(app)
    assert "never ranked among full ones" in said(app)
    field(app.number_input, "train_epochs").set_value(50).run()
    assert badge_texts(app) == ["Full budget"]
    field(app.text_input, "train_learning_rate").set_value("0.02").run()
    assert badge_texts(app) == [BUDGET_BADGES["varied"]]
    field(app.number_input, "train_epochs").set_value(2).run()
    assert badge_texts(app) == [BUDGET_BADGES["reduced"]]


def test_a_training_too_short_for_its_averages_is_promised_their_label() -> None:
    app = open_train(train="awasthi_enhanced", more=True)
    field(app.segmented_control, "train_budget").set_value("full").run()
    field(app.number_input, "train_epochs").set_value(1).run()  # 94 steps
    assert badge_texts(app) == [BUDGET_BADGES["reduced"], UNSETTLED]
    assert "the running averages of its batch normalisation are still" in said(app)
    field(app.number_input, "train_epochs").set_value(10).run()
    assert badge_texts(app) == [BUDGET_BADGES["reduced"]]


def test_early_stopping_that_the_source_has_not_may_yet_reduce_the_training() -> None:
    app = open_train(train="kadam_a1", more=True)
    field(app.segmented_control, "train_budget").set_value("full").run()
    assert "early stopping ends" not in said(app)
    field(app.number_input, "train_early_stopping").set_value(5).run()
    assert badge_texts(app) == [BUDGET_BADGES["varied"]]
    assert "early stopping ends before the epochs of the paper" in said(app)
    field(app.number_input, "train_early_stopping").set_value(49).run()  # of 50 epochs
    assert "early stopping ends" not in said(app)


def test_another_reading_is_promised_a_full_budget_and_own_layers_never_are() -> None:
    app = open_train(train="kadam_a2.same")
    field(app.segmented_control, "train_budget").set_value("full").run()
    assert badge_texts(app) == ["Full budget"]
    app = open_train(train="custom", layers=to_link(SMALL))
    assert badge_texts(app) == [BUDGET_BADGES["varied"]]
    assert "Layers of your own, which no paper has." in said(app)
