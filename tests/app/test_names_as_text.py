"""A name that anyone may choose is text on every page: it sets no markup and fetches no picture."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import OpenPage
from tests.fixture_jobs import ended, plan, queued, running
from tests.fixture_runs import FixtureRun, write_fixture_run

NAME = "Net ![x](https://example.org/x.png) $x$"
MARKUP = "![x]"
# What Streamlit sets as it stands: choices, charts, tables, and what screen readers are told.
PLAIN = {
    ("selectbox", "options"),
    ("selectbox", "raw_value"),
    ("multiselect", "options"),
    ("multiselect", "raw_values"),
    ("vega_lite_chart", "spec"),
    ("vega_lite_chart", "alt"),
    ("dataframe", "columns"),
    ("dataframe", "alt"),
    ("bidi_component", "json"),
}


def words(message: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in what is sent to the browser for one element, with where it stands."""
    for field, value in message.ListFields():
        name = f"{path}{field.name}"
        values = [value] if isinstance(value, str) or hasattr(value, "ListFields") else value
        if field.type == field.TYPE_STRING:
            yield from ((name, text) for text in values)
        elif field.type == field.TYPE_MESSAGE:
            for inner in values:
                if hasattr(inner, "ListFields"):
                    yield from words(inner, f"{name}.")


def set_as_markup(app: AppTest) -> set[tuple[str, str, str]]:
    """Where the markup of the name would be obeyed."""
    found, nodes = set(), [app._tree]
    while nodes:
        node = nodes.pop()
        nodes += getattr(node, "children", {}).values()
        if hasattr(proto := getattr(node, "proto", None), "ListFields"):
            for path, text in words(proto):
                if MARKUP in text and (node.type, path) not in PLAIN:
                    found.add((node.type, path, text))
    return found


@pytest.fixture
def named(root: Path) -> list[str]:
    """Ids of three runs of that name; the first two are a sweep."""
    wanted = [
        FixtureRun("custom", 0.93, number=1, name=NAME),
        FixtureRun("custom", 0.91, number=2, name=NAME, batch_size=64),
        FixtureRun("custom", 0.86, number=3, name=NAME, epochs=3),
    ]
    return [write_fixture_run(root, run) for run in wanted]


@pytest.mark.parametrize(
    ("page", "key", "view"),
    [
        ("overview", "", ""),
        ("compare", "", ""),
        ("compare", "part", "Significance"),
        ("compare", "part", "Calibration"),
        ("compare", "part", "Ensembles"),
        ("compare", "part", "Seeds"),
        ("classes", "", ""),
        ("classes", "look", "Confusions"),
        ("classes", "look", "Fixed and broken"),
        ("projections", "", ""),
        ("studies", "", ""),
        ("studies", "study", "Your sweeps"),
        ("predict", "", ""),
        ("learn", "", ""),
    ],
)
def test_the_name_of_a_run_is_text(
    page: str, key: str, view: str, named: list[str], open_page: OpenPage
) -> None:
    app = open_page(page, runs=",".join(named))
    if key:
        next(one for one in app.get("button_group") if one.key == key).select(view).run()
        assert not app.exception
    assert set_as_markup(app) == set()


def test_the_name_of_a_job_is_text(root: Path, open_page: OpenPage) -> None:
    plans = [plan(name=NAME, epochs=10, seed=seed) for seed in range(4)]
    plans = [replace(one, notes=NAME) for one in plans]
    for one, state in zip(plans, ("failed", "stopped"), strict=False):
        ended(root, running(root, one), state, f"It is called {NAME}.")
    running(root, plans[2])
    queued(root, plans[3])
    for page in ("train", "overview"):
        assert set_as_markup(open_page(page)) == set()
