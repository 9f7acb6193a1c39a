"""The parts of the Compare page about trust: significance, calibration, ensembles and seeds."""

import json
from pathlib import Path

import pytest

from fmnist_core.evaluation.compare_report import compare_report
from fmnist_core.figures.comparison import bold_names
from fmnist_core.ui import loaders
from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run

PARTS = ("Significance", "Calibration", "Ensembles", "Seeds")


def charts(app) -> list[dict]:
    return [json.loads(node.proto.spec) for node in app.get("vega_lite_chart")]


def table(app, column: str):
    return next(node.value for node in app.dataframe if column in node.value)


def test_the_first_part_is_curves_and_the_others_are_drawn_only_when_asked(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs))
    assert app.get_by_key("part").value == "curves"
    text = shown_text(app)
    assert "Who beats whom?" not in text
    assert "What do they do together?" not in text


def test_a_fit_that_was_measured_with_unsettled_averages_is_not_left_alone(
    runs_root: Path, open_page: OpenPage
) -> None:
    short = FixtureRun("awasthi_enhanced", 0.2, epochs=1, batch_size=2_048, budget="reduced")
    run_id = write_fixture_run(runs_root, short)
    app = open_page("compare", runs=run_id)
    assert "little about the network" in shown_text(app)


def test_the_fit_of_every_run_stands_with_the_numbers_that_led_to_it(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs))
    fits = table(app, "loss_rise")
    # The fixture's training accuracy lies 6 points above its validation accuracy.
    assert list(fits["gap"].round(6)) == [6, 6, 6]
    assert list(fits["fit"]) == ["overfit"] * 3
    assert "Overfit: 3 runs." in shown_text(app)


def test_the_matrix_has_a_cell_for_each_ordered_pair_best_run_first(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(reversed(three_runs)), part="Significance")
    matrix, ties = charts(app)
    rows = matrix["layer"][0]["encoding"]["y"]["sort"]
    assert [row[:3] for row in rows] == ["1. ", "2. ", "3. "]
    assert "Enhanced CNN" in rows[0]
    assert len(ties["layer"][0]["encoding"]["y"]["sort"]) == 3
    text = shown_text(app)
    assert "beats both others" in text
    assert "Of 3 pairs, 3 are separated" in text
    assert "Every run is separated from every other" in text


