"""Someone looks at the data, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fmnist_core.data import find_data
from tests.e2e.conftest import Visit, on_a_phone

pytestmark = pytest.mark.e2e

needs_data = pytest.mark.skipif(find_data() is None, reason="needs the images")
CHARTS = {"Classes": 1, "Pixels": 1, "Shapes": 2, "Splits": 1}


def look_at(visit: Visit, view: str) -> None:
    # Those of the view that is left: once it is gone, the server has them no more.
    visit.page.wait_for_function("[...document.images].every(image => image.complete)")
    visit.page.get_by_role("radio", name=view, exact=True).click()
    expect(visit.page).to_have_url(re.compile(f"data_view={view.replace(' ', '.')}"))
    visit.settle()


@pytest.mark.parametrize(
    "visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_every_view_draws_without_a_complaint(visit: Visit) -> None:
    visit.open("/dataset")
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks, canvas")
    expect(charts).to_have_count(1)
    for view, count in list(CHARTS.items())[1:]:
        look_at(visit, view)
        expect(charts).to_have_count(count)
        means = visit.page.get_by_alt_text(re.compile("^(Mean|Variance) image of "))
        expect(means).to_have_count(20 if view == "Pixels" else 0)
    look_at(visit, "Conversion")
    expect(visit.page.get_by_alt_text(re.compile("^Step "))).to_have_count(8)
    expect(charts).to_have_count(0)
    look_at(visit, "Files")
    expect(visit.page.get_by_text("no test image is a training image")).to_be_visible()


@needs_data
def test_from_the_grid_to_an_image_to_its_neighbour_to_the_networks(visit: Visit) -> None:
    visit.open("/dataset?data_view=Samples&data_part=Test&cls=Sneaker")
    tiles = visit.page.get_by_alt_text(re.compile(r"^Image \d+: Sneaker$"))
    expect(tiles).to_have_count(40)
    first = visit.page.get_by_role("button", name=re.compile(r"^6\d{4}$")).first
    number = first.inner_text()
    visit.page.get_by_role("button", name="Next").click()
    expect(visit.page.get_by_text("41 to 80 of 1,000 test images")).to_be_visible()
    visit.open(f"/dataset?data_view=Samples&data_part=Test&cls=Sneaker&data_from={number}")
    visit.page.get_by_role("button", name=number, exact=True).click()
    expect(visit.page.get_by_role("heading", name="Sneaker, label 7")).to_be_visible()
    expect(visit.page).to_have_url(re.compile(f"image={number}"))
    near = visit.page.get_by_alt_text(re.compile(r"^Training image \d+: "))
    expect(near).to_have_count(10)
    visit.page.reload()
    expect(visit.page.get_by_role("heading", name="Sneaker, label 7")).to_be_visible()
    visit.page.get_by_role("link", name="Ask the networks about it").click()
    expect(visit.page).to_have_url(re.compile(f"/predict.*image={number}"))


def test_a_chart_gives_its_numbers_to_download(visit: Visit) -> None:
    visit.open("/dataset?data_part=Both")
    visit.page.get_by_text("Data and downloads").click()
    saved = visit.download(visit.page.get_by_role("button", name="CSV", exact=True))
    lines = Path(saved.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 11
    assert lines[1].startswith("T-shirt/top,0,6000,1000,7000,0.1")


@needs_data
@on_a_phone
@pytest.mark.parametrize("view", ["Samples", "Pixels", "One image", "Splits"])
def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit, view: str) -> None:
    visit.open(f"/dataset?data_view={view.replace(' ', '+')}")
    visit.settle()
    assert visit.sideways() <= 0
