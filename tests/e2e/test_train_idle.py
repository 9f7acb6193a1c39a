"""Tabs that idle: they see what others do, and do not keep the training service awake.

This process stands in for the service and for a training.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from fmnist_core.jobs.announcement import withdraw
from fmnist_core.jobs.queue_file import JOBS
from tests.e2e.conftest import Visit, running_app
from tests.fixture_jobs import ended, plan, ready_service, running
from tests.fixture_runs import FixtureRun, write_fixture_run

pytestmark = pytest.mark.e2e


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_fixture_run(tmp_path, FixtureRun("kadam_a1"))
    ready_service(tmp_path)
    return tmp_path


@pytest.fixture
def tabs(browser: Browser, root: Path) -> Iterator[tuple[Visit, Visit]]:
    """The Train page and another one, side by side."""
    with running_app(root) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 1100})
        tabs = Visit(context.new_page(), address), Visit(context.new_page(), address)
        for tab, path in zip(tabs, ("/train", "/architectures"), strict=True):
            tab.listen()
            tab.open(path)
        yield tabs
        context.close()
    assert [tab.complaints for tab in tabs] == [[], []]


def test_a_job_of_another_place_comes_and_goes_in_every_tab(
    tabs: tuple[Visit, Visit], root: Path
) -> None:
    train, other = (tab.page for tab in tabs)
    expect(train.get_by_text("No training yet.")).to_be_visible()
    run_id = running(root, plan("kadam_a1", epochs=10, name="Elsewhere"), epoch=3)
    expect(train.get_by_text("Epoch 3 of 10")).to_be_visible()
    line = other.get_by_role("link", name="Training: epoch 3 of 10")
    expect(line).to_be_visible()
    ended(root, run_id, "stopped")
    expect(train.locator(".st-key-train_jobs").get_by_text("Stopped")).to_be_visible()
    expect(line).to_be_hidden()


def test_an_idle_tab_sees_the_service_leave_and_does_not_wake_it_again(
    tabs: tuple[Visit, Visit], root: Path
) -> None:
    page = tabs[0].page
    expect(page.get_by_text("Training service ready")).to_be_visible()
    withdraw(root)
    expect(page.get_by_text("Training service asleep")).to_be_visible()
    assert not (root / JOBS / "service.log").exists()
