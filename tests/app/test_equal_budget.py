"""The equal-budget switch of the Compare page, and runs that are not trained in full."""

import json
from pathlib import Path

import pytest

from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run


@pytest.fixture
def four_runs(runs_root: Path) -> list[str]:
    """Full, reduced, stopped, and of the reader's own; fixture data."""
    wanted = [
        FixtureRun("awasthi_enhanced", 0.93, number=1, epochs=10, epoch_seconds=40),
        FixtureRun("awasthi_basic", 0.91, number=2, epochs=3, budget="reduced", epoch_seconds=20),
        FixtureRun(
            "kadam_a1",
            0.90,
            number=3,
            epochs=6,
            planned=20,
            schedule="cosine",
            budget="stopped",
            epoch_seconds=5,
        ),
        FixtureRun("custom", 0.95, number=4, epochs=8, params=1_000),
    ]
    return [write_fixture_run(runs_root, run) for run in wanted]


def budget_rows(app):
    return next(table.value for table in app.dataframe if "best_val_accuracy" in table.value)


def test_it_is_off_until_asked(four_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(four_runs))
    assert app.get_by_key("equal").value == "off"
    assert "At an equal budget" not in shown_text(app)
    assert not app.select_slider


def test_the_same_epochs_are_the_most_that_all_have(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same epochs")
    assert "At an equal budget: 3 epochs" in shown_text(app)
    assert list(budget_rows(app)["epoch"]) == [3, 3, 3, 3]
    assert list(budget_rows(app)["end_epoch"]) == [10, 3, 6, 8]


def test_a_smaller_budget_can_be_chosen_and_comes_from_the_address(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same epochs", at_epochs="2 epochs")
    assert list(budget_rows(app)["epoch"]) == [2, 2, 2, 2]
    app.select_slider(key="at_epochs").set_value(1).run()
    assert list(budget_rows(app)["epoch"]) == [1, 1, 1, 1]


@pytest.mark.parametrize("hostile", ["99 epochs", "-1", "<script>", ""])
def test_a_budget_that_none_can_have_counts_as_the_largest(
    hostile: str, four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same epochs", at_epochs=hostile)
    assert list(budget_rows(app)["epoch"]) == [3, 3, 3, 3]


def test_the_same_seconds_leave_unequal_epochs_and_name_whose_first_is_too_long(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same training seconds")
    text = shown_text(app)
    assert "At an equal budget: 30 s of processor time" in text
    # 30 s are 6 epochs of 5 s, 1 of 20 s, 1 of 18 s, and none of 40 s.
    assert list(budget_rows(app)["epoch"]) == [1, 6, 1]
    assert "its first epoch alone costs 40 s" in text


def test_the_same_macs_name_their_source(four_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same MACs")
    assert "Kaplan" in shown_text(app)
    # The custom network costs a hundredth of the others, so 8 epochs of it pay for none of theirs.
    assert list(budget_rows(app)["epoch"]) == [8]


def test_the_curves_are_cut_where_the_budget_is(four_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same epochs")
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [1, 3]
    assert "Cut at 3 epochs" in shown_text(app)


def test_a_schedule_that_the_cut_leaves_unfinished_is_named(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs), equal="Same epochs")
    assert "(cosine over 20 epochs)" in shown_text(app)


def test_differences_are_those_to_the_baseline_at_the_budget(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page(
        "compare", runs=",".join(four_runs[:2]), equal="Same epochs", baseline=four_runs[1]
    )
    # Both stand at 15/16 of their own accuracy after three epochs.
    differences = list(budget_rows(app)["val_accuracy_difference"])
    assert differences == pytest.approx([100 * 15 / 16 * 0.02, 0])


def test_one_run_alone_says_so(four_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=four_runs[0], equal="Same epochs")
    assert "no other run to compare it with" in shown_text(app)


def test_runs_that_were_not_trained_in_full_say_so_wherever_they_are_named(
    four_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(four_runs))
    names = (" · reduced, 3 epochs", " · stopped after 6 of 20 epochs", " · own layers")
    spec = app.get("vega_lite_chart")[0].proto.spec
    legend = json.loads(spec)["layer"][0]["encoding"]["color"]["scale"]["domain"]
    picker = field(app.multiselect, "run_picker").options
    numbers = next(table.value for table in app.dataframe if "params" in table.value)
    tests = next(table.value for table in app.dataframe if "verdict" in table.value)
    for place in (legend, picker, numbers["label"], tests["b"]):
        for name in names:
            assert sum(str(label).endswith(name) for label in set(place)) == 1
    text = shown_text(app)
    for how in ("Fewer epochs or images", "Stopped before its plan", "Other layers or settings"):
        assert text.count(how) == 2, "beside the numbers, and beside the tests"


def test_full_runs_alone_need_no_such_caveat(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs))
    assert "A difference to others is also one of" not in shown_text(app)
