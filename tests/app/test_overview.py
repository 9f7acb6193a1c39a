"""Overview: which architecture is best, and for what cost?"""

import json
from pathlib import Path

import pytest

from fmnist_core.runs.read import read_run
from tests.app.conftest import OpenPage
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import SHIPPED, shipped_run


def shown_text(app) -> str:
    parts = [*app.markdown, *app.caption, *app.warning, *app.error, *app.title, *app.header]
    return "\n".join(part.value for part in parts)


def test_an_empty_folder_says_what_would_stand_there_and_how_to_fill_it(
    runs_root: Path, open_page: OpenPage
) -> None:
    app = open_page()
    assert "No run yet" in shown_text(app)
    (command,) = (code.value for code in app.code if "fmnist_core train " in code.value)
    assert "a few minutes for a small one" in shown_text(app)
    assert read_run(SHIPPED, shipped_run(command.split()[-1])).train_seconds < 180
    assert not app.get("vega_lite_chart")


def test_a_folder_that_does_not_exist_is_an_empty_one(
    tmp_path: Path, open_page: OpenPage, monkeypatch
) -> None:
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "nowhere"))
    assert "No run yet" in shown_text(open_page())


def test_the_best_run_is_named_with_its_interval_and_its_caveat(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page()
    best = next(metric for metric in app.metric if metric.label == "Most accurate")
    assert best.value == "93.00 %"
    text = shown_text(app)
    assert "is the most accurate of 3 ranked runs" in text
    assert "95 % interval" in text
    assert "another seed" in text


def test_the_leaderboard_has_a_row_for_every_run_best_first(
    three_runs: list[str], open_page: OpenPage
) -> None:
    table = open_page().dataframe[-1].value
    assert list(table["rank"]) == [1, 2, 3]
    assert list(table["test_accuracy"]) == [93.0, 91.0, 86.0]


def test_runs_that_saw_the_test_set_are_left_out_until_the_reader_wants_them(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    write_fixture_run(
        runs_root,
        FixtureRun("s003_enhanced", 0.99, number=9, protocol="test-as-validation"),
    )
    app = open_page()
    assert len(app.dataframe[-1].value) == 3
    assert app.metric[0].value == "93.00 %"

    app.get_by_key("split").set_value(["holdout-80-20", "test-as-validation"]).run()
    table = app.dataframe[-1].value
    assert len(table) == 4
    # Shown, marked, last, first of its own ranking, and still not the most accurate.
    assert list(table["badges"].iloc[-1]) == ["test set used for validation"]
    assert list(table["rank"]) == [1, 2, 3, 1]
    assert app.metric[0].value == "93.00 %"


def test_the_name_filter_narrows_and_an_empty_result_says_so(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(find="enhanced")
    assert len(app.dataframe[-1].value) == 1
    app = open_page(find="no such name")
    text = shown_text(app)
    assert "No run passes these filters" in text
    assert "All 3 runs are left out" in text


def test_only_runs_that_nothing_but_their_split_leaves_out_are_counted_as_such(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    for number, name in enumerate(("s003_enhanced", "s003_enhanced", "s002_cnn")):
        split = {"protocol": "test-as-validation", "seed": number}
        write_fixture_run(runs_root, FixtureRun(name, 0.99, number=9 + number, **split))
    assert "3 of 6 runs shown. 3 left out used their test images" in shown_text(open_page())
    text = shown_text(open_page(find="basic"))
    assert "1 of 6 runs shown." in text
    assert "left out saw" not in text


def test_a_missing_value_is_a_dash_and_the_filters_wrap(
    short_runs: None, open_page: OpenPage
) -> None:
    app = open_page()
    assert app.dataframe[-1].value["rank"].isna().any()
    assert app.dataframe[-1].proto.placeholder == "–"
    assert all(app.get_by_key(key).proto.wrap for key in ("split", "budget"))


def test_a_damaged_run_is_listed_with_its_reason_and_hides_no_other(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    (runs_root / three_runs[0] / "run.json").write_text("{", encoding="utf-8")
    app = open_page()
    assert len(app.dataframe[-1].value) == 2
    text = shown_text(app)
    assert "run.json is damaged" in text.replace("\\", "")
    assert app.metric[0].value == "91.00 %"


def test_a_run_whose_predictions_are_damaged_is_named_and_the_page_goes_on(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    damaged = runs_root / three_runs[0] / "predictions.npz"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    write_fixture_run(runs_root, FixtureRun("kadam_a2", 0.928, number=5))
    app = open_page()
    assert any("predictions.npz" in error.value.replace("\\", "") for error in app.error)
    assert len(app.dataframe[-1].value) == 4


def test_one_run_alone_is_enough_for_a_page(runs_root: Path, open_page: OpenPage) -> None:
    write_fixture_run(runs_root, FixtureRun())
    app = open_page()
    assert [metric.label for metric in app.metric] == ["Most accurate", "Widest gap"]
    assert len(app.get("vega_lite_chart")) == 1


def test_every_chart_and_table_has_a_name_for_those_who_do_not_see_it(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page()
    for element in [*app.get("vega_lite_chart"), *app.dataframe]:
        assert element.proto.alt.strip()
        assert "**" not in element.proto.alt


@pytest.mark.parametrize("page", ["overview", "compare"])
def test_a_runs_folder_that_cannot_be_read_is_one_clear_line(
    page: str, tmp_path: Path, open_page: OpenPage, monkeypatch
) -> None:
    file = tmp_path / "a_file"
    file.write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(file))
    app = open_page(page)
    (error,) = app.error
    assert "must be readable" in error.value
    assert app.title[0].value.endswith("?")


@pytest.fixture
def short_runs(runs_root: Path, three_runs: list[str]) -> None:
    """Three runs better than any full one: reduced, stopped, and of the reader's own."""
    for run in (
        FixtureRun("kadam_a2", 0.97, number=11, epochs=2, budget="reduced"),
        FixtureRun("kadam_a3", 0.98, number=12, epochs=2, planned=9, budget="stopped"),
        FixtureRun("custom", 0.99, number=13),
    ):
        write_fixture_run(runs_root, run)


def test_runs_that_were_not_trained_in_full_are_shown_below_without_a_rank(
    short_runs: None, open_page: OpenPage
) -> None:
    app = open_page()
    table = app.dataframe[-1].value
    assert list(table["test_accuracy"]) == [93.0, 91.0, 86.0, 99.0, 98.0, 97.0]
    assert list(table["rank"].dropna()) == [1, 2, 3]
    assert [list(badges) for badges in table["badges"].iloc[3:]] == [
        ["varied layers or settings"],
        ["stopped early"],
        ["reduced training"],
    ]
    assert app.metric[0].value == "93.00 %"
    text = shown_text(app)
    assert "is the most accurate of 3 ranked runs" in text
    assert "of 3 ranked runs have a gap" in text
    assert "3 were not trained in full as a source says: shown without a rank." in text


def test_further_seeds_of_a_network_are_below_it_without_a_rank(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.99, number=8, seed=1))
    app = open_page()
    table = app.dataframe[-1].value
    assert list(table["rank"].dropna()) == [1, 2, 3]
    assert "86.00–99.00 (2)" in list(table["seeds"])
    further = "1 is a further training of a network that is ranked by its first seed"
    assert further in shown_text(app)
    assert len(open_page(budget="Further seeds").dataframe[-1].value) == 1
    assert open_page(rankall="true").metric[0].value == "99.00 %"


def test_they_are_ranked_when_the_reader_asks_and_the_findings_say_so(
    short_runs: None, open_page: OpenPage
) -> None:
    app = open_page(rankall="true")
    table = app.dataframe[-1].value
    assert list(table["rank"]) == [1, 2, 3, 4, 5, 6]
    assert app.metric[0].value == "99.00 %"
    text = shown_text(app)
    assert "ranked among the others, as you asked" in text
    assert "3 of these were not trained in full" in text
    app.toggle(key="rankall").set_value(False).run()
    assert app.metric[0].value == "93.00 %"


def test_a_search_does_not_change_the_ranks_that_were_asked_for(
    short_runs: None, open_page: OpenPage
) -> None:
    table = open_page(rankall="true", find="enhanced").dataframe[-1].value
    assert list(table["rank"]) == [4]


def test_short_runs_can_be_left_out(short_runs: None, open_page: OpenPage) -> None:
    app = open_page(budget="Full")
    assert len(app.dataframe[-1].value) == 3
    assert "without a rank" not in shown_text(app)


def test_full_runs_alone_are_not_asked_about(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page()
    assert not app.toggle
    assert "rank" not in "".join(caption.value for caption in app.caption[:2])


def test_where_no_run_has_a_rank_the_page_says_how_to_rank_them(
    runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun(budget="reduced", epochs=1))
    app = open_page()
    assert "None of these runs has a rank" in shown_text(app)
    assert not app.metric
    app.toggle(key="rankall").set_value(True).run()
    assert app.metric[0].label == "Most accurate"


def test_all_costs_at_once_have_a_chart_with_a_name_and_a_table(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page()
    assert not app.get("plotly_chart")
    app.get_by_key("cost").set_value("all").run()
    assert not app.exception
    (chart,) = app.get("plotly_chart")
    assert "is the most accurate" in shown_text(app)
    assert chart.proto.alt.startswith("Of 3 runs (80/20 of the training set), no other is within")
    assert "**" not in chart.proto.alt
    (trace,) = json.loads(chart.proto.spec)["data"]
    assert len(trace["dimensions"]) == 6
    assert list(app.dataframe[0].value["params"]) == [422_922, 1_386_506, 101_770]
    assert not app.get("vega_lite_chart")


def test_all_costs_at_once_are_kept_in_the_address(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(cost="All at once")
    assert app.get("plotly_chart")
    assert "Drag along an axis" in shown_text(app)


def test_without_a_ranked_run_all_costs_say_what_is_missing(
    runs_root: Path, open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun(budget="reduced", epochs=1))
    app = open_page(cost="All at once")
    assert not app.get("plotly_chart")
    text = shown_text(app)
    assert "No shown run has both a rank and a figure for every cost" in text
    assert "Left out: 1 run without a rank." in text


def test_runs_without_a_rank_are_drawn_beside_the_ranked_ones_when_asked_for(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    write_fixture_run(runs_root, FixtureRun(number=4, budget="reduced", epochs=1))
    app = open_page()
    assert len(app.dataframe[0].value) == 3
    app.toggle(key="unranked").set_value(True).run()
    assert len(app.dataframe[0].value) == 4
    assert "Hollow points have no rank." in shown_text(app)
    assert "Hollow" in shown_text(open_page(unranked="true")), "the address keeps it"


def test_where_every_run_has_a_rank_no_choice_is_offered(
    three_runs: list[str], open_page: OpenPage
) -> None:
    assert "unranked" not in {toggle.key for toggle in open_page().toggle}
