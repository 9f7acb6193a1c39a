"""What an address asks of a choice that does not have it is named, until the reader chooses."""

import pytest

from tests.app.conftest import OpenPage


def lines(app) -> list[str]:
    return [error.value.replace("\\", "") for error in app.error]


def test_a_part_that_does_not_exist_is_named_with_the_nearest(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs[:2]), part="significance")
    assert lines(app) == [
        "The address asks for part=significance: part must be a known name. "
        "Received: 'significance'. Nearest: Significance."
    ]
    assert app.session_state["part"] == "curves"
    app.run()
    assert len(lines(app)) == 1  # until something is chosen
    app.segmented_control(key="part").set_value("calibration").run()
    assert lines(app) == []
    app.segmented_control(key="part").set_value("curves").run()
    assert lines(app) == []


def test_what_exists_is_opened_without_a_word(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs[:2]), part="Significance")
    assert app.session_state["part"] == "significance"
    assert lines(app) == []


def test_on_coming_back_to_the_page_the_line_is_gone(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs[:2]), part="nonsense")
    (line,) = lines(app)
    assert line.endswith("Received: 'nonsense'. There are 5 to choose from.")
    app.switch_page("pages/learn.py").run()
    app.switch_page("pages/compare.py").run()
    assert lines(app) == []


@pytest.mark.parametrize(
    ("page", "key", "wrong"),
    [
        ("overview", "split", "80/20"),
        ("overview", "budget", "full"),
        ("overview", "source", "Nobody"),
        ("studies", "study", "optimisers"),
        ("papers", "paper_view", "numbers"),
        ("architectures", "view", "layer"),
        ("dataset", "data_view", "<b>all</b>"),
        ("learn", "figure", "x" * 2000),
    ],
)
def test_every_page_names_what_it_does_not_have(
    three_runs: list[str], open_page: OpenPage, page: str, key: str, wrong: str
) -> None:
    app = open_page(page, **{key: wrong})
    (line,) = (one for one in lines(app) if f"{key}=" in one)
    assert f"{key} must be a known name" in line
    assert len(line) < 400
