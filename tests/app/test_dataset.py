"""Dataset: what is in the data?"""

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.data import CLASS_NAMES, find_data, load_pool, locations
from fmnist_core.papers import find_system
from fmnist_core.runs.read import read_predictions
from fmnist_core.ui import loaders
from fmnist_core.ui.dataset import fetch as dataset_fetch
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

RUNS = Path(__file__).parents[2] / "cached_runs"
SMALL = ("kadam_a1", "sivakumar_m1")  # one tested on the official images, one on pooled ones

needs_data = pytest.mark.skipif(find_data() is None, reason="needs the images")


@pytest.fixture
def no_images(monkeypatch: pytest.MonkeyPatch):
    """A machine without the image files."""
    monkeypatch.setattr(locations, "search_places", lambda: ())
    loaders.data_is_found.clear()
    yield
    loaders.data_is_found.clear()


@pytest.fixture
def networks(runs_root: Path) -> list[str]:
    """Ids of two real runs, in a folder of their own."""
    ids = [shipped_run(name) for name in SMALL]
    for run_id in ids:
        shutil.copytree(RUNS / run_id, runs_root / run_id)
    return ids


def open_view(open_page: OpenPage, view: str = "", **query: str) -> AppTest:
    app = open_page("dataset", **({"data_view": view} if view else {}), **query)
    app.run(timeout=60)
    assert not app.exception, app.exception
    return app


def numbers_shown(app: AppTest, start: str = "data_open_") -> list[int]:
    return [int(button.label) for button in app.button if (button.key or "").startswith(start)]


def answers(app: AppTest):
    return next(table.value for table in app.dataframe if "of_label" in table.value)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("Classes", "each of the 10 classes has **6,000**"),
        ("Pixels", "**50.2 %** of the pixels of the training images are exactly 0"),
        ("Shapes", "**98.3 %** of the training images"),
        ("Splits", "ours agrees in 2 of 2"),
        ("Conversion", "**7 steps** turn a picture"),
        ("Files", "no test image is a training image"),
    ],
)
def test_views_of_the_whole_data_set_need_neither_images_nor_runs(
    view: str, words: str, no_images, runs_root: Path, open_page: OpenPage
) -> None:
    text = shown_text(open_view(open_page, view))
    assert words in text
    assert "not on this machine" not in text


