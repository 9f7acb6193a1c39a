"""What a reader does on the Architectures page in the browser."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visit, in_both_modes, on_a_phone

pytestmark = pytest.mark.e2e

VIEWS = ["Layers", "Diagram", "Source", "Code", "Side by side", "Builder"]


def editor(visit: Visit) -> Locator:
    return visit.page.get_by_label("Layers, one a line")


def contrast_of_text(drawing: Locator) -> float:
    """WCAG contrast of a drawing's words with the box that they stand in, laid on the page."""
    return drawing.evaluate(
        """svg => {
          const rgba = css => (css.match(/[0-9.]+/g) ?? []).map(Number)
          const over = (top, below) => [0, 1, 2].map(
            i => (top[3] ?? 1) * top[i] + (1 - (top[3] ?? 1)) * below[i])
          const luminance = rgb => {
            const [r, g, b] = rgb.map(v => (v /= 255) <= 0.04045
              ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            return 0.2126 * r + 0.7152 * g + 0.0722 * b
          }
          const page = rgba(getComputedStyle(document.querySelector(".stApp")).backgroundColor)
          const box = over(rgba(getComputedStyle(svg.querySelector("rect")).fill), page)
          const word = over(rgba(getComputedStyle(svg.querySelector("text.strong")).fill), box)
          const [light, dark] = [luminance(box), luminance(word)].sort((a, b) => b - a)
          return (light + 0.05) / (dark + 0.05)
        }"""
    )


def test_every_view_opens_and_the_address_follows(visit: Visit) -> None:
    visit.open("/architectures?arch=chen_resnet&view=Nonsense")
    for view in [*VIEWS[1:], VIEWS[0]]:
        tab = visit.page.get_by_role("tab", name=view)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        visit.settle()
        expect(visit.page.get_by_test_id("stException")).to_have_count(0)
        assert ("view=" in visit.page.url) == (view != VIEWS[0])


@in_both_modes
def test_the_diagram_can_be_read_in_both_modes_and_saved(visit: Visit, tmp_path: Path) -> None:
    visit.open("/architectures?arch=mcnn18&view=Diagram")
    picture = visit.page.get_by_role("img", name="Diagram of MCNN18")
    expect(picture.get_by_text("2 × Conv 256")).to_be_visible()
    expect(picture.get_by_text("7 × 7 × 64").first).to_be_visible()
    assert contrast_of_text(picture.locator("svg")) > 4.5
    download = visit.download(visit.page.get_by_role("button", name="SVG"))
    saved = tmp_path / "diagram.svg"
    download.save_as(saved)
    assert "var(" not in saved.read_text(encoding="utf-8")


@on_a_phone
def test_on_a_phone_drawings_are_laid_out_anew_and_nothing_scrolls_sideways(visit: Visit) -> None:
    visit.open("/architectures?arch=mcnn18")
    for view in [*VIEWS, "Diagram"]:
        visit.page.get_by_role("tab", name=view).click()
        visit.settle()
        assert visit.sideways() <= 0, view
    drawing = visit.page.get_by_role("img", name="Diagram of MCNN18").locator("svg")
    expect(drawing).to_have_count(1)
    box = drawing.bounding_box()
    assert box is not None
    assert box["width"] < 390 < box["height"], "one column, at its natural size"


def test_choosing_changes_the_address_and_the_back_button_goes_back(visit: Visit) -> None:
    visit.open("/architectures?arch=kadam_a2")
    visit.page.get_by_role("combobox", name="Reading").click()
    visit.page.get_by_role("option", name="same").click()
    expect(visit.page.get_by_role("heading", level=2)).to_have_text(
        "Architecture 2 (Kadam et al.), same"
    )
    visit.page.get_by_role("tab", name="Code").click()
    visit.settle()
    assert "variant=same" in visit.page.url
    assert "view=Code" in visit.page.url
    visit.page.reload()
    visit.settle()
    expect(visit.page.get_by_text("# Architecture 2 (Kadam et al.), same")).to_be_visible()
    visit.page.get_by_role("link", name="Overview").first.click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Which architecture")
    for _ in range(6):
        visit.page.go_back()
        visit.settle()
        if visit.page.url.endswith("arch=kadam_a2"):
            break
    assert visit.page.url.endswith("/architectures?arch=kadam_a2"), "Back must not be trapped"


