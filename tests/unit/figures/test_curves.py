"""Learning curves: rows, smoothing, axes and the chart."""

import json

import altair
import pandas as pd
import pytest

from fmnist_core.figures.curves import (
    CLOCKS,
    METRICS,
    TRAINING,
    VALIDATION,
    curves_chart,
    curves_takeaway,
    long_curves,
    value_domain,
)
from fmnist_core.figures.run_lines import run_encoding
from fmnist_core.figures.theme import to_vega_lite
from tests.unit.figures.drawings import drawn_size


def histories(**columns: list[float]) -> pd.DataFrame:
    epochs = len(next(iter(columns.values())))
    frame = pd.DataFrame(
        {
            "run_id": "run",
            "label": "Run",
            "epoch": range(1, epochs + 1),
            "elapsed": [10.0 * n for n in range(1, epochs + 1)],
            "cpu_elapsed": [18.0 * n for n in range(1, epochs + 1)],
            "samples": [48_000.0 * n for n in range(1, epochs + 1)],
            "macs": [1e9 * n for n in range(1, epochs + 1)],
        }
    )
    return frame.assign(**columns)


def test_accuracies_become_percent_and_missing_epochs_are_left_out() -> None:
    long = long_curves(
        histories(accuracy=[0.5, 0.75], val_accuracy=[0.5, None]), METRICS["accuracy"], 0.0
    )
    assert list(long[long["kind"] == TRAINING]["value"]) == [50, 75]
    assert list(long[long["kind"] == VALIDATION]["value"]) == [50]


def test_smoothing_starts_at_the_first_value_and_keeps_the_raw_one() -> None:
    long = long_curves(histories(loss=[1.0, 0.0], val_loss=[1.0, 0.0]), METRICS["loss"], 0.5)
    line = long[long["kind"] == TRAINING]
    assert list(line["value"]) == [1, 0]
    # (0.5 * 1 + 1 * 0) / (0.5 + 1)
    assert line["smoothed"].tolist() == pytest.approx([1, 1 / 3])


def test_runs_are_smoothed_apart() -> None:
    one = histories(loss=[1.0, 1.0], val_loss=[1.0, 1.0])
    other = histories(loss=[3.0, 3.0], val_loss=[3.0, 3.0]).assign(run_id="b", label="B")
    long = long_curves(pd.concat([one, other], ignore_index=True), METRICS["loss"], 0.9)
    assert set(long[long["label"] == "B"]["smoothed"]) == {3.0}


@pytest.mark.parametrize("metric", list(METRICS))
@pytest.mark.parametrize("clock", list(CLOCKS))
def test_every_metric_over_every_clock_is_valid_vega_lite(metric: str, clock: str) -> None:
    frame = histories(
        accuracy=[0.5, 0.7],
        val_accuracy=[0.5, 0.6],
        loss=[1.0, 0.5],
        val_loss=[1.0, 0.7],
        gap=[0.0, 0.1],
        learning_rate=[1e-3, 1e-4],
        seconds=[10.0, 11.0],
    )
    long = long_curves(frame, METRICS[metric], 0.4)
    spec = curves_chart(long, METRICS[metric], clock, {"Run": "#123456"}, smoothing=0.4)
    altair.Chart.from_json(to_vega_lite(spec).decode())
    raw = spec["layer"][1]["encoding"]
    assert raw["y"]["field"] == "value"
    assert raw["opacity"]["condition"]["value"] == 0.25


def test_the_axis_leaves_out_the_steep_start_unless_asked() -> None:
    values = [0.2, 0.3, *[0.90 + n / 1000 for n in range(20)]]
    long = long_curves(histories(accuracy=values, val_accuracy=values), METRICS["accuracy"], 0.0)
    low, high = value_domain(long, METRICS["accuracy"], whole_range=False)
    assert low > 85
    assert high > 91.9
    low, _ = value_domain(long, METRICS["accuracy"], whole_range=True)
    assert low < 20


def test_a_line_that_never_moves_still_has_an_axis() -> None:
    long = long_curves(histories(learning_rate=[1e-3, 1e-3]), METRICS["learning_rate"], 0.0)
    low, high = value_domain(long, METRICS["learning_rate"], whole_range=False)
    assert low < 1e-3 < high


