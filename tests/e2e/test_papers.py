"""Someone holds the sources' claims against the runs, in a real browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, Visit, in_both_modes, on_a_phone, running_app
from tests.shipped_runs import shipped_run

pytestmark = pytest.mark.e2e

NAMES = ("s003_enhanced", "s002_cnn", "s002_ann", "ajani_m1")
VIEWS = ("Claims", "Numbers", "Protocols", "Curves", "Contradictions", "References")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over four real runs, whose numbers can be held against their sources'."""
    root = tmp_path_factory.mktemp("papers") / "runs"
    for name in NAMES:
        run = ROOT / "cached_runs" / shipped_run(name)
        shutil.copytree(run, root / run.name)
    with running_app(root) as address:
        yield address


def look_at(visit: Visit, view: str) -> None:
    visit.page.get_by_role("radio", name=view, exact=True).click()
    # The first view is the one that an address without a word about it means.
    address = "papers(?!.*paper_view)" if view == VIEWS[0] else f"paper_view={view}"
    expect(visit.page).to_have_url(re.compile(address))
    visit.settle()


@in_both_modes
def test_every_view_draws_without_a_complaint(visit: Visit) -> None:
    visit.open("/papers?paper=Mini-Project")
    charts = visit.page.get_by_test_id("stVegaLiteChart").locator("svg.marks, canvas")
    for view in VIEWS[1:]:
        look_at(visit, view)
        expected = 1 if view in ("Numbers", "Curves", "References") else 0
        expect(charts).to_have_count(expected)
        expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    visit.page.get_by_role("radio", name="All sources").click()
    look_at(visit, "Claims")
    expect(charts).to_have_count(1)
    expect(visit.page.get_by_text("claims:")).to_be_visible()


def test_from_a_claim_to_its_contradiction_to_the_table_and_back(visit: Visit) -> None:
    visit.open("/papers?paper_view=Contradictions")
    visit.page.get_by_label("Words").fill("0.9371")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_text("1 of 45 contradictions")).to_be_visible()
    visit.settle()  # the others are still there until the server has said that they are not
    visit.page.get_by_role("button", name="Model 6 under seven optimizers (Figure 11)").click()
    heading = visit.page.get_by_role("heading", name="Model 6 under seven optimizers, Figure 11")
    expect(heading).to_be_visible()
    for part in ("paper=Ajani", "paper_view=Numbers", "paper_table=ajani_optimizers"):
        expect(visit.page).to_have_url(re.compile(part))
    visit.settle()
    visit.page.reload()  # what the address says is what was shown
    expect(heading).to_be_visible()
    visit.page.get_by_role("button", name="See them over our curves").click()
    expect(visit.page.get_by_role("radio", name="Validation loss")).to_be_visible()
    look_at(visit, "Numbers")
    expect(heading).to_be_visible()
    visit.settle()  # an element that is still being drawn loses a click on it
    visit.page.get_by_text("contradictions in these numbers").click()
    expect(visit.page.get_by_text("Nadam ends with 0.9371")).to_be_visible()
    visit.settle()
    visit.page.get_by_role("button", name="The whole register").click()
    expect(visit.page.get_by_text("of 45 contradictions")).to_be_visible()


def test_from_a_table_to_the_layers_and_to_the_runs_of_it(visit: Visit) -> None:
    table = "paper=Mini-Project&paper_view=Numbers&paper_table=s003_epochs"
    visit.open(f"/papers?{table}")
    visit.page.get_by_text("These networks on the Architectures page").click()
    visit.page.get_by_role("link", name="Enhanced CNN with batch normalisation").click()
    expect(visit.page).to_have_url(re.compile("/architectures.*arch=s003_enhanced"))
    visit.settle()
    visit.open(f"/papers?{table}")
    visit.page.get_by_role("link", name="Look at our run").click()
    expect(visit.page).to_have_url(re.compile("/compare.*runs=s003_enhanced-"))
    expect(visit.page.get_by_role("heading", name="Curves", exact=True)).to_be_visible()
    visit.settle()


def test_the_ledger_comes_as_a_file_with_its_raw_numbers(visit: Visit) -> None:
    visit.open("/papers?paper_view=Numbers")
    saved = visit.download(visit.page.get_by_role("button", name="CSV", exact=True))
    lines = Path(saved.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) > 300
    head = lines[0].split(",")
    assert {"system_id", "metric", "published", "measured", "difference", "verdict"} <= set(head)


@on_a_phone
@pytest.mark.parametrize("view", ["Claims", "Numbers", "Curves", "Contradictions", "References"])
def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit, view: str) -> None:
    visit.open(f"/papers?paper=Mini-Project&paper_view={view}")
    visit.settle()
    assert visit.sideways() <= 0