@pytest.mark.parametrize("view", ["Samples", "One image"])
def test_views_of_single_images_offer_the_fetch(
    view: str, no_images, runs_root: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_view(open_page, view)
    assert "The images are not on this machine yet" in shown_text(app)
    assert "python -m fmnist_core data fetch" in [code.value for code in app.code]
    fetched = []
    monkeypatch.setattr(dataset_fetch, "fetch_data", fetched.append)  # a fake: no download here
    app.button(key="data_fetch").click().run()
    assert not app.exception
    assert len(fetched) == 1


def test_a_fetch_that_fails_says_why(
    no_images, runs_root: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(report) -> None:
        report("Downloading", 5, 10)
        raise dataset_fetch.FmnistError("No source could be used. Received: nothing.")

    monkeypatch.setattr(dataset_fetch, "fetch_data", refuse)
    app = open_view(open_page, "Samples")
    app.button(key="data_fetch").click().run()
    assert not app.exception
    assert "No source could be used" in app.error[0].value


def test_bars_and_pie_are_of_the_chosen_part(runs_root: Path, open_page: OpenPage) -> None:
    app = open_view(open_page, "Classes", data_part="Both")
    assert "**7,000** of the 70,000" in shown_text(app)
    assert app.dataframe[0].value["images"].tolist() == [7_000] * 10
    app.segmented_control(key="data_drawn").set_value("pie").run()
    assert not app.exception
    assert '"arc"' in app.get("vega_lite_chart")[0].proto.spec


def test_the_wrong_claim_stands_beside_the_truth(runs_root: Path, open_page: OpenPage) -> None:
    text = shown_text(open_view(open_page, "Pixels"))
    assert "C41" in text
    assert "source 004" in text.replace("\\", "")
    assert "Figure 3" in text
    assert "125 lies 52 levels above it" in text


def test_the_histogram_follows_class_and_bins(runs_root: Path, open_page: OpenPage) -> None:
    app = open_view(open_page, "Pixels", cls="Sandal", data_bins="64")
    assert "training images of Sandal are exactly 0" in shown_text(app)
    bins = next(table.value for table in app.dataframe if "first" in table.value)
    assert len(bins) == 64
    assert bins["pixels"].sum() == 6_000 * 784
    app.toggle(key="data_background").set_value(False).run()
    assert next(t.value for t in app.dataframe if "first" in t.value)["pixels"].sum() < 3_000_000
    assert "The bars leave out level 0" in shown_text(app)


@needs_data
def test_the_grid_shows_the_part_and_class_from_a_number_on(
    runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "Samples")
    assert numbers_shown(app) == list(range(40))
    app = open_view(open_page, "Samples", data_part="Test", cls="Bag", data_from="65000")
    shown = numbers_shown(app)
    bags = 60_000 + np.flatnonzero(load_pool().labels[60_000:] == CLASS_NAMES.index("Bag"))
    assert shown == bags[bags >= 65_000][:40].tolist()
    app.button(key="data_next").click().run()
    assert numbers_shown(app) == bags[bags >= 65_000][40:80].tolist()
    assert app.text_input(key="data_from").value == str(numbers_shown(app)[0])
    assert not app.text_input(key="image").value  # to leaf through them chooses none
    app.button(key="data_previous").click().run()
    assert numbers_shown(app) == shown
    app.button(key="data_random").click().run()
    assert set(numbers_shown(app)) <= set(bags.tolist())


@needs_data
def test_the_grid_ends_with_the_last_image(runs_root: Path, open_page: OpenPage) -> None:
    app = open_view(open_page, "Samples", data_part="Test", data_from="69995")
    assert numbers_shown(app) == list(range(69_995, 70_000))
    assert app.button(key="data_next").disabled
    app = open_view(open_page, "Samples", data_part="Test", data_from="12")
    assert numbers_shown(app)[0] == 60_000  # a number of the other part
    assert app.button(key="data_previous").disabled


@needs_data
@pytest.mark.parametrize("wrong", ["70000", "-1", "abc", "<script>", "9" * 12, "١٢"])
def test_a_number_that_names_no_image_is_one_sentence(
    wrong: str, runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "Samples", data_from=wrong)
    assert ["Received" in warning.value for warning in app.warning] == [True]
    assert numbers_shown(app) == list(range(40))


@needs_data
def test_a_number_of_the_grid_opens_its_image(networks: list[str], open_page: OpenPage) -> None:
    app = open_view(open_page, "Samples", data_part="Test")
    app.button(key="data_open_60003").click().run(timeout=60)
    assert not app.exception
    assert app.text_input(key="image").value == "60003"
    label = int(load_pool().labels[60_003])
    assert app.subheader[0].value == f"{CLASS_NAMES[label]}, label {label}"
    assert "Test image 60,003 (number 3 of the test file)" in shown_text(app)
    assert app.get("page_link")[0].proto.query_string == "show=60003"


@needs_data
def test_a_drawing_chosen_elsewhere_is_named_and_no_image(
    runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "One image", image="ankle-boot", data_part="Test")
    assert not app.warning
    assert "the drawing “ankle-boot”, no image of the data set. Shown: image 60,000." in shown_text(
        app
    )
    assert app.text_input(key="image").value == "ankle-boot"


@needs_data
def test_next_and_previous_stay_within_the_class(runs_root: Path, open_page: OpenPage) -> None:
    shirts = np.flatnonzero(load_pool().labels == CLASS_NAMES.index("Shirt"))
    app = open_view(open_page, "One image", image=str(shirts[4]), cls="Shirt")
    app.button(key="data_image_next").click().run(timeout=60)
    assert app.text_input(key="image").value == str(shirts[5])
    app.button(key="data_image_previous").click().run(timeout=60)
    assert app.text_input(key="image").value == str(shirts[4])
    app.text_input(key="image").set_value(str(shirts[-1])).run(timeout=60)
    assert app.button(key="data_image_next").disabled


@needs_data
@pytest.mark.parametrize("index", [12_345, 61_234])
def test_the_nearest_images_are_those_of_a_plain_search(
    index: int, runs_root: Path, open_page: OpenPage
) -> None:
    images = load_pool().images.reshape(-1, 784)
    squares = np.empty(60_000)
    for start in range(0, 60_000, 5_000):
        differences = images[start : start + 5_000].astype(np.int32) - images[index]
        squares[start : start + 5_000] = (differences**2).sum(axis=1)
    if index < 60_000:
        squares[index] = np.inf  # it is not its own neighbour
    wanted = np.argsort(squares, kind="stable")[:10]
    app = open_view(open_page, "One image", image=str(index))
    assert numbers_shown(app, "data_near_") == wanted.tolist()
    found = next(table.value for table in app.dataframe if "per_pixel" in table.value)
    assert found["distance"].tolist() == pytest.approx(np.sqrt(squares[wanted]), rel=1e-6)
    app.button(key=f"data_near_{wanted[0]}").click().run(timeout=60)
    assert app.text_input(key="image").value == str(wanted[0])


@needs_data
def test_what_runs_said_is_what_they_stored(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "One image", image="60023", runs=networks[0])
    stored = read_predictions(runs_root, networks[0])
    row = int(np.flatnonzero(stored.test_indices == 60_023)[0])
    shown = answers(app).iloc[0]
    assert shown["run"] == find_system(SMALL[0]).title
    assert shown["use"] == "test image"
    assert shown["says"] == CLASS_NAMES[int(stored.test_probabilities[row].argmax())]
    assert shown["confidence"] == pytest.approx(100 * stored.test_probabilities[row].max())


@needs_data
def test_a_stored_answer_needs_no_model(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    chosen = ",".join((networks[0], write_fixture_run(runs_root, FixtureRun("kadam_a2"))))
    app = open_view(open_page, "One image", image="60023", runs=chosen)
    assert "2 networks answer: the chosen runs" in [expander.label for expander in app.expander]
    assert len(answers(app)) == 2


@needs_data
def test_a_run_that_was_trained_on_the_image_has_no_answer(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    stored = [read_predictions(runs_root, run_id) for run_id in networks]
    known = [set(one.test_indices) | set(one.validation_indices) for one in stored]
    trained_by_pooled = min(set(range(60_000, 70_000)) - known[1])
    app = open_view(open_page, "One image", image=str(trained_by_pooled), runs=",".join(networks))
    assert len(answers(app)) == 1
    assert "1 of 2 have none" in shown_text(app)
    trained_by_both = min(set(range(60_000)) - known[0] - known[1])
    app = open_view(open_page, "One image", image=str(trained_by_both), runs=",".join(networks))
    assert "None of these runs has a stored answer" in shown_text(app)
    validated = min(set(stored[0].validation_indices) - known[1])
    app = open_view(open_page, "One image", image=str(validated), runs=networks[0])
    assert answers(app)["use"].tolist() == ["validation image"]


@needs_data
def test_a_damaged_run_hides_no_other(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    torn = runs_root / networks[0] / "predictions.npz"
    content = bytearray(torn.read_bytes())
    content[len(content) // 2] ^= 0xFF
    torn.write_bytes(content)
    app = open_view(open_page, "One image", image="60001", runs=",".join(networks))
    assert len(app.error) == 1
    assert "predictions.npz" in app.error[0].value.replace("\\", "")
    assert len(numbers_shown(app, "data_near_")) == 10
    torn.unlink()
    loaders.forget_leaderboard()
    app = open_view(open_page, "One image", image="60001")
    assert "1 damaged run left out" in [expander.label for expander in app.expander]


@needs_data
def test_without_runs_the_image_still_shows(runs_root: Path, open_page: OpenPage) -> None:
    app = open_view(open_page, "One image", image="60001")
    assert "No run yet" in shown_text(app)
    assert len(numbers_shown(app, "data_near_")) == 10


@pytest.mark.parametrize("title", ["Sandal", "Dress"])
def test_every_step_of_the_conversion_is_explained(
    title: str, runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "Conversion", data_drawing=title)
    text = shown_text(app)
    names = (
        "Picture",
        "Trimmed",
        "Thumbnail",
        "Sampled",
        "Sharpened",
        "Centred",
        "Negated",
        "Grey",
    )
    for number, name in enumerate(names, 1):
        assert f"**{number}. {name}**" in text
    assert "hence the hard, grainy edges" in text
    assert app.get("page_link")[0].proto.query_string == f"show={title.lower()}"


@needs_data
def test_the_files_are_verified_on_request(runs_root: Path, open_page: OpenPage) -> None:
    app = open_view(open_page, "Files")
    assert not app.success
    app.button(key="data_verify").click().run(timeout=60)
    assert "All 4 files" in app.success[0].value
    assert "31 August" in shown_text(app)


def test_verifying_without_files_says_how_to_get_them(
    no_images, runs_root: Path, open_page: OpenPage
) -> None:
    app = open_view(open_page, "Files")
    app.button(key="data_verify").click().run(timeout=60)
    assert "python -m fmnist_core data fetch" in [code.value for code in app.code]
