"""Architectures: what is inside?"""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.papers import find_system, systems
from fmnist_core.training.plan import MOST_PARAMS
from fmnist_core.ui.architectures.link import to_link
from tests.app.conftest import ENTRY
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run

SMALL = "conv 8 3x3 relu\nflatten\ndense 10 softmax"
VIEWS = ("Layers", "Diagram", "Source", "Code", "Side by side", "Builder")


def open_architectures(**query: str) -> AppTest:
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.switch_page("pages/architectures.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def errors(app: AppTest) -> list[str]:
    return [error.value.replace("\\", "") for error in app.error]


def totals(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def type_layers(app: AppTest, text: str) -> AppTest:
    """What the editor's script does in a browser; AppTest has no browser."""
    app.session_state["layers"] = to_link(text)
    return app.run()


@pytest.fixture(autouse=True)
def no_runs(runs_root: Path) -> None:
    """The page needs none."""


def test_the_page_opens_on_a_network_with_its_totals_and_its_table():
    app = open_architectures()
    assert app.header[0].value == "Enhanced CNN (Awasthi & Soni)"
    assert totals(app)["Parameters"] == "422,922"
    assert totals(app)["Weights"] == "1.61 MiB"
    assert "these layers give exactly that" in shown_text(app)
    table = app.dataframe[0].value
    assert table["formula"].iloc[0] == "(3*3*1 + 1) * 32 = 320"
    assert table["stated"].iloc[1] == "128"
    assert "wrong reason" in table["stated_verdict"].iloc[1]
    assert "C4, Table 3" in shown_text(app)


@pytest.mark.parametrize("system", systems(), ids=lambda system: system.id)
def test_every_architecture_can_be_opened_by_its_id(system):
    app = open_architectures(arch=system.id)
    assert app.header[0].value.replace("\\", "") == system.title
    assert not app.error
    assert system.basis.capitalize() in shown_text(app)


@pytest.mark.parametrize(
    ("system_id", "said"),
    [
        ("ajani_m5", "The source states most layers;"),
        ("ajani_m6", "The source names the kinds of layers and no sizes:"),
        ("saranya_3conv", "The source names the kinds of layers and no sizes:"),
        ("mcnn12", "The source states no layers: these follow the public code"),
        ("kayed_lenet5", "The source names the network and not its layers:"),
    ],
)
def test_how_far_the_source_states_the_layers_stands_under_the_title(system_id, said):
    assert said in shown_text(open_architectures(arch=system_id))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("system_id", ["chen_densenet", "greeshma_hog_svm"])
def test_every_view_opens_for_a_nested_network_and_for_a_baseline(system_id, view):
    app = open_architectures(arch=system_id, view=view)
    assert not app.error
    is_baseline = system_id == "greeshma_hog_svm"
    needs_layers = view not in ("Source", "Builder")
    assert ("This baseline has no layers" in shown_text(app)) == (is_baseline and needs_layers)


def test_mcnn9_is_shown_as_not_obtainable():
    app = open_architectures(arch="mcnn9")
    assert totals(app)["Trainable"] == "2,219,466"
    assert len(app.warning) == 1
    assert "655,434" in app.warning[0].value
    assert "not obtainable" in app.warning[0].value


def test_a_reading_of_the_network_can_be_chosen_and_is_named():
    app = open_architectures(arch="kadam_a2", variant="same")
    assert app.header[0].value == "Architecture 2 (Kadam et al.), same"
    assert totals(app)["Parameters"] == "820,298"
    field(app.selectbox, "reading_picker").select("").run()
    assert totals(app)["Parameters"] == "607,306"
    assert app.session_state["variant"] == ""


def test_choosing_a_source_offers_its_networks_only():
    app = open_architectures()
    field(app.selectbox, "source_picker").select("004").run()
    offered = field(app.selectbox, "architecture_picker").options
    assert len(offered) == sum(system.paper == "004" for system in systems())
    assert app.session_state["arch"] == "ajani_m1"
    field(app.selectbox, "architecture_picker").select("ajani_m5").run()
    assert app.session_state["arch"] == "ajani_m5"


def test_an_unknown_architecture_is_one_line_with_the_nearest_names_and_the_page_works():
    app = open_architectures(arch="awasthi_enhancd", variant="same")
    assert len(errors(app)) == 1
    assert "'awasthi_enhancd'" in errors(app)[0]
    assert "awasthi_enhanced" in errors(app)[0]
    assert totals(app)["Parameters"] == "422,922"
    field(app.selectbox, "architecture_picker").select("mcnn9").run()
    assert not app.error


def test_an_unknown_reading_is_named():
    assert "one reading only" in errors(open_architectures(variant="same"))[0]
    app = open_architectures(arch="kadam_a2", variant="sane")
    assert "Nearest: same" in errors(app)[0]
    assert totals(app)["Parameters"] == "607,306"


@pytest.mark.parametrize("key", ["arch", "variant", "beside", "view", "layers"])
@pytest.mark.parametrize("hostile", ["../../etc/passwd", "<script>alert(1)</script>", "a" * 5_000])
def test_a_hostile_address_is_only_ever_text(key, hostile):
    for view in ("Side by side", "Builder"):
        app = open_architectures(**{"view": view, key: hostile})
        assert app.header[0].value == "Enhanced CNN (Awasthi & Soni)"
        assert all(len(line) < 500 for line in errors(app))
        assert all("<" not in error.value.replace("\\<", "") for error in app.error)


def test_the_table_has_a_row_for_each_line_or_for_each_layer():
    app = open_architectures(arch="chen_resnet")
    assert len(app.dataframe[0].value) == 43
    app.segmented_control(key="rows").select("Keras layers").run()
    assert len(app.dataframe[0].value) == 72


def test_the_code_is_that_of_the_network():
    code = open_architectures(arch="kayed_lenet5", view="Code").code[0].value
    assert "\n# LeNet-5 (Kayed et al.)" in code
    assert 'layers.Conv2D(6, (5, 5), padding="same", activation="relu", name="conv2d")' in code


def test_two_networks_stand_side_by_side_with_signed_differences():
    app = open_architectures(arch="awasthi_basic", beside="awasthi_enhanced", view="Side by side")
    text = shown_text(app)
    assert "0.305 times the parameters" in text
    assert "(-963,584)" in text
    frame = app.dataframe[0].value.set_index("total")
    assert frame.loc["Parameters", "difference"] == "-963,584"
    assert "+ batchnorm" in app.code[0].value
    assert len(app.dataframe) == 3


def test_a_reading_can_stand_beside_a_network_and_an_unknown_one_is_named():
    app = open_architectures(arch="kadam_a2", beside="kadam_a2.same", view="Side by side")
    assert "1.35 times the parameters" in shown_text(app)
    app = open_architectures(
        arch="kadam_a2", variant="same", beside="kadam_a2", view="Side by side"
    )
    assert "0.74 times the parameters" in shown_text(app)
    app = open_architectures(beside="kadam_a22", view="Side by side")
    assert "kadam_a2" in errors(app)[0]
    assert "Nothing stands beside it yet" in shown_text(app)


def test_the_builder_starts_from_the_chosen_architecture_and_follows_it():
    app = open_architectures(arch="ajani_m1", view="Builder")
    assert app.session_state["builder_text"].startswith("flatten\ndense 128")
    field(app.selectbox, "architecture_picker").select("ajani_m2").run()
    assert "dropout 0.2" in app.session_state["builder_text"]
    assert app.session_state["layers"] == "", "the address names the architecture already"


def test_the_builder_shows_what_a_text_amounts_to_and_the_difference_to_the_architecture():
    app = open_architectures(arch="ajani_m1", view="Builder", layers=to_link(SMALL))
    assert app.session_state["builder_text"] == SMALL
    metric = next(metric for metric in app.metric if metric.label == "Parameters")
    assert metric.value == f"{3 * 3 * 8 + 8 + (26 * 26 * 8 + 1) * 10:,}"
    assert metric.delta == "-55,216"
    assert app.success[0].value == "This network can be trained."
    assert "python -m fmnist_core train custom --layers my_network.txt" in [
        code.value for code in app.code
    ]


def test_a_mistake_is_shown_with_its_line_and_the_nearest_word_and_the_text_is_kept():
    app = open_architectures(view="Builder", layers=to_link(SMALL))
    wrong = "conv 8 3x3 relu\nmaxpol 2\nflatten\ndense 10 softmax"
    type_layers(app, wrong)
    assert errors(app) == [
        'line 2: a line must start with a known layer. Received: "maxpol". Nearest: maxpool, '
        "avgpool, global_maxpool."
    ]
    assert app.code[0].value == "2: maxpol 2"
    assert app.session_state["builder_text"] == wrong
    assert totals(app)["Parameters"] == "54,170", "numbers of the last text that could be read"
    assert not app.success
    type_layers(app, wrong.replace("maxpol", "maxpool"))
    assert not app.error


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ("flatten\ndense 7 softmax", "must give 10 class probabilities"),
        ("flatten\ndense 1000000 relu\ndense 10 softmax", "at most 250,000,000 parameters"),
        ("pad 1000\nconv 600 1x1\nglobal_avgpool\ndense 10 softmax", "bytes of outputs"),
    ],
)
def test_what_can_be_counted_but_not_trained_is_counted_and_says_why(layers, said):
    app = open_architectures(view="Builder", layers=to_link(layers))
    assert said in app.warning[0].value
    assert totals(app)["Parameters"] != "422,922"
    assert not app.error
    assert "train custom" not in "".join(code.value for code in app.code)


