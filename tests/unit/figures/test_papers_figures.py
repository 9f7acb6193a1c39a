"""Published numbers beside ours: tables, charts and their sentences, from made-up runs."""

import dataclasses
import json
import re
from pathlib import Path

import pandas as pd
import pytest
import vl_convert

from fmnist_core.evaluation.ledger import LedgerRow, read_ledger
from fmnist_core.evaluation.ledger_choice import choose_runs, needed_recipe
from fmnist_core.evaluation.ledger_evidence import read_evidence
from fmnist_core.figures.histories import history_frame
from fmnist_core.figures.papers_bars import bars_caveat, bars_chart, bars_frame, bars_takeaway
from fmnist_core.figures.papers_curves import (
    FINAL,
    OURS,
    PUBLISHED,
    QUANTITIES,
    curves_caveat,
    curves_chart,
    curves_takeaway,
    line_colors,
    our_lines,
    picture_rows,
    pictures,
    published_points,
    quantities,
)
from fmnist_core.figures.papers_dots import dots_chart, dots_frame, dots_takeaway
from fmnist_core.figures.papers_protocols import (
    matrix,
    matrix_takeaway,
    side_by_side,
    side_takeaway,
)
from fmnist_core.figures.papers_references import (
    reference_chart,
    reference_frame,
    reference_takeaway,
)
from fmnist_core.figures.papers_register import entries_of, entries_of_table, with_names
from fmnist_core.figures.papers_rows import (
    VERDICTS,
    in_style,
    ledger_frame,
    marks,
    network_name,
    printed_frame,
    shown_columns,
    source_words,
    table_takeaway,
    verdict_counts,
)
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.papers import contradictions, find_system, find_table, papers, systems, tables
from fmnist_core.papers.references import references
from fmnist_core.recipes import Recipe
from fmnist_core.runs.read import read_history, read_run
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.shipped_runs import SHIPPED
from tests.unit.evaluation.example_evidence import MadeUp

SEEDS = tuple(
    FixtureRun(
        "s003_enhanced", 0.89, seed=seed, number=seed, epochs=15, protocol="test-as-validation"
    )
    for seed in range(3)
)


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> tuple[LedgerRow, ...]:
    return read_ledger(tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[LedgerRow, ...]]:
    root = tmp_path_factory.mktemp("some")
    for run in SEEDS:
        write_fixture_run(root, run)
    return root, read_ledger(root)


def of_table(rows, table: str) -> list[LedgerRow]:
    return [row for row in rows if row.table == table]


def test_every_published_number_is_counted_once_under_one_verdict(nothing) -> None:
    printed = sum(len(system.published) for system in systems())
    counts = verdict_counts(nothing)
    assert list(counts) == list(VERDICTS)
    assert sum(counts.values()) == printed
    assert bars_frame(nothing)["numbers"].sum() == printed
    assert f"**{printed:,}** numbers" in bars_takeaway(nothing)


def test_how_wide_the_intervals_of_reproduced_numbers_are_is_said(some, nothing) -> None:
    assert bars_caveat(nothing) == ""
    row = next(row for row in some[1] if row.metric == "test_accuracy")
    made = [
        dataclasses.replace(row, verdict="reproduced", ci95=(0.9 - half, 0.9 + half))
        for half in (0.01, 0.02, 0.17)
    ]
    wrong = dataclasses.replace(row, verdict="not reproduced", ci95=(0.0, 1.0))
    assert bars_caveat([*made, wrong]).endswith("reach ±1.0 to ±17.0 points, ±2.0 in the median.")


def test_the_legend_of_the_verdicts_is_no_wider_than_a_phone(nothing) -> None:
    source = bars_frame(nothing).head(1)
    frame = pd.concat([source.assign(verdict=title) for title in VERDICTS.values()])
    frame["source"] = "Fashion-MNIST Classification"
    spec = json.loads(to_vega_lite(bars_chart(frame)))
    spec["config"]["legend"]["labelFontSize"] = 14  # as the page has it
    svg = vl_convert.vegalite_to_svg(spec | {"width": 180, "autosize": "pad"})
    drawn = re.search(r'width="([\d.]+)"', svg)
    assert drawn
    assert float(drawn[1]) <= 358


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_a_table_stands_as_printed_cell_by_cell_and_without_runs_has_none_of_ours(
    table, nothing
) -> None:
    frame, columns = printed_frame(table, of_table(nothing, table.id))
    assert list(frame["label"]) == [row.label for row in table.rows]
    for place in range(len(table.columns)):
        cells = [row.cells[place] or "–" for row in table.rows]
        assert list(frame[f"printed_{place}"]) == cells
    trained = [p for p, column in enumerate(table.columns) if "accuracy" in column.metric]
    assert not [place for place in trained if f"ours_{place}" in columns]


