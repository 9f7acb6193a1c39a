"""Projections: what does each network see?"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from fmnist_core.data import find_data, locations
from fmnist_core.papers import systems
from fmnist_core.runs.arrays import Projection
from fmnist_core.runs.read import read_projection
from fmnist_core.runs.tsne_file import FOLDER
from fmnist_core.ui import loaders
from fmnist_core.ui.projections.loaders import MOST_RUNS
from tests.app.conftest import ENTRY, OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

SHIPPED = ENTRY.parent / "cached_runs"
needs_images = pytest.mark.skipif(find_data() is None, reason="needs the image files")


@pytest.fixture
def real_runs(runs_root: Path) -> list[str]:
    """Ids of two runs on the official test set and one on test images of its own."""
    ids = [shipped_run(name) for name in ("kadam_a1", "s002_ann", "sivakumar_m1")]
    for run_id in ids:
        shutil.copytree(SHIPPED / run_id, runs_root / run_id)
    return ids


@pytest.fixture
def no_images(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(locations, "search_places", lambda: ())
    loaders.data_is_found.clear()
    yield
    loaders.data_is_found.clear()


def linked(app) -> dict:
    return json.loads(app.get("vega_lite_chart")[0].proto.spec)


def titles(app) -> list[str]:
    return [view["title"]["text"] for view in linked(app)["concat"]]


def errors(app) -> list[str]:
    return [error.value.replace("\\", "") for error in app.error]


def test_without_a_choice_the_page_offers_the_best_runs(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections")
    assert "No run chosen yet" in shown_text(app)
    assert not app.get("vega_lite_chart")
    app.button(key="classes_best").click().run()
    assert not app.exception
    assert len(titles(app)) == 2


def test_chosen_runs_stand_side_by_side_and_their_separation_is_measured(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]))
    assert titles(app) == ["Architecture 1 (Kadam et al.)", "ANN (PyTorch report)"]
    text = shown_text(app)
    assert "5,000 test images" in text
    assert "Laid onto **Architecture 1 (Kadam et al.)**" in text
    assert "the 10 nearest images name the class of" in text
    (table,) = [t.value for t in app.dataframe if "silhouette" in t.value]
    assert table["knn_accuracy"].between(80, 100).all()
    assert table["similarity"].isna().tolist() == [True, False]


def test_networks_whose_short_names_are_the_same_are_told_apart(
    runs_root: Path, open_page: OpenPage
) -> None:
    ids = [shipped_run(name) for name in ("s003_basic_a", "s003_basic_b")]
    for run_id in ids:
        shutil.copytree(SHIPPED / run_id, runs_root / run_id)
    app = open_page("projections", runs=",".join(ids))
    first, second = titles(app)
    assert {first, second} == {
        "Basic CNN, two convolutions (mini-project)",
        "Basic CNN, three convolutions (mini-project)",
    }
    text = shown_text(app)
    assert "the two axes show from 40.8 % (**Basic CNN, two" in text
    assert f"Laid onto **{first}**, the picture of **{second}** explains" in text


def test_no_more_of_the_best_runs_are_offered_than_fit(
    runs_root: Path, open_page: OpenPage
) -> None:
    for number in range(MOST_RUNS + 1):
        name = systems()[number].id
        write_fixture_run(runs_root, FixtureRun(name, 0.9 - number / 100, number=number))
    button = open_page("projections").button(key="classes_best")
    assert button.label == f"Look at the best {MOST_RUNS}"
    assert (
        open_page("classes").button(key="classes_best").label == f"Look at the best {MOST_RUNS + 1}"
    )


def test_of_more_runs_than_fit_the_first_are_drawn_and_the_others_not_read(
    real_runs: list[str], runs_root: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = ("kadam_a2", "kadam_a3", "kadam_a4", "s003_basic_a")
    ids = [real_runs[0], *map(shipped_run, others)]
    for run_id in ids[1:]:
        shutil.copytree(SHIPPED / run_id, runs_root / run_id)
    read: list[str] = []

    def counted(root: Path, run_id: str) -> Projection:
        read.append(run_id)
        return read_projection(root, run_id)

    monkeypatch.setattr("fmnist_core.ui.projections.loaders.read_projection", counted)
    app = open_page("projections", runs=",".join([*ids, real_runs[1]]))
    assert len(titles(app)) == len(ids) == MOST_RUNS
    assert [line.value.replace("\\", "") for line in app.warning] == [
        f"At most {MOST_RUNS} networks fit side by side. Shown: the first of {MOST_RUNS + 1}."
    ]
    assert read == ids


def test_the_neighbours_of_each_class_are_shown_for_the_features_that_are_chosen(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]))

    def shown() -> pd.DataFrame:
        (table,) = [t.value for t in app.dataframe if "Ankle boot" in t.value]
        return table

    first = shown()
    assert first.drop(columns="class").sum(axis=1).to_numpy() == pytest.approx(100)
    assert "nearest images of" in shown_text(app)
    app.selectbox(key="neighbours_of").set_value(1).run()
    assert not app.exception
    assert not shown().equals(first)
    app.text_input(key="runs").set_value(real_runs[0]).run()
    assert not app.exception
    assert shown().equals(first)
    assert not [box for box in app.selectbox if box.key == "neighbours_of"]


def test_the_baseline_is_what_the_others_are_laid_onto(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]), baseline=real_runs[1])
    assert "Laid onto **ANN (PyTorch report)**" in shown_text(app)
    subtitles = [view["title"]["subtitle"] for view in linked(app)["concat"]]
    assert ["turned by" in subtitle for subtitle in subtitles] == [True, False]


def test_unaligned_pictures_keep_their_own_axes(real_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]), aligned="false")
    assert "Laid onto" not in shown_text(app)
    ranges = [
        view["layer"][0]["encoding"]["x"]["scale"]["domain"] for view in linked(app)["concat"]
    ]
    assert ranges[0] != ranges[1]


def test_the_pixels_can_stand_beside_a_network(real_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("projections", runs=real_runs[0], raw="true")
    assert titles(app) == ["The pixels", "Architecture 1 (Kadam et al.)"]


def test_runs_of_unlike_splits_are_drawn_on_the_images_they_share(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[1:]))
    assert "733 test images" in shown_text(app)
    assert len(titles(app)) == 2


@needs_images
def test_a_chosen_image_is_ringed_and_every_network_answers(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]), image="60003")
    (picked,) = [one for one in linked(app)["params"] if one["name"] == "picked"]
    assert picked["value"] == [{"index": 60003}]
    assert any(part.value.startswith("Image 60003: ") for part in app.subheader)
    (answers,) = [t.value for t in app.dataframe if "says" in t.value]
    assert len(answers) == 2


@pytest.mark.parametrize("hostile", ["sneaker", "-1", "99999", "60000", "1e9", "<b>x</b>", "٣"])
def test_an_image_that_is_not_drawn_picks_nothing(
    hostile: str, real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=real_runs[0], image=hostile)
    assert not any(part.value.startswith("Image ") for part in app.subheader)
    app = open_page("projections", features="The pixels", image=hostile)
    assert not any(part.value.startswith("Image ") for part in app.subheader)


def test_a_run_whose_projection_is_damaged_is_left_out_with_its_reason(
    runs_root: Path, real_runs: list[str], open_page: OpenPage
) -> None:
    file = runs_root / real_runs[0] / "projection.npz"
    data = bytearray(file.read_bytes())
    data[1_000] ^= 1
    file.write_bytes(bytes(data))
    app = open_page("projections", runs=",".join(real_runs[:2]))
    (error,) = errors(app)
    assert error.startswith("Architecture 1 (Kadam et al.) is left out: ")
    assert real_runs[0] not in error
    assert "projection.npz" in error
    assert titles(app) == ["ANN (PyTorch report)"]


def test_runs_stored_without_a_projection_are_named_once_and_are_no_error(
    runs_root: Path, real_runs: list[str], open_page: OpenPage
) -> None:
    without = [write_fixture_run(runs_root, FixtureRun(seed=n, number=n)) for n in range(1, 9)]
    app = open_page("projections", runs=",".join([without[0], real_runs[0], *without[1:]]))
    (caption,) = (each.value for each in app.caption if "No projection was stored" in each.value)
    assert caption.count("**") == 2 * 6
    assert "and 2 more: " in caption
    assert not [run_id for run_id in without if run_id in caption]
    assert not app.error
    assert not [each for each in app.warning if "At most" in each.value]
    assert titles(app) == ["Architecture 1 (Kadam et al.)"]
    app = open_page("projections", runs=",".join(without))
    assert "No projection was stored of these runs." in shown_text(app)
    assert not app.error
    assert not app.get("vega_lite_chart")


def test_the_pixel_page_gives_the_measured_shares_without_any_run_or_image(
    runs_root: Path, no_images: None, open_page: OpenPage
) -> None:
    app = open_page("projections", features="The pixels")
    text = shown_text(app)
    for figure in ("29.04 %", "17.76 %", "46.79 %", "52.81 %", "**84** of 784"):
        assert figure in text
    assert "not on this machine yet" in text
    assert len(app.get("vega_lite_chart")) == 3
    assert "picture" not in json.dumps(linked(app))
    assert not app.error


@needs_images
def test_a_slider_sets_how_many_components_an_image_is_made_of(
    runs_root: Path, open_page: OpenPage
) -> None:
    app = open_page("projections", features="The pixels", components="3")
    assert "The first **3** hold **52.81 %** together" in shown_text(app)
    assert "**3** components explain 52.8 %" in shown_text(app)
    app.slider(key="components").set_value(0).run()
    assert "No component: the mean of all training images." in shown_text(app)


@pytest.mark.parametrize("features", ["The pixels", "The networks"])
def test_three_dimensions_are_drawn_when_asked_for(
    features: str, real_runs: list[str], open_page: OpenPage
) -> None:
    query = {"features": features, "runs": ",".join(real_runs[:2])}
    assert not open_page("projections", **query).get("bidi_component")
    app = open_page("projections", dims="3D", **query)
    (component,) = app.get("bidi_component")
    panels = json.loads(component.proto.json)["panels"]
    assert len(panels) == (1 if features == "The pixels" else 2)
    assert "three axes" in shown_text(app)


@needs_images
def test_a_chosen_image_is_ringed_in_space_and_every_network_answers(
    real_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("projections", runs=",".join(real_runs[:2]), dims="3D", image="60003")
    (component,) = app.get("bidi_component")
    assert json.loads(component.proto.json)["ringed"] == 60_003
    assert any(part.value.startswith("Image 60003: ") for part in app.subheader)
    assert [len(table.value) for table in app.dataframe if "says" in table.value] == [2]


def test_neighbours_are_kept_together_on_request(
    real_runs: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    (runs_root / FOLDER).mkdir()
    for name in ("pixels", real_runs[0], real_runs[2]):
        shutil.copy(SHIPPED / FOLDER / f"{name}.npz", runs_root / FOLDER)
    app = open_page("projections", runs=",".join(real_runs), dims="t-SNE", raw="true")
    assert titles(app) == [
        "The pixels",
        "Architecture 1 (Kadam et al.)",
        "Model 1 (Sivakumar et al.)",
    ]
    assert all(view["title"]["subtitle"].startswith("t-SNE") for view in linked(app)["concat"])
    text = shown_text(app)
    assert "733 test images, neighbours kept together: the 10 nearest name the class of" in text
    assert "Left out: ANN (PyTorch report). It has no t-SNE picture yet" in text


def test_pixels_laid_out_for_other_images_than_the_runs_are_left_out_with_the_reason(
    real_runs: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    (runs_root / FOLDER).mkdir()
    for name in ("pixels", real_runs[2]):
        shutil.copy(SHIPPED / FOLDER / f"{name}.npz", runs_root / FOLDER)
    app = open_page("projections", runs=real_runs[2], dims="t-SNE", raw="true")
    assert titles(app) == ["Model 1 (Sivakumar et al.)"]
    assert "Left out: the pixels. It has a t-SNE picture of other images" in shown_text(app)


def test_the_pixels_have_such_a_picture_too(runs_root: Path, open_page: OpenPage) -> None:
    query = {"features": "The pixels", "dims": "t-SNE"}
    app = open_page("projections", **query)
    assert "Left out: the pixels. It has no t-SNE picture yet" in shown_text(app)
    (runs_root / FOLDER).mkdir()
    shutil.copy(SHIPPED / FOLDER / "pixels.npz", runs_root / FOLDER)
    app = open_page("projections", **query)
    assert "79.4 % in the picture of **the pixels** (81.0 % in the features" in shown_text(app)


def test_a_run_left_out_still_decides_which_images_are_measured(
    real_runs: list[str], runs_root: Path, open_page: OpenPage
) -> None:
    first, other_split = real_runs[0], real_runs[2]
    (runs_root / FOLDER).mkdir()
    shutil.copy(SHIPPED / FOLDER / f"{first}.npz", runs_root / FOLDER)
    shared = shown_text(open_page("projections", runs=f"{first},{other_split}", dims="t-SNE"))
    alone = shown_text(open_page("projections", runs=first, dims="t-SNE"))
    assert "733 test images, neighbours" in shared
    assert "5,000 test images, neighbours" in alone
    measured = "the class of ([0-9.]+ %) in the picture of"
    assert re.findall(measured, alone) == ["83.3 %"]
    assert re.findall(measured, shared) != ["83.3 %"]