def test_what_is_too_large_to_be_stored_as_a_run_is_not_called_trainable_but_has_its_code():
    wide = "conv 2048 3x3 same relu"
    app = open_architectures(
        view="Builder", layers=to_link(f"{wide}\n{wide}\nflatten\ndense 10 softmax")
    )
    assert f"at most {MOST_PARAMS:,} parameters, to be stored as a run" in app.warning[0].value
    assert not app.success
    assert "train custom" not in "".join(code.value for code in app.code)
    assert "custom" not in "".join(link.proto.query_string for link in app.get("page_link"))
    assert "builder_code" in [button.key for button in app.get("download_button")]


@pytest.mark.parametrize("layers", ["", "   \n# nothing\n", "conv", "\tconv 8 3x3", "repeat 3"])
def test_a_text_without_a_network_is_one_line(layers):
    app = open_architectures(view="Builder", layers=to_link(layers))
    assert len(errors(app)) == 1
    assert app.session_state["builder_text"] == layers


def test_starting_anew_keeps_the_reader_s_own_text_at_hand():
    app = open_architectures(view="Builder", layers=to_link(SMALL))
    app.selectbox(key="builder_template").select("Inception branches").run()
    app.button(key="builder_load").click().run()
    assert "inception" in app.session_state["builder_text"]
    app.button(key="builder_undo").click().run()
    assert app.session_state["builder_text"] == SMALL
    assert app.session_state["layers"] == to_link(SMALL)


