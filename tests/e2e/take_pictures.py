"""Takes the pictures of the README from the real pages and the shipped runs: `make pictures`."""

from pathlib import Path

from fmnist_core.runs.read import read_run, run_ids
from tests.e2e.conftest import running_app, running_chromium

PICTURES = Path(__file__).parent / "pictures"
RUNS = Path(__file__).parents[2] / "cached_runs"
COMPARED = ("awasthi_basic", "awasthi_enhanced", "kadam_a1", "s002_cnn")


def main() -> None:
    """Writes one PNG for each picture that the README shows."""
    chosen = [run_id for run_id in run_ids(RUNS) if read_run(RUNS, run_id).architecture in COMPARED]
    pictures = {
        "overview-light": "/",
        "compare-dark": f"/compare?runs={','.join(chosen)}",
        "architectures-light": "/architectures?arch=awasthi_enhanced",
    }
    PICTURES.mkdir(exist_ok=True)
    with running_app(RUNS) as address, running_chromium() as browser:
        for name, path in pictures.items():
            scheme = "dark" if name.endswith("dark") else "light"
            page = browser.new_page(viewport={"width": 1440, "height": 1080}, color_scheme=scheme)
            page.goto(address + path)
            page.locator("canvas, svg.marks, [data-testid='stDataFrame']").first.wait_for()
            page.wait_for_timeout(2000)  # charts fade in
            page.screenshot(path=PICTURES / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
