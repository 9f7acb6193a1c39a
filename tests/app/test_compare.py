"""Compare: how do these runs differ?"""

import json
from pathlib import Path

import pytest

from tests.app.conftest import OpenPage
from tests.app.test_overview import shown_text
from tests.app.widgets import field
from tests.fixture_runs import FixtureRun, write_fixture_run


def chart(app) -> dict:
    return json.loads(app.get("vega_lite_chart")[0].proto.spec)


def test_without_a_choice_the_page_offers_the_best_runs(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare")
    assert "No run chosen yet" in shown_text(app)
    app.button(key="compare_best").click().run()
    assert app.session_state["runs"] == ",".join(three_runs)
    assert len(app.get("vega_lite_chart")) == 1


def test_the_address_chooses_the_runs_and_their_order(
    three_runs: list[str], open_page: OpenPage
) -> None:
    a, b, _ = three_runs
    app = open_page("compare", runs=f"{b},{a}")
    assert field(app.multiselect, "run_picker").value == [b, a]
    assert app.query_params["runs"] == f"{b},{a}"


def test_unknown_runs_in_the_address_are_named_with_the_nearest_and_the_rest_works(
    three_runs: list[str], open_page: OpenPage
) -> None:
    wrong = three_runs[0].replace("enhanced", "enhancd")
    app = open_page("compare", runs=f"{wrong},{three_runs[1]}")
    lines = [warning.value.replace("\\", "") for warning in app.warning]
    assert len(lines) == 1
    assert wrong in lines[0]
    assert three_runs[0] in lines[0]
    assert field(app.multiselect, "run_picker").value == [three_runs[1]]
    assert len(app.get("vega_lite_chart")) == 1


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "<script>alert(1)</script>", "%00", "a" * 5000]
)
def test_a_hostile_address_is_only_ever_text(
    hostile: str, three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=f"{hostile},{three_runs[0]}", baseline=hostile)
    assert field(app.multiselect, "run_picker").value == [three_runs[0]]
    assert "<script>" not in shown_text(app)


def test_one_run_shows_its_curve_and_asks_for_a_second(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=three_runs[0])
    assert len(app.get("vega_lite_chart")) == 1
    assert "A test needs two runs" in shown_text(app)


def test_a_pair_is_put_in_words(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs[:2]))
    text = shown_text(app)
    assert "is right on" in text
    assert "more than chance explains" in text


def test_two_runs_that_answer_alike_are_said_to(runs_root: Path, open_page: OpenPage) -> None:
    ids = [
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=0)),
        write_fixture_run(runs_root, FixtureRun("kadam_a1", 0.9, number=0, second="59")),
    ]
    app = open_page("compare", runs=",".join(ids))
    text = shown_text(app)
    assert "get exactly the same of 2,000 images right and wrong" in text
    assert "Nothing: these runs have the same" in text


def test_only_what_differs_is_listed(three_runs: list[str], open_page: OpenPage) -> None:
    app = open_page("compare", runs=",".join(three_runs[1:]))
    settings = next(t.value for t in app.dataframe if "setting" in t.value)
    assert "optimizer" in set(settings["setting"])
    assert "batch size" not in set(settings["setting"])


def test_a_baseline_gives_every_number_a_signed_difference(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=",".join(three_runs), baseline=three_runs[1])
    numbers = next(t.value for t in app.dataframe if "params" in t.value)
    assert list(numbers["test_accuracy_difference"].round(6)) == [2.0, 0.0, -5.0]
    field(app.selectbox, "baseline_picker").set_value("").run()
    numbers = next(t.value for t in app.dataframe if "params" in t.value)
    assert "test_accuracy_difference" not in numbers
    assert app.session_state["baseline"] == ""


def test_a_baseline_that_is_not_among_the_runs_counts_as_none(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=three_runs[0], baseline=three_runs[1])
    assert field(app.selectbox, "baseline_picker").value == ""


def test_metric_axis_and_smoothing_shape_the_chart(
    three_runs: list[str], open_page: OpenPage
) -> None:
    app = open_page("compare", runs=three_runs[0], metric="Loss", x="Seconds", smoothing="0.5")
    encoding = chart(app)["layer"][0]["encoding"]
    assert encoding["y"]["title"] == "Loss, smoothed 0.5"
    assert encoding["x"]["title"] == "Training time (seconds)"


def test_a_training_loss_that_is_no_cross_entropy_is_said_to_be_none(
    runs_root: Path, open_page: OpenPage
) -> None:
    ids = [write_fixture_run(runs_root, FixtureRun("seo_hcnn", number=n, seed=n)) for n in (0, 1)]
    for part in ("", "Seeds"):
        app = open_page("compare", runs=",".join(ids), metric="Loss", part=part)
        assert "what was minimised, here with auxiliary heads:" in shown_text(app)
    assert "minimised" not in shown_text(open_page("compare", runs=",".join(ids)))


def test_a_run_whose_files_are_damaged_is_left_out_with_its_reason(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    history = runs_root / three_runs[0] / "history.jsonl"
    history.write_bytes(history.read_bytes().replace(b"0.", b"1.", 1))
    app = open_page("compare", runs=",".join(three_runs[:2]))
    errors = [error.value.replace("\\", "") for error in app.error]
    assert len(errors) == 1
    assert three_runs[0] in errors[0]
    assert "history.jsonl" in errors[0]
    assert len(app.get("vega_lite_chart")) == 1


def test_more_runs_than_fit_are_cut_off_aloud(runs_root: Path, open_page: OpenPage) -> None:
    ids = [write_fixture_run(runs_root, FixtureRun(number=n), test_images=100) for n in range(25)]
    app = open_page("compare", runs=",".join(ids))
    assert any("At most 24" in warning.value for warning in app.warning)
    assert field(app.multiselect, "run_picker").value == ids[:24]
    assert len(app.get("vega_lite_chart")) == 1


def test_runs_of_unlike_splits_are_not_ranked_silently(
    runs_root: Path, three_runs: list[str], open_page: OpenPage
) -> None:
    other = write_fixture_run(
        runs_root, FixtureRun("sivakumar_m1", 0.9, number=7, protocol="pooled-60-20-20")
    )
    app = open_page("compare", runs=f"{three_runs[0]},{other}")
    text = shown_text(app)
    assert "unlike splits" in text
    assert "60/20/20 of all 70,000: The test images are drawn from all 70,000" in text
    assert "no test can compare them" in text
