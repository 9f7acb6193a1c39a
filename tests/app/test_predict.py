"""Predict: what do the networks see in a picture?"""

import io
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fmnist_core.data import CLASS_NAMES, find_data, load_pool
from fmnist_core.evaluation.run_names import budget_of
from fmnist_core.papers import find_system
from fmnist_core.prediction.samples import sample_picture
from fmnist_core.prediction.temperature import _calibration
from fmnist_core.runs.read import read_predictions, read_run
from tests.app.conftest import ENTRY, SMALLEST, OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field, look_with
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import WITH_MODEL, copy_runs, shipped_run

needs_data = pytest.mark.skipif(find_data() is None, reason="needs the images")


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader = app.get("file_uploader")[0]
    for name, data in files:
        uploader.upload(name, data)
    app.run(timeout=60)
    assert not app.exception, app.exception
    return app


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def verdicts(app: AppTest):
    return next(table.value for table in app.dataframe if "raw_probability" in table.value)


def image_alts(app: AppTest) -> str:
    return " ".join(str(image.proto) for image in app.get("image"))


def test_without_runs_the_page_says_how_to_get_one(runs_root: Path, open_page: OpenPage) -> None:
    assert "No run yet" in shown_text(open_page("predict"))


@needs_data
@pytest.mark.parametrize("number", [0, 1234, 9999])
def test_a_test_image_in_the_address_gets_the_cached_answer(
    number: int, networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    app = open_page("predict", image=str(60_000 + number))
    shown = verdicts(app).set_index("run")
    for name, run_id in zip(SMALLEST, networks, strict=True):
        stored = read_predictions(runs_root, run_id)
        row = int(np.flatnonzero(stored.test_indices == 60_000 + number)[0])
        label = int(stored.test_probabilities[row].argmax())
        assert shown.loc[find_system(name).title, "says"] == CLASS_NAMES[label]
    assert app.query_params["image"] == str(60_000 + number)
    assert "not one value was changed" in shown_text(app)


def test_what_the_first_answer_needs_is_read_while_the_reader_chooses(
    networks: list[str], open_page: OpenPage
) -> None:
    _calibration.cache_clear()
    open_page("predict")
    latest = time.monotonic() + 30
    while _calibration.cache_info().currsize < len(networks):
        assert time.monotonic() < latest
        time.sleep(0.05)


def test_every_step_is_shown_with_its_line(networks: list[str], open_page: OpenPage) -> None:
    app = upload(open_page("predict"), ("bag.png", sample_picture("bag")))
    text = shown_text(app)
    for number, name in enumerate(("Picture", "Trimmed", "Thumbnail", "Sampled"), 1):
        assert f"**{number}. {name}**" in text
    assert "PNG, 400 × 600 pixels." in text
    assert "7 steps, as Zalando made the data set" in text


def test_steps_that_zalando_did_not_make_are_called_ours(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), ("bag.png", sample_picture("bag")))
    field(app.segmented_control, "predict_separate").set_value("yes").run(timeout=60)
    text = shown_text(app)
    assert "2 steps of ours to look like a shop picture, then 7, as Zalando made" in text
    small = upload(open_page("predict"), ("small.png", png(np.full((28, 28), 255, np.uint8))))
    assert "A grey 28x28 image: inverted, not resized." in shown_text(small).replace("\\", "")
    assert "Zalando made" not in shown_text(small)


def test_inverting_converts_again_at_once_and_can_be_undone(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), ("shirt.png", sample_picture("t-shirt")))
    before = verdicts(app)
    assert field(app.segmented_control, "predict_invert").options[0] == "Auto (keep)"
    field(app.segmented_control, "predict_invert").set_value("yes").run(timeout=60)
    assert not app.exception
    assert not verdicts(app).equals(before)
    assert "**2. Inverted**" in shown_text(app)
    assert field(app.segmented_control, "predict_invert").options[0] == "Auto"
    app.button(key="predict_reset").click().run(timeout=60)
    assert verdicts(app).equals(before)
    assert field(app.segmented_control, "predict_invert").value == "auto"


def test_every_correction_reaches_the_conversion(networks: list[str], open_page: OpenPage) -> None:
    app = upload(open_page("predict"), ("coat.png", sample_picture("coat")))
    field(app.segmented_control, "predict_turn").set_value(1).run(timeout=60)
    assert "turned by 90 degrees clockwise" in shown_text(app)
    field(app.toggle, "predict_mirror").set_value(True).run(timeout=60)
    assert "mirrored" in shown_text(app)
    field(app.slider, "predict_crop_across").set_value((20, 100)).run(timeout=60)
    assert "cropped" in shown_text(app)
    assert field(app.slider, "predict_threshold").label == "Threshold"
    field(app.slider, "predict_threshold").set_value(20).run(timeout=60)
    assert "Edges within 20 %" in shown_text(app)
    field(app.segmented_control, "predict_separate").set_value("yes").run(timeout=60)
    assert "Garment separated" in shown_text(app)


