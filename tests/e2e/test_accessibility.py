"""axe-core on every page, in light and dark: nothing serious that is ours to mend."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from fmnist_core.ui.dataset.choice import VIEWS as VIEWS_OF_DATA
from tests.e2e.conftest import ROOT, Visit, running_app
from tests.shipped_runs import shipped_run

pytestmark = pytest.mark.e2e

RUNS = ROOT / "cached_runs"
COMPARED = ("awasthi_basic", "awasthi_enhanced", "kadam_a1")
LEARN = (
    *("Pixels", "Convolution", "Activation", "Pooling", "Batch normalisation", "Dropout"),
    *("Softmax", "Whole network"),
)
VIEWS = [
    "/",
    "/?cost=All+at+once",
    "/compare?{runs}",
    "/compare?{runs}&part=Significance",
    "/compare?{runs}&part=Calibration",
    "/compare?{runs}&part=Ensembles",
    "/compare?{runs}&part=Seeds",
    "/classes?{runs}",
    "/classes?{runs}&look=Confusions&cls=Shirt&said=Coat",
    "/classes?{runs}&look=Fixed+and+broken",
    "/classes?{runs}&look=Hard+images",
    "/classes?{runs}&look=Suspected+labels",
    "/projections?{runs}",
    "/projections?{runs}&dims=3D&image=60003",
    "/projections?{runs}&dims=t-SNE&raw=true",
    "/projections?features=The+pixels",
    "/architectures?arch=awasthi_enhanced",
    *(f"/dataset?data_view={quote_plus(view)}" for view in VIEWS_OF_DATA.values()),
    "/papers",
    "/studies",
    "/studies?study=Optimizers",
    "/train",
    "/predict?image=coat",
    *(f"/learn?figure={quote_plus(figure)}" for figure in LEARN),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The app over the shipped runs; instead of the fixture runs."""
    with running_app(RUNS) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(browser: Browser, address: str, view: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, color_scheme=scheme)
    visit = Visit(page, address)
    visit.open(view.format(runs=f"runs={','.join(compared_runs())}"))
    page.wait_for_timeout(500)  # Streamlit fades elements in, and axe sees the colours of that
    found = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
        if not _is_streamlits(page, fault["id"], node)
    ]
    page.close()
    assert found == []


def compared_runs() -> list[str]:
    """One shipped run of each network that is compared."""
    return [shipped_run(name) for name in COMPARED]


def _is_streamlits(page: Page, fault: str, node: dict[str, Any]) -> bool:
    """What Streamlit draws by itself and no setting of its theme changes.

    Its navigation puts a `div` between the list and its items. A chosen segment and the value of a
    slider have the primary colour on a tint or on the page, and the tags of a multiselect have
    white on that colour: on a dark page no colour gives both 4.5:1. Ours gives white 4.5 and the
    others 3.8.
    """
    places = {
        "list": "[data-testid=stSidebarNavItems]",
        "listitem": "[data-testid=stSidebarNavItems]",
        "color-contrast": "button[data-selected=true], [data-testid=stSlider]",
    }
    element = page.locator(str(node["target"][0])).first
    inside = "(element, place) => element.closest(place) !== null"
    return fault in places and bool(element.evaluate(inside, places[fault]))
