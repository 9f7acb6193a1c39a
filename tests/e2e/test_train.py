"""A training from the form to Compare: real data, real service, real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fmnist_core.data import find_data
from fmnist_core.jobs import client
from tests.e2e.conftest import Visit, running_app
from tests.fixture_runs import FixtureRun, write_fixture_run

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(find_data() is None, reason="Fashion-MNIST is not on this machine"),
]
FULL = FixtureRun("kadam_a1", 0.88, number=1, epochs=50)
# A cold service loads TensorFlow first, and other work on the machine may come before it.
A_WHILE = 120_000


@pytest.fixture(scope="module")
def train_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("train") / "runs"
    root.mkdir()
    write_fixture_run(root, FULL)
    yield root
    pid = client.service_status(root).pid
    if pid is not None:
        service = psutil.Process(pid)
        service.terminate()
        service.wait(timeout=30)


@pytest.fixture(scope="module")
def train_address(train_root: Path) -> Iterator[str]:
    with running_app(train_root) as address:
        yield address


@pytest.fixture
def train_visit(browser: Browser, train_address: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 1100})
    visit = Visit(context.new_page(), train_address)
    visit.listen()
    yield visit
    context.close()
    assert visit.complaints == []


def _jobs(page: Page) -> Locator:
    return page.locator(".st-key-train_jobs")


def _epoch(number: str) -> re.Pattern[str]:
    return re.compile(rf"Epoch {number} of 40 · ")


def _current_epoch(jobs: Locator) -> int:
    shown = jobs.get_by_text(_epoch(r"\d+"))
    expect(shown).to_be_visible(timeout=A_WHILE)
    return int(re.search(r"Epoch (\d+)", shown.inner_text())[1])


def _set_number(visit: Visit, label: str, value: str) -> None:
    field = visit.page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    visit.settle()


def test_fields_filled_in_faster_than_the_form_is_drawn_are_all_taken(train_visit):
    visit, page = train_visit, train_visit.page
    visit.open("/train?train=kadam_a1")
    page.get_by_text("More", exact=True).click()
    for label, value in (("Epochs", "40"), ("At most so many images", "6000")):
        field = page.get_by_label(label, exact=True)
        field.fill(value)
        field.press("Enter")
    expect(page.get_by_text("40 epochs of 6,000 images")).to_be_visible()
    visit.settle()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("40")
    expect(page.get_by_label("Batch size", exact=True)).to_have_value("128")
    expect(page.get_by_text("40 epochs of 6,000 images")).to_be_visible()


def test_a_training_is_started_watched_stopped_resumed_and_compared(train_visit, train_root):
    visit, page = train_visit, train_visit.page
    visit.open("/train?train=kadam_a1")
    page.get_by_text("More", exact=True).click()
    visit.settle()
    _set_number(visit, "Epochs", "40")
    expect(page.get_by_text("40 epochs of")).to_be_visible()
    _set_number(visit, "At most so many images", "6000")
    expect(page.get_by_text("40 epochs of 6,000 images")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Train")).click()

    jobs = _jobs(page)
    expect(jobs.get_by_text(_epoch(r"\d+"))).to_be_visible(timeout=A_WHILE)
    page.reload()
    seen = _current_epoch(jobs)
    expect(jobs.get_by_text(_epoch(str(seen)))).to_be_hidden(timeout=A_WHILE)
    assert _current_epoch(jobs) > seen
    second = page.context.new_page()
    second.goto(page.url)
    assert _current_epoch(_jobs(second)) > seen

    jobs.get_by_role("button", name="Stop").click()
    expect(jobs.get_by_text("Stopped")).to_be_visible(timeout=A_WHILE)
    expect(_jobs(second).get_by_text("Stopped")).to_be_visible(timeout=A_WHILE)
    second.close()
    expect(jobs.get_by_text(re.compile(r"of 40 epochs are kept"))).to_be_visible()

    jobs.get_by_role("button", name="Resume").click()
    expect(jobs.get_by_text("Done")).to_be_visible(timeout=2 * A_WHILE)
    expect(jobs.get_by_text("6,000 training images")).to_be_visible()
    (run_id,) = (job.run_id for job in client.list_jobs(train_root))
    jobs.get_by_role("link", name="Open in Compare").click()
    visit.settle()
    expect(page.get_by_role("heading", name="How do these runs differ?")).to_be_visible()
    expect(page).to_have_url(re.compile(run_id))
    expect(page).to_have_url(re.compile(FULL.run_id))
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()


def test_a_bad_field_says_what_must_hold_and_loses_nothing(train_visit):
    visit, page = train_visit, train_visit.page
    visit.open("/train?train=kadam_a1")
    page.get_by_text("More", exact=True).click()
    visit.settle()
    _set_number(visit, "Epochs", "7")
    expect(page.get_by_text("7 epochs of")).to_be_visible()
    _set_number(visit, "Learning rate", "-1")
    expect(page.get_by_text(re.compile(r"learning_rate must be above 0")).first).to_be_visible()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("7")
    _set_number(visit, "Learning rate", "0.001")
    expect(page.get_by_role("button", name=re.compile("^Train"))).to_be_enabled()
