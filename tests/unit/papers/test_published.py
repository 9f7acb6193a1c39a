"""The published numbers: kept as printed, and saying the same as their values."""

import re
from itertools import pairwise

import pytest

from fmnist_core.data.dataset import CLASS_NAMES
from fmnist_core.errors import UnknownNameError
from fmnist_core.papers import find_system, find_table, systems, tables
from fmnist_core.papers.reading import parse_printed
from fmnist_core.papers.schema import METRICS
from fmnist_core.papers.strict_toml import CatalogueError

EVERY = [(system, number) for system in systems() for number in system.published]
WORDS = {"one hour and forty-five minutes": 6300.0, "17 hours": 17 * 3600.0}
MISPRINTS = {"2,595,91": 2595914.0, "3,004,36": 3004362.0}


def test_all_346_published_numbers_are_there():
    counts = dict.fromkeys(("000", "001", "002", "003", "004"), 0)
    for _, number in EVERY:
        counts[number.paper] += 1
    assert counts == {"000": 70, "001": 12, "002": 11, "003": 168, "004": 85}


@pytest.mark.parametrize(("system", "number"), EVERY, ids=lambda value: getattr(value, "id", ""))
def test_a_printed_number_says_its_value(system, number):
    known = WORDS | MISPRINTS
    if number.printed in known:
        assert number.value == known[number.printed]
        return
    parts = [float(part) for part in re.findall(r"\d+\.?\d*", number.printed.replace(",", ""))]
    if "/" in number.printed:
        said = parts[0] / parts[1]
    else:
        (said,) = parts
        if METRICS[number.metric][1] == "fraction" and said > 1:
            said /= 100
    assert number.value == pytest.approx(said, abs=1e-12)


@pytest.mark.parametrize(("system", "number"), EVERY, ids=lambda value: getattr(value, "id", ""))
def test_a_published_number_says_what_it_is(system, number):
    title, unit = METRICS[number.metric]
    assert title
    assert number.place
    assert number.value >= 0
    if unit == "fraction":
        assert number.value <= 1
    if number.class_name:
        assert number.class_name in CLASS_NAMES


def numbers(system_id, metric, **conditions):
    return [
        number.value
        for number in find_system(system_id).published
        if number.metric == metric
        and all(getattr(number, key) == value for key, value in conditions.items())
    ]


def test_numbers_in_the_text_and_in_tables_are_found_the_same_way():
    assert numbers("awasthi_basic", "val_loss") == [0.6145]
    assert numbers("kadam_a3", "test_accuracy", dataset="fashion_mnist") == [0.9356]
    assert numbers("kadam_a3", "test_accuracy", dataset="mnist") == [0.9937]
    assert numbers("mcnn15", "trainable_params") == [2595914]
    assert numbers("chen_capsnet", "test_accuracy", train_fraction=0.5) == [0.9712]
    assert numbers("ajani_m6", "val_accuracy", optimizer="nadam", epoch=0) == [0.9371]
    assert numbers("ajani_m6", "val_accuracy", optimizer="nadam", epoch=1) == [0.632]
    assert numbers("s003_enhanced", "val_accuracy", epoch=10) == [0.8185]
    assert numbers("s003_enhanced", "recall", class_name="Shirt", table="s003_report_b") == [0.78]
    assert numbers("s002_cnn", "recall", class_name="Bag") == [0.98]


def test_numbers_measured_on_other_data_are_marked():
    assert {n.dataset for n in find_system("chen_cnn").published} == {"mnist"}
    assert {n.dataset for n in find_system("tiwari_vgg16").published} == {"other"}


def test_both_sets_of_accuracies_of_source_002_are_kept():
    found = numbers("s002_cnn", "val_accuracy")
    assert found == [0.91, 0.926]


def test_the_lost_cells_of_the_epoch_log_stay_empty():
    log = find_table("s003_epochs")
    assert [row.key for row in log.rows if not row.cells[0]] == ["1", "2", "7", "8", "10"]
    assert len(numbers("s003_enhanced", "train_loss")) == 10