def test_runs_that_answer_alike_are_named_and_joined_by_a_bar(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    twin = write_fixture_run(
        runs_root, FixtureRun("awasthi_enhanced", 0.93, number=1, second="59", params=422_922)
    )
    app = open_page("compare", runs=",".join([*three_runs, twin]), part="Significance")
    text = shown_text(app)
    assert "Exactly the same images right and wrong" in text
    assert "These runs form 1 tie group" in text
    assert "No test separates" in text
    bars = charts(app)[1]["layer"][2]["data"]["values"]
    assert len(bars) == 2


def test_runs_without_a_common_test_image_are_marked_and_said(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    other = write_fixture_run(
        runs_root, FixtureRun("sivakumar_m1", 0.9, number=7, protocol="pooled-60-20-20")
    )
    runs = ",".join([*three_runs[:2], other])
    text = shown_text(open_page("compare", runs=runs, part="Significance"))
    assert "2 pairs share no test image and cannot be compared" in text
    text = shown_text(open_page("compare", runs=runs, part="Ensembles"))
    assert "These runs cannot be compared" in text
    assert "leave it out" in text


@pytest.mark.parametrize("count", [1, 2])
def test_a_shorter_training_leads_to_the_equal_budget(
    count: int, runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    short = write_fixture_run(runs_root, FixtureRun("kadam_a2", 0.8, number=5, budget="reduced"))
    app = open_page("compare", runs=",".join([*three_runs[:count], short]), part="Significance")
    assert "*Equal budget* above" not in shown_text(app)
    app.button(key="to_equal_budget").click().run()
    assert app.get_by_key("part").value == "curves"
    assert app.get_by_key("equal").value == "macs"
    text = shown_text(app)
    assert "At an equal budget" in text
    assert "*Equal budget* above" in text
    app = open_page("compare", runs=",".join(three_runs), part="Significance")
    assert "to_equal_budget" not in [button.key for button in app.button]


@pytest.mark.parametrize("part", PARTS)
def test_one_run_alone_is_told_what_it_lacks(
    part: str, three_runs: list[str], open_page: OpenPage
) -> None:
    text = shown_text(open_page("compare", runs=three_runs[0], part=part))
    says = {
        "Significance": "A test needs two runs",
        "Calibration": "has an expected calibration error (ECE) of",
        "Ensembles": "An ensemble needs two runs",
        "Seeds": "This recipe was trained once",
    }
    assert says[part] in text


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_run_is_left_out_of_every_part(
    part: str, runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    (runs_root / three_runs[0] / "predictions.npz").write_bytes(b"torn")
    app = open_page("compare", runs=",".join(three_runs), part=part)
    text = shown_text(app).replace("\\", "")
    assert three_runs[0] in text
    assert "damaged" in text


def test_calibration_stands_in_one_chart_and_changes_with_the_temperature(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs), part="Calibration")
    scores = table(app, "adaptive_ece")
    assert len(scores) == 3
    assert scores["temperature"].notna().all()
    # All answers of a fixture run have a confidence of 82 %.
    expected = [abs(100 * accuracy - 82) for accuracy in (0.93, 0.91, 0.86)]
    assert list(scores["ece"]) == pytest.approx(expected, abs=0.1)
    assert "None of the 3 runs is more sure than right" in shown_text(app)
    app = open_page(
        "compare",
        runs=",".join(three_runs),
        part="Calibration",
        probabilities="After temperature scaling",
    )
    assert len(charts(app)) == 2
    assert list(table(app, "risk")["label"].unique()) == list(scores["label"])


def test_the_page_and_the_command_say_the_same(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    seen = write_fixture_run(
        runs_root, FixtureRun("s003_enhanced", 0.95, number=4, protocol="test-as-validation")
    )
    runs = [*three_runs, seen]
    labels = loaders.leaderboard().labels
    report = compare_report(runs_root, runs)
    says = report.says(bold_names(labels))
    text = {
        part: shown_text(
            open_page("compare", runs=",".join(runs), part=part.capitalize(), greedy="true")
        )
        for part in ("significance", "calibration", "ensembles")
    }
    for sentence in says["comparison"][1:]:
        assert sentence in text["significance"]
    own = len(runs)  # each run's own sentence comes first, and stands on no page of several
    assert len(says["calibration"]) > own
    for sentence in [*says["calibration"][own:], *says["coverage"][own:]]:
        assert sentence in text["calibration"]
    # The page names the two runs of a pair in order of their accuracy.
    for sentence in [*says["greedy_choice"], *says["agreement"][1:]]:
        assert sentence in text["ensembles"]


def test_a_run_validated_on_its_test_images_has_no_temperature_and_says_so(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    seen = write_fixture_run(
        runs_root, FixtureRun("s003_enhanced", 0.95, number=4, protocol="test-as-validation")
    )
    app = open_page("compare", runs=f"{three_runs[0]},{seen}", part="Calibration")
    assert "has no temperature" in shown_text(app)
    assert table(app, "adaptive_ece")["temperature"].notna().sum() == 1
    alone = open_page(
        "compare", runs=seen, part="Calibration", probabilities="After temperature scaling"
    )
    assert "No temperature for any of these runs" in shown_text(alone)


def test_members_answer_together_and_are_tested_against_the_best_of_them(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs), part="Ensembles")
    assert field(app.multiselect, "ensemble_picker").value == three_runs
    text = shown_text(app)
    assert "Together they reach" in text
    assert "The ensemble" in text
    members = table(app, "difference")
    assert members["label"].iloc[0] == "Together"
    assert len(members) == 4
    field(app.multiselect, "ensemble_picker").set_value(three_runs[1:]).run()
    assert len(table(app, "difference")) == 3
    field(app.multiselect, "ensemble_picker").set_value([]).run()
    assert "An ensemble needs two members" in shown_text(app)


def test_picked_members_stay_while_the_reader_looks_at_another_part(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs), part="Ensembles")
    field(app.multiselect, "ensemble_picker").set_value(three_runs[:2]).run()
    app.get_by_key("part").set_value("seeds").run()
    app.get_by_key("part").set_value("ensembles").run()
    assert field(app.multiselect, "ensemble_picker").value == three_runs[:2]


def test_the_greedy_choice_leaves_out_runs_that_saw_the_test_set(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    seen = write_fixture_run(
        runs_root, FixtureRun("s003_enhanced", 0.95, number=4, protocol="test-as-validation")
    )
    app = open_page("compare", runs=",".join([*three_runs, seen]), part="Ensembles", greedy="true")
    text = shown_text(app)
    assert "Left out of the choice, since their validation images are their test images" in text
    steps = table(app, "gain")
    assert len(steps) == 3
    assert not any("mini-project" in label for label in steps["label"])


def test_the_greedy_choice_leaves_out_runs_without_a_shared_validation_image(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    none, elsewhere = (
        write_fixture_run(runs_root, FixtureRun("kadam_a2", 0.97, number=n, validation_first=first))
        for n, first in ((5, None), (6, 20_000))
    )
    runs = ",".join([none, *three_runs, elsewhere])
    app = open_page("compare", runs=runs, part="Ensembles", greedy="true")
    text = shown_text(app)
    assert "Left out of the choice, since they share no validation image" in text
    steps = table(app, "gain")
    assert len(steps) == 3
    assert not any("A2" in label for label in steps["label"])
    app = open_page("compare", runs=f"{none},{elsewhere}", part="Ensembles", greedy="true")
    assert "Nothing to choose from" in shown_text(app)


def test_recipes_that_ran_once_say_what_would_fill_the_part_on_seeds(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs), part="Seeds")
    assert "Each of these was trained once" in shown_text(app)
    (command,) = [node.value for node in app.code]
    assert command.startswith("python -m fmnist_core train awasthi_enhanced --recipe ")
    assert command.endswith(" --seed 1")
    assert not charts(app)


def test_seeds_of_one_recipe_get_their_mean_deviation_and_a_band(
    runs_root: Path, open_page: OpenPage
) -> None:
    accuracies = (0.90, 0.91, 0.92)
    ids = [
        write_fixture_run(runs_root, FixtureRun("kadam_a1", accuracy, seed=n, number=n))
        for n, accuracy in enumerate(accuracies)
    ]
    app = open_page("compare", runs=ids[0], part="Seeds")
    assert "Of this recipe one seed is chosen" in shown_text(app)
    assert app.button(key="choose_seeds").label == "Also choose 2 other runs of this recipe"
    assert app.code[0].value.endswith(" --seed 3")  # the first that is not there yet
    app.button(key="choose_seeds").click().run()
    assert sorted(app.session_state["runs"].split(",")) == sorted(ids)
    row = table(app, "deviation").iloc[0]
    assert row["mean"] == pytest.approx(91, abs=0.05)
    assert row["deviation"] == pytest.approx(1, abs=0.05)
    assert "0: 90.00" in row["each"]
    text = shown_text(app)
    assert "Neither number contains the other" in text
    assert "over seeds" in text
    (chart,) = charts(app)
    assert chart["layer"][0]["mark"]["type"] == "area"


def test_seeds_that_saw_their_test_images_carry_that_warning(
    runs_root: Path, open_page: OpenPage
) -> None:
    split = "test-as-validation"
    ids = [
        write_fixture_run(runs_root, FixtureRun("ajani_m1", seed=n, number=n, protocol=split))
        for n in range(2)
    ]
    app = open_page("compare", runs=",".join(ids), part="Seeds")
    assert list(table(app, "deviation")["badges"].iloc[0]) == ["test set used for validation"]
    assert "The test set served as validation set" in shown_text(app)


@pytest.mark.parametrize("part", PARTS)
def test_twenty_four_runs_fit_every_part(part: str, runs_root: Path, open_page: OpenPage) -> None:
    ids = [
        write_fixture_run(
            runs_root, FixtureRun(accuracy=0.8 + n / 200, number=n, seed=n), test_images=300
        )
        for n in range(24)
    ]
    app = open_page("compare", runs=",".join(ids), part=part)
    assert charts(app)
    assert not app.error
