"""The ledger: a row for every published number, each measured from the right place."""

import dataclasses
import json
from collections import Counter

import pytest

from fmnist_core.evaluation.intervals import wilson_interval
from fmnist_core.evaluation.ledger.rows import ledger
from fmnist_core.papers import contradictions, find_system, systems
from tests.unit.evaluation.example_evidence import MadeUp


def rows_of(system, *runs, **conditions):
    rows = ledger([run.evidence() for run in runs], [find_system(system)])
    return [row for row in rows if all(getattr(row, k) == v for k, v in conditions.items())]


def row_of(system, *runs, **conditions):
    (row,) = rows_of(system, *runs, **conditions)
    return row


def test_every_published_number_has_its_row_and_every_system_too():
    rows = ledger([])
    printed = Counter(
        (s.id, n.paper, n.place, n.metric, n.printed, n.class_name, n.epoch, n.optimizer)
        for s in systems()
        for n in s.published
    )
    found = Counter(
        (r.system, r.source, r.place, r.metric, r.printed, r.class_name, r.epoch, r.optimizer)
        for r in rows
        if r.published is not None
    )
    assert found == printed
    assert sum(found.values()) == 346
    assert {row.system for row in rows} == {system.id for system in systems()}
    assert len({row.system for row in rows}) == 45


def test_the_published_numbers_of_each_table_are_counted():
    rows = ledger([])
    counts = Counter(row.table for row in rows if row.table)
    assert counts == {
        "ajani_models": 28,
        "ajani_optimizers": 56,
        "chen_shares": 16,
        "kadam_accuracies": 24,
        "mcnn_accuracies": 8,
        "s003_epochs": 65,  # 15 epochs of 5 numbers; 5 losses and 5 times are lost
        "s003_report_a": 47,
        "s003_report_b": 47,
    }


def test_a_system_without_a_published_number_says_so():
    silent = {row.system for row in ledger([]) if row.published is None}
    assert silent == {
        "chen_capsnet",
        "chen_cnn",
        "chen_densenet",
        "chen_resnet",
        "duan_vgg",
        "greeshma_hog_svm",
        "henrique_dropout1",
        "henrique_dropout2",
        "henrique_simple",
        "s003_basic_a",
        "seo_hcnn",
        "sivakumar_ann",
        "sumera_ann_cnn_optimizers",
        "tiwari_vgg16",
    }
    row = row_of("s003_basic_a")
    assert (row.verdict, row.measured, row.difference) == ("not measured", None, None)
    assert row.reason.startswith("No number is published for this network.")
    row = row_of("s003_basic_a", MadeUp("s003_basic_a", accuracy=0.89))
    assert (row.verdict, row.measured, row.difference) == ("not judged", 0.89, None)


def test_every_row_has_a_measured_value_or_the_reason_why_not():
    for row in ledger([MadeUp().evidence(), MadeUp("s003_enhanced").evidence()]):
        assert row.reason
        assert row.source
        assert row.place
        assert (row.difference is None) == (row.measured is None or row.published is None)
        if row.verdict == "not measured":
            assert row.measured is None
        if row.verdict in ("reproduced", "not reproduced", "reconstruction only", "not judged"):
            assert row.measured is not None


def test_a_test_accuracy_comes_from_the_record_with_its_interval():
    row = row_of("ajani_m1", MadeUp(accuracy=0.88), metric="test_accuracy")
    assert (row.published, row.printed, row.measured) == (0.8789, "0.8789", 0.88)
    assert row.difference == pytest.approx(0.0011)
    assert row.ci95 == pytest.approx(wilson_interval(8800, 10_000))
    assert (row.verdict, row.budget, row.seeds) == ("reproduced", "full", 1)
    assert row.run_ids == ("ajani_m1-20250101-000000-000000",)
    assert row.protocol == "test-as-validation"


