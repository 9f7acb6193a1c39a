"""The form of the Train page: what a reader sets, what is said before the press, what is queued."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data import locations
from fmnist_core.errors import JobError
from fmnist_core.evaluation.run_names import BUDGET_BADGES
from fmnist_core.jobs import client
from fmnist_core.recipes import Recipe
from fmnist_core.training import estimate
from fmnist_core.training.plan import plan_run
from fmnist_core.ui import loaders
from fmnist_core.ui.dataset import fetch as dataset_fetch
from tests.app.conftest import ENTRY
from tests.app.train_page import (
    SMALL,
    badge_texts,
    newest_plan,
    numbers,
    open_train,
    run_again,
    said,
    submit,
)
from tests.app.widgets import field, look_with
from tests.fixture_jobs import running

pytestmark = pytest.mark.usefixtures("root")  # no training: the test passes for the service


def test_the_form_opens_on_a_quick_look_and_says_what_it_takes(runs_root: Path) -> None:
    app = open_train()
    assert app.title[0].value == "What happens if I train it?"
    assert field(app.selectbox, "train_pick").value == "awasthi_basic"
    assert field(app.segmented_control, "train_budget").value == "quick"
    assert numbers(app)["Parameters"] == "1,386,506"
    assert numbers(app)["MACs"] == "1.78 M"
    assert numbers(app)["Time"].endswith(" s")
    assert "GB" in numbers(app)["Memory"]
    assert "Between" in said(app)
    assert "the source has 100 epochs of 48,000" in said(app)
    assert "Fewer epochs or images than the paper has" in said(app)
    assert badge_texts(app) == [BUDGET_BADGES["reduced"]]
    assert not app.button(key="train_submit").disabled


def test_the_press_queues_what_was_shown_and_tells_the_reader(runs_root: Path) -> None:
    app = submit(open_train(train="kadam_a2.same"))
    (job,) = client.list_jobs(runs_root)
    assert (job.state, job.plan.architecture, job.plan.variant) == ("queued", "kadam_a2", "same")
    assert job.plan.recipe.epochs <= 50
    assert job.batch == ""
    assert "Queued" in app.toast[0].value
    assert [header.value for header in app.header] == ["Trainings", "A new training"]


def test_a_training_that_goes_on_stands_above_the_form(runs_root: Path) -> None:
    assert open_train().header[0].value == "A new training"
    running(runs_root, plan_run("kadam_a1", {}))
    assert open_train().header[0].value == "Trainings"


@pytest.mark.parametrize(
    ("key", "typed", "must"),
    [
        ("learning_rate", "abc", "learning_rate must be a number. Received: 'abc'."),
        ("learning_rate", "-1", "learning_rate must be above 0"),
        ("label_smoothing", "1.5", "label_smoothing must be at least 0"),
        ("train_fraction", "0", "train_fraction must be above 0"),
        ("pixel_std", "0", "pixel_std must be above 0"),
    ],
)
def test_a_bad_field_says_what_must_hold_and_keeps_what_was_typed(
    key: str, typed: str, must: str
) -> None:
    app = open_train(more=True)
    field(app.text_input, f"train_{key}").set_value(typed).run()
    assert said(app).count(must) == 2, "below the field and below the button"
    assert field(app.text_input, f"train_{key}").value == typed
    assert app.button(key="train_submit").disabled
    assert numbers(app)["Parameters"] == "1,386,506", "what is right is still shown"
    field(app.text_input, f"train_{key}").set_value("0.5").run()
    assert not app.button(key="train_submit").disabled


@pytest.mark.parametrize(
    ("key", "number", "must"),
    [
        ("epochs", 0, "epochs must be at least 1"),
        ("batch_size", -5, "batch_size must be at least 1"),
        ("batch_size", 60_000, "batch_size must be at most the number of training images"),
        ("seed", -1, "seed must be at least 0"),
    ],
)
def test_a_whole_number_out_of_range_is_refused_in_one_sentence(
    key: str, number: int, must: str
) -> None:
    app = open_train(more=True)
    field(app.number_input, f"train_{key}").set_value(number).run()
    assert must in said(app)
    assert field(app.number_input, f"train_{key}").value == number
    assert app.button(key="train_submit").disabled


def test_what_only_some_networks_can_follow_is_refused_for_those() -> None:
    app = open_train(more=True, train="chen_capsnet")
    field(app.text_input, "train_label_smoothing").set_value("0.1").run()
    assert "label_smoothing must be 0 for capsules" in said(app)
    assert app.button(key="train_submit").disabled
    field(app.selectbox, "train_pick").select("kadam_a1").run()
    assert not app.button(key="train_submit").disabled


def test_a_setting_unlike_the_source_is_marked_and_can_be_taken_back(runs_root: Path) -> None:
    app = open_train(more=True)
    field(app.text_input, "train_learning_rate").set_value("3e-3").run()
    field(app.number_input, "train_batch_size").set_value(64).run()
    assert "differs from our reading of the paper: 0.001" in said(app)
    assert "differs from the paper: 512" in said(app)
    assert "learning rate 0.003 instead of 0.001" in said(app)
    app.button(key="train_reset").click().run()
    assert field(app.text_input, "train_learning_rate").value == "0.001"
    assert field(app.number_input, "train_batch_size").value == 512
    assert "instead of" not in said(app)


def test_typing_the_source_s_own_value_is_no_difference() -> None:
    app = open_train(more=True)
    field(app.text_input, "train_learning_rate").set_value("1e-3").run()
    assert "learning rate" not in said(app)
    assert "train_reset" not in [button.key for button in app.button]


def test_epochs_set_by_hand_count_and_no_budget_decides_them(runs_root: Path) -> None:
    app = open_train(more=True, train="awasthi_enhanced")
    limit = field(app.number_input, "train_limit").value
    assert limit > 0
    field(app.number_input, "train_epochs").set_value(1).run()
    assert field(app.segmented_control, "train_budget").value == "own"
    assert field(app.number_input, "train_limit").value == limit
    submit(app)
    (job,) = client.list_jobs(runs_root)
    assert (job.plan.recipe.epochs, job.plan.recipe.limit) == (1, limit)
    field(app.segmented_control, "train_budget").set_value("full").run()
    assert field(app.number_input, "train_epochs").value == 100


def test_every_field_has_its_value_as_default_so_that_one_drawn_anew_keeps_it() -> None:
    app = open_train(more=True, train="kadam_a1")
    field(app.number_input, "train_epochs").set_value(100).run()
    fields = (*app.number_input, *app.text_input, *app.text_area)
    shown = {one.key: one.proto.default for one in fields if (one.key or "").startswith("train_")}
    assert (shown["train_epochs"], shown["train_batch_size"]) == (100, 128)
    assert (shown["train_learning_rate"], shown["train_notes"]) == ("0.001", "")
    assert not any(one.proto.set_value for one in fields if one.key in shown)


@pytest.mark.parametrize("late", ["train_epochs", "train_limit", "train_learning_rate"])
def test_a_browser_that_has_yet_to_hear_of_a_choice_undoes_none_of_it(late: str) -> None:
    app = open_train(more=True, train="kadam_a1")
    (before,) = (one for one in (*app.number_input, *app.text_input) if one.key == late)
    sent = before._widget_state
    field(app.segmented_control, "train_budget").set_value("short").run()
    field(app.selectbox, "train_pick").select("kayed_lenet5").run()
    expected = dict(numbers(app))
    look_with(app, sent)
    assert field(app.segmented_control, "train_budget").value == "short"
    assert field(app.selectbox, "train_pick").value == "kayed_lenet5"
    assert app.session_state["train_form"].changes == ()
    assert numbers(app) == expected


def test_epochs_set_by_hand_outlive_a_browser_that_still_sends_the_budget_of_before() -> None:
    app = open_train(more=True)
    sent = field(app.segmented_control, "train_budget")._widget_state
    field(app.number_input, "train_epochs").set_value(100).run()
    look_with(app, sent)
    assert field(app.segmented_control, "train_budget").value == "own"
    assert field(app.number_input, "train_epochs").value == 100


def test_a_closed_box_changes_nothing_though_the_browser_still_sends_its_fields() -> None:
    app = open_train(more=True)
    sent = field(app.number_input, "train_epochs")._widget_state
    app.session_state["train_more"] = False
    app.run()
    assert not app.number_input
    look_with(app, sent)
    assert field(app.segmented_control, "train_budget").value == "quick"
    assert "train_form" not in app.session_state


def test_what_was_set_is_still_there_after_another_page(runs_root: Path) -> None:
    app = open_train(more=True, train="kayed_lenet5")
    field(app.selectbox, "train_optimizer").select("lion").run()
    field(app.text_input, "train_weight_decay").set_value("not yet").run()
    field(app.text_input, "train_name").set_value("My lion").run()
    field(app.slider, "train_seeds").set_value(3).run()
    app.switch_page("pages/overview.py").run()
    app.switch_page("pages/train.py")
    app.session_state["train_more"] = True
    app.run()
    assert not app.exception
    assert field(app.selectbox, "train_pick").value == "kayed_lenet5"
    assert field(app.selectbox, "train_optimizer").value == "lion"
    assert field(app.text_input, "train_weight_decay").value == "not yet"
    assert field(app.text_input, "train_name").value == "My lion"
    assert field(app.slider, "train_seeds").value == 3


def test_what_does_not_fit_into_memory_is_refused_with_its_size(monkeypatch) -> None:
    monkeypatch.setattr(estimate, "memory_limit", lambda: 500_000_000)
    app = open_train()
    assert "a training must fit into 0.5 GB" in said(app)
    assert app.button(key="train_submit").disabled
    assert numbers(app)["Parameters"] == "1,386,506"


def test_without_images_the_form_offers_to_fetch_them(monkeypatch) -> None:
    fetched = []
    monkeypatch.setattr(dataset_fetch, "fetch_data", fetched.append)  # a fake: no download here
    monkeypatch.setattr(locations, "search_places", lambda: ())
    loaders.data_is_found.clear()
    app = open_train(more=True)
    app.button(key="data_fetch").click().run()
    assert len(fetched) == 1
    loaders.data_is_found.clear()
    assert "python -m fmnist_core data fetch" in [code.value for code in app.code]
    assert app.button(key="train_submit").disabled
    assert numbers(app)["Parameters"] == "1,386,506"


def test_a_service_that_cannot_be_woken_is_one_line(monkeypatch) -> None:
    def refuse(root: Path) -> None:
        raise JobError("the service must have room. Received: none. Free some space.")

    monkeypatch.setattr(client, "warm_up", refuse)
    app = open_train()
    (warning,) = app.warning
    assert "Free some space" in warning.value


def test_augmentation_is_switched_on_and_off_and_the_source_s_own_is_no_change() -> None:
    app = open_train(train="s003_enhanced", more=True)
    assert field(app.toggle, "train_aug_rotation").value
    assert field(app.slider, "train_strength_rotation").value == 10
    field(app.slider, "train_strength_rotation").set_value(30.0).run()
    field(app.toggle, "train_aug_shift").set_value(False).run()
    assert dict(app.session_state["train_form"].changes)["augmentation"] == "rotation=30 zoom=0.1"
    assert "augmentation rotation=30 zoom=0.1 instead of rotation=10" in said(app)
    field(app.toggle, "train_aug_rotation").set_value(False).run()
    field(app.toggle, "train_aug_rotation").set_value(True).run()
    assert field(app.slider, "train_strength_rotation").value == 30, "a strength is not forgotten"
    field(app.slider, "train_strength_rotation").set_value(10.0).run()
    field(app.toggle, "train_aug_shift").set_value(True).run()
    assert "augmentation" not in dict(app.session_state["train_form"].changes)
    assert "instead of" not in said(app)


def test_a_plan_fills_the_form_to_be_run_again(runs_root: Path) -> None:
    plan = plan_run(
        "ajani_m4a",
        {
            "optimizer": "lion",
            "epochs": 2,
            "limit": 900,
            "augmentation": "flip=0.3 rotation=0.5 mixup=0.02",
            "seed": 7,
        },
        variant="valid",
        name="Again",
        notes="Why not",
    )
    app = run_again(runs_root, plan)
    assert field(app.selectbox, "train_pick").value == "ajani_m4a.valid"
    assert field(app.selectbox, "train_optimizer").value == "lion"
    strengths = {"flip": 0.3, "rotation": 0.5, "mixup": 0.02}  # weaker than a slider's first step
    for name, strength in strengths.items():
        assert field(app.slider, f"train_strength_{name}").value == strength
    submit(app)
    again = newest_plan(runs_root)
    assert again.recipe == plan.recipe
    assert (again.name, again.notes, again.variant) == ("Again", "Why not", "valid")
    assert again.run_id != plan.run_id


@pytest.mark.parametrize("gone", [{"architecture": "gone"}, {"variant": "gone_reading"}])
def test_a_plan_whose_network_has_gone_is_one_line_and_the_form_works(
    runs_root: Path, gone: dict[str, str]
) -> None:
    app = run_again(runs_root, replace(plan_run("ajani_m4a", {"epochs": 2}), **gone))
    assert len(app.error) == 1
    assert "That training cannot be run again: architecture must be a known name" in said(app)
    app.run()
    assert not app.exception
    assert not app.error
    assert field(app.selectbox, "train_pick").value != "gone"


def test_a_plan_of_own_layers_brings_its_layers_back(runs_root: Path) -> None:
    plan = plan_run("custom", {"epochs": 3}, layers=SMALL)
    app = run_again(runs_root, plan)
    assert app.session_state["builder_text"] == SMALL
    submit(app)
    assert newest_plan(runs_root).layers == SMALL
    assert newest_plan(runs_root).recipe == Recipe(epochs=3)


def test_a_name_or_notes_that_a_run_cannot_hold_are_refused() -> None:
    app = open_train(more=True)
    field(app.text_input, "train_name").set_value("a\x1bb").run()
    assert app.button(key="train_submit").disabled
    assert "plan:" not in said(app)
    assert "name must be printable text" in said(app)
    assert field(app.text_input, "train_name").value == "a\x1bb"


def test_no_more_is_typed_as_name_and_notes_than_a_run_can_hold() -> None:
    app = open_train(more=True)
    assert field(app.text_input, "train_name").proto.max_chars == 200
    assert field(app.text_area, "train_notes").proto.max_chars == 4_500


def test_an_architecture_and_the_builder_lead_to_the_form() -> None:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.switch_page("pages/architectures.py")
    app.query_params["arch"] = "kadam_a2"
    app.query_params["variant"] = "same"
    app.query_params["view"] = "Builder"
    app.run()
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    assert "train=kadam_a2.same" in links["Train Architecture 2 (Kadam et al.), same"]
    assert "train=custom" in links["Train it"]
    assert "layers=" in links["Train it"]


@pytest.mark.parametrize("key", ["train_mode", "train_budget"])
def test_a_browser_that_sends_no_choice_changes_nothing(key: str) -> None:
    app = open_train()
    before = field(app.segmented_control, key).value
    field(app.segmented_control, key).set_value(None).run()
    assert not app.exception
    assert field(app.segmented_control, key).value == before
