"""Charts and tables of studies, from results over fixture runs."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from fmnist_core.evaluation.study.effects import Effect
from fmnist_core.figures.studies.axes import accuracy_axis, points_axis
from fmnist_core.figures.studies.colors import level_colors
from fmnist_core.figures.studies.curves import (
    PANELS,
    mean_curves,
    panel_chart,
    panel_takeaway,
    published_marks,
    unrest_caveat,
)
from fmnist_core.figures.studies.grid import grid_chart, grid_frame
from fmnist_core.figures.studies.levels import (
    effect_chart,
    effect_frame,
    level_chart,
    level_frame,
    level_takeaway,
)
from fmnist_core.figures.studies.overview import glance_chart, glance_frame, glance_takeaway
from fmnist_core.figures.studies.published import (
    published_accuracy,
    table_columns,
    table_rows,
    table_takeaway,
)
from fmnist_core.figures.studies.response import response_chart, response_frame
from fmnist_core.figures.studies.words import effects_note
from fmnist_core.papers import find_system
from fmnist_core.runs.read import read_history
from tests.unit.figures.drawings import drawn_svg


@pytest.fixture
def optimizers(result_of):
    levels = {"Adam": (0.93, 0.94), "SGD": 0.88, "Adadelta": 0.73}
    return result_of("optimizers", "ajani_m6", levels)


def histories(root, part):
    return {run: read_history(root, run) for one in part.trained for run in one.run_ids}


def test_the_axis_of_accuracies_fits_them_and_bends_where_one_level_failed():
    near = accuracy_axis([91.5, 93.2])
    low, high = near.encoding["scale"]["domain"]
    assert not near.bent
    assert 91 < low < 91.5
    assert 93.2 < high < 94
    far = accuracy_axis([73.0, 93.2])
    assert far.bent
    assert "log" in far.encoding["title"]
    low, high = far.encoding["scale"]["domain"]
    assert low < far.place(93.2) < far.place(73.0) < high
    assert all(low <= tick <= high for tick in far.encoding["axis"]["values"])
    assert not accuracy_axis([50.0, 100.0]).bent  # no logarithm of no errors


def test_the_axis_of_differences_always_holds_zero():
    low, high = points_axis([0.5, 1.5])["scale"]["domain"]
    assert low < 0 < high
    bent = points_axis([-20.0, 0.4])
    assert bent["scale"]["type"] == "symlog"
    assert "bent" in bent["title"]


def test_levels_carry_seeds_interval_and_what_was_published(optimizers):
    frame = level_frame(optimizers).set_index("label")
    assert list(frame.index) == ["Adam", "SGD", "Adadelta"]
    assert frame.loc["Adam", "each"] == "0: 93.00, 1: 94.00"
    assert frame.loc["Adam", "deviation"] == pytest.approx(0.00707, abs=1e-5)
    assert frame["deviation"].isna().tolist() == [False, True, True]
    assert frame.loc["Adam", "published"] == 0.9367
    assert frame.loc["SGD", "printed_by"] == "Figure 11, 0.8785"
    assert "73.00 % (Adadelta, Model 6)" in level_takeaway(frame.reset_index())


def test_levels_that_are_equally_accurate_are_all_named(result_of):
    accuracies = {"As published": 0.9, "Without dropout": 0.9, "Without augmentation": 0.8}
    frame = level_frame(result_of("ablation", "s003_enhanced", accuracies))
    assert level_takeaway(frame).endswith(
        "90.00 % (As published, Mini-project, enhanced and "
        "Without dropout, Mini-project, enhanced)."
    )
    assert level_takeaway(frame.iloc[:2]) == "Both levels reach 90.00 %."


def test_numbers_of_mnist_or_of_changed_levels_are_not_shown_as_published(result_of):
    shares = result_of("data_share", "chen_cnn", {"25 %": 0.86, "100 %": 0.9})
    assert level_frame(shares)["published"].isna().all()
    ablation = result_of("ablation", "s003_enhanced", {"As published": 0.9, "Without dropout": 0.9})
    levels = ablation.series[0].levels
    claimed = {one.level.label: published_accuracy(ablation.study, one) for one in levels}
    assert claimed["As published"].value == 0.8929
    assert claimed["Without dropout"] is None
    assert claimed["Without augmentation"] is None


def test_a_level_that_is_our_reading_of_the_source_has_no_published_number(result_of):
    grid = result_of("activation_optimizer", "kadam_a1", {"ReLU with Adam": 0.9})
    assert find_system("kadam_a1").published  # under an optimizer that the source does not name
    assert level_frame(grid)["published"].isna().all()
    batches = result_of("batch_size", "s003_enhanced", {"64": 0.9})
    assert level_frame(batches)["published"].tolist() == [0.8929]


def test_a_p_value_is_never_printed_as_zero(result_of):
    effects = effect_frame(result_of("data_share", "chen_cnn", {"25 %": 0.7, "100 %": 0.9}))
    glance = glance_frame([result_of("data_share", "chen_cnn", {})])
    cells = {"ReLU with Adam": 0.9, "ReLU with SGD": 0.6}
    grid = grid_frame(result_of("activation_optimizer", "kadam_a1", cells).series[0])
    for frame in (effects, glance, grid.dropna(subset="p")):
        assert frame["p"].tolist() == ["< 0.0001"]
        assert 0 < frame["p_holm"].item() < 1e-4  # as it is, for the CSV


def test_a_chart_of_levels_draws_each_seed_and_its_rows_are_those_of_the_effects(optimizers):
    levels, effects = level_frame(optimizers), effect_frame(optimizers)
    left, right = level_chart(levels), effect_chart(effects, levels)
    ticks = next(layer for layer in left["layer"] if layer["mark"]["type"] == "tick")
    assert [seed["value"] for seed in ticks["data"]["values"]] == [93.0, 94.0]
    rows = [spec["layer"][1]["encoding"]["y"]["scale"]["domain"] for spec in (left, right)]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 1 + 3  # below the name of their network
    assert left["height"] == right["height"]
    assert effects["verdict"].tolist() == ["worse", "worse"]


def test_levels_of_one_name_in_two_series_have_a_row_each_under_their_networks(result_of):
    result_of("augmentation", "ajani_mlp", {"Not augmented": 0.88})
    both = result_of("augmentation", "s003_enhanced", {"Not augmented": 0.9})
    y = level_chart(level_frame(both))["layer"][1]["encoding"]["y"]
    assert len(y["scale"]["domain"]) == len(set(y["scale"]["domain"])) == 4


def test_levels_have_colours_of_their_own_unless_each_is_another_architecture(
    optimizers, result_of
):
    assert len(set(level_colors(optimizers, optimizers.series[0]).values())) == 7
    depth = result_of("depth", "kadam", {"2 convolutions": 0.9, "3 convolutions": 0.9})
    colors = level_colors(depth, depth.series[0])
    assert len(set(colors.values())) == 3
    assert not set(colors.values()) & set(level_colors(optimizers, optimizers.series[0]).values())


def test_a_level_of_one_name_has_one_colour_in_every_series(result_of):
    study = result_of("batch_normalisation", "ajani_m4", {"No batch normalisation": 0.9})
    known = {}
    for part in study.series:
        for label, color in level_colors(study, part).items():
            assert known.setdefault(label, color) == color
    assert len(set(known.values())) == len(known) == 3


def test_the_published_table_stands_beside_ours_row_by_row(optimizers, tmp_path):
    part = optimizers.series[0]
    columns = table_columns(optimizers)
    rows = table_rows(optimizers, part, histories(tmp_path, part))
    assert [c.label for n, c in columns.items() if n.startswith("c")][:2] == [
        "Initial Train Loss",
        "Final Train Loss",
    ]
    assert rows["kind"].tolist()[:4] == ["measured", "published", "measured", "published"]
    assert len(rows) == 7 + 3
    published = rows[(rows["level"] == "Adadelta") & (rows["kind"] == "published")].iloc[0]
    assert published["c0"] == 4.2911
    adam = rows[(rows["level"] == "Adam") & (rows["kind"] == "measured")].iloc[0]
    seeds = [read_history(tmp_path, run)[-1].val_accuracy for run in part.levels[0].run_ids]
    assert adam["c7"] == pytest.approx(sum(seeds) / 2)
    assert "of 8 columns" in table_takeaway(rows, columns)


def test_effects_no_larger_than_the_last_epochs_movements_are_named():
    one = Effect("s", "Wide", "Base", 10_000, -0.02, (-0.03, -0.01), 0.001, 0.001, 0.001, 0.005)
    large = replace(one, level="Poor", difference=-0.2)
    values = {"Base": [0.9] * 8, "Wide": [0.9, 0.88, 0.9, 0.9, 0.86, 0.9, 0.88, 0.88]}
    curves = pd.DataFrame(
        [
            {"label": label, "epoch": epoch, "val_accuracy": value}
            for label, of_level in values.items()
            for epoch, value in enumerate(of_level, 1)
        ]
    )
    said = unrest_caveat(curves, [one, large])
    assert "by up to 4.00 points from one to the next (Wide): Wide is no further" in said
    assert unrest_caveat(curves, [large]) == ""
    assert unrest_caveat(curves[curves["label"] == "Base"], [one]) == ""


def test_the_points_at_a_glance_bear_the_names_of_their_levels(result_of):
    accuracies = {"After the activation": 0.9, "Before the activation": 0.85}
    result = result_of(
        "batch_normalisation", "s003_enhanced", accuracies | {"No batch normalisation": 0.94}
    )
    shown = glance_chart(glance_frame([result]))
    rows = shown["data"].set_index("level").to_dict("index")
    # Outwards the axis ends: there is room for both names on the other side alone.
    assert rows["No batch normalisation"]["name_side"] == "left"
    assert rows["Before the activation"]["name_side"] == "right"


def test_four_panels_show_the_mean_of_seeds_and_the_published_ends(optimizers, tmp_path):
    part = optimizers.series[0]
    curves = mean_curves(part, histories(tmp_path, part))
    assert len(curves) == 3 * 6
    assert curves.groupby("label")["seeds"].max().to_dict() == {"Adam": 2, "SGD": 1, "Adadelta": 1}
    marks = published_marks("ajani_optimizers", part)
    assert len(marks) == 3 * 8
    assert set(marks["epoch"]) == {1, 20}
    for panel in PANELS:
        spec = panel_chart(curves, marks, panel, part, level_colors(optimizers, part))
        assert len(spec["layer"]) == 3
        assert len(spec["layer"][2]["data"]["values"]) == 6
        assert panel.title in panel_takeaway(curves, panel)
    assert published_marks("", part).empty


def test_an_ordered_factor_is_a_line_and_its_budget_stands_in_the_legend(result_of):
    shares = {"25 %": 0.86, "50 %": 0.88, "100 %": 0.9}
    result = result_of("data_share", "chen_capsnet", shares, epochs=4)
    frame = response_frame(result)
    assert set(frame["label"]) == {"CapsNet (4 of 20 epochs)"}
    spec = response_chart(frame, result.study.axis)
    x = spec["layer"][1]["encoding"]["x"]
    assert x["axis"]["values"] == [25, 50, 100]
    assert x["scale"]["type"] == "log"  # each double the one before


def test_a_failed_level_bends_the_axis_so_that_the_other_lines_stay_apart(result_of):
    shares = {"25 %": 0.10, "75 %": 0.87, "100 %": 0.88}
    frame = response_frame(result_of("data_share", "chen_densenet", shares, epochs=3))
    spec = response_chart(frame, "Share")
    y = spec["layer"][1]["encoding"]["y"]
    assert y["title"] == "Test accuracy (%), log of errors"
    assert y["scale"]["type"] == "log"
    places = dict(zip(spec["data"]["level"], spec["data"][y["field"]], strict=True))
    assert places["75 % (3 of 20 epochs)"] == pytest.approx(13)  # its errors
    assert "titleAnchor" not in y["axis"]


def test_an_effect_with_a_second_cause_is_a_square_and_the_note_says_so(result_of):
    shares = {"25 %": 0.10, "75 %": 0.87, "100 %": 0.88}
    result = result_of("data_share", "chen_densenet", shares, epochs=3)
    frame = effect_frame(result)
    assert [also != "" for also in frame["also"]] == [True, False]
    points = effect_chart(frame, level_frame(result))["layer"][-1]["encoding"]
    assert points["shape"]["condition"] == {"test": "datum.also != ''", "value": "square"}
    assert "A square has a second cause besides the factor." in effects_note(result)
    batches = result_of("batch_size", "s003_enhanced", {"64": 0.9, "128": 0.92})
    assert "square" not in effects_note(batches)


def test_a_table_of_two_factors_marks_reference_ties_and_what_is_missing(result_of):
    cells = {"ReLU with Adam": 0.9, "Tanh with Adam": 0.9, "ReLU with SGD": 0.8}
    result = result_of("activation_optimizer", "kadam_a1", cells)
    frame = grid_frame(result.series[0])
    assert len(frame) == 20
    marks = {(row["row"], row["column"]): row["mark"] for row in frame.to_dict("records")}
    assert marks["ReLU", "Adam"] == "ref"
    assert marks["Tanh", "Adam"] == "≈"
    assert marks["ReLU", "SGD"] == ""
    chart = grid_chart(frame, "Activation", "Optimizer")
    assert (chart["data"]["written"] == "–").sum() == 17
    assert "90.00 ref" in set(chart["data"]["written"])
    for plot, aslant in ((250, True), (700, False)):
        svg = drawn_svg(chart, plot)
        for name in set(frame["column"]):
            (tag,) = re.findall(f"<text([^>]*)>{name}</text>", svg)
            assert 'opacity="0"' not in tag, "a name that is hidden"
            assert ("rotate(40)" in tag) is aslant


def test_all_studies_at_a_glance_name_the_largest_effects(optimizers, result_of):
    depth = result_of("depth", "mcnn", {"MCNN9": 0.85, "MCNN12": 0.9}, epochs=3)
    frame = glance_frame([optimizers, depth])
    assert frame["budget"].tolist() == ["full", "full", "3 of 50 epochs"]
    text = glance_takeaway(frame)
    assert text.startswith("Of 2 effects in 1 study, 2 are more than chance explains")
    assert "largest loss is **Adadelta** against Adam (Model 6)" in text
    assert text.endswith("; 1 more has a second cause.")
    assert "MCNN12" not in text
    assert frame["verdict"].tolist()[-1] == "second cause"
    assert "learning rate" in frame["also"].tolist()[-1]
    assert frame["also"].tolist()[:2] == ["", ""]
    assert glance_takeaway(frame.tail(1)) == "The one effect has a second cause."
    rows = glance_chart(frame)["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert rows == ["Optimizers", "Depth"]
