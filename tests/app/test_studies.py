"""Studies: what does one factor change?"""

import json
from pathlib import Path

import pytest

from fmnist_core.studies import read_studies
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.fixture_studies import setups, write_level_run

TITLES = {study.id: study.title for study in read_studies()}


def specs(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def plain(app) -> str:
    return shown_text(app).replace("\\", "")


@pytest.fixture
def optimizer_runs(runs_root: Path) -> list[str]:
    asks = setups("optimizers", "ajani_m6")
    levels = {"Adam": 0.93, "SGD": 0.88, "Nadam": 0.932}
    return [
        write_level_run(runs_root, asks[label], accuracy, number=number)
        for number, (label, accuracy) in enumerate(levels.items(), 1)
    ]


def test_without_any_run_the_page_says_how_to_get_one(runs_root: Path, open_page: OpenPage) -> None:
    assert "No run yet" in shown_text(open_page("studies"))


def test_without_an_effect_the_glance_lists_the_studies_and_the_command(
    runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=1, epochs=50))
    app = open_page("studies")
    assert "Nothing to compare yet" in plain(app)
    assert specs(app) == []
    table = next(t.value for t in app.dataframe if "trained" in t.value)
    assert table["title"].tolist() == list(TITLES.values())


def test_the_glance_draws_every_effect(optimizer_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("studies")
    assert "Of 2 effects in 1 study" in plain(app)
    assert len(specs(app)) == 1


@pytest.mark.parametrize("study_id", TITLES)
def test_every_study_says_what_it_lacks_and_how_to_train_it(
    study_id: str, runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun("awasthi_basic", 0.9, number=1))
    app = open_page("studies", study=TITLES[study_id])
    text = plain(app)
    assert "none of" in text
    missing = next(t.value for t in app.dataframe if "command" in t.value)
    assert missing["command"].str.contains("python -m fmnist_core train").all()
    assert missing["entry"].ne("–").all()
    reduced = missing["entry"].str.contains("reduced")
    assert missing.loc[reduced, "length"].str.match(r"\d+ of \d+ epochs").all()
    assert missing.loc[~reduced, "length"].eq("in full").all()


def test_a_study_shows_conclusions_limits_levels_effects_curves_and_the_table(
    optimizer_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("studies", study=TITLES["optimizers"])
    text = plain(app)
    assert "against Adam (93.00 %), SGD (-5.00) is worse by more than the choice of test" in text
    assert "Each of the 3 trained levels has one seed" in text
    assert "of 13 levels are not trained yet" in text
    assert len(specs(app)) == 2 + 4
    table = next(t.value for t in app.dataframe if "c7" in t.value)
    assert len(table) == 7 + 3


def test_a_share_of_the_data_is_a_line_with_its_budget(
    runs_root: Path, open_page: OpenPage
) -> None:
    asks = setups("data_share", "chen_densenet")
    for number, label in enumerate(asks, 1):
        write_level_run(runs_root, asks[label], 0.8 + number / 50, number=number, epochs=5)
    app = open_page("studies", study=TITLES["data_share"])
    line = specs(app)[0]["layer"][1]["encoding"]
    assert line["x"]["title"] == "Share of the training images (%)"
    assert line["color"]["scale"]["domain"] == ["DenseNet (5 of 20 epochs)"]
    assert "reduced budget: DenseNet (5 of 20 epochs)" in plain(app)


def test_two_factors_are_a_table_and_its_rows_have_curves(
    runs_root: Path, open_page: OpenPage
) -> None:
    asks = setups("activation_optimizer", "kadam_a1")
    for number, label in enumerate(asks, 1):
        write_level_run(runs_root, asks[label], 0.9 - number / 200, number=number)
    app = open_page("studies", study=TITLES["activation_optimizer"])
    assert specs(app)[0]["layer"][0]["mark"]["type"] == "rect"
    assert len(specs(app)) == 1 + 4
    assert "Along one row" in plain(app)


def test_a_sweep_of_ones_own_is_a_study(runs_root: Path, open_page: OpenPage) -> None:
    asks = setups("ablation", "awasthi_enhanced")["As published"]
    for number, rate in enumerate((0.1, 0.01, 0.001), 1):
        write_level_run(runs_root, asks, 0.9, number=number, learning_rate=rate)
    app = open_page("studies", study="Your sweeps")
    assert "Your own sweep: 3 runs" in plain(app)
    assert app.selectbox(key="sweep").options == ["Enhanced CNN (Awasthi & Soni): learning rate"]


def test_without_a_sweep_the_page_says_how_to_make_one(
    optimizer_runs: list[str], open_page: OpenPage
) -> None:
    assert "No sweep of your own yet" in plain(open_page("studies", study="Your sweeps"))


def test_a_missing_level_goes_into_the_train_form(
    optimizer_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("studies", study=TITLES["optimizers"])
    app.selectbox(key="studies_missing_pick_optimizers").set_value(1).run()
    app.button(key="studies_missing_ready_optimizers").click().run()
    assert not app.exception
    plan = app.session_state["train_form_prefill"]
    assert (plan.architecture, plan.recipe.optimizer) == ("ajani_m6", "adagrad")
    assert app.get("page_link")


def test_a_level_with_layers_of_its_own_goes_there_with_its_text(
    runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=1, epochs=50))
    app = open_page("studies", study=TITLES["activation_optimizer"])
    labels = app.selectbox(key="studies_missing_pick_activation_optimizer").options
    place = labels.index("Architecture 1: Tanh with SGD")
    app.selectbox(key="studies_missing_pick_activation_optimizer").set_value(place).run()
    app.button(key="studies_missing_ready_activation_optimizer").click().run()
    plan = app.session_state["train_form_prefill"]
    assert plan.layers == "flatten\ndense 128 tanh\ndense 10 softmax"
    assert (plan.recipe.optimizer, plan.recipe.epochs) == ("sgd", 50)


def test_an_unknown_study_in_the_address_falls_back_to_the_glance(
    optimizer_runs: list[str], open_page: OpenPage
) -> None:
    assert "Which factor matters most?" in plain(open_page("studies", study="<script>"))


def test_damaged_predictions_are_named_and_hide_nothing(
    optimizer_runs: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    path = runs_root / optimizer_runs[1] / "predictions.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    app = open_page("studies", study=TITLES["optimizers"])
    assert f"{optimizer_runs[1]} is left out: " in plain(app)
    assert "Nadam cannot be told from it" in plain(app)
