"""Someone brings pictures to the Predict page, in a real browser."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fmnist_core.prediction.samples import sample_picture
from tests.e2e.conftest import ROOT, Visit, on_a_phone, running_app
from tests.shipped_runs import shipped_run

pytestmark = pytest.mark.e2e

NETWORKS = ("kadam_a1", "s002_ann", "s002_cnn")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over three real runs, which have models; instead of the fixture runs."""
    root = tmp_path_factory.mktemp("predict") / "runs"
    for name in NETWORKS:
        run = ROOT / "cached_runs" / shipped_run(name)
        shutil.copytree(run, root / run.name)
    with running_app(root) as address:
        yield address


def picture(sample: str) -> dict[str, object]:
    return {"name": f"{sample}.png", "mimeType": "image/png", "buffer": sample_picture(sample)}


def give(visit: Visit, *files: dict[str, object]) -> None:
    visit.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        list(files)
    )


def test_upload_see_the_steps_invert_and_see_the_answer_change(visit: Visit) -> None:
    visit.open("/predict")
    expect(visit.page.get_by_text("No picture yet.")).to_be_visible()
    give(visit, picture("t-shirt"))
    expect(visit.page.get_by_role("heading", name="t-shirt.png")).to_be_visible()
    expect(visit.page.get_by_text("1. Picture")).to_be_visible()
    expect(visit.page.get_by_text("8. Grey")).to_be_visible()
    expect(visit.page.get_by_alt_text(re.compile("^Step "))).to_have_count(8)
    answer = visit.page.get_by_role("heading", name=re.compile(r"\d %$"))
    before = answer.inner_text()
    visit.page.get_by_role("radio", name="Invert", exact=True).click()
    expect(visit.page.get_by_text("2. Inverted")).to_be_visible()
    expect(answer).not_to_have_text(before)
    visit.page.get_by_role("button", name="Undo all corrections").click()
    expect(answer).to_have_text(before)
    expect(visit.page.get_by_text("2. Inverted")).to_have_count(0)


def test_many_files_one_of_them_bad_give_a_table_to_download(visit: Visit) -> None:
    visit.open("/predict")
    bad = {"name": "<b>no.png", "mimeType": "image/png", "buffer": b"%PDF-1.7"}
    give(visit, picture("bag"), bad, picture("trousers"))
    expect(visit.page.get_by_role("heading", name="3 pictures")).to_be_visible()
    expect(visit.page.get_by_text("2 of 3 files could be read")).to_be_visible()
    alert = visit.page.get_by_test_id("stAlert")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text("<b>no.png: An upload must be a whole PNG")
    expect(visit.page.get_by_role("heading", name="bag.png")).to_be_visible()
    saved = visit.download(visit.page.get_by_role("button", name="CSV", exact=True).first)
    text = Path(saved.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["file"] for row in rows] == ["bag.png", "<b>no.png", "trousers.png"]
    assert rows[0]["says"] == "Bag"
    assert rows[1]["says"] == "not read"
    table = visit.page.get_by_test_id("stDataFrame").first
    # The rows are painted, not elements: the tick box of the third stands at its left end.
    table.locator(".dvn-scroller").click(position={"x": 20, "y": 35 * 3 + 18})
    expect(visit.page.get_by_role("heading", name="trousers.png")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="bag.png")).to_have_count(0)


def test_a_sample_stands_in_the_address_and_opens_from_it(visit: Visit) -> None:
    visit.open("/predict")
    visit.page.get_by_role("button", name="Sneaker", exact=True).click()
    expect(visit.page.get_by_text("It is drawn as")).to_be_visible()
    expect(visit.page).to_have_url(re.compile(r"/predict\?image=sneaker"))
    visit.page.reload()
    expect(visit.page.get_by_text("It is drawn as")).to_be_visible()
    expect(visit.page.get_by_text("No picture yet.")).to_have_count(0)


def test_the_map_of_what_mattered_to_the_best_network_is_there_and_others_join_it(
    visit: Visit,
) -> None:
    visit.open("/predict?image=bag")
    expect(visit.page.get_by_text("Orange speaks for Bag")).to_be_visible()
    maps = visit.page.get_by_alt_text(re.compile(r"gives Bag|matters to"))
    expect(maps).to_have_count(1)
    field = visit.page.get_by_role("combobox", name=re.compile("Networks"))
    field.scroll_into_view_if_needed()
    visit.settle()  # an open list closes when the page scrolls
    field.press("ArrowDown")
    visit.page.get_by_role("option", name="Select all").click()
    expect(maps).to_have_count(len(NETWORKS))


def test_uploaded_pictures_are_there_after_a_look_elsewhere(visit: Visit) -> None:
    visit.open("/predict")
    give(visit, picture("bag"), picture("dress"))
    expect(visit.page.get_by_role("heading", name="2 pictures")).to_be_visible()
    visit.settle()
    visit.page.get_by_role("radio", name=re.compile("Samples")).click()
    expect(visit.page.get_by_role("heading", name="2 pictures")).to_have_count(0)
    visit.settle()
    visit.page.get_by_role("radio", name=re.compile("Files")).click()
    expect(visit.page.get_by_text("Still here: bag.png, dress.png.")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="2 pictures")).to_be_visible()
    visit.settle()
    visit.page.get_by_role("link", name="Dataset").first.click()
    expect(visit.page).to_have_url(re.compile("/dataset"))
    visit.settle()
    visit.page.get_by_role("link", name="Predict", exact=True).first.click()
    expect(visit.page.get_by_role("heading", name="2 pictures")).to_be_visible()
    visit.settle()
    give(visit, picture("coat"))
    expect(visit.page.get_by_role("heading", name="coat.png")).to_be_visible()
    visit.settle()
    expect(visit.page.get_by_text("Still here")).to_have_count(0)
    visit.page.get_by_role("button", name=re.compile("Remove coat.png|Remove file|Delete")).click()
    expect(visit.page.get_by_text("No picture yet.")).to_be_visible()


def test_a_picture_is_pasted_from_the_clipboard(visit: Visit) -> None:
    visit.open("/predict")
    visit.page.get_by_role("radio", name=re.compile("Paste")).click()
    field = visit.page.get_by_test_id("stChatInput").locator("textarea")
    field.click()
    field.evaluate(
        """(element, bytes) => {
            const data = new DataTransfer();
            const file = new File([new Uint8Array(bytes)], "image.png", {type: "image/png"});
            data.items.add(file);
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
            element.dispatchEvent(paste);
        }""",
        list(sample_picture("dress")),
    )
    expect(visit.page.get_by_role("button", name="Send message")).to_be_enabled()
    field.press("Enter")
    expect(visit.page.get_by_role("heading", name="image.png")).to_be_visible()
    expect(visit.page.get_by_role("heading", name=re.compile(r"\d %$"))).to_be_visible()


@on_a_phone
def test_a_phone_shows_the_answer_first_and_without_scrolling_sideways(visit: Visit) -> None:
    visit.open("/predict?image=coat")
    expect(visit.page.get_by_text("It is drawn as")).to_be_visible()
    answer = visit.page.get_by_role("heading", name=re.compile(r"\d %$")).bounding_box()
    given = visit.page.get_by_alt_text("The picture as it was given").bounding_box()
    corrections = visit.page.get_by_text("Light and dark", exact=True).bounding_box()
    assert answer
    assert given
    assert corrections
    assert answer["y"] < given["y"] < corrections["y"]
    assert visit.sideways() <= 0
