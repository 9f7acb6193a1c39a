"""Someone selects in one projection and sees it in the other, in a real browser."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from fmnist_core.data import find_data
from tests.e2e.conftest import ROOT, Visit, running_app
from tests.shipped_runs import shipped_run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(find_data() is None, reason="needs the image files"),
]

NETWORKS = ("kadam_a1", "s002_ann")
RUNS = [shipped_run(name) for name in NETWORKS]
PAGE = f"/projections?runs={','.join(RUNS)}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over two real runs, which have projections; instead of the fixture runs."""
    root = tmp_path_factory.mktemp("projections") / "runs"
    for run in RUNS:
        shutil.copytree(ROOT / "cached_runs" / run, root / run)
    with running_app(root) as address:
        yield address


# Counts pixels of strong colour in a half of the canvas: images that are lit, not faded or grey.
LIT = """(canvas, half) => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height)
    const context = copy.getContext("2d", {willReadFrequently: true})
    context.drawImage(canvas, 0, 0)
    const wide = canvas.width / 2
    const pixels = context.getImageData(half * wide, 0, wide, canvas.height).data
    let lit = 0
    for (let i = 0; i < pixels.length; i += 4)
        if (Math.max(pixels[i], pixels[i + 1], pixels[i + 2])
            - Math.min(pixels[i], pixels[i + 1], pixels[i + 2]) > 60) lit++
    return lit
}"""


def opened(visit: Visit, path: str = PAGE) -> Locator:
    visit.open(path)
    canvas = visit.page.get_by_test_id("stVegaLiteChart").locator("canvas").first
    expect(canvas).to_be_visible()
    canvas.scroll_into_view_if_needed()
    visit.settle()
    return canvas


def box_in_first_panel(visit: Visit, canvas: Locator) -> None:
    place = canvas.bounding_box()
    assert place
    x, y = place["x"], place["y"]
    visit.page.mouse.move(x + 240, y + 300)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 300, y + 200, steps=5)
    visit.page.mouse.move(x + 420, y + 90, steps=5)
    visit.page.mouse.up()


@pytest.mark.parametrize(
    "visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True
)
def test_a_box_in_one_projection_lights_its_images_up_in_the_other(visit: Visit) -> None:
    canvas = opened(visit)
    before = [canvas.evaluate(LIT, half) for half in (0, 1)]
    assert min(before) > 2_000
    box_in_first_panel(visit, canvas)
    words = visit.page.get_by_text(re.compile(r"images in the box: "))
    expect(words).to_be_visible()
    inside = int(re.search(r"([\d,]+) images", words.inner_text())[1].replace(",", ""))
    assert 20 < inside < 4_000
    expect(visit.page.get_by_alt_text(re.compile(r"^Image 6\d{4}, "))).to_have_count(
        min(inside, 30)
    )
    visit.settle()
    after = [canvas.evaluate(LIT, half) for half in (0, 1)]
    assert 0 < after[1] < 0.6 * before[1]


def test_a_click_keeps_an_image_and_every_network_answers(visit: Visit) -> None:
    canvas = opened(visit)
    place = canvas.bounding_box()
    assert place
    tip = visit.page.locator("#vg-tooltip-element.visible")
    for step in range(60):
        x, y = place["x"] + 60 + 5 * step, place["y"] + 250
        visit.page.mouse.move(x, y)
        visit.page.wait_for_timeout(60)  # a tooltip follows the pointer, without any other sign
        if tip.count():
            break
    expect(tip.locator("img")).to_have_js_property("naturalWidth", 84)
    number = re.search(r"6\d{4}", tip.inner_text())[0]
    visit.page.mouse.click(x, y)
    expect(visit.page.get_by_role("heading", name=f"Image {number}: ")).to_be_visible()
    expect(visit.page).to_have_url(re.compile(f"image={number}"))
    expect(visit.page.get_by_alt_text(f"Image {number} of the data set")).to_be_visible()
    # The box comes and goes; the kept image stays.
    box_in_first_panel(visit, canvas)
    expect(visit.page.get_by_text(re.compile("in the box: "))).to_be_visible()
    expect(visit.page.get_by_role("heading", name=f"Image {number}: ")).to_be_visible()


def test_a_class_of_the_legend_lights_up_alone_in_both(visit: Visit) -> None:
    canvas = opened(visit)
    before = [canvas.evaluate(LIT, half) for half in (0, 1)]
    place = canvas.bounding_box()
    assert place
    visit.page.mouse.click(place["x"] + 132, place["y"] + place["height"] - 35)
    visit.page.mouse.move(place["x"] + 700, place["y"] + 30)
    visit.page.wait_for_function(
        f"([canvas, most]) => ({LIT})(canvas, 1) < most",
        arg=[canvas.element_handle(), 0.5 * before[1]],
    )
    for half in (0, 1):
        assert 0 < canvas.evaluate(LIT, half) < 0.5 * before[half]


def test_a_click_in_space_keeps_an_image_and_the_turn_of_all_spaces(visit: Visit) -> None:
    visit.open(f"{PAGE}&dims=3D")
    canvases = visit.page.locator(".spaces canvas")
    expect(canvases).to_have_count(2)
    expect(canvases.first).to_have_attribute("aria-label", re.compile("of the variance"))
    visit.settle()
    canvases.first.hover()
    place = canvases.first.bounding_box()
    assert place
    before = canvases.nth(1).evaluate("canvas => canvas.toDataURL()")
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 80, y + 10, steps=4)
    visit.page.mouse.up()
    visit.page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before",
        arg=[canvases.nth(1).element_handle(), before],
    )
    expect(visit.page.get_by_role("heading", name=re.compile("^Image 6"))).to_have_count(0)
    visit.page.mouse.move(x + 3, y)
    tip = visit.page.locator(".tip")
    expect(tip.locator("img")).to_have_js_property("naturalWidth", 28)
    number = re.search(r"Image (6\d{4})", tip.inner_text())[1]
    visit.page.mouse.click(x + 3, y)
    expect(visit.page.get_by_role("heading", name=f"Image {number}: ")).to_be_visible()
    expect(visit.page).to_have_url(re.compile(f"image={number}"))


def test_components_of_the_slider_rebuild_an_image(visit: Visit) -> None:
    visit.open("/projections?features=The+pixels&components=3&image=60003")
    expect(visit.page.get_by_text("29.04 %").first).to_be_visible()
    expect(visit.page.get_by_alt_text("Image 60003 from 3 components")).to_be_visible()
    slider = visit.page.get_by_role("slider", name=re.compile("Components"))
    slider.focus()
    slider.press("ArrowRight")
    expect(visit.page.get_by_alt_text("Image 60003 from 4 components")).to_be_visible()
    visit.settle()