def test_the_log_ends_in_the_numbers_of_the_results_chapter():
    last = find_table("s003_epochs").rows[-1].cells
    assert last[:4] == ("0.3089", "0.8881", "0.2867", "0.8929")
    headline = [n for n in find_system("s003_enhanced").published if n.place == "Results"]
    assert {n.value for n in headline} == {0.8881, 0.2867, 0.8929}


def report(table_id):
    return {row.key: [float(cell) for cell in row.cells[:3]] for row in find_table(table_id).rows}


def predicted_images(table_id):
    """Bounds of the number of predictions that a report implies, given its rounding to 0.01."""
    rows = report(table_id).values()
    low = sum(1000 * (recall - 0.005) / (precision + 0.005) for precision, recall, _ in rows)
    high = sum(1000 * (recall + 0.005) / (precision - 0.005) for precision, recall, _ in rows)
    return low, high


def accuracy_bounds(table_id):
    mean_recall = sum(recall for _, recall, _ in report(table_id).values()) / 10
    return mean_recall - 0.005, mean_recall + 0.005


def test_both_reports_name_the_ten_classes_in_order():
    for table_id in ("s003_report_a", "s003_report_b"):
        assert tuple(report(table_id)) == CLASS_NAMES


def test_report_a_cannot_belong_to_the_test_images():
    low, high = accuracy_bounds("s003_report_a")
    assert low < high < 0.8929  # with 1,000 images a class, accuracy is the mean recall
    low, high = predicted_images("s003_report_a")
    assert 9_700 < low < high < 9_927  # 10,000 images would have been predicted


def test_report_b_agrees_with_the_stated_accuracy():
    low, high = accuracy_bounds("s003_report_b")
    assert low < 0.8929 < high
    low, high = predicted_images("s003_report_b")
    assert low < 10_000 < high


@pytest.mark.parametrize("table_id", ["s003_report_a", "s003_report_b"])
def test_the_f1_of_a_report_follows_from_precision_and_recall(table_id):
    for precision, recall, f1 in report(table_id).values():
        assert f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=0.011)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.id)
def test_every_cell_of_a_table_belongs_to_a_system(table):
    printed = sum(bool(cell) for row in table.rows for cell in row.cells)
    cells = [n for _, n in EVERY if n.table == table.id and n.place == table.place]
    averages = 7 if table.id.startswith("s003_report") else 0  # below the classes, one by one
    assert len(cells) == printed + averages


def test_chen_shares_grow():
    for row in find_table("chen_shares").rows:
        assert all(float(a) < float(b) for a, b in pairwise(row.cells))


def test_of_chen_shares_below_the_whole_only_two_are_what_small_networks_reach():
    table = find_table("chen_shares")
    reached = {
        (row.label, column.label)
        for row in table.rows
        for column, cell in zip(table.columns[:3], row.cells, strict=False)
        if float(cell) > 97
    }
    assert reached == {("CapsNet", "50%"), ("CapsNet", "75%")}
    assert "But for CapsNet at 50 and 75 %" in table.note


def test_an_unknown_table_is_refused():
    with pytest.raises(UnknownNameError, match="kadam_accuracies"):
        find_table("kadam_accuracy")


@pytest.mark.parametrize(
    ("printed", "value"),
    [("93.56%", 0.9356), ("0.7478", 0.7478), ("655,434", 655434), ("75s", 75), ("1.108", 1.108)],
)
def test_printed_cells_are_read(printed, value):
    assert parse_printed(printed) == value


def test_cells_under_a_percent_heading_become_fractions():
    assert parse_printed("80.73", percent=True) == 0.8073


def test_a_cell_that_is_no_number_is_refused():
    with pytest.raises(CatalogueError, match="must be digits"):
        parse_printed("about 90")
