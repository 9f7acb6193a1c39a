"""Takes the pictures of the README from the real pages and the shipped runs: `make pictures`."""

import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from fmnist_core.bench.job_starts import end_service
from fmnist_core.jobs import client
from fmnist_core.jobs.live import read_epochs
from fmnist_core.training.plan import plan_run
from tests.e2e.conftest import running_app, running_chromium
from tests.shipped_runs import SHIPPED, shipped_run

PICTURES = Path(__file__).parent / "pictures"
COMPARED = ("awasthi_basic", "awasthi_enhanced", "kadam_a1", "s002_cnn")
EPOCHS_SHOWN = 8


def main() -> None:
    """Writes one PNG for each picture that the README shows."""
    chosen = [shipped_run(name) for name in COMPARED]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_chromium() as browser:
        root = Path(folder) / "runs"  # a copy: one picture shows a training
        shutil.copytree(SHIPPED, root, ignore=shutil.ignore_patterns(".*"))
        with running_app(root) as address:
            _take(browser, "overview-light", address)
            _take(browser, "compare-dark", f"{address}/compare?runs={','.join(chosen)}")
            confusions = f"{address}/classes?runs={','.join(chosen[:2])}&look=Confusions"
            _take(browser, "classes-light", confusions)  # no cell is chosen: no image is shown
            _take(browser, "papers-dark", f"{address}/papers")
            _take(browser, "architectures-light", f"{address}/architectures?arch=awasthi_enhanced")
            _take(browser, "predict-light", f"{address}/predict?image=coat")
            try:
                _train_a_while(root)
                _take(browser, "train-dark", f"{address}/train")
            finally:
                end_service(root)


def _train_a_while(root: Path) -> None:
    plan = plan_run("awasthi_basic", {"epochs": 30, "limit": 12_000})
    client.submit(root, [plan])
    while len(read_epochs(root, plan.run_id)) < EPOCHS_SHOWN:
        time.sleep(0.5)


def _take(browser: Browser, name: str, address: str) -> None:
    scheme = "dark" if name.endswith("dark") else "light"
    page = browser.new_page(viewport={"width": 1440, "height": 1080}, color_scheme=scheme)
    page.goto(address)
    page.locator("canvas, svg.marks, [data-testid='stDataFrame']").first.wait_for()
    page.wait_for_timeout(2000)  # charts fade in
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