def test_ours_stands_right_of_what_it_belongs_to(some) -> None:
    _, rows = some
    table = find_table("s003_epochs")
    frame, columns = printed_frame(table, of_table(rows, table.id))
    order = list(columns)
    assert order.index("ours_3") == order.index("printed_3") + 1
    first = next(r for r in of_table(rows, table.id) if (r.epoch, r.metric) == (1, "val_accuracy"))
    assert frame["ours_3"].iloc[0] == f"{first.measured:.4f} (other recipe)"
    assert frame["ours_0"].iloc[0] == "–"  # the source lost this cell: there is nothing to compare


@pytest.mark.parametrize(
    ("value", "metric", "printed", "expected"),
    [
        (0.91345, "test_accuracy", "93.56%", "91.34%"),
        (0.91345, "test_accuracy", "89.6", "91.34%"),
        (0.91345, "val_accuracy", "0.8929", "0.9134"),
        (0.9805, "recall", "982/1000", "980/1000"),
        (422922, "params", "422922", "422,922"),
        (0.28671, "test_loss", "0.2867", "0.2867"),
        (23.14, "seconds_per_epoch", "75s", "23.1 s"),
    ],
)
def test_ours_is_printed_as_the_source_prints_its_own(value, metric, printed, expected) -> None:
    assert in_style(value, metric, printed) == expected


def test_a_number_carries_every_mark_it_needs(some) -> None:
    _, rows = some
    wanted = ("s003_enhanced", "test_accuracy")
    ours = next(row for row in rows if (row.system, row.metric) == wanted)
    assert marks(ours) == ["other protocol", "test set seen in training"]
    as_said = dataclasses.replace(ours, protocol_differences=(), budget="full")
    assert marks(as_said) == ["test set seen in training"]
    reduced = dataclasses.replace(
        ours, basis="reconstruction", budget="reduced", protocol_differences=("epochs: 5 here.",)
    )
    assert marks(reduced) == [
        "reconstruction",
        "reduced training",
        "other protocol",
        "test set seen in training",
    ]
    counted = next(r for r in rows if r.system == "s003_enhanced" and r.metric == "params")
    assert marks(counted) == []  # follows from the layers: no image was seen
    mnist = next(r for r in rows if r.dataset == "mnist")
    assert "MNIST" in marks(mnist)


def test_numbers_of_mnist_stand_without_one_of_ours(some) -> None:
    rows = [row for row in some[1] if row.dataset == "mnist"]
    assert rows
    frame = ledger_frame(rows)
    assert set(frame["ours"]) == {"–"}
    assert "ours" not in shown_columns(frame)
    assert dots_frame(rows).empty


def test_columns_that_say_nothing_are_left_out_and_come_with_the_runs(nothing, some) -> None:
    table = "s003_report_b"
    before = shown_columns(ledger_frame([r for r in of_table(nothing, table) if r.metric == "f1"]))
    after = shown_columns(ledger_frame([r for r in of_table(some[1], table) if r.metric == "f1"]))
    assert not {"difference_words", "interval", "spread"} & set(before)
    assert {"difference_words", "interval", "spread"} <= set(after)


def test_a_takeaway_says_what_came_of_the_numbers(nothing, some) -> None:
    optimizers = of_table(nothing, "ajani_optimizers")
    assert table_takeaway(optimizers) == "56 published numbers, none of them measured here."
    assert "reproduced" in table_takeaway(of_table(some[1], "s003_report_b"))
    silent = [row for row in nothing if row.published is None]
    assert table_takeaway(silent) == "The source prints no number here."


def test_a_chart_of_dots_has_one_line_a_number_and_a_name_for_each(some) -> None:
    frame = dots_frame([r for r in some[1] if r.source == "002" and not r.table])
    assert frame["label"].is_unique
    assert len(frame) == 11
    assert "none of them measured" in dots_takeaway(frame)
    report = dots_frame(of_table(some[1], "s003_report_b"))
    assert "farthest apart" in dots_takeaway(report)
    assert dots_chart(report)["height"] > dots_chart(frame)["height"]
    legend = dots_chart(frame)["layer"][-1]["encoding"]["shape"]["legend"]
    assert legend["columns"]["expr"].endswith("? 1 : 2")  # on a phone one below the other


def test_networks_with_one_short_name_keep_their_long_ones() -> None:
    names = [network_name(system.id) for system in systems()]
    assert len(set(names)) == len(names)
    assert network_name("ajani_m6") == "Model 6 (Ajani et al.)"
    assert network_name("s003_basic_a") == find_system("s003_basic_a").title


def histories(root: Path, rows) -> "object":
    import pandas as pd

    ids = dict.fromkeys(run for row in rows for run in row.run_ids)
    return pd.concat(
        [history_frame(read_run(root, name), read_history(root, name)) for name in ids]
    )


