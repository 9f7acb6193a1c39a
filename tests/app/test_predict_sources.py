"""How pictures come to the Predict page, stay there, and are refused."""

import io
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fmnist_core.data import CLASS_NAMES
from fmnist_core.errors import DataError
from fmnist_core.prediction.samples import official_test_image, sample_picture
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.test_predict import needs_data, upload, verdicts
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run


def test_without_a_picture_the_page_offers_samples(
    networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict")
    assert "No picture yet" in shown_text(app)
    app.button(key="predict_sample_sneaker").click().run(timeout=60)
    assert not app.exception
    assert app.session_state["image"] == "sneaker"
    assert "It is drawn as: **Sneaker**" in shown_text(app)
    assert "No picture yet" not in shown_text(app)


@needs_data
def test_an_uploaded_test_image_is_answered_like_the_one_in_the_address(
    networks: list[str], open_page: OpenPage
) -> None:
    wanted = verdicts(open_page("predict", image="60007"))
    got = verdicts(upload(open_page("predict"), ("seven.png", official_test_image(7))))
    assert got.equals(wanted)


@pytest.mark.parametrize(
    "wrong", ["70000", "nothing", "../../etc", "<script>", "9" * 30, "9" * 5_000]
)
def test_a_sample_that_does_not_exist_is_one_sentence(
    wrong: str, networks: list[str], open_page: OpenPage
) -> None:
    app = open_page("predict", image=wrong)
    assert len(app.error) == 1
    assert "Received" in app.error[0].value
    assert "No picture yet" in shown_text(app)


def test_a_training_image_is_no_error(networks: list[str], open_page: OpenPage) -> None:
    app = open_page("predict", image="59999")
    assert not app.error
    assert (
        "Image 59999 is a training image, which networks may have learned by heart"
        in shown_text(app)
    )
    assert "No picture yet" in shown_text(app)


@pytest.mark.parametrize("wrong", ["70000", "-1"])
def test_a_wrong_number_is_refused_in_the_numbers_that_the_field_asks_for(
    wrong: str, networks: list[str], open_page: OpenPage
) -> None:
    message = open_page("predict", image=wrong).error[0].value.replace("\\", "")
    assert f"from 60000 to 69999. Received: {wrong}." in message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("words.txt", b"hello"),
        ("paper.pdf", b"%PDF-1.7 ..."),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("empty.png", b""),
        ("torn.png", sample_picture("bag")[:500]),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_one_sentence(
    name: str, data: bytes, networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), (name, data))
    assert len(app.error) == 1
    message = app.error[0].value.replace("\\", "")
    assert message.startswith(f"{name}: An upload must be a whole PNG, JPEG")
    assert not app.dataframe


