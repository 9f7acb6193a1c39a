"""Someone looks for where networks fail, in a real browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from fmnist_core.data import CLASS_NAMES, find_data
from fmnist_core.evaluation.agreement import flips
from fmnist_core.evaluation.sheet import Sheet, read_sheet
from fmnist_core.ui.classes.images import PER_PAGE
from tests.e2e.conftest import ROOT, Visit, in_both_modes, on_a_phone, running_app
from tests.shipped_runs import shipped_run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(find_data() is None, reason="the images are not on this machine"),
]

A, B, C = (shipped_run(name) for name in ("kadam_a1", "s002_cnn", "awasthi_basic"))
SHIRT, COAT = CLASS_NAMES.index("Shirt"), CLASS_NAMES.index("Coat")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over three real runs, whose images are real; instead of the fixture runs."""
    root = tmp_path_factory.mktemp("classes") / "runs"
    for name in (A, B, C):
        shutil.copytree(ROOT / "cached_runs" / name, root / name)
    with running_app(root) as address:
        yield address


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return read_sheet(Path(ROOT / "cached_runs"), [A, B, C])


def opened(visit: Visit, look: str, **more: str) -> None:
    query = "&".join(f"{key}={value}" for key, value in more.items())
    visit.open(f"/classes?runs={A},{B},{C}&look={look}&{query}")


def cell(visit: Visit, chart: int, true: int, said: int) -> Locator:
    """A cell of a confusion matrix; the cells are drawn row by row."""
    charts = visit.page.get_by_test_id("stVegaLiteChart")
    return charts.nth(chart).locator("svg.marks .mark-rect path").nth(10 * true + said)


def shown_images(visit: Visit) -> list[int]:
    """The numbers of the images on the page, in their order."""
    tiles = visit.page.get_by_alt_text(re.compile("^Image "))
    texts = [tile.get_attribute("alt") or "" for tile in tiles.all()]
    return [int(text.split()[1].rstrip(",")) for text in texts]


def in_cell(sheet: Sheet, run: int, true: int, said: int) -> list[int]:
    found = np.flatnonzero((sheet.labels == true) & (sheet.predicted[run] == said))
    order = np.argsort(-sheet.confidence[run, found], kind="stable")
    return sheet.indices[found[order]].tolist()


