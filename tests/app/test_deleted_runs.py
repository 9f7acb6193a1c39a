"""A run that is deleted while a page is open is said to be gone, and hides no other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fmnist_core.runs.delete import delete_run
from fmnist_core.ui import loaders, run_stamps
from fmnist_core.ui.classes import images as classes_images
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.fixture_runs import FixtureRun, write_fixture_run

GONE = "run must be a known name"


@pytest.fixture
def delete(
    runs_root: Path, three_runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Deletes a run while the pages still know its name, and its stamp too if told."""
    monkeypatch.setattr(classes_images, "data_is_found", lambda: False)

    def delete_(run_id: str, *, stamp_is_known: bool = False) -> None:
        board = loaders.leaderboard()
        monkeypatch.setattr(loaders, "_leaderboard", lambda root: board)
        if stamp_is_known:
            stamps = {name: run_stamps.stamp_of(runs_root, name) for name in three_runs}
        else:
            stamps = {}
        monkeypatch.setattr(run_stamps, "_stamps", lambda root: stamps)
        delete_run(runs_root, run_id)

    return delete_


def test_the_overview_goes_on(
    three_runs: list[str], open_page: OpenPage, delete: Callable[..., None]
) -> None:
    app = open_page()
    delete(app.selectbox(key="exchange_run").value)
    app.run()
    assert not app.exception
    assert [GONE in error.value for error in app.error] == [True, True]  # findings, downloads
    assert "All runs" in shown_text(app)


@pytest.mark.parametrize("part", ["Curves and numbers", "Calibration", "Ensembles", "Seeds"])
def test_a_comparison_leaves_it_out(
    part: str, three_runs: list[str], open_page: OpenPage, delete: Callable[..., None]
) -> None:
    app = open_page("compare", runs=",".join(three_runs), part=part)
    delete(three_runs[0])
    app.run()
    assert not app.exception
    (error,) = (error.value for error in app.error)
    assert f"{three_runs[0]} is left out" in error.replace("\\", "")
    assert GONE in error


@pytest.mark.parametrize(
    ("part", "times"), [("Calibration", 1), ("Ensembles", 3), ("Seeds", 0), ("Significance", 0)]
)
def test_a_part_that_reads_more_of_it_says_so_too(
    part: str,
    times: int,
    three_runs: list[str],
    open_page: OpenPage,
    delete: Callable[..., None],
) -> None:
    open_page("compare", runs=",".join(three_runs))
    delete(three_runs[0], stamp_is_known=True)
    app = open_page("compare", runs=",".join(three_runs), part=part, greedy="true")
    said = shown_text(app)
    assert said.count(GONE) == times


def test_another_seed_that_is_gone_is_not_offered(
    runs_root: Path, three_runs: list[str], open_page: OpenPage, delete: Callable[..., None]
) -> None:
    seeds = [
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.85, number=7 + seed, seed=seed))
        for seed in (1, 2, 3)
    ]
    delete(seeds[2])
    app = open_page("compare", runs=seeds[0], part="Seeds")
    assert "Also choose 1 other run of this recipe" in [button.label for button in app.button]


def test_classes_that_only_it_could_tell_say_why_they_are_not_there(
    three_runs: list[str], open_page: OpenPage, delete: Callable[..., None]
) -> None:
    delete(three_runs[0])
    app = open_page("classes", runs=three_runs[0])
    assert [GONE in error.value for error in app.error] == [True]


def test_suspects_are_shown_without_what_it_said_of_published_ones(
    three_runs: list[str], open_page: OpenPage, delete: Callable[..., None]
) -> None:
    chosen = ",".join(three_runs)
    open_page("classes", runs=chosen)
    delete(three_runs[0], stamp_is_known=True)
    app = open_page("classes", runs=chosen, look="Suspected labels")
    assert [GONE in error.value for error in app.error] == [True]
    assert "The images" in [header.value for header in app.subheader]