def test_the_takeaway_gives_the_best_epoch_and_where_it_ended() -> None:
    long = long_curves(
        histories(accuracy=[0.5, 0.9, 0.99], val_accuracy=[0.5, 0.91, 0.9]),
        METRICS["accuracy"],
        0.0,
    )
    words = curves_takeaway(long, METRICS["accuracy"])
    assert "highest validation value: 91.00 % in epoch 2" in words
    assert "ends at 90.00 % in epoch 3" in words


def test_runs_of_unlike_splits_are_not_ranked_by_their_validation_images() -> None:
    runs = [
        histories(accuracy=[0.5, high], val_accuracy=[0.5, high]).assign(run_id=name, label=name)
        for name, high in (("a", 0.91), ("b", 0.93))
    ]
    long = long_curves(pd.concat(runs, ignore_index=True), METRICS["accuracy"], 0.0)
    words = curves_takeaway(long, METRICS["accuracy"], splits=2)
    assert words == (
        "The runs were validated on the images of 2 unlike splits, so this is no ranking: their "
        "best values run from 91.00 % to 93.00 %."
    )
    assert "**b** reaches the highest" in curves_takeaway(long, METRICS["accuracy"])


def test_symbols_mark_about_eight_points_of_a_line() -> None:
    values = [0.5] * 100
    long = long_curves(histories(accuracy=values, val_accuracy=values), METRICS["accuracy"], 0.0)
    assert 7 <= long[long["kind"] == TRAINING]["marked"].sum() <= 9


def test_what_a_line_does_after_its_start_is_never_cut_off() -> None:
    """A noisy run may fall back late; that is no steep start."""
    values = [0.2, 0.8, 0.9, 0.5, 0.9, 0.9, 0.9, 0.9]
    long = long_curves(histories(accuracy=values, val_accuracy=values), METRICS["accuracy"], 0.0)
    low, _ = value_domain(long, METRICS["accuracy"], whole_range=False)
    assert 20 < low < 50


def test_a_line_of_one_epoch_is_never_cut_off() -> None:
    long = long_curves(histories(accuracy=[0.6], val_accuracy=[0.5]), METRICS["accuracy"], 0.0)
    low, high = value_domain(long, METRICS["accuracy"], whole_range=False)
    assert low < 50 < 60 < high


@pytest.mark.parametrize("plot", [270, 500, 900])
def test_twenty_four_runs_keep_their_plot_and_their_names_at_every_width(plot: int) -> None:
    runs = [
        histories(accuracy=[0.5, 0.6], val_accuracy=[0.5, 0.6]).assign(
            run_id=str(n), label=f"Model {n}, a network of some length (Author et al.) · seed {n}"
        )
        for n in range(24)
    ]
    long = long_curves(pd.concat(runs, ignore_index=True), METRICS["accuracy"], 0.0)
    spec = curves_chart(long, METRICS["accuracy"], "epoch", dict.fromkeys(long["label"], "#123456"))
    file = to_vega_lite(spec).decode()
    altair.Chart.from_json(file)
    assert "window:resize" in str(spec)
    assert "window:resize" not in file
    assert len(spec["layer"][1]["encoding"]["shape"]["scale"]["range"]) == 24
    # The legend lies below the plot, which keeps its height, and is no wider than it.
    assert spec["autosize"]["type"] == "fit-x"
    width, height = drawn_size(spec, plot)
    assert width <= plot + 60
    rows = 24 / {270: 1, 500: 2, 900: 4}[plot]
    assert height > spec["height"] + 16 * rows


def test_the_legend_gives_the_short_names_where_they_tell_runs_apart() -> None:
    color, _ = run_encoding(
        {"A 1, deep (Author)": "#1", "A 2, wide (Author)": "#2", "B, x (C)": "#3", "B, y (C)": "#4"}
    )
    assert color["scale"]["domain"][0] == "A 1, deep (Author)"
    shown = json.loads(color["legend"]["labelExpr"].removesuffix("[datum.label]")[1:-1])
    assert list(shown.values()) == ["A 1 (Author)", "A 2 (Author)", "B, x (C)", "B, y (C)"]