@pytest.mark.parametrize(
    ("accuracy", "expected"),
    [
        # 0.8789 +- 0.00005 against Wilson's interval of ours, on both sides of both ends.
        (0.8725, "reproduced"),
        (0.8720, "not reproduced"),
        (0.8852, "reproduced"),
        (0.8857, "not reproduced"),
    ],
)
def test_the_border_lies_where_wilsons_interval_ends(accuracy, expected):
    row = row_of("ajani_m1", MadeUp(accuracy=accuracy), metric="test_accuracy")
    low, high = wilson_interval(round(accuracy * 10_000), 10_000)
    assert (low - 0.00005 <= 0.8789 <= high + 0.00005) == (expected == "reproduced")
    assert row.verdict == expected


def test_several_seeds_stand_as_their_mean_with_their_deviation():
    runs = [MadeUp(seed=n, number=n, accuracy=a) for n, a in enumerate((0.87, 0.88, 0.89))]
    row = row_of("ajani_m1", *runs, metric="test_accuracy")
    assert row.measured == pytest.approx(0.88)
    assert row.seed_deviation == pytest.approx(0.01)
    assert row.seeds == len(row.run_ids) == 3
    low, high = wilson_interval(8800, 10_000)
    assert row.ci95[0] < low - 0.03
    assert row.ci95[1] > high + 0.03


def test_training_numbers_come_from_the_last_epoch_and_wait_for_three_seeds():
    one = row_of("ajani_m1", MadeUp(train_accuracy=0.91), metric="train_accuracy")
    assert (one.measured, one.verdict, one.ci95) == (pytest.approx(0.91), "not judged", None)
    runs = [MadeUp(seed=n, number=n, train_accuracy=0.909 + 0.001 * n) for n in range(3)]
    three = row_of("ajani_m1", *runs, metric="train_accuracy")
    assert (three.measured, three.verdict) == (pytest.approx(0.91), "reproduced")
    loss = row_of("ajani_m1", MadeUp(), metric="train_loss")
    assert loss.measured == pytest.approx(1 / 10)


def test_a_run_that_keeps_its_best_epoch_is_read_there():
    evidence = MadeUp("awasthi_basic", changes={"keep": "best"}).evidence()
    (row,) = [
        row
        for row in ledger([evidence], [find_system("awasthi_basic")])
        if row.metric == "train_loss"
    ]
    assert row.measured == pytest.approx(1 / evidence.run.metrics.best_epoch)
    assert row.budget == "other recipe"


def test_numbers_of_an_epoch_come_from_that_epoch():
    run = MadeUp("s003_enhanced", accuracy=0.9, train_accuracy=0.9)
    row = row_of("s003_enhanced", run, metric="val_accuracy", epoch=10)
    assert (row.published, row.printed) == (0.8185, "0.8185")
    assert row.measured == pytest.approx(0.9 * 10 / 15)
    assert row.verdict == "not judged"  # one seed
    assert set(row.contradictions) == {"C29", "C30"}
    seconds = row_of("s003_enhanced", run, metric="seconds_per_epoch", epoch=5)
    assert (seconds.measured, seconds.verdict, seconds.ci95) == (15.0, "not judged", None)


def test_an_epoch_that_was_not_trained_is_not_measured():
    short = MadeUp("s003_enhanced", changes={"epochs": 3})
    row = row_of("s003_enhanced", short, metric="val_accuracy", epoch=10)
    assert (row.measured, row.verdict) == (None, "not measured")
    assert row.reason == "Our run has no epoch 10: it was trained for 3."
    row = row_of("s003_enhanced", short, metric="val_accuracy", epoch=3)
    assert (row.budget, row.verdict) == ("reduced", "not judged")
    assert row.protocol_differences == ("epochs: 3 here, 15 in the source.",)


def test_counts_need_no_run():
    row = row_of("awasthi_enhanced", metric="trainable_params")
    assert (row.published, row.measured, row.verdict) == (422474, 422474, "reproduced")
    assert row.run_ids == ()
    assert row_of("awasthi_enhanced", metric="steps_per_epoch").measured == 94
    assert row_of("s003_enhanced", metric="steps_per_epoch").measured == 938
    assert row_of("mcnn15", metric="trainable_params").verdict == "reproduced"
    assert row_of("mcnn9", metric="trainable_params").verdict == "not reproducible"
    supports = rows_of("s003_enhanced", metric="support")
    assert len(supports) == 20
    assert {row.verdict for row in supports} == {"reproduced"}