def test_a_turn_takes_the_crop_along(networks: list[str], open_page: OpenPage) -> None:
    app = upload(open_page("predict"), ("coat.png", sample_picture("coat")))
    field(app.slider, "predict_crop_down").set_value((10, 100)).run(timeout=60)
    field(app.segmented_control, "predict_turn").set_value(1).run(timeout=60)
    assert field(app.slider, "predict_crop_across").value == (0, 90)
    assert field(app.slider, "predict_crop_down").value == (0, 100)
    field(app.toggle, "predict_mirror").set_value(True).run(timeout=60)
    assert field(app.slider, "predict_crop_across").value == (10, 100)


def test_a_crop_is_never_empty(networks: list[str], open_page: OpenPage) -> None:
    app = upload(open_page("predict"), ("coat.png", sample_picture("coat")))
    field(app.slider, "predict_crop_down").set_value((100, 100)).run(timeout=60)
    assert not app.exception
    assert not app.error


def test_each_picture_has_corrections_of_its_own(networks: list[str], open_page: OpenPage) -> None:
    app = open_page("predict", image="coat")
    field(app.toggle, "predict_mirror").set_value(True).run(timeout=60)
    app.text_input(key="image").set_value("dress").run(timeout=60)
    assert field(app.toggle, "predict_mirror").value is False
    app.text_input(key="image").set_value("coat").run(timeout=60)
    assert field(app.toggle, "predict_mirror").value is True


def test_a_correction_that_a_browser_sends_late_is_not_taken_for_one_of_the_next_picture(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="coat")
    field(app.toggle, "predict_mirror").set_value(True).run(timeout=60)
    sent = field(app.toggle, "predict_mirror")._widget_state
    app.text_input(key="image").set_value("dress").run(timeout=60)
    look_with(app, sent)
    assert field(app.toggle, "predict_mirror").value is False


def test_a_28x28_image_offers_no_crop(networks: list[str], open_page: OpenPage) -> None:
    pixels = np.zeros((28, 28), np.uint8)
    pixels[4:24, 8:20] = 180
    app = upload(open_page("predict"), ("small.png", png(pixels)))
    assert "nothing to crop" in shown_text(app)
    assert not [slider for slider in app.slider if "crop" in str(slider.key)]


def test_the_chosen_runs_answer_and_without_a_choice_the_page_says_which(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="bag")
    labels = [expander.label for expander in app.expander]
    assert "2 networks answer: the first full run of each architecture" in labels
    app = open_page("predict", image="bag", runs=networks[0])
    assert list(verdicts(app)["run"]) == [find_system(SMALLEST[0]).title]
    assert "One network says" in shown_text(app)


