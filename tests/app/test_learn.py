"""Learn: how does a network look at an image?"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data import find_data
from fmnist_core.runs.read import read_run
from tests.app.conftest import ENTRY, OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.shipped_runs import shipped_run

RUNS = Path(__file__).parents[2] / "cached_runs"
FIGURES = (
    "Pixels",
    "Convolution",
    "Activation",
    "Pooling",
    "Batch normalisation",
    "Dropout",
    "Softmax",
    "Whole network",
)
needs_data = pytest.mark.skipif(find_data() is None, reason="needs the images")


@pytest.fixture
def networks(runs_root: Path) -> dict[str, str]:
    """Two real runs, one with every kind of layer and one with dense ones only; name -> id."""
    found = {}
    for name in ("awasthi_enhanced", "kadam_a1"):
        run_id = shipped_run(name)
        shutil.copytree(RUNS / run_id, runs_root / run_id)
        found[name] = run_id
    return found


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_draws_a_drawing_with_a_sentence_and_a_table(
    figure: str, networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure=figure, image="dress")
    assert not app.error
    text = shown_text(app)
    assert "Drawing\\: Dress. Enhanced CNN" in text
    assert ":material/lightbulb:" in text
    assert app.dataframe
    if figure != "Whole network":
        assert charts(app)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_dense_network_says_what_it_lacks_and_offers_one_that_has_it(
    figure: str, networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure=figure, image="bag", network=networks["kadam_a1"])
    lacks = figure in ("Convolution", "Batch normalisation", "Dropout")
    text = shown_text(app)
    assert ("has no such layer" in text) == lacks
    if figure == "Pooling":
        assert "This network has no sliding pool, so the image itself is shown." in text
    if lacks:
        app.button(key=f"learn_take_{networks['awasthi_enhanced']}").click().run()
        assert not app.exception
        assert "has no such layer" not in shown_text(app)
        assert app.query_params["network"] == networks["awasthi_enhanced"]


def test_without_a_network_in_the_address_the_chosen_one_comes_first(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    picker = "learn_network_picker"
    assert open_page("learn").selectbox(key=picker).value == networks["awasthi_enhanced"]
    chosen = open_page("learn", runs=networks["kadam_a1"])
    assert chosen.selectbox(key=picker).value == networks["kadam_a1"]


def test_choosing_a_network_puts_it_into_the_address(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure="Softmax", image="bag")
    field(app.selectbox, "learn_network_picker").select(networks["kadam_a1"]).run()
    assert app.query_params["network"] == networks["kadam_a1"]
    assert read_run(RUNS, networks["kadam_a1"]).layers.count("dense") == 2


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "<script>alert(1)</script>", "a" * 5000])
def test_a_hostile_address_is_only_ever_text(
    hostile: str, networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", network=hostile, image=hostile[:40], figure=hostile)
    assert len(app.warning) == 1
    assert len(app.error) == 2  # the network and the figure
    assert "<script>" not in shown_text(app).replace("\\", "\0")
    assert field(app.selectbox, "learn_network_picker").value == networks["awasthi_enhanced"]


def test_another_kernel_and_another_place_change_the_sentence_and_the_products(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure="Convolution", image="sneaker")
    app.number_input(key="learn_kernel").set_value(5).run()
    app.number_input(key="learn_convolution_row").set_value(3).run()
    app.number_input(key="learn_convolution_column").set_value(4).run()
    assert not app.exception
    text = shown_text(app)
    assert "In row 3, column 4, kernel 5 sums 3 × 3 products" in text
    (marked,) = (
        layer["params"][0]["value"] for layer in charts(app)[0]["layer"] if "params" in layer
    )
    assert marked == [{"row": 3, "column": 4}]
    products = next(table.value for table in app.dataframe if "weight" in table.value)
    assert len(products) == 9


def test_a_place_that_another_network_has_not_is_brought_back(
    runs_root: Path, networks: dict[str, str], open_page: OpenPage
) -> None:
    small = shipped_run("kayed_lenet5")  # 6 kernels against 32
    shutil.copytree(RUNS / small, runs_root / small)
    app = open_page("learn", figure="Convolution", image="bag")
    app.number_input(key="learn_kernel").set_value(32).run()
    field(app.selectbox, "learn_network_picker").select(small).run()
    assert not app.exception
    assert app.number_input(key="learn_kernel").value == 6
    assert "kernel 6 sums 5 × 5 products" in shown_text(app)


def test_stride_and_padding_follow_their_fields(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure="Convolution", image="bag")
    assert "**13 × 13**" in shown_text(app)
    app.toggle(key="learn_same").set_value(True).run()
    assert "**14 × 14**" in shown_text(app)
    app.number_input(key="learn_stride").set_value(1).run()
    assert "**28 × 28**" in shown_text(app)


def test_temperature_and_another_mask_take_effect(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn", figure="Softmax", image="shirt")
    app.slider(key="learn_temperature").set_value(5.0).run()
    assert "At temperature 5," in shown_text(app)
    app.segmented_control(key="figure").set_value("Dropout").run()
    assert "Mask 1 of dropout" in shown_text(app)
    assert "**off when predicting**" in shown_text(app)
    next(button for button in app.button if button.label == "Another mask").click().run()
    assert not app.exception
    assert "Mask 2 of dropout" in shown_text(app)


def test_runs_without_weights_are_not_offered(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("learn", image="coat", runs=three_runs[0])
    assert not app.exception
    assert "No run with weights yet." in shown_text(app)
    assert "learn_network_picker" not in {box.key for box in app.selectbox}


def test_damaged_weights_are_named(
    runs_root: Path, networks: dict[str, str], open_page: OpenPage
) -> None:
    file = runs_root / networks["kadam_a1"] / "weights.safetensors"
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    app = open_page("learn", image="coat", network=networks["kadam_a1"], figure="Whole network")
    assert len(app.error) == 1
    assert "weights.safetensors" in app.error[0].value.replace("\\", "")
    app.segmented_control(key="figure").set_value("Pooling").run()
    assert "The weights of this network cannot be read, so the image itself" in shown_text(app)


def test_a_layer_that_is_too_large_for_the_page_is_named_and_the_ones_before_it_are_shown(
    networks: dict[str, str], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense = networks["kadam_a1"]
    monkeypatch.setattr("fmnist_core.inference.layer_outputs.MOST_VALUES", 800)
    app = open_page("learn", image="coat", network=dense, figure="Whole network")
    assert "The layer dense is too large to be computed on this page" in shown_text(app)
    assert "**flatten** gives 784 numbers" in shown_text(app)
    monkeypatch.setattr("fmnist_core.inference.layer_outputs.MOST_VALUES", 700)
    for figure in ("Pooling", "Softmax", "Whole network"):
        app = open_page("learn", image="bag", network=dense, figure=figure)
        assert not app.error
        assert "The layer flatten is too large to be computed on this page" in shown_text(app)


def test_a_run_of_damaged_size_is_listed_and_another_takes_its_place(
    runs_root: Path, networks: dict[str, str], open_page: OpenPage
) -> None:
    file = runs_root / networks["kadam_a1"] / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:-1])
    app = open_page("learn", image="coat", network=networks["kadam_a1"])
    assert field(app.selectbox, "learn_network_picker").value == networks["awasthi_enhanced"]
    assert any("1 damaged run left out" in box.label for box in app.expander)


@needs_data
def test_a_test_image_is_named_with_its_class(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    text = shown_text(open_page("learn", image="60001"))
    assert "Test image 60001, class Pullover" in text
    assert "says **Pullover**" in text


@needs_data
def test_a_training_image_is_one_sentence_wherever_it_was_chosen_and_stays_chosen(
    networks: dict[str, str], open_page: OpenPage
) -> None:
    app = open_page("learn")
    field(app.text_input, "sample_shown").set_value("12").run()
    assert not app.error
    text = shown_text(app)
    assert "elsewhere" not in text
    assert "Only test images, 60000 to 69999, and drawings can be shown here." in text
    assert "Image 12 is a training image, which networks may have learned by heart" in text
    assert "Test image 60000, class Ankle boot" in text
    assert app.text_input(key="image").value == "12"


def test_without_image_files_the_page_offers_drawings(
    networks: dict[str, str], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist_core.ui.learn.choice.data_is_found", lambda: False)
    assert len(open_page("learn", image="no such drawing").error) == 1
    app = open_page("learn")
    assert not app.error
    assert "No image yet" in shown_text(app)
    app.button(key="predict_sample_ankle-boot").click().run()
    assert not app.exception
    assert "Drawing\\: Ankle boot." in shown_text(app)
    assert app.query_params["image"] == "ankle-boot"
    assert charts(app)


def test_no_figure_needs_tensorflow_or_scikit_learn(networks: dict[str, str]) -> None:
    code = f"""
import sys
from streamlit.runtime.pages_manager import PagesManager
PagesManager.uses_pages_directory = False
from streamlit.testing.v1 import AppTest
original = PagesManager.__init__
def routed(self, *a, **k):
    original(self, *a, **k)
    PagesManager.uses_pages_directory = False
PagesManager.__init__ = routed
app = AppTest.from_file({str(ENTRY)!r}, default_timeout=60)
app.query_params["image"] = "coat"
app.run()
app.switch_page("pages/learn.py").run()
for figure in {FIGURES!r}:
    app.segmented_control(key="figure").set_value(figure).run()
    assert not app.exception, app.exception
found = {{"tensorflow", "keras", "sklearn", "ai_edge_litert"}} & set(sys.modules)
assert not found, found
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ENTRY.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
