"""Classes: where does each network fail?"""

import json
from pathlib import Path

import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from fmnist_core.evaluation.sheet import read_sheet
from fmnist_core.ui import loaders
from fmnist_core.ui.classes import images as classes_images
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run

VIEWS = ("Scores", "Confusions", "Fixed and broken", "Hard images", "Suspected labels")


@pytest.fixture(autouse=True)
def no_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixture labels are not those of the images, and a machine may not have them."""
    monkeypatch.setattr(classes_images, "data_is_found", lambda: False)


def shown(app: AppTest) -> str:
    return shown_text(app).replace("\\", "")


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def test_without_a_choice_the_page_offers_the_best_runs(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes")
    assert "No run chosen yet" in shown(app)
    app.button(key="classes_best").click().run()
    assert app.session_state["runs"] == ",".join(three_runs)
    assert len(charts(app)) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_from_its_address_with_one_run_and_with_several(
    view: str, three_runs: list[str], open_page: OpenPage
) -> None:
    for runs in (three_runs[:1], three_runs):
        app = open_page("classes", runs=",".join(runs), look=view)
        assert not app.error
        assert len(shown(app)) > 200


@pytest.mark.parametrize("view", VIEWS[2:4])
def test_one_run_is_told_that_two_are_needed(
    view: str, three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=three_runs[0], look=view)
    assert "Choose a second run" in shown(app)
    assert not charts(app)


def test_one_run_has_its_matrix_without_a_second(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=three_runs[0], look="Confusions")
    assert len(charts(app)) == 1
    assert "Run B" not in [box.label for box in app.selectbox]


def test_a_score_of_the_address_opens_its_images(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(
        "classes", runs=",".join(three_runs), cls="Shirt", network=three_runs[2], which="Missed"
    )
    sheet = read_sheet(runs_root, three_runs)
    missed = int(((sheet.labels == 6) & ~sheet.correct[2]).sum())
    assert missed > 0
    assert f"**{missed} images**: truth **Shirt**, said something else by" in shown(app)


def test_a_chosen_class_has_its_curves_against_the_rest(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=",".join(three_runs), cls="Shirt", score="Average precision")
    (_, curves) = charts(app)
    assert "Precision" in curves["layer"][0]["encoding"]["y"]["title"]
    assert "parts this class from the others best (average precision" in shown(app)
    app.get_by_key("curve").set_value("roc").run()
    assert "Recall" in charts(app)[1]["layer"][0]["encoding"]["y"]["title"]
    assert "area under the ROC curve" in shown(app)
    app = open_page("classes", runs=",".join(three_runs))
    assert len(charts(app)) == 1


def test_the_page_of_the_images_stays_in_the_address_until_others_are_chosen(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(
        "classes", runs=",".join(three_runs), cls="Shirt", which="Recognised", tiles="2"
    )
    first = next(table.value for table in app.dataframe if "truth" in table.value)
    assert app.get_by_key("tiles").value == 2
    app.get_by_key("tiles").set_value(3).run()
    third = next(table.value for table in app.dataframe if "truth" in table.value)
    assert set(first["image"]).isdisjoint(third["image"])
    app.text_input(key="runs").set_value(",".join(three_runs[:2])).run()
    assert app.get_by_key("tiles").value == 1
    app.get_by_key("tiles").set_value(3).run()
    field(app.selectbox, "class_shown").set_value("Bag").run()
    assert app.get_by_key("tiles").value == 1


def test_the_order_of_the_images_is_said_as_it_is(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=",".join(three_runs), cls="Shirt", which="Recognised")
    said = "They are sorted by the probability of what is said, highest first."
    assert app.toggle(key="unsure").help == said
    app = open_page("classes", runs=",".join(three_runs), look="Hard images")
    said = "They are sorted by the mean probability of the likeliest wrong class, highest first."
    assert app.toggle(key="unsure").help == said


def test_a_page_of_images_that_other_images_set_back_is_no_warning_in_the_log(
    three_runs: list[str],
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)  # it is given only once
    app = open_page(
        "classes", runs=",".join(three_runs), cls="Shirt", which="Recognised", tiles="2"
    )
    field(app.selectbox, "class_shown").set_value("Bag").run()
    assert app.get_by_key("tiles").value == 1
    assert "default value" not in caplog.text


def test_a_cell_of_the_address_opens_exactly_its_images(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    a, b, _ = three_runs
    query = {"runs": ",".join(three_runs), "look": "Confusions", "cls": "Shirt", "said": "Sneaker"}
    sheet = read_sheet(runs_root, [a, b])
    in_cell = (sheet.labels == 6) & (sheet.predicted == 7)
    for who, count in (
        ("A", in_cell[0].sum()),
        ("B", in_cell[1].sum()),
        ("B, not A", (in_cell[1] & ~in_cell[0]).sum()),
    ):
        app = open_page("classes", **query, who=who)
        assert f"**{count} images**: truth **Shirt**, said **Sneaker** by" in shown(app)


def test_run_a_is_the_baseline_and_run_b_stands_in_the_address(
    three_runs: list[str], open_page: OpenPage
) -> None:
    a, b, c = three_runs
    app = open_page("classes", runs=",".join(three_runs), look="Confusions", baseline=c, run_b=a)
    assert field(app.selectbox, "classes_a").value == c
    assert field(app.selectbox, "classes_b").value == a
    field(app.selectbox, "classes_a").set_value(a).run()
    assert app.session_state["baseline"] == a
    assert field(app.selectbox, "classes_b").value == c, "B gives way to what A was"
    app.button(key="classes_swap").click().run()
    assert (app.session_state["baseline"], app.session_state["run_b"]) == (c, a)
    assert b not in (app.session_state["baseline"], app.session_state["run_b"])


@pytest.mark.parametrize("hostile", ["../../etc/passwd", "<script>alert(1)</script>", "a" * 5000])
def test_a_hostile_address_is_only_ever_text(
    hostile: str, three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(
        "classes",
        runs=",".join(three_runs),
        **dict.fromkeys(("look", "run_b", "network", "image", "cls", "said", "failing"), hostile),
    )
    assert len(charts(app)) == 1
    (error,) = app.error  # the view, with every sign of markup escaped
    assert "look must be a known name" in error.value
    assert "<script>" not in error.value
    assert len(error.value) < 500


def test_fixed_and_broken_images_are_stepped_through_both_ways(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=",".join(three_runs), look="Fixed and broken")
    assert app.button(key="classes_previous").disabled
    app.button(key="classes_next").click().run()
    second = app.session_state["image"]
    assert "**2** of" in shown(app)
    app.button(key="classes_next").click().run()
    assert "**3** of" in shown(app)
    assert app.session_state["image"] != second
    app.button(key="classes_previous").click().run()
    assert app.session_state["image"] == second


def test_an_image_of_the_address_is_the_one_that_opens(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    sheet = read_sheet(runs_root, three_runs[:2])
    flipped = int(sheet.indices[sheet.correct[0] != sheet.correct[1]][-1])
    app = open_page(
        "classes", runs=",".join(three_runs), look="Fixed and broken", image=str(flipped)
    )
    assert f"image {flipped}" in shown(app)


def test_without_the_images_every_number_stays_and_the_command_is_named(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("classes", runs=",".join(three_runs), cls="Shirt")
    assert "The images are not on this machine yet." in shown(app)
    assert any("data fetch" in code.value for code in app.code)
    answers = next(table.value for table in app.dataframe if "truth" in table.value)
    assert set(answers["truth"]) == {"Shirt"}
    assert not app.get("image")


def test_suspects_are_left_out_on_request(three_runs: list[str], open_page: OpenPage) -> None:
    query = {"runs": ",".join(three_runs), "look": "Suspected labels"}
    app = open_page("classes", **query)
    assert not [table for table in app.dataframe if "rank_after" in table.value]
    app.toggle(key="without").set_value(True).run()
    (ranking,) = [table.value for table in app.dataframe if "rank_after" in table.value]
    assert len(ranking) == 3
    assert "accuracies move by" in shown(app)


def test_the_table_shows_what_the_chart_shows(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("classes", runs=",".join(three_runs), **{"as": "Table"})
    assert not charts(app)
    table = app.dataframe[0].value
    assert list(table["class_name"])[-2:] == ["Macro", "Weighted"]
    assert set(three_runs) <= set(table.columns)


def test_runs_without_a_shared_test_image_are_told_so_in_words(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    other = write_fixture_run(
        runs_root, FixtureRun("sivakumar_m1", 0.9, number=7, protocol="pooled-60-20-20")
    )
    app = open_page("classes", runs=f"{three_runs[0]},{other}")
    (error,) = [error.value.replace("\\", "") for error in app.error]
    assert "share" in error
    assert "CNN-Dropout" in error or "Sivakumar" in error
    assert other not in error
    assert not charts(app)


def test_a_run_whose_predictions_are_damaged_is_left_out_with_its_reason(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    predictions = runs_root / three_runs[0] / "predictions.npz"
    data = bytearray(predictions.read_bytes())
    data[len(data) // 2] ^= 1
    predictions.write_bytes(data)
    app = open_page("classes", runs=",".join(three_runs))
    (error,) = [error.value.replace("\\", "") for error in app.error]
    assert three_runs[0] in error
    assert "predictions.npz" in error
    assert len(charts(app)) == 1


def test_two_runs_that_answer_alike_are_said_to(runs_root: Path, open_page: OpenPage) -> None:
    ids = [
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=0)),
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=0, second="59")),
    ]
    app = open_page("classes", runs=",".join(ids), look="Fixed and broken")
    assert "exactly the same of 2,000 images" in shown(app)
    assert "**No image**" in shown(app)


def test_images_are_drawn_where_they_are_found(
    runs_root: Path,
    three_runs: list[str],
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not loaders.data_is_found():
        pytest.skip("the images are not on this machine")
    monkeypatch.setattr(classes_images, "data_is_found", lambda: True)
    app = open_page("classes", runs=",".join(three_runs), cls="Shirt")
    sheet = read_sheet(runs_root, three_runs)
    missed = sheet.indices[(sheet.labels == 6) & ~sheet.correct[0]]
    assert 1 < len(missed) < classes_images.PER_PAGE
    (tiles,) = app.get("image")
    numbers = [int(tile.alt.split()[1].rstrip(",")) for tile in tiles.proto.imgs]
    assert sorted(numbers) == missed.tolist()