def test_the_log_is_drawn_over_every_seed_of_ours(some) -> None:
    root, rows = some
    assert list(pictures("003")) == ["s003_epochs", FINAL]
    shown = picture_rows(rows, "003", "s003_epochs")
    assert list(quantities(shown)) == list(QUANTITIES)
    quantity = QUANTITIES["val_accuracy"]
    points = published_points(shown, quantity, "s003_epochs")
    assert list(points["epoch"]) == list(range(1, 16))
    assert points["value"].iloc[9] == pytest.approx(81.85)
    ours = our_lines(shown, quantity, "s003_epochs", histories(root, shown))
    assert ours.groupby("run_id").size().tolist() == [15, 15, 15]
    assert "At 15 published points" in curves_takeaway(points, ours, quantity)
    chart = curves_chart(points, ours, quantity, line_colors(shown, "s003_epochs"))
    dash = chart["layer"][0]["encoding"]["strokeDash"]["scale"]
    assert dict(zip(dash["domain"], dash["range"], strict=True)) == {
        OURS: [1, 0],
        PUBLISHED: [5, 4],
    }
    assert "test images serve for validation" in curves_caveat(shown, "s003_epochs")


def test_the_first_and_the_last_epoch_are_not_joined_to_a_curve_that_nobody_printed(
    nothing,
) -> None:
    shown = picture_rows(nothing, "004", "ajani_optimizers")
    quantity = QUANTITIES["val_accuracy"]
    points = published_points(shown, quantity, "ajani_optimizers")
    assert sorted(set(points["epoch"])) == [1, 20]
    assert points["label"].nunique() == 7
    ours = points.iloc[:0]
    assert "none of these networks was trained" in curves_takeaway(points, ours, quantity)
    chart = curves_chart(points, ours, quantity, line_colors(shown, "ajani_optimizers"))
    assert chart["layer"][0]["transform"] == [{"filter": f"datum.who === '{OURS}'"}]


def test_published_numbers_stay_in_the_picture_whatever_leaves_it(some) -> None:
    root, rows = some
    shown = picture_rows(rows, "003", "s003_epochs")
    quantity = QUANTITIES["val_accuracy"]
    points = published_points(shown, quantity, "s003_epochs")
    ours = our_lines(shown, quantity, "s003_epochs", histories(root, shown))
    colors = line_colors(shown, "s003_epochs")
    low = [
        curves_chart(points, ours, quantity, colors, whole_range=whole)["layer"][0]["encoding"][
            "y"
        ]["scale"]["domain"][0]
        for whole in (False, True)
    ]
    assert low[1] < ours["value"].min() < low[0] < points["value"].min()


def test_a_protocol_says_what_is_stated_what_is_ours_and_what_was_changed(some) -> None:
    system = find_system("ajani_m1")
    frame = side_by_side(system, None).set_index("setting")
    assert frame.loc["Optimizer", "status"] == "✓ stated"
    assert frame.loc["Batch size", "status"] == "○ reconstructed"
    assert frame.loc["Batch size", "theirs"] == "not said"
    assert (frame.loc["Split", "theirs"], frame.loc["Split", "status"][0]) == ("not said", "○")
    of_five = side_by_side(find_system("ajani_m5"), None).set_index("setting")
    assert "official test images serve for validation" in of_five.loc["Split", "theirs"]
    own_layers = side_by_side(find_system("mcnn12"), None).set_index("setting")
    assert own_layers.loc["Layers", "theirs"] == "not said"
    changed_system = find_system("s003_enhanced")
    choice = choose_runs(
        changed_system, needed_recipe(changed_system), [read_evidence(some[0], SEEDS[0].run_id)]
    )
    changed = side_by_side(changed_system, choice)
    wrong = changed.set_index("setting")
    assert wrong.loc["Batch size", "status"] == "≠ changed"  # fixture runs use batches of 128
    assert (wrong.loc["Batch size", "theirs"], wrong.loc["Batch size", "ours"]) == ("64", "128")
    stated = len(changed) - (changed["theirs"] == "not said").sum()
    assert f"the source states {stated}, and" in side_takeaway(changed, choice)
    assert "our training departs in" in side_takeaway(changed, choice)