def test_numbers_of_mnist_are_shown_as_published_beside_any_run():
    rows = rows_of("chen_cnn", MadeUp("chen_cnn"), dataset="mnist")
    assert [row.train_fraction for row in rows] == [0.25, 0.5, 0.75, 1.0]
    for row in rows:
        assert (row.verdict, row.measured, row.run_ids) == ("not reproducible", None, ())
    own = row_of("chen_cnn", MadeUp("chen_cnn", accuracy=0.92), published=None)
    assert (own.measured, own.dataset) == (0.92, "fashion_mnist")


def test_the_impossible_report_is_refused_and_the_possible_one_judged():
    scores = {("recall", "Shirt"): (0.70, (0.67, 0.73))}
    runs = [MadeUp("s003_enhanced", seed=n, number=n, scores=scores) for n in range(3)]
    a = row_of("s003_enhanced", *runs, table="s003_report_a", metric="recall", class_name="Shirt")
    b = row_of("s003_enhanced", *runs, table="s003_report_b", metric="recall", class_name="Shirt")
    assert (a.published, a.verdict) == (0.67, "not reproducible")
    assert a.measured == b.measured == pytest.approx(0.70)
    assert (b.published, b.verdict) == (0.78, "not reproduced")
    assert "C28" in a.contradictions


def test_contradicting_numbers_of_a_text_name_the_register():
    found = rows_of("s002_ann", metric="val_accuracy")
    assert [row.contradictions for row in found] == [("C23",), ("C23",)]
    known = {entry.id for entry in contradictions()}
    assert all(set(row.contradictions) <= known for row in ledger([]))


def test_an_entry_of_the_register_stands_beside_the_numbers_that_it_is_about_alone():
    of_mnist = rows_of("kadam_a1", table="kadam_accuracies", contradictions=("C45",))
    assert [(row.dataset, row.metric) for row in of_mnist] == [("mnist", "test_accuracy")]
    assert {row.contradictions for row in rows_of("ajani_m6", optimizer="sgd")} == {()}
    adagrad = rows_of("ajani_m6", optimizer="adagrad", contradictions=("C40",))
    assert [(row.metric, row.epoch) for row in adagrad] == [("train_loss", 1), ("val_accuracy", 0)]
    figure = rows_of("mcnn9", table="mcnn_accuracies")
    found = {row.metric: row.contradictions for row in figure}
    assert found == {"test_accuracy": (), "trainable_params": ("C13",)}
    epochs = rows_of("s003_enhanced", table="s003_epochs", metric="val_accuracy")
    assert [row.epoch for row in epochs if "C30" in row.contradictions] == [9, 10, 11]


def test_each_optimizer_is_held_against_its_own_run():
    sgd = MadeUp("ajani_m6", accuracy=0.88, changes={"optimizer": "sgd", "learning_rate": 0.01})
    row = row_of("ajani_m6", sgd, optimizer="sgd", metric="val_accuracy", epoch=0)
    assert (row.published, row.measured, row.verdict) == (
        0.8785,
        pytest.approx(0.88),
        "reconstruction only",
    )
    other = row_of("ajani_m6", sgd, optimizer="nadam", metric="val_accuracy", epoch=0)
    assert (other.verdict, other.reason) == ("not measured", "There is no run with nadam yet.")


def test_a_loss_that_was_not_finite_is_not_measured():
    row = row_of("ajani_m1", MadeUp(test_loss=None), metric="test_loss")
    assert (row.measured, row.verdict) == (None, "not measured")


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ((0.30, None, 0.34), "Of 3 seeds, seed 1 has no such number: ours is the mean of the "),
        ((None, 0.32, None), "Of 3 seeds, seeds 0 and 2 have no such number: ours is that of the "),
    ],
)
def test_a_seed_without_the_number_is_named_and_the_others_decide_nothing(losses, said):
    runs = [MadeUp(seed=n, number=n, test_loss=loss) for n, loss in enumerate(losses)]
    row = row_of("ajani_m1", *runs, metric="test_loss")
    assert row.measured == pytest.approx(0.32)
    assert row.verdict == "not judged"
    assert said in row.reason
    held = [number for number, loss in enumerate(losses) if loss is not None]
    assert row.seeds == len(held)
    assert [int(run_id[-6:], 16) for run_id in row.run_ids] == held
    accuracy = row_of("ajani_m1", *runs, metric="test_accuracy")
    assert (accuracy.seeds, accuracy.verdict) == (3, "reproduced")


