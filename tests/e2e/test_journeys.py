"""What a reader does in the browser, and what must not happen meanwhile."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import (
    BEST,
    MODES,
    SECOND,
    THIRD,
    Visit,
    in_both_modes,
    on_a_phone,
    running_app,
)

pytestmark = pytest.mark.e2e

ALL_COSTS = "/?cost=All+at+once"
PHONE_PATHS = ["/", ALL_COSTS, f"/compare?runs={BEST},{SECOND}", "/architectures"]
UNBRUSHED = re.compile(r"^0,\d+$")


@in_both_modes
def test_the_overview_opens_with_its_chart_and_asks_the_internet_for_nothing(visit: Visit) -> None:
    visit.open()
    expect(visit.page).to_have_title(re.compile("Overview"))
    expect(visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")).to_be_visible()
    expect(visit.page.get_by_text("93.00 %").first).to_be_visible()


def test_all_costs_at_once_are_brushed_and_stay_in_the_address(visit: Visit) -> None:
    fetched: list[str] = []
    visit.page.on("request", lambda request: fetched.append(request.url))
    visit.open()
    expect(visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")).to_be_visible()
    assert not any("PlotlyChart" in url for url in fetched), "no other cost pays for Plotly"
    visit.page.get_by_role("radio", name="All at once").click()
    expect(visit.page).to_have_url(re.compile(r"cost=All\+at\+once"))
    visit.page.reload()
    chart = visit.page.get_by_role("figure", name=re.compile("^Of 3 runs"))
    expect(chart.locator(".axis-title")).to_have_count(6)
    assert any("PlotlyChart" in url for url in fetched)
    expect(chart.get_by_text("500k")).to_be_visible()

    axis = chart.locator(".axis-brush").first
    brushed = axis.locator("line.highlight")
    expect(brushed).to_have_attribute("stroke-dasharray", UNBRUSHED)
    axis.locator("rect").scroll_into_view_if_needed()
    box = axis.locator("rect").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    visit.page.mouse.move(middle, box["y"] + 0.6 * box["height"])
    visit.page.mouse.down()
    visit.page.mouse.move(middle, box["y"] + 0.1 * box["height"], steps=5)
    visit.page.mouse.up()
    expect(brushed).not_to_have_attribute("stroke-dasharray", UNBRUSHED)
    visit.page.wait_for_timeout(500)  # the bar glides to the next tick, and what it hits is undone
    visit.page.mouse.click(middle, box["y"] + 0.4 * box["height"])
    expect(brushed).to_have_attribute("stroke-dasharray", UNBRUSHED)


def test_light_and_dark_are_really_two(browser: Browser, address: str) -> None:
    seen = set()
    for mode in MODES:
        context = browser.new_context(**mode)
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        app = page.get_by_test_id("stApp")
        seen.add(app.evaluate("element => getComputedStyle(element).backgroundColor"))
        context.close()
    assert len(seen) == 2


def test_a_cold_server_answers_a_deep_link_with_that_page_and_its_query(
    browser: Browser, runs_root: Path
) -> None:
    with running_app(runs_root) as address:
        context = browser.new_context()
        visit = Visit(context.new_page(), address)
        visit.listen()
        visit.open(f"/compare?runs={BEST},{SECOND}&metric=Loss")
        expect(visit.page.get_by_role("heading", level=1)).to_contain_text("How do these runs")
        expect(visit.page).to_have_title(re.compile("Compare"))
        expect(visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")).to_be_visible()
        expect(visit.page.get_by_role("radio", name="Loss")).to_be_checked()
        assert BEST in visit.page.url
        context.close()
    assert visit.complaints == []


def test_ticked_rows_are_compared_and_stay_chosen_on_every_page(visit: Visit) -> None:
    visit.open()
    table = visit.page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    for row in (1, 2):
        # The rows are painted, not elements: the tick box of a row stands at its left end.
        table.locator(".dvn-scroller").click(position={"x": 20, "y": 35 * row + 18})
    visit.page.get_by_role("link", name="Compare the 2 chosen runs").click()
    expect(visit.page).to_have_url(re.compile(rf"/compare\?runs={BEST}%2C{SECOND}"))
    expect(visit.page.get_by_role("heading", name="Is the difference more")).to_be_visible()

    sidebar = visit.page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="Architectures").click()
    expect(visit.page).to_have_url(re.compile(rf"/architectures\?.*{BEST}"))
    expect(sidebar.get_by_text("Enhanced CNN")).to_be_visible()
    visit.page.go_back()
    expect(visit.page).to_have_url(re.compile(rf"/compare\?runs={BEST}"))
    visit.page.go_back()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Which architecture")
    # The table comes back with its ticks, and clearing the choice clears them.
    expect(visit.page.get_by_role("link", name="Compare the 2 chosen runs")).to_be_visible()
    sidebar.get_by_role("button", name="Clear").click()
    expect(visit.page.get_by_role("link", name="Tick rows above")).to_be_visible()
    expect(visit.page).not_to_have_url(re.compile("runs="))
    visit.settle()


def test_the_view_lives_in_the_address(visit: Visit) -> None:
    visit.open(f"/compare?runs={BEST}")
    visit.page.get_by_test_id("stButtonGroup").get_by_text("Processor seconds").click()
    expect(visit.page).to_have_url(re.compile(r"x=Processor\+seconds"))
    visit.page.reload()
    expect(visit.page.get_by_role("radio", name="Processor seconds")).to_be_checked()
    expect(visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")).to_be_visible()
    expect(visit.page.get_by_text("Processor time (seconds)")).to_be_visible()


def test_runs_are_compared_at_an_equal_budget_that_lives_in_the_address(visit: Visit) -> None:
    visit.open(f"/compare?runs={BEST},{SECOND}")
    visit.page.get_by_text("Same epochs").click()
    heading = visit.page.get_by_role("heading", name="At an equal budget: 12 epochs")
    expect(heading).to_be_visible()
    expect(visit.page).to_have_url(re.compile(r"equal=Same\+epochs"))
    visit.page.get_by_role("slider", name="Budget of each run").press("ArrowLeft")
    cut = visit.page.get_by_role("heading", name="At an equal budget: 11 epochs")
    expect(cut).to_be_visible()
    expect(visit.page).to_have_url(re.compile(r"at_epochs=11\+epochs"))
    visit.page.reload()
    expect(cut).to_be_visible()
    visit.page.get_by_test_id("stButtonGroup").get_by_text("Off", exact=True).click()
    expect(cut).to_be_hidden()
    expect(visit.page).not_to_have_url(re.compile("equal=|at_epochs="))
    visit.settle()


def test_unknown_runs_in_the_address_are_named_and_the_others_shown(visit: Visit) -> None:
    visit.open(f"/compare?runs=awasthi_enhancd-20250101-000001-000001,{THIRD}")
    expect(visit.page.get_by_text("must be a known name")).to_have_count(1)
    expect(visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks")).to_be_visible()
    assert visit.page.get_by_test_id("stException").count() == 0


def test_what_is_shown_can_be_taken_along(visit: Visit) -> None:
    visit.open(f"/compare?runs={BEST},{SECOND}&baseline={SECOND}")
    table = visit.download(visit.page.locator(".st-key-paired_tests_csv button"))
    (row,) = csv.DictReader(io.StringIO(table.path().read_text(encoding="utf-8")))
    assert float(row["accuracy_difference"]) == pytest.approx(0.02)
    latex = visit.download(visit.page.locator(".st-key-paired_tests_tex button"))
    assert r"\toprule" in latex.path().read_text(encoding="utf-8")

    visit.page.get_by_test_id("stVegaLiteChart").hover()
    button = visit.page.get_by_role("button", name=re.compile("^Download as PNG"))
    expect(button).to_be_visible()
    picture = visit.download(button)
    assert picture.path().read_bytes().startswith(b"\x89PNG")


def test_pages_are_reached_by_the_keyboard_alone(visit: Visit) -> None:
    visit.open()
    link = visit.page.get_by_test_id("stSidebar").get_by_role("link", name="Compare")
    for _ in range(12):
        visit.page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("How do these runs")
    visit.settle()


@pytest.mark.parametrize("path", [f"/compare?runs={BEST},{SECOND},{THIRD}", "/papers"])
def test_a_legend_is_whole_and_leaves_the_plot_its_height_as_the_window_changes(
    visit: Visit, path: str
) -> None:
    visit.open(path)
    drawing = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks").first
    heights = set()
    for width in (1440, 1000, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        columns = drawing.locator(".role-legend").last
        expect(columns).to_be_visible()
        visit.page.wait_for_timeout(1_000)  # the chart follows the window after a moment
        picture, legend, plot = (
            part.bounding_box()
            for part in (drawing, columns, drawing.locator(".role-axis-grid").first)
        )
        assert picture is not None
        assert legend is not None
        assert plot is not None
        assert legend["x"] + legend["width"] <= picture["x"] + picture["width"]
        assert legend["y"] + legend["height"] <= picture["y"] + picture["height"]
        heights.add(round(plot["height"]))
    assert len(heights) == 1


@on_a_phone
@pytest.mark.parametrize("path", PHONE_PATHS)
def test_a_phone_shows_every_page_without_scrolling_sideways(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.sideways() <= 0
    # The sidebar must not cover the page that was asked for.
    expect(visit.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