def test_the_numbers_follow_while_typing_and_focus_and_undo_stay(visit: Visit) -> None:
    visit.open("/architectures?arch=ajani_m1&view=Builder")
    text = editor(visit)
    expect(text).to_have_value("flatten\ndense 128 relu\ndense 64 relu\ndense 10 softmax")
    text.click()
    text.press("Control+Home")
    text.press_sequentially("conv 8 3x3 relu\n")
    difference = visit.page.get_by_test_id("stMetricDelta").first
    expect(difference).to_have_text("+591,952")
    expect(text).to_be_focused()
    # Letters that are shortcuts of Streamlit's page, and must not leave the editor.
    text.press_sequentially("# rc")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    expect(text).to_have_value(re.compile("# rc"))
    text.press("Control+z")
    expect(text).not_to_have_value(re.compile("# rc"))


def test_a_mistake_is_marked_quoted_and_mended_with_the_text_kept(visit: Visit) -> None:
    visit.open("/architectures?arch=ajani_m1&view=Builder")
    text = editor(visit)
    text.click()
    text.press("Control+End")
    text.press("Backspace")
    alert = visit.page.get_by_role("alert").filter(has_text="line 4")
    expect(alert).to_contain_text('the nearest is "softmax"')
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(visit.page.get_by_text("4: dense 10 softma")).to_be_visible()
    expect(visit.page.get_by_text("Numbers of the last text that could be read")).to_be_visible()
    visit.page.reload()
    visit.settle()
    expect(editor(visit)).to_have_value("flatten\ndense 128 relu\ndense 64 relu\ndense 10 softma")
    text.click()
    text.press("Control+End")
    text.press_sequentially("x")
    expect(visit.page.get_by_text("This network can be trained.")).to_be_visible()
    expect(alert).to_have_count(0)
    expect(text).to_have_attribute("aria-invalid", "false")


def test_a_layer_is_inserted_below_the_cursor_with_its_indentation(visit: Visit) -> None:
    visit.open("/architectures?arch=chen_resnet&view=Builder")
    text = editor(visit)
    text.click()
    text.press("Control+Home")
    for _ in range(5):  # to the first convolution inside the residual block
        text.press("ArrowDown")
    visit.page.get_by_label("Insert a layer below the cursor").select_option("squeeze_excite")
    expect(visit.page.get_by_test_id("stMetricDelta").first).to_be_visible()
    lines = text.input_value().splitlines()
    assert lines[5:7] == ["    conv 16 3x3 same no_bias", "    squeeze_excite 8"]


def test_the_text_survives_other_views_other_pages_and_a_template(visit: Visit) -> None:
    visit.open("/architectures?arch=ajani_m1&view=Builder")
    text = editor(visit)
    text.click()
    text.press("Control+Home")
    text.press_sequentially("relu\n")
    expect(
        visit.page.get_by_text("6 layers").first.or_(visit.page.get_by_text("5 layers"))
    ).to_be_visible()
    own = text.input_value()
    visit.page.get_by_role("tab", name="Source").click()
    expect(visit.page.get_by_text("What the source does not say")).to_be_visible()
    visit.page.get_by_role("tab", name="Builder").click()
    expect(editor(visit)).to_have_value(own)
    visit.page.get_by_role("link", name="Overview").first.click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Which architecture")
    visit.page.get_by_role("link", name="Architectures").first.click()
    visit.settle()
    visit.page.get_by_role("tab", name="Builder").click()
    expect(editor(visit)).to_have_value(own)
    visit.page.get_by_role("combobox", name="Start from").click()
    visit.page.get_by_role("option", name="Inception branches").click()
    visit.page.get_by_role("button", name="Start", exact=True).click()
    expect(editor(visit)).not_to_have_value(own)
    visit.page.get_by_role("button", name="Bring my text back").click()
    expect(editor(visit)).to_have_value(own)


def test_the_table_is_saved_as_csv_and_the_code_as_python(visit: Visit, tmp_path: Path) -> None:
    visit.open("/architectures?arch=awasthi_enhanced")
    download = visit.download(visit.page.get_by_role("button", name="CSV", exact=True))
    rows = list(csv.DictReader(io.StringIO(Path(download.path()).read_text())))
    assert sum(int(row["params"]) for row in rows) == 422_922
    assert rows[0]["formula"] == "(3*3*1 + 1) * 32 = 320"
    visit.page.get_by_role("tab", name="Code").click()
    download = visit.download(visit.page.get_by_role("button", name="Download"))
    assert download.suggested_filename == "awasthi_enhanced.py"
    compile(Path(download.path()).read_text(), "model", "exec")
