"""A real server over fixture runs, and a real browser that reports every complaint."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    Download,
    Locator,
    Page,
    WebSocket,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.fixture_runs import FixtureRun, write_fixture_run

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
# What a browser without a graphics card says of any drawing that WebGL reads back.
SOFTWARE_WEBGL = "GPU stall due to ReadPixels"
# Streamlit asks for these below the page's path first, and then where they are.
EXPECTED_404 = ("/_stcore/health", "/_stcore/host-config")

# Resolves when nothing was drawn for a while, no run of the script is under way, and all pictures
# are there: Streamlit drops those of a view that was left. A place kept for an element whose code
# is on its way is waited for too, ten seconds at most: some might fill only once looked at.
STILL = """() => new Promise((resolve) => {
  const begun = Date.now();
  const awaited = () => Date.now() - begun < 10000 && [...document.querySelectorAll(
    '[data-testid=stSkeleton]')].some((element) => element.checkVisibility());
  const idle = () => document.querySelector('[data-test-script-state=notRunning]')
    && [...document.images].every((picture) => picture.complete) && !awaited();
  let timer;
  const again = () => { clearTimeout(timer); timer = setTimeout(ended, 200); };
  const ended = () => {
    if (!idle()) return again();
    watcher.disconnect();
    resolve();
  };
  const watcher = new MutationObserver(again);
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
  again();
})"""
SETTLE_SECONDS = 30
PATIENCE_MS = 20_000
# How far the page can be moved sideways; Streamlit scrolls within its main part.
SIDEWAYS = """() => Math.max(...[document.documentElement, document.querySelector('.stMain')].map(
  (element) => element.scrollWidth - element.clientWidth))"""

MODES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
in_both_modes = pytest.mark.parametrize("visit", MODES, indirect=True, ids=["light", "dark"])
on_a_phone = pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["phone"])

SHORT_FRAME = 200  # bytes; that the script has ended takes no more

RUNS = [
    FixtureRun("awasthi_enhanced", 0.93, number=1, params=422_922, epochs=12),
    FixtureRun("awasthi_basic", 0.91, number=2, params=1_386_506, epochs=12),
    FixtureRun("kadam_a1", 0.86, number=3, params=101_770, epochs=12, optimizer="sgd"),
    FixtureRun("s003_enhanced", 0.95, number=4, protocol="test-as-validation", epochs=12),
]
BEST, SECOND, THIRD = (run.run_id for run in RUNS[:3])


@contextmanager
def running_app(runs_root: Path) -> Iterator[str]:
    """Runs the app over a runs folder on a free port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    log = Path(tempfile.gettempdir()) / f"fmnist-server-{port}.log"
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = [f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=os.environ | {"FMNIST_RUNS_DIR": str(runs_root)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_healthy(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert "Traceback" not in log.read_text(encoding="utf-8")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Chromium of the system where there is one, else Playwright's own."""
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def runs_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("app") / "runs"
    root.mkdir()
    for run in RUNS:
        write_fixture_run(root, run)
    return root


@pytest.fixture(scope="session")
def address(runs_root: Path) -> Iterator[str]:
    with running_app(runs_root) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with running_chromium() as browser:
        yield browser


@dataclass
class Visit:
    """A browser page, and what went wrong on it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    unanswered: bool = False
    """Whether the browser asked for a run of the script that has not ended."""

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        self.settle()

    def settle(self) -> None:
        """Waits until what was asked of the server has been answered and drawn.

        A press shows nothing on the page until the server begins its work, so the page alone
        cannot say that there is nothing to wait for.
        """
        deadline = time.monotonic() + SETTLE_SECONDS
        self.page.evaluate(STILL)
        while self.unanswered:
            assert time.monotonic() < deadline, "the server has not answered"
            self.page.evaluate(STILL)

    def download(self, button: Locator) -> Download:
        """Presses a button once nothing moves it any more; returns the file it gives.

        One press in some hundreds gave none on a crowded machine, perhaps because elements still
        came in. A reader would press again, and so does this.
        """
        self.settle()
        try:
            with self.page.expect_download(timeout=PATIENCE_MS) as file:
                button.click()
        except PlaywrightTimeout:
            with self.page.expect_download() as file:
                button.click()
        return file.value

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate(SIDEWAYS))

    def charts(self) -> int:
        return self.page.get_by_test_id("stVegaLiteChart").locator("svg.marks").count()

    def listen(self) -> None:
        self.page.on("websocket", self._follow)
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._only_ours(request.url))
        self.page.on(
            "response",
            lambda answer: (
                self.complaints.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and not answer.url.endswith(EXPECTED_404)
                else None
            ),
        )

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", self._asked)
        socket.on("framereceived", self._answered)

    def _asked(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            self.unanswered = True

    def _answered(self, frame: bytes | str) -> None:
        if isinstance(frame, str) or len(frame) > SHORT_FRAME:
            return
        message = ForwardMsg.FromString(frame)
        if message.WhichOneof("type") == "script_finished":
            self.unanswered = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _note(self, kind: str, text: str) -> None:
        expected = "404 (Not Found)" in text or SOFTWARE_WEBGL in text
        if kind in ("error", "warning") and not expected:
            self.complaints.append(f"{kind}: {text}")

    def _only_ours(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"asked the internet for {url}")


@pytest.fixture
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh browser window; `indirect` parameters are those of Playwright's `new_context`."""
    settings = getattr(request, "param", {})
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | settings))
    visit = Visit(context.new_page(), address)
    visit.listen()
    yield visit
    context.close()
    assert visit.complaints == []
