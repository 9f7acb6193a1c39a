"""Someone learns how a network looks at an image, in a real browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, WebSocket, expect

from tests.e2e.conftest import ROOT, Visit, on_a_phone, running_app
from tests.shipped_runs import shipped_run

pytestmark = pytest.mark.e2e

NETWORKS = ("awasthi_enhanced", "kadam_a1")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over two real runs, which have weights; instead of the fixture runs."""
    root: Path = tmp_path_factory.mktemp("learn") / "runs"
    for name in NETWORKS:
        run = ROOT / "cached_runs" / shipped_run(name)
        shutil.copytree(run, root / run.name)
    with running_app(root) as address:
        yield address


def hover(chart: Locator, across: float, down: float) -> None:
    """Moves the cursor to a place of the chart, in shares of its width and height."""
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    place = (box["x"] + across * box["width"], box["y"] + down * box["height"])
    chart.page.mouse.move(*place)
    chart.page.mouse.move(place[0] + 1, place[1] + 1)


def test_the_window_follows_the_cursor_without_asking_the_server(visit: Visit) -> None:
    sent: list[str | bytes] = []

    def count(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))  # a builtin cannot listen

    visit.page.on("websocket", count)
    visit.open("/learn?figure=Convolution&image=sneaker")
    chart = visit.page.get_by_test_id("stVegaLiteChart").first.locator("svg.marks")
    said = chart.locator("text", has_text=re.compile("^sum "))
    expect(said).to_have_count(1)
    before = said.text_content()
    assert sent  # the page itself
    messages = []
    for _ in range(2):  # on a busy machine the page may still send a late word of its own, once
        sent.clear()
        hover(chart, 0.05, 0.12)  # background: every product is 0
        expect(said).not_to_have_text(before or "")
        expect(said).to_have_text(re.compile(r"^sum -?0\.000 \+ bias"))
        hover(chart, 0.8, 0.5)  # over the feature map as well
        expect(said).not_to_have_text(re.compile(r"^sum -?0\.000 \+ bias"))
        total, bias, result = map(float, re.findall(r"-?\d+\.\d+", said.text_content() or ""))
        assert total + bias == pytest.approx(result, abs=0.0015)
        before = said.text_content()
        messages.append(len(sent))
    assert 0 in messages


def test_every_figure_opens_from_the_one_before(visit: Visit) -> None:
    visit.open("/learn?image=dress")
    for figure in ("Activation", "Pooling", "Batch normalisation", "Dropout", "Softmax"):
        visit.page.get_by_role("radio", name=figure, exact=True).click()
        expect(visit.page).to_have_url(re.compile(f"figure={figure.split()[0]}"))
        expect(visit.page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
        visit.settle()
    visit.page.get_by_role("radio", name="Whole network").click()
    expect(visit.page.get_by_alt_text(re.compile("^dense_2 gives 10 numbers"))).to_have_count(1)
    expect(visit.page.get_by_test_id("stVegaLiteChart")).to_have_count(0)


def test_a_network_without_the_layer_offers_one_and_the_address_keeps_it(visit: Visit) -> None:
    dense = shipped_run("kadam_a1")
    visit.open(f"/learn?figure=Dropout&image=bag&network={dense}")
    expect(visit.page.get_by_text("has no such layer")).to_be_visible()
    visit.page.get_by_role("button", name=re.compile("Enhanced CNN")).click()
    expect(visit.page.get_by_text("Mask 1 of dropout")).to_be_visible()
    visit.page.reload()
    expect(visit.page.get_by_text("Mask 1 of dropout")).to_be_visible()
    expect(visit.page.get_by_text("has no such layer")).to_have_count(0)


@on_a_phone
def test_a_phone_shows_the_figures_without_scrolling_sideways(visit: Visit) -> None:
    for figure in ("Pixels", "Convolution", "Whole network"):
        visit.open(f"/learn?figure={figure}&image=coat")
        expect(visit.page.get_by_text("Drawing: Coat.")).to_be_visible()
        assert visit.sideways() <= 0
