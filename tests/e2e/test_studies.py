"""Studies in a real browser: choosing one, its charts in both modes, and the way to train."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit, on_a_phone, running_app
from tests.fixture_studies import setups, write_level_run

pytestmark = pytest.mark.e2e

LEVELS = {"Adam": (0.93, 0.935), "SGD": (0.88,), "Adadelta": (0.73,), "Nadam": (0.932,)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app over the runs of some levels, in place of the usual ones."""
    root = tmp_path_factory.mktemp("studies") / "runs"
    root.mkdir()
    asks = setups("optimizers", "ajani_m6")
    number = 0
    for label, accuracies in LEVELS.items():
        for seed, accuracy in enumerate(accuracies):
            number += 1
            write_level_run(root, asks[label], accuracy, number=number, seed=seed)
    with running_app(root) as address:
        yield address


def test_a_study_is_chosen_by_a_click_and_lives_in_the_address(visit: Visit) -> None:
    visit.open("/studies")
    expect(visit.page.get_by_role("heading", name="Which factor matters most?")).to_be_visible()
    visit.page.get_by_role("radio", name="Optimizers", exact=True).click()
    expect(visit.page.get_by_role("heading", name="Which optimizer trains")).to_be_visible()
    expect(visit.page).to_have_url(re.compile("study=Optimizers"))
    visit.page.reload()
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    expect(charts).to_have_count(6)
    assert visit.page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(
    "visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_levels_are_dots_with_intervals_and_both_charts_have_the_same_rows(visit: Visit) -> None:
    visit.open("/studies?study=Optimizers")
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")
    expect(charts).to_have_count(6)
    labels = [
        chart.locator(".mark-text.role-axis-label").last.locator("text").all_text_contents()
        for chart in (charts.nth(0), charts.nth(1))
    ]
    assert labels[0] == labels[1] == ["Model 6", "Adam", "SGD", "Adadelta", "Nadam"]
    # Four dots; a diamond for each published number; a tick for each seed of the one with two.
    symbols = charts.first.locator(".mark-symbol.role-mark path")
    expect(symbols).to_have_count(8)
    expect(charts.first.locator(".mark-rect.role-mark path")).to_have_count(2)


def test_the_effects_can_be_taken_along_as_numbers(visit: Visit) -> None:
    visit.open("/studies?study=Optimizers")
    visit.page.get_by_text("Data and downloads").nth(1).click()
    download = visit.download(visit.page.locator(".st-key-effects_optimizers_csv button"))
    rows = list(csv.DictReader(io.StringIO(download.path().read_text(encoding="utf-8"))))
    assert [row["level"] for row in rows] == ["SGD", "Adadelta", "Nadam"]
    assert float(rows[0]["difference"]) == pytest.approx(-0.0525)


def test_a_missing_level_is_put_into_the_train_form(visit: Visit) -> None:
    visit.open("/studies?study=Optimizers")
    visit.page.get_by_role("button", name="Put it into the Train form").click()
    link = visit.page.get_by_role("link", name="Open the Train page: its form holds Model 6")
    expect(link).to_be_visible()
    link.click()
    expect(visit.page).to_have_url(re.compile("/train"))
    network = visit.page.get_by_role("combobox", name="Architecture")
    expect(network).to_have_value(re.compile("Model 6"))
    expect(visit.page.get_by_text("RMSprop").first).to_be_visible()


@on_a_phone
@pytest.mark.parametrize("study", ["At a glance", "Optimizers", "Depth", "Your sweeps"])
def test_a_phone_shows_every_study_without_scrolling_sideways(visit: Visit, study: str) -> None:
    visit.open(f"/studies?study={study}")
    assert visit.sideways() <= 0