def test_networks_trained_in_full_are_told_from_those_trained_as_their_source_says() -> None:
    known = [find_system(name) for name in ("kadam_a1", "vijayaraj_cnn", "s003_enhanced")]
    assert matrix_takeaway(known, {}) == "None of 3 networks is trained here at full length."
    # Optimizer, rate, batch size and epochs of the first are ours, the layers of the second.
    ours = {
        system.id: choose_runs(system, needed_recipe(system), [MadeUp(system.id).evidence()])
        for system in known[:2]
    }
    assert matrix_takeaway(known, ours) == (
        "2 of 3 networks are trained here at full length; of none of them does the source state "
        "every setting."
    )
    keys = tuple(field.name for field in dataclasses.fields(Recipe))
    told = dataclasses.replace(known[0], basis="stated", stated_recipe=keys)
    assert matrix_takeaway([told, *known[1:]], ours).endswith(
        "; of 1 of them the source states every setting."
    )
    assert matrix_takeaway([told], ours) == (
        "1 of 1 network is trained here at full length; the source states every setting of it."
    )


def test_a_reduced_run_is_told_from_an_untrained_network_in_the_protocols() -> None:
    system = find_system("kadam_a1")
    short = MadeUp("kadam_a1", changes={"epochs": 3}).evidence()
    choice = choose_runs(system, needed_recipe(system), [short])
    frame = side_by_side(system, choice).set_index("setting")
    assert (frame.loc["Epochs", "ours"], frame.loc["Epochs", "status"][0]) == ("3", "≠")
    assert "Length of our training" not in frame.index, "one departure is one row"
    assert "departs in 1." in side_takeaway(side_by_side(system, choice), choice)
    stopped = dataclasses.replace(choice, budget="stopped")
    halted = side_by_side(system, stopped).set_index("setting")
    assert halted.loc["Length of our training", "ours"].startswith("3 of 3 epochs: stopped")
    assert list(matrix([system], {"kadam_a1": choice})["trained"]) == ["reduced"]
    assert list(matrix([system], {})["trained"]) == ["not yet"]
    assert matrix_takeaway([system], {"kadam_a1": choice}).startswith("None of 1 network is")


def test_a_classifier_without_a_network_has_no_optimizer_and_no_epochs() -> None:
    system = find_system("svc")
    own = read_evidence(SHIPPED, next(SHIPPED.glob("svc-*")).name)
    choice = choose_runs(system, needed_recipe(system), [own])
    frame = side_by_side(system, choice).set_index("setting")
    assert list(frame.index) == ["Layers", "Split", "Learned from"]
    assert frame.loc["Learned from", "ours"] == "48,000 images"
    assert list(side_by_side(system, None)["setting"]) == ["Layers", "Split"]
    row = matrix([find_system("kadam_a1"), system], {"svc": choice}).set_index("system")
    assert row.loc[system.title, "Optimizer"] == "–"


def test_the_register_is_found_by_source_by_words_and_by_table() -> None:
    assert len(entries_of("")) == len(contradictions()) == 45
    assert {entry.id for entry in entries_of("001")} == {"C18", "C19", "C20", "C21", "C44"}
    assert [entry.id for entry in entries_of("004", "  ADAGRAD ")] == ["C40"]
    assert entries_of("", "no entry says this") == []
    for entry in contradictions():
        assert all(entry in entries_of_table(table) for table in entry.tables)
        for text in (entry.one, entry.other, entry.resolution):
            named = with_names(text)
            assert not re.search(r"(?:^|\s)00[0-4]\b", named)
            numbers = re.findall(r"\d+(?:[.,]\d+)+", text)
            assert numbers == re.findall(r"\d+(?:[.,]\d+)+", named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("48,000 images at 512 a batch.", "48,000 images at 512 a batch."),
        ("3,004,36 and 1.000, not 60,000.", "3,004,36 and 1.000, not 60,000."),
        ("In 004 and 002, unlike 000.", "In {004} and {002}, unlike {000}."),
        (
            "004,362 is no source; 004, like 000, is.",
            "004,362 is no source; {004}, like {000}, is.",
        ),
    ],
)
def test_names_stand_for_sources_and_never_within_a_number(text: str, named: str) -> None:
    for paper in papers():
        named = named.replace("{" + paper.id + "}", source_words(paper.id))
    assert with_names(text) == named


def test_references_keep_their_trust_and_ours_is_a_line_across() -> None:
    frame = reference_frame(references())
    assert len(frame) == len(references())
    assert frame["accuracy"].is_monotonic_decreasing
    unknown = frame["params"].isna()
    assert unknown.any()
    assert set(frame.loc[unknown, "params_words"]) == {"–"}
    assert not frame.loc[~unknown, "params_words"].eq("–").any()
    old = frame[frame["images"].isin(["old", "likely old"])]
    assert set(old["trust"]) == {"not comparable"}
    says = reference_takeaway(references(), ("**ours**", 0.92))
    assert "83.5 %" in says
    assert "**ours**, reaches 92.00 %" in says
    assert len(reference_chart(frame, 0.92)["layer"]) == 2
    assert len(reference_chart(frame, None)["layer"]) == 1
    assert "Our best run" not in reference_takeaway(references(), None)