def test_many_files_give_a_table_and_a_bad_one_hides_no_other(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(
        open_page("predict"),
        ("no.png", b"nothing"),
        ("bag.png", sample_picture("bag")),
        ("dress.png", sample_picture("dress")),
    )
    table = next(table.value for table in app.dataframe if "remarks" in table.value)
    assert list(table["file"]) == ["no.png", "bag.png", "dress.png"]
    assert table["says"][0] == "not read"
    assert set(table["says"][1:]) <= set(CLASS_NAMES)
    assert "2 of 3 files could be read" in shown_text(app)
    assert len(app.error) == 1
    assert table["remarks"][0].startswith("Received: ")
    assert any(header.value == "bag.png" for header in app.subheader)  # the first good one is open


@needs_data
def test_training_data_that_cannot_be_read_take_no_answer_away(
    networks: list[str], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def damaged(image: object) -> None:
        asked.append(image)
        raise DataError("The file is damaged.")

    monkeypatch.setattr("fmnist_core.ui.predict.files.measure_likeness", damaged)
    pictures = [(f"{name}.png", sample_picture(name)) for name in ("bag", "dress", "coat")]
    app = upload(open_page("predict"), *pictures)
    table = next(table.value for table in app.dataframe if "remarks" in table.value)
    assert set(table["says"]) <= set(CLASS_NAMES)
    assert set(table["looks"]) == {""}
    assert "3 of 3 files could be read" in shown_text(app)
    assert [error.value for error in app.error] == ["The file is damaged."]
    assert len(asked) == 1


def test_many_files_without_a_network_that_can_answer_are_one_error(
    runs_root: Path, open_page: OpenPage
) -> None:
    bare = write_fixture_run(runs_root, FixtureRun("kadam_a2"))
    app = open_page("predict", runs=bare)
    upload(app, ("bag.png", sample_picture("bag")), ("dress.png", sample_picture("dress")))
    assert len(app.error) == 1
    assert "at least one run must answer" in app.error[0].value
    assert "could be read" not in shown_text(app)


def test_file_names_are_only_ever_text_and_reach_no_disk(
    networks: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    name = "../<img src=x onerror=alert(1)>**bold**_[a](b).png"
    app = upload(open_page("predict"), (name, sample_picture("bag")), ("x.png", b"no"))
    shown = [header.value for header in app.subheader]
    assert any(r"\<img src=x onerror=alert(1)\>\*\*bold\*\*" in title for title in shown)
    assert not [path for path in runs_root.rglob("*") if "onerror" in path.name]


def test_a_pasted_picture_is_read_and_stays(networks: list[str], open_page: OpenPage) -> None:
    app = open_page("predict")
    app.segmented_control(key="predict_source").set_value("paste").run()
    app.chat_input[0].upload("image.png", sample_picture("dress"))
    app.run(timeout=60)
    assert not app.exception
    assert len(verdicts(app)) == 2
    field(app.segmented_control, "predict_turn").set_value(2).run(timeout=60)
    assert "turned by 180 degrees" in shown_text(app)


def test_uploaded_files_are_there_after_a_look_elsewhere(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), ("dress.png", sample_picture("dress")))
    before = verdicts(app)
    app.segmented_control(key="predict_source").set_value("samples").run(timeout=60)
    assert not any(header.value == "dress.png" for header in app.subheader)
    app.segmented_control(key="predict_source").set_value("files").run(timeout=60)
    assert "Still here: dress.png." in shown_text(app)
    assert verdicts(app).equals(before)
    app.switch_page("pages/compare.py").run(timeout=60)
    app.switch_page("pages/predict.py").run(timeout=60)
    assert verdicts(app).equals(before)
    app.button(key="predict_forget_files").click().run(timeout=60)
    assert "No picture yet" in shown_text(app)
    assert "Still here" not in shown_text(app)


def test_a_field_that_comes_back_takes_no_files_from_a_late_message_about_the_old_one(
    networks: list[str], open_page: OpenPage
) -> None:
    def field_key(app: AppTest) -> str | None:
        return app.get("file_uploader")[0].key

    app = open_page("predict")
    first = field_key(app)
    app = upload(app, ("dress.png", sample_picture("dress")))
    assert field_key(app) == first
    app.segmented_control(key="predict_source").set_value("samples").run(timeout=60)
    app.segmented_control(key="predict_source").set_value("files").run(timeout=60)
    second = field_key(app)
    app.switch_page("pages/compare.py").run(timeout=60)
    app.switch_page("pages/predict.py").run(timeout=60)
    assert len({first, second, field_key(app)}) == 3


def test_other_files_take_the_place_of_those_from_before(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), ("dress.png", sample_picture("dress")))
    app.segmented_control(key="predict_source").set_value("samples").run(timeout=60)
    app.segmented_control(key="predict_source").set_value("files").run(timeout=60)
    app = upload(app, ("bag.png", sample_picture("bag")))
    assert any(header.value == "bag.png" for header in app.subheader)
    assert "dress.png" not in shown_text(app)


def test_files_that_the_reader_takes_out_of_the_field_are_gone(
    networks: list[str], open_page: OpenPage
) -> None:
    app = upload(open_page("predict"), ("dress.png", sample_picture("dress")))
    app.get("file_uploader")[0].clear().run(timeout=60)
    assert not app.exception
    assert "No picture yet" in shown_text(app)


def test_a_photograph_is_read(networks: list[str], open_page: OpenPage) -> None:
    app = open_page("predict")
    app.segmented_control(key="predict_source").set_value("camera").run()
    photograph = io.BytesIO()
    with Image.open(io.BytesIO(sample_picture("coat"))) as picture:
        picture.save(photograph, "JPEG")
    app.get("camera_input")[0].set_value(("photo.jpg", photograph.getvalue(), "image/jpeg"))
    app.run(timeout=60)
    assert not app.exception
    before = verdicts(app)
    assert len(before) == 2
    app.segmented_control(key="predict_source").set_value("files").run(timeout=60)
    app.segmented_control(key="predict_source").set_value("camera").run(timeout=60)
    assert "Still here: photo.jpg." in shown_text(app)
    assert verdicts(app).equals(before)
