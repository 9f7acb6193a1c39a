"""Pages as a reader meets them, through the router, over fixture runs in a temporary folder."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.fixture_jobs import ready_service
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import shipped_run

ENTRY = Path(__file__).parents[2] / "streamlit_app.py"
SHIPPED = ENTRY.parent / "cached_runs"
SMALLEST = ("kadam_a1", "s002_ann")  # the smallest models that are shipped
OpenPage = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def routed_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest looks for pages/ on every run; a live server does so once, before `st.navigation`."""
    original = PagesManager.__init__

    def routed(self: PagesManager, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", routed)


@pytest.fixture(autouse=True)
def own_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest leaves a page as `__main__`, which every later child process would run first."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def runs_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty runs folder that the app reads."""
    root = tmp_path / "runs"
    root.mkdir()
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(root))
    return root


@pytest.fixture
def root(runs_root: Path) -> Path:
    """An empty runs folder whose training service is this process, which takes no job."""
    ready_service(runs_root)
    return runs_root


@pytest.fixture
def three_runs(runs_root: Path) -> list[str]:
    """Ids of three full-budget runs under one split, best first; fixture data."""
    wanted = [
        FixtureRun("awasthi_enhanced", 0.93, number=1, params=422_922),
        FixtureRun("awasthi_basic", 0.91, number=2, params=1_386_506),
        FixtureRun("kadam_a1", 0.86, number=3, params=101_770, optimizer="sgd"),
    ]
    return [write_fixture_run(runs_root, run) for run in wanted]


@pytest.fixture
def networks(runs_root: Path) -> list[str]:
    """Ids of two real runs with models, in a folder of their own."""
    ids = [shipped_run(name) for name in SMALLEST]
    for run_id in ids:
        shutil.copytree(SHIPPED / run_id, runs_root / run_id)
    return ids


@pytest.fixture
def open_page() -> OpenPage:
    """Opens a page of the app by its script's name, with query parameters."""

    def open_(name: str = "overview", **query: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=30)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        if name != "overview":
            app.switch_page(f"pages/{name}.py").run()
        assert not app.exception, app.exception
        return app

    return open_
