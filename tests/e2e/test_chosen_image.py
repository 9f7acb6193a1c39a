"""One image, and one class, on a way through the pages, in a real browser."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from fmnist_core.data import CLASS_NAMES, find_data, load_pool
from tests.e2e.conftest import ROOT, Visit, running_app
from tests.shipped_runs import shipped_run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(find_data() is None, reason="needs the image files"),
]

RUN = shipped_run("kadam_a1")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over one real run, which has weights; instead of the fixture runs."""
    root = tmp_path_factory.mktemp("chosen") / "runs"
    shutil.copytree(ROOT / "cached_runs" / RUN, root / RUN)
    with running_app(root) as address:
        yield address


def go(visit: Visit, page: str) -> None:
    visit.page.wait_for_timeout(1000)  # a page that was opened by its address may run twice
    visit.settle()
    visit.page.get_by_test_id("stSidebarNav").get_by_role("link", name=page, exact=True).click()
    expect(visit.page).to_have_url(re.compile(f"/{page.lower()}\\b"))
    visit.settle()


def look_at(visit: Visit, view: str) -> None:
    visit.page.get_by_role("radio", name=view, exact=True).click()
    visit.settle()


def test_the_chosen_image_stays_from_page_to_page_and_over_a_reload(visit: Visit) -> None:
    page, truth = visit.page, CLASS_NAMES[load_pool().labels[60_007]]
    here = re.compile("[?&]image=60007")
    visit.open("/projections?features=The+pixels&image=60007")
    expect(page.get_by_role("heading", name=f"Image 60007: {truth}")).to_be_visible()
    go(visit, "Dataset")
    look_at(visit, "One image")
    expect(page.get_by_alt_text(re.compile("^Test image 60,007"))).to_be_visible()
    expect(page).to_have_url(here)
    page.reload()
    expect(page.get_by_alt_text(re.compile("^Test image 60,007"))).to_be_visible()
    go(visit, "Compare")
    go(visit, "Learn")
    expect(page.get_by_text(f"Test image 60007, class {truth}")).to_be_visible()
    expect(page).to_have_url(here)
    page.reload()
    expect(page.get_by_text(f"Test image 60007, class {truth}")).to_be_visible()
    visit.settle()
    go(visit, "Classes")
    expect(page).to_have_url(here)
    # Another one, chosen there, is the one that the first page shows.
    go(visit, "Dataset")
    look_at(visit, "One image")
    field = page.get_by_role("textbox", name="Image number")
    field.fill("60011")
    field.press("Enter")
    expect(page.get_by_alt_text(re.compile("^Test image 60,011"))).to_be_visible()
    go(visit, "Projections")
    look_at(visit, "The pixels")
    expect(page.get_by_role("heading", name="Image 60011: ")).to_be_visible()
    expect(page.get_by_text("60007")).to_have_count(0)


def test_the_chosen_class_stays_from_the_classes_to_the_data(visit: Visit) -> None:
    visit.open(f"/classes?runs={RUN}&cls=Bag")
    look_at(visit, "Suspected labels")
    go(visit, "Dataset")
    expect(visit.page).to_have_url(re.compile("[?&]cls=Bag"))
    look_at(visit, "Samples")
    expect(visit.page.get_by_alt_text(re.compile(r"^Image \d+: Bag$"))).to_have_count(40)
    visit.page.reload()
    expect(visit.page.get_by_alt_text(re.compile(r"^Image \d+: Bag$"))).to_have_count(40)


def test_a_link_to_a_picture_takes_the_place_of_the_chosen_image(visit: Visit) -> None:
    visit.open("/dataset?data_view=Conversion&data_drawing=Coat&image=60007")
    visit.page.get_by_role("link", name="Ask the networks about it").click()
    expect(visit.page).to_have_url(re.compile("/predict.*[?&]image=coat"))
    expect(visit.page.get_by_text("It is drawn as: Coat")).to_be_visible()
    assert "show=" not in visit.page.url
