"""The way into the pages, and what stays from one to the next."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.ui.router import PAGES
from tests.app.conftest import ENTRY, OpenPage
from tests.fixture_jobs import ready_service

ROOT = ENTRY.parent


@pytest.fixture(autouse=True)
def no_training(runs_root: Path) -> None:
    """The Train page wakes the training service: this process passes for it."""
    ready_service(runs_root)


def test_overview_is_the_page_that_opens(three_runs: list[str], open_page: OpenPage) -> None:
    assert open_page().title[0].value == "Which architecture is best, and for what cost?"


def test_chosen_runs_stay_chosen_on_every_page(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs[:2]))
    for script, *_ in PAGES.values():
        app.switch_page(script).run()
        assert not app.exception
        assert app.session_state["runs"] == ",".join(three_runs[:2])
        assert "Enhanced CNN" in "".join(text.value for text in app.sidebar.markdown)
    app.button(key="clear_chosen").click().run()
    assert app.session_state["runs"] == ""


def test_the_sidebar_says_how_many_runs_there_are(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    (runs_root / three_runs[2] / "history.jsonl").unlink()
    line = open_page().sidebar.caption[-1].value
    assert "2 runs" in line
    assert "1 damaged" in line


def test_a_page_opened_by_itself_goes_through_the_router_first() -> None:
    """What a cold server does with a deep link: it runs the page's script alone, once."""
    app = AppTest.from_file(str(ROOT / "pages" / "compare.py"), default_timeout=30).run()
    assert not app.title, "the page must not draw anything before the router has run"


@pytest.mark.parametrize("page", list(PAGES))
def test_no_page_loads_tensorflow_or_keras(page: str, three_runs: list[str]) -> None:
    program = f"""
import sys
from streamlit.runtime.pages_manager import PagesManager
PagesManager.uses_pages_directory = False
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(ENTRY)!r}, default_timeout=60)
app.query_params["runs"] = {",".join(three_runs)!r}
app.run().switch_page({PAGES[page][0]!r}).run()
assert not app.exception, app.exception
assert app.title[0].value
heavy = sorted({{"tensorflow", "keras", "sklearn", "scipy", "torch", "jax"}} & set(sys.modules))
print("HEAVY", heavy)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    # Predict reads what the first answer needs beside the page, which does not wait for it.
    found = done.stdout.replace("['scipy']", "[]") if page == "predict" else done.stdout
    assert "HEAVY []" in found


def test_page_scripts_stay_thin() -> None:
    for script in (ROOT / "pages").glob("*.py"):
        assert len(script.read_text(encoding="utf-8").splitlines()) < 120, script
