"""Every chart has its numbers beside it, and they can be taken home."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import Visit, running_app
from tests.e2e.test_accessibility import RUNS, VIEWS, compared_runs

pytestmark = pytest.mark.e2e

# Pictures and tables alone; and without several seeds of one recipe there is nothing to draw yet.
WITHOUT_CHARTS = (
    *("Samples", "Conversion", "Files", "Suspected+labels", "Seeds"),
    *("/architectures", "/train"),
)
# Some of their charts are drawn by Plotly or by ourselves.
NOT_VEGA_ALONE = ("All+at+once", "dims=3D", "One+image", "Pixels", "study=", "Whole+network")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app over the shipped runs; instead of the fixture runs."""
    with running_app(RUNS) as address:
        yield address


@pytest.mark.parametrize(
    "view", [v for v in VIEWS if not any(part in v for part in WITHOUT_CHARTS)]
)
def test_every_chart_has_a_table_and_downloads(visit: Visit, view: str) -> None:
    visit.open(view.format(runs=f"runs={','.join(compared_runs())}"))
    places = visit.page.get_by_text("Data and downloads", exact=True)
    expect(places.first).to_be_visible()
    for number in range(places.count()):
        places.nth(number).click()
        details = places.nth(number).locator("xpath=ancestor::*[@data-testid='stExpander'][1]")
        expect(details.get_by_test_id("stDataFrame")).to_be_visible()
        table = _downloaded(visit, details, "CSV")
        rows = list(csv.reader(io.StringIO(table)))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        assert r"\toprule" in _downloaded(visit, details, "LaTeX")
        if (
            any(part in view for part in NOT_VEGA_ALONE)
            and not _buttons(details, "Vega-Lite").count()
        ):
            continue
        chart = json.loads(_downloaded(visit, details, "Vega-Lite"))
        assert "vega-lite" in chart["$schema"]


@pytest.mark.parametrize(
    ("view", "button"),
    [
        ("/compare?{runs}", "Report (HTML)"),
        ("/papers?paper=Ajani+et+al.", "Report (HTML)"),
        ("/studies?study=Optimizers", "This study as one file (HTML)"),
    ],
)
def test_a_comparison_is_one_file_that_opens_without_a_network(
    visit: Visit, browser: Browser, tmp_path: Path, view: str, button: str
) -> None:
    visit.open(view.format(runs=f"runs={','.join(compared_runs())}"))
    kept = tmp_path / "kept.html"
    visit.download(visit.page.get_by_role("button", name=button)).save_as(kept)
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.context.set_offline(True)
    page.goto(kept.as_uri())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("figure svg").first).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    assert complaints == []
    page.context.close()


def _downloaded(visit: Visit, place: Locator, label: str) -> str:
    # Two charts that share a table have a file each, named for what they show.
    file = visit.download(_buttons(place, label).first)
    return Path(file.path()).read_text(encoding="utf-8")


def _buttons(place: Locator, label: str) -> Locator:
    ours = place.get_by_test_id("stDownloadButton")  # a table has a button of its own
    return ours.get_by_role("button", name=re.compile(label))
