"""Published numbers beside ours: tables, charts and their sentences, from made-up runs."""

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest

from fmnist_core.evaluation.ledger.rows import LedgerRow, read_ledger
from fmnist_core.figures.histories import history_frame
from fmnist_core.figures.papers.bars import bars_caveat, bars_chart, bars_frame, bars_takeaway
from fmnist_core.figures.papers.curves import (
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
from fmnist_core.figures.papers.dots import dots_chart, dots_frame, dots_takeaway
from fmnist_core.figures.papers.references import (
    reference_chart,
    reference_frame,
    reference_takeaway,
)
from fmnist_core.figures.papers.register import entries_of, entries_of_table, with_names
from fmnist_core.figures.papers.rows import (
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
from fmnist_core.papers import contradictions, find_system, find_table, papers, systems, tables
from fmnist_core.papers.references import references
from fmnist_core.runs.read import read_history, read_run
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.unit.figures.drawings import drawn_size, drawn_svg

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


@pytest.mark.parametrize("plot", [180, 459, 460, 580, 699, 700, 1000])
def test_no_verdict_is_cut_off_the_legend(nothing, plot) -> None:
    source = bars_frame(nothing).head(1)
    frame = pd.concat([source.assign(verdict=title) for title in VERDICTS.values()])
    frame["source"] = "Fashion-MNIST Classification"
    width, _ = drawn_size(bars_chart(frame), plot)
    assert width <= plot + 178  # 358 on a phone; what the names left of the plot take


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
    assert marks(ours) == ["other protocol", "test set used for validation"]
    as_said = dataclasses.replace(ours, protocol_differences=(), budget="full")
    assert marks(as_said) == ["test set used for validation"]
    reduced = dataclasses.replace(
        ours, basis="reconstruction", budget="reduced", protocol_differences=("epochs: 5 here.",)
    )
    assert marks(reduced) == [
        "reconstruction",
        "reduced training",
        "other protocol",
        "test set used for validation",
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
    assert not {"points", "interval", "spread"} & set(before)
    assert {"points", "interval", "spread"} <= set(after)
    assert "difference_words" not in after  # every number of this table is a share


def test_differences_of_shares_are_numbers_that_sort_and_others_are_words(some) -> None:
    frame = ledger_frame(some[1])
    counts = frame["metric"] == "params"
    measured = frame["measured"].notna()
    shares = measured & frame["metric"].isin(["test_accuracy", "f1"])
    assert (frame[shares]["points"] == frame[shares]["difference"]).all()
    assert set(frame[shares]["difference_words"]) == {"–"}
    assert frame[counts]["points"].isna().all()
    assert "+0" in set(frame[counts & measured]["difference_words"])
    assert {"points", "difference_words"} <= set(shown_columns(frame))


def test_a_verdict_stands_right_beside_the_two_numbers_that_it_judges(some) -> None:
    columns = list(shown_columns(ledger_frame(some[1])))
    assert columns[:5] == ["system", "what", "printed", "ours", "verdict"]


def test_numbers_of_several_sources_say_whose_each_is(nothing) -> None:
    frame = ledger_frame(nothing)
    assert "printed_by" in shown_columns(frame)
    mcnn15 = frame[(frame["system_id"] == "mcnn15") & (frame["printed"] == "94.04%")]
    assert set(mcnn15["printed_by"]) == {source_words("000"), source_words("001")}
    of_one = ledger_frame([row for row in nothing if row.source == "001"])
    assert "printed_by" not in shown_columns(of_one)


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
    # A row's name leaves out the source where it is long: what tells the rows apart is at its end.
    names = re.findall(">([^<]+)</text>", drawn_svg(dots_chart(frame), 700))
    assert any(name.startswith("CNN, Validation accuracy") for name in names)
    assert not any("(PyTorch report), " in name for name in names)
    legend = dots_chart(frame)["layer"][-1]["encoding"]["shape"]["legend"]
    assert legend["columns"]["expr"].endswith("? 1 : 2")  # one below the other if need be


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


def test_a_run_that_ended_early_stays_in_the_picture_and_is_named(some) -> None:
    root, rows = some
    shown = picture_rows(rows, "003", "s003_epochs")
    quantity = QUANTITIES["val_accuracy"]
    points = published_points(shown, quantity, "s003_epochs").tail(1)  # epoch 15
    ours = our_lines(shown, quantity, "s003_epochs", histories(root, shown))
    short = ours[ours["epoch"] == 1]
    (label,) = set(short["label"])
    assert curves_takeaway(points, short, quantity) == (
        f"Here **{label}** did not reach the epoch of what is published."
    )
    chart = curves_chart(points, short, quantity, line_colors(shown, "s003_epochs"))
    low, _ = chart["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < short["value"].min()


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