def start_from(app: AppTest, name: str) -> None:
    app.selectbox(key="builder_template").select(name).run()
    app.button(key="builder_load").click().run()


def test_own_text_outlasts_a_second_start_and_another_architecture():
    app = open_architectures(view="Builder", layers=to_link(SMALL))
    start_from(app, "Inception branches")
    start_from(app, "Inception branches")
    start_from(app, app.selectbox(key="builder_template").options[0])
    field(app.selectbox, "architecture_picker").select("mcnn9").run()
    app.button(key="builder_undo").click().run()
    assert app.session_state["builder_text"] == SMALL
    assert not [button for button in app.button if button.key == "builder_undo"]


def test_every_one_of_several_own_texts_can_be_brought_back():
    other = SMALL.replace("8", "9")
    app = open_architectures(view="Builder", layers=to_link(SMALL))
    start_from(app, "Inception branches")
    type_layers(app, other)
    start_from(app, "Inception branches")
    for text in (other, SMALL, other):
        app.button(key="builder_undo").click().run()
        assert app.session_state["builder_text"] == text


def test_a_text_of_the_reader_s_own_stays_when_another_architecture_or_page_is_chosen():
    app = open_architectures(view="Builder", layers=to_link(SMALL))
    field(app.selectbox, "architecture_picker").select("mcnn9").run()
    assert app.session_state["builder_text"] == SMALL
    app.switch_page("pages/overview.py").run()
    app.switch_page("pages/architectures.py").run()
    assert not app.exception
    assert app.session_state["builder_text"] == SMALL
    assert app.session_state["arch"] == "mcnn9"


def test_a_cut_link_is_refused_in_one_line_and_the_builder_works():
    app = open_architectures(view="Builder", layers=to_link(SMALL)[:-5])
    assert len(errors(app)) == 1
    assert "Copy the whole address" in errors(app)[0]
    assert totals(app)["Parameters"] == "422,922"


def test_the_runs_of_a_network_are_offered_for_comparison(runs_root: Path):
    ids = [
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.86, seed=seed, number=seed + 1))
        for seed in range(2)
    ]
    app = open_architectures(arch="kadam_a1")
    button = app.button(key="choose_runs_of_it")
    assert button.label == f"Choose the 2 runs of {find_system('kadam_a1').title}"
    button.click().run()
    assert not app.exception
    assert sorted(app.session_state["runs"].split(",")) == sorted(ids)


def test_a_broken_runs_folder_does_not_touch_this_page(tmp_path: Path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(file))
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.switch_page("pages/architectures.py").run()
    assert "What is inside?" in [title.value for title in app.title]