def test_with_three_seeds_left_the_one_without_the_number_still_keeps_a_verdict_away():
    losses = (0.34, None, 0.35, 0.36)
    runs = [MadeUp(seed=n, number=n, test_loss=loss) for n, loss in enumerate(losses)]
    whole = row_of("ajani_m1", *(run for run in runs if run.seed != 1), metric="test_loss")
    assert whole.verdict in ("reproduced", "not reproduced")
    row = row_of("ajani_m1", *runs, metric="test_loss")
    assert (row.measured, row.ci95, row.seeds) == (whole.measured, whole.ci95, 3)
    assert (row.verdict, row.reason) == (
        "not judged",
        "Of 4 seeds, seed 1 has no such number: ours is the mean of the others alone.",
    )


def test_a_seed_that_ended_before_an_epoch_is_named():
    evidence = [MadeUp("s003_enhanced", seed=n, number=n).evidence() for n in range(3)]
    evidence[2] = dataclasses.replace(evidence[2], epochs=evidence[2].epochs[:7])
    (row,) = (
        row
        for row in ledger(evidence, [find_system("s003_enhanced")])
        if (row.metric, row.epoch) == ("val_accuracy", 10)
    )
    assert (row.verdict, row.seeds) == ("not judged", 2)
    assert row.reason.endswith(
        "Of 3 seeds, seed 2 has no epoch 10: ours is the mean of the others alone."
    )


def test_the_ledger_is_json():
    for row in ledger([MadeUp().evidence()]):
        record = json.loads(json.dumps(row.to_json(), allow_nan=False))
        assert record["system"] == row.system
        assert {"source", "place", "published", "measured", "difference", "ci95"} <= set(record)
        assert {"protocol_differences", "verdict", "reason"} <= set(record)


def test_a_baseline_without_a_recipe_stands_by_its_test_accuracy():
    svm = find_system("greeshma_hog_svm")
    made_up = MadeUp("kadam_a1", accuracy=0.9).evidence()
    run = dataclasses.replace(
        made_up.run, architecture=svm.id, layers="", recipe=None, epochs=0, epochs_planned=0
    )
    (row,) = ledger([dataclasses.replace(made_up, run=run, epochs=())], [svm])
    assert (row.measured, row.budget, row.verdict) == (0.9, "full", "not judged")


def test_the_published_support_vector_machine_stands_beside_ours():
    svc = find_system("svc")
    (row,) = ledger([], [svc])
    assert (row.printed, row.published, row.source, row.place) == (
        "89.7%",
        0.897,
        "001",
        "section III",
    )
    assert row.verdict == "not measured"
    made_up = MadeUp("kadam_a1", accuracy=0.9).evidence()
    run = dataclasses.replace(
        made_up.run, architecture="svc", layers="", recipe=None, epochs=0, epochs_planned=0
    )
    (row,) = ledger([dataclasses.replace(made_up, run=run, epochs=())], [svc])
    assert (row.measured, row.verdict) == (0.9, "reconstruction only")
    assert "features and settings are ours" in row.reason
    fewer = dataclasses.replace(
        run,
        run_id="svc-20250101-000009-000009",
        created="2026-01-01T00:00:00Z",
        images=dataclasses.replace(run.images, train=300),
        budget="reduced",
    )
    evidence = [dataclasses.replace(made_up, run=one, epochs=()) for one in (run, fewer)]
    (row,) = ledger(evidence, [svc])
    assert (row.run_ids, row.budget) == ((run.run_id,), "full")
    (row,) = ledger(evidence[1:], [svc])
    assert row.budget == "reduced"