def test_a_chosen_run_without_a_model_is_named_and_does_not_count(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    bare = write_fixture_run(runs_root, FixtureRun("kadam_a2"))
    app = open_page("predict", image="bag", runs=f"{networks[0]},{bare}")
    title = find_system("kadam_a2").title
    words = f"1 network answers: the chosen runs; stored without a model: {title}"
    assert words in [expander.label.replace("\\", "") for expander in app.expander]
    assert not app.warning
    assert len(verdicts(app)) == 1
    app = open_page("predict", image="bag", runs=bare)
    assert any(label.label.startswith("No network answers") for label in app.expander)
    assert "at least one run must answer" in app.error[0].value


def test_what_keeps_an_accuracy_from_being_compared_stands_beside_it(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    seen = shipped_run("ajani_m1")
    copy_runs(runs_root, seen)
    app = open_page("predict", image="bag", runs=f"{networks[0]},{seen}")
    shown = verdicts(app)
    assert list(map(list, shown["badges"])) == [[], ["test set used for validation"]]
    splits = ["80/20 of the training set", "test set as validation"]
    assert list(shown["protocol_title"]) == splits
    assert "The test set served as validation set" in shown_text(app)


def test_every_network_has_its_test_accuracy_and_a_short_training_in_the_mean_is_said(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    short = next(run.run_id for run in WITH_MODEL if budget_of(run) == "reduced")
    copy_runs(runs_root, short)
    assert "trained less" not in shown_text(open_page("predict", image="bag"))
    app = open_page("predict", image="bag", runs=f"{networks[0]},{short}")
    accuracies = [read_run(runs_root, name).metrics.test_accuracy for name in (networks[0], short)]
    assert list(verdicts(app)["test_accuracy"]) == pytest.approx([100 * a for a in accuracies])
    assert list(map(list, verdicts(app)["badges"])) == [[], ["reduced training"]]
    words = f"({100 * accuracies[1]:.1f} % of its test images right) was trained less than"
    assert words in shown_text(app).replace("\\", "")
    alone = open_page("predict", image="bag", runs=short)
    assert "trained less" not in shown_text(alone)


def test_a_damaged_model_is_left_out_with_its_reason(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    model = runs_root / networks[1] / "model.tflite"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 0xFF
    model.write_bytes(content)
    app = open_page("predict", image="bag")
    assert list(verdicts(app)["run"]) == [find_system(SMALLEST[0]).title]
    assert any("is left out" in warning.value for warning in app.warning)


def test_what_mattered_to_the_best_network_is_shown_unasked(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="bag")
    best = open_page("overview").dataframe[0].value["label"].iloc[0]
    assert app.multiselect(key="predict_mattered_networks").value == [networks[0]]
    assert find_system(SMALLEST[0]).title == best
    assert "Orange speaks for Bag" in shown_text(app)
    assert f'caption: "{best}: Bag"' in image_alts(app)


def test_what_mattered_is_shown_for_every_network_that_is_asked(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="bag")
    app.multiselect(key="predict_mattered_networks").set_value(networks).run(timeout=60)
    assert not app.exception
    for name in SMALLEST:
        assert f'caption: "{find_system(name).title}: Bag"' in image_alts(app)
    app.selectbox(key="predict_mattered_class").set_value(1).run(timeout=60)
    assert "Orange speaks for Trouser" in shown_text(app)
    app.multiselect(key="predict_mattered_networks").set_value([]).run(timeout=60)
    assert "choose one" in shown_text(app)
    assert "Orange" not in shown_text(app)


def test_what_mattered_follows_the_networks_that_answer(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="bag")
    app.text_input(key="runs").set_value(networks[1]).run(timeout=60)
    assert not app.exception
    assert app.multiselect(key="predict_mattered_networks").value == [networks[1]]


@needs_data
def test_the_nearest_training_images_and_the_likeness_are_said(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image="61234")
    text = shown_text(app)
    assert "nearest of 60,000 are labelled" in text
    assert "-badge[" in text
    meter = next(table.value for table in app.dataframe if "percentile" in table.value)
    assert list(meter["measure"]) == [
        "Height by width",
        "Mean intensity",
        "Border",
        "Distance",
    ]
    assert meter["percentile"].between(0, 100).all()
    mean = load_pool().images[61_234].mean()
    assert meter["value"][1] == f"{mean:.1f}"
    assert f"its mean intensity ({mean:.1f}) exceeds that of" in text


@needs_data
def test_a_garment_that_divides_the_networks_is_disputed(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    one, other = (read_predictions(runs_root, run_id) for run_id in networks)
    assert (one.test_indices == other.test_indices).all()
    says = one.test_probabilities.argmax(axis=1), other.test_probabilities.argmax(axis=1)
    divided = one.test_indices[says[0] != says[1]][:5]
    texts = [shown_text(open_page("predict", image=str(index))) for index in divided]
    assert not any(":green-badge" in text for text in texts)
    assert sum("disputed] " in text for text in texts) >= 3  # others are unusual by a measure
    files = [(f"{index}.png", png(load_pool().images[index])) for index in divided[:2]]
    table = upload(open_page("predict"), *files).dataframe[0].value
    assert set(table["looks"]) <= {"disputed", "unusual", "unlike"}


@needs_data
def test_a_boot_that_stands_on_its_heel_gets_the_hint_to_turn_it(
    networks: list[str], open_page: OpenPage
) -> None:
    boot = load_pool().images[60_000]
    app = upload(open_page("predict"), ("boot.png", png(np.rot90(boot, -1))))
    text = shown_text(app)
    assert "Turned by 90° anticlockwise it would be nearer to the training data" in text
    assert "Try **Turn**: 270°." in text
    assert field(app.segmented_control, "predict_turn").value == 0  # offered, not done
    field(app.segmented_control, "predict_turn").set_value(3).run(timeout=60)
    assert "it would be nearer" not in shown_text(app)


def test_no_other_page_loads_the_libraries_that_read_models() -> None:
    program = f"""
import sys
from streamlit.runtime.pages_manager import PagesManager
PagesManager.uses_pages_directory = False
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(ENTRY)!r}, default_timeout=60).run()
for page in ("compare", "architectures"):
    app.switch_page(f"pages/{{page}}.py").run()
print("HEAVY", sorted({{"ai_edge_litert", "cv2", "scipy"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ENTRY.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "HEAVY []" in done.stdout
