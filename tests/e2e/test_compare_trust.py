"""Significance, calibration and ensembles in a real browser."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import BEST, SECOND, THIRD, Visit, on_a_phone

pytestmark = pytest.mark.e2e

THREE = f"/compare?runs={BEST},{SECOND},{THIRD}"


def test_the_parts_are_changed_by_a_click_and_live_in_the_address(visit: Visit) -> None:
    visit.open(THREE)
    visit.page.get_by_role("radio", name="Significance").click()
    expect(visit.page.get_by_role("heading", name="Who beats whom?")).to_be_visible()
    expect(visit.page).to_have_url(re.compile("part=Significance"))
    visit.page.reload()
    expect(visit.page.get_by_role("heading", name="Which cannot be told apart?")).to_be_visible()
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    expect(charts).to_have_count(2)
    # Six cells of three runs against each other, none of a run against itself.
    cells = charts.first.locator(".mark-rect path")
    expect(cells).to_have_count(6)


def test_the_matrix_can_be_taken_along_as_numbers(visit: Visit) -> None:
    visit.open(f"{THREE}&part=Significance")
    visit.page.get_by_text("Data and downloads").first.click()
    download = visit.download(visit.page.locator(".st-key-significance_csv button"))
    rows = list(csv.DictReader(io.StringIO(download.path().read_text(encoding="utf-8"))))
    assert [float(row["accuracy_difference"]) for row in rows] == pytest.approx([0.02, 0.07, 0.05])


@pytest.mark.parametrize(
    "visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_calibration_is_drawn_before_and_after_its_temperature(visit: Visit) -> None:
    visit.open(f"{THREE}&part=Calibration")
    visit.page.get_by_role("radio", name="After temperature scaling").click()
    expect(visit.page).to_have_url(re.compile("probabilities=After"))
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    expect(charts).to_have_count(2)
    visit.page.get_by_text("Data and downloads").first.click()
    expect(visit.page.locator(".st-key-reliability_after_csv")).to_be_visible()
    expect(visit.page.locator(".st-key-reliability_before_csv")).to_have_count(0)
    visit.settle()


def test_members_are_chosen_on_validation_and_answer_together(visit: Visit) -> None:
    visit.open(f"{THREE}&part=Ensembles")
    expect(visit.page.get_by_text("Together they reach")).to_be_visible()
    visit.page.get_by_text("Choose members on the validation images").click()
    expect(visit.page.get_by_text("On 100 validation images")).to_be_visible()
    visit.page.get_by_role("radio", name="Majority vote").click()
    expect(visit.page).to_have_url(re.compile("ensemble=Majority"))
    visit.settle()
    assert visit.page.get_by_test_id("stException").count() == 0


@on_a_phone
@pytest.mark.parametrize("part", ["Significance", "Calibration", "Ensembles", "Seeds"])
def test_a_phone_shows_every_part_without_scrolling_sideways(visit: Visit, part: str) -> None:
    visit.open(f"{THREE}&part={part}")
    assert visit.sideways() <= 0