def test_a_click_on_a_cell_shows_exactly_its_images(visit: Visit, sheet: Sheet) -> None:
    expected = in_cell(sheet, 0, SHIRT, COAT)
    assert PER_PAGE < len(expected) < 8 * PER_PAGE
    opened(visit, "Confusions")
    expect(visit.page.get_by_alt_text(re.compile("^Image "))).to_have_count(0)
    cell(visit, 0, SHIRT, COAT).click()
    counted = visit.page.get_by_text(f"{len(expected)} images: truth Shirt, said Coat by")
    expect(counted).to_be_visible()
    seen: list[int] = []
    for number in range(1, -(-len(expected) // PER_PAGE) + 1):
        if number > 1:
            visit.page.get_by_test_id("stPagination").get_by_text(str(number), exact=True).click()
        first = expected[PER_PAGE * (number - 1)]
        expect(visit.page.get_by_alt_text(f"Image {first},")).to_be_visible()
        visit.settle()
        seen += shown_images(visit)
    assert seen == expected
    expect(visit.page).to_have_url(re.compile("cls=Shirt.*said=Coat"))


def test_a_cell_that_was_left_can_be_clicked_again(visit: Visit, sheet: Sheet) -> None:
    opened(visit, "Confusions")
    cell(visit, 0, SHIRT, COAT).click()
    by_a, by_b = (len(in_cell(sheet, run, SHIRT, COAT)) for run in (0, 1))
    expect(visit.page.get_by_text(f"{by_a} images: truth Shirt, said Coat")).to_be_visible()
    cell(visit, 1, SHIRT, COAT).click()
    expect(visit.page.get_by_text(f"{by_b} images: truth Shirt, said Coat")).to_be_visible()
    visit.settle()
    cell(visit, 0, SHIRT, COAT).click()
    expect(visit.page.get_by_text(f"{by_a} images: truth Shirt, said Coat")).to_be_visible()


def test_a_cell_of_the_difference_shows_what_only_one_of_them_says(
    visit: Visit, sheet: Sheet
) -> None:
    a, b = (set(in_cell(sheet, run, SHIRT, COAT)) for run in (0, 1))
    assert len(a) > len(b)
    opened(visit, "Confusions", matrix="A − B")
    cell(visit, 0, SHIRT, COAT).click()
    only = visit.page.get_by_text(f"{len(a - b)} images: truth Shirt, said Coat by")
    expect(only).to_contain_text("and not by")
    expect(visit.page.get_by_role("radio", name="A, not B")).to_be_checked()


def test_fixed_and_broken_images_are_stepped_through(visit: Visit, sheet: Sheet) -> None:
    found = flips(sheet, A, B)
    opened(visit, "Fixed+and+broken", move="Fixed by B")
    large = visit.page.get_by_alt_text(re.compile("of the data set, label"))
    for place in range(3):
        position = int(found.fixed[place])
        expect(visit.page.get_by_text(f"{place + 1} of {len(found.fixed)}")).to_be_visible()
        expect(large).to_have_attribute(
            "alt", re.compile(f"Image {sheet.indices[position]} of the data set")
        )
        expect(
            visit.page.get_by_text(f"Label: {CLASS_NAMES[sheet.labels[position]]}")
        ).to_be_visible()
        visit.page.get_by_role("button", name="Next", exact=True).click()
    expect(visit.page.get_by_text(f"4 of {len(found.fixed)}")).to_be_visible()
    visit.page.get_by_role("button", name="Previous", exact=True).click()
    expect(visit.page.get_by_text(f"3 of {len(found.fixed)}")).to_be_visible()
    third = str(sheet.indices[found.fixed[2]])
    expect(visit.page).to_have_url(re.compile(f"image={third}"))
    visit.page.reload()
    expect(visit.page.get_by_text(f"3 of {len(found.fixed)}")).to_be_visible()
    expect(large).to_have_attribute("alt", re.compile(f"Image {third} "))


def test_a_bar_of_flips_narrows_the_list_to_its_class(visit: Visit, sheet: Sheet) -> None:
    fixed = flips(sheet, A, B).fixed
    shirts = int((sheet.labels[fixed] == SHIRT).sum())
    opened(visit, "Fixed+and+broken")
    bars = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks .mark-rect path")
    expect(bars).to_have_count(20)
    bars.nth(SHIRT).click()  # the fixed ones come first
    expect(visit.page.get_by_text(f"{shirts} images: truth Shirt, wrong by")).to_be_visible()


@in_both_modes
def test_a_score_opens_its_images_and_every_view_has_its_table(visit: Visit, sheet: Sheet) -> None:
    opened(visit, "Scores", order="A–Z")
    scores = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks .mark-rect path")
    expect(scores).to_have_count(3 * 12)
    scores.nth(SHIRT).click()
    missed = int(((sheet.labels == SHIRT) & ~sheet.correct[0]).sum())
    expect(visit.page.get_by_text(f"{missed} images: truth Shirt, said")).to_be_visible()
    for view in ("Confusions", "Fixed and broken", "Hard images"):
        visit.page.get_by_role("radio", name=view, exact=True).click()
        visit.settle()
        expect(visit.page.get_by_text("Data and downloads")).to_have_count(1)
    visit.page.get_by_role("radio", name="Suspected labels").click()
    expect(visit.page.get_by_text("labels are suspected among 10,000 images")).to_be_visible()
    visit.page.get_by_text("Leave them out of the ranking").click()
    expect(visit.page.get_by_text(re.compile("accuracies move by"))).to_be_visible()


@on_a_phone
def test_on_a_phone_no_number_is_wider_than_its_cell(visit: Visit) -> None:
    opened(visit, "Scores")
    marks = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    cells = marks.locator(".mark-rect path")
    expect(cells).to_have_count(3 * 12)
    cell_width = cells.first.evaluate("element => element.getBoundingClientRect().width")
    numbers = marks.locator(".mark-text.role-mark text").evaluate_all(
        "texts => texts.filter(text => getComputedStyle(text).opacity > 0)"
        ".map(text => text.getBoundingClientRect().width)"
    )
    assert len(numbers) == 3 * 12
    assert max(numbers) <= cell_width
    assert visit.sideways() <= 0
