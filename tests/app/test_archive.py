"""A run leaves by a download and comes by an upload on the Overview page."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.runs.archive import export_archive
from fmnist_core.runs.read import run_ids
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.unit.runs.hostile_archives import listed, unpack

SHIPPED = Path(__file__).parents[2] / "cached_runs"
RUN_ID, OTHER = (
    next(name for name in run_ids(SHIPPED) if name.startswith(start))
    for start in ("kadam_a1-", "s002_ann-")
)


@pytest.fixture
def one_run(runs_root: Path) -> Path:
    shutil.copytree(SHIPPED / OTHER, runs_root / OTHER)
    return runs_root


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.get("file_uploader")[0].upload(name, data)
    app.run(timeout=60)
    assert not app.exception, app.exception
    return app


def successes(app: AppTest) -> list[str]:
    return [success.value for success in app.success]


def test_a_run_is_offered_as_zip_model_source_and_events(one_run: Path, open_page: OpenPage):
    app = open_page()
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"Run (zip)", "LiteRT", "Keras source", "TensorBoard"} <= set(labels)


def test_a_run_without_its_model_is_offered_without_it(runs_root: Path, open_page: OpenPage):
    shutil.copytree(SHIPPED / OTHER, runs_root / OTHER)
    files = unpack(export_archive(runs_root, OTHER))
    (runs_root / OTHER / "model.tflite").unlink()
    light = listed(OTHER, {name: data for name, data in files.items() if name != "model.tflite"})
    (runs_root / OTHER / "manifest.json").write_bytes(light["manifest.json"])
    labels = [button.proto.label for button in open_page().get("download_button")]
    assert "Run (zip)" in labels
    assert "LiteRT" not in labels


def test_an_uploaded_run_is_among_the_others_at_once(one_run: Path, open_page: OpenPage):
    app = upload(open_page(), "run.zip", export_archive(SHIPPED, RUN_ID))
    assert successes(app) == [f"{RUN_ID.replace('_', chr(92) + '_')} is imported."]
    assert set(run_ids(one_run)) == {RUN_ID, OTHER}
    assert "is the most accurate of 2 ranked runs" in shown_text(app)
    assert successes(app.run()) == []


@pytest.mark.parametrize("folder", ["empty", "of damaged runs"])
def test_a_run_can_be_uploaded_where_there_is_none(
    folder: str, runs_root: Path, open_page: OpenPage
):
    if folder == "of damaged runs":
        (runs_root / OTHER).mkdir()
    app = open_page()
    assert "No run yet" in shown_text(app)
    app = upload(app, "run.zip", export_archive(SHIPPED, RUN_ID))
    assert RUN_ID in run_ids(runs_root)
    assert "is imported" in successes(app)[0]
    assert "No run yet" not in shown_text(app)


def test_a_refused_upload_to_an_empty_folder_says_why(runs_root: Path, open_page: OpenPage):
    (error,) = (error.value for error in upload(open_page(), "run.zip", b"not a zip").error)
    assert "the archive of a run must be a zip file" in error


def test_a_run_can_be_uploaded_where_the_filters_leave_none(one_run: Path, open_page: OpenPage):
    app = upload(open_page(find="nothing is called so"), "run.zip", export_archive(SHIPPED, RUN_ID))
    assert "No run passes these filters" in shown_text(app)
    assert "is imported" in successes(app)[0]


def test_the_same_run_again_says_so(one_run: Path, open_page: OpenPage):
    app = upload(open_page(), "run.zip", export_archive(SHIPPED, OTHER))
    assert "is here already" in successes(app)[0]


def test_a_file_that_is_no_run_is_refused_in_one_sentence(one_run: Path, open_page: OpenPage):
    app = upload(open_page(), "run.zip", b"not a zip")
    (error,) = (error.value for error in app.error)
    assert "the archive of a run must be a zip file" in error
    assert run_ids(one_run) == [OTHER]
    assert successes(app) == []


def test_a_comparison_is_offered_as_one_file(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs))
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"Report (HTML)", "Report (LaTeX)", "All numbers (CSV)"} <= set(labels)
