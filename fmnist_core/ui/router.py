"""The one registry of pages, and the way into each of them."""

import gc
from pathlib import Path

import streamlit as st

from fmnist_core.ui.address import drawing_page
from fmnist_core.ui.sidebar import show_sidebar
from fmnist_core.ui.unknown_choice import forget_other_pages
from fmnist_core.ui.visits import enter

APP_TITLE = "Fashion-MNIST architecture lab"
_ROUTED = "_entered_through_router"
_FAVICON = Path(__file__).with_name("icon.svg")

# url path -> (script, title, icon, what the page is for)
PAGES = {
    "overview": (
        "pages/overview.py",
        "Overview",
        ":material/leaderboard:",
        "Which architecture is best, and for what cost: leaderboard, cost chart and findings.",
    ),
    "compare": (
        "pages/compare.py",
        "Compare",
        ":material/compare_arrows:",
        "How the chosen runs differ: curves, settings, significance, calibration and ensembles.",
    ),
    "classes": (
        "pages/classes.py",
        "Classes",
        ":material/category:",
        "Where each network fails: scores of every class, confusions and the images behind them.",
    ),
    "projections": (
        "pages/projections.py",
        "Projections",
        ":material/scatter_plot:",
        "What each network sees: the same images by its features, side by side and linked.",
    ),
    "architectures": (
        "pages/architectures.py",
        "Architectures",
        ":material/account_tree:",
        "What is inside each network: layers, formulas, totals, source code and a builder.",
    ),
    "dataset": (
        "pages/dataset.py",
        "Dataset",
        ":material/dataset:",
        "What is in the data: classes, samples, pixels, shapes, neighbours, splits and files.",
    ),
    "papers": (
        "pages/papers.py",
        "Papers",
        ":material/menu_book:",
        "What the five sources claim and print, beside what was measured here.",
    ),
    "studies": (
        "pages/studies.py",
        "Studies",
        ":material/science:",
        "What one factor changes: optimizers, regularisation, batch size, data share, depth.",
    ),
    "train": (
        "pages/train.py",
        "Train",
        ":material/model_training:",
        "Train a network of the catalogue or your own: form, queue and live curves.",
    ),
    "predict": (
        "pages/predict.py",
        "Predict",
        ":material/photo_camera:",
        "Upload a picture: every network reads it, and the page shows why.",
    ),
    "learn": (
        "pages/learn.py",
        "Learn",
        ":material/school:",
        "How a network looks at an image: pixels, convolution, pooling and every layer's output.",
    ),
}


def run_app() -> None:
    """Runs the page that the URL names, beside the sidebar; the whole of `streamlit_app.py`."""
    page = _navigation()
    st.set_page_config(page_title=f"{page.title} · {APP_TITLE}")
    st.session_state[_ROUTED] = True
    if enter(page.url_path):
        forget_other_pages()
    with drawing_page():
        show_sidebar(looks=page.url_path != "train")  # that page shows its jobs itself
        _freeze_imports()
        page.run()


def require_router() -> None:
    """Must be the first call of every page script.

    A server that has not run `st.navigation` yet takes a deep link such as ``/compare`` for a page
    of the old ``pages/`` kind and runs that script alone (streamlit/streamlit#9624). Declaring the
    navigation here switches it over, and the rerun then enters through `streamlit_app.py`, with
    the address and its query kept.
    """
    if not st.session_state.pop(_ROUTED, False):
        _navigation()
        st.rerun()


@st.cache_resource(show_spinner=False)
def _freeze_imports() -> None:
    """Takes what the imports left in memory out of the garbage collector's sight, once a process.

    Streamlit collects after every run, and walking the 140,000 objects of pandas and of itself
    took 70 ms of a rerun's 130 (measured on two busy cores).
    """
    gc.collect()
    gc.freeze()


def _navigation() -> st.Page:
    # Comes first: a browser tab without an icon by then fetches that of the page from a font
    # server on the internet.
    st.set_page_config(page_icon=_FAVICON, layout="wide")
    pages = [
        st.Page(
            script, title=title, icon=icon, help=help_, url_path=path, default=path == "overview"
        )
        for path, (script, title, icon, help_) in PAGES.items()
    ]
    return st.navigation({APP_TITLE: pages})
