"""The curve of a training that runs, over a whole run of the same network."""

import altair
import pytest

from fmnist_core.figures.curves import METRICS, TRAINING, VALIDATION
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.figures.train.live_curves import (
    BEFORE,
    THIS,
    live_chart,
    live_curves,
    live_takeaway,
)
from fmnist_core.runs.history import EpochRow

HOLDOUT, TEST_SEEN = "holdout-80-20", "test-as-validation"
ACCURACY, LOSS = METRICS["accuracy"], METRICS["loss"]


def epochs(*accuracies: float | None, first: int = 1) -> list[EpochRow]:
    return [
        EpochRow(number, 0.5, accuracy, 0.4, accuracy, 1e-3, 9, 17)
        for number, accuracy in enumerate(accuracies, start=first)
    ]


def y_domain(spec: dict) -> list[float]:
    return spec["layer"][0]["encoding"]["y"]["scale"]["domain"]


def test_accuracies_are_in_percent_and_losses_are_not() -> None:
    assert set(live_curves(epochs(0.5), [], ACCURACY, 3, HOLDOUT)["value"]) == {50}
    assert set(live_curves(epochs(0.5), [], LOSS, 3, HOLDOUT)["value"]) == {0.5, 0.4}


def test_the_run_drawn_over_ends_where_this_training_will() -> None:
    long = live_curves(epochs(0.5), epochs(*[0.8] * 60), ACCURACY, 3, HOLDOUT)
    assert long[long["line"] == BEFORE]["epoch"].max() == 3
    spec = live_chart(long, ACCURACY, "#336699", 3)
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [1, 3]


def test_a_value_that_is_not_finite_is_left_out() -> None:
    assert live_curves(epochs(None, 0.5), [], ACCURACY, 2, HOLDOUT)["epoch"].tolist() == [2, 2]


def test_the_first_epoch_is_in_the_picture_while_it_is_the_only_one() -> None:
    long = live_curves(epochs(0.3), epochs(*[0.2, 0.6] + [0.9] * 38), ACCURACY, 40, HOLDOUT)
    low, high = y_domain(live_chart(long, ACCURACY, "#336699", 40))
    assert low < 30 < 90 < high


def test_a_bad_beginning_does_not_take_the_axis_later_on() -> None:
    long = live_curves(epochs(0.3, 0.8, 0.88), epochs(0.1, *[0.9] * 7), ACCURACY, 8, HOLDOUT)
    low, high = y_domain(live_chart(long, ACCURACY, "#336699", 8))
    assert 75 < low < 80
    assert 90 < high < 92


def test_training_is_dashed_and_the_earlier_run_faded_in_the_same_colour() -> None:
    spec = live_chart(
        live_curves(epochs(0.5), epochs(0.6), ACCURACY, 1, HOLDOUT), ACCURACY, "#336699", 1
    )
    line = spec["layer"][0]
    assert line["mark"]["color"] == "#336699"
    dash = line["encoding"]["strokeDash"]["scale"]
    assert dict(zip(dash["domain"], dash["range"], strict=True))[VALIDATION] == [1, 0]
    assert dict(zip(dash["domain"], dash["range"], strict=True))[TRAINING] != [1, 0]
    faded = line["encoding"]["opacity"]["scale"]
    assert faded["domain"] == [THIS, BEFORE]
    assert faded["range"][0] == 1 > faded["range"][1]


@pytest.mark.parametrize("metric", [ACCURACY, LOSS])
@pytest.mark.parametrize(
    ("rows", "before"),
    [([], []), (epochs(0.5), []), ([], epochs(0.5, 0.6)), (epochs(0.5, 0.6), epochs(0.7))],
)
def test_the_chart_is_valid_vega_lite(metric, rows, before) -> None:
    spec = live_chart(live_curves(rows, before, metric, 2, HOLDOUT), metric, "#336699", 2)
    altair.Chart.from_json(to_vega_lite(spec).decode(), validate=True)


def test_the_takeaway_holds_the_epoch_against_the_same_one_and_the_end() -> None:
    text = live_takeaway(epochs(0.5, 0.75), epochs(0.6, 0.7, 0.9), HOLDOUT)
    assert text == (
        "**75.00 %** validation accuracy after epoch 2; the full run had 70.00 % there "
        "and ended at 90.00 % in epoch 3."
    )


def test_without_an_earlier_run_the_takeaway_speaks_of_this_one_alone() -> None:
    assert (
        live_takeaway(epochs(0.5), [], HOLDOUT) == "**50.00 %** validation accuracy after epoch 1."
    )
    assert "first epoch" in live_takeaway([], epochs(0.5), HOLDOUT)


def test_without_validation_images_the_training_accuracy_stands_in_by_name() -> None:
    row = EpochRow(1, 0.5, 0.625, None, None, 1e-3, 9, 17)
    assert live_takeaway([row], [], HOLDOUT) == "**62.50 %** training accuracy after epoch 1."


def test_test_images_in_place_of_validation_are_called_so_in_words_and_legend() -> None:
    text = live_takeaway(epochs(0.5), epochs(0.6), TEST_SEEN)
    assert text == (
        "**50.00 %** accuracy on the test images (in place of validation) after epoch 1; "
        "the full run had 60.00 % there."
    )
    spec = live_chart(live_curves(epochs(0.5), [], ACCURACY, 2, TEST_SEEN), ACCURACY, "#336699", 2)
    dash = spec["layer"][0]["encoding"]["strokeDash"]["scale"]
    assert dash["domain"] == ["Test (in place of validation)", TRAINING]
