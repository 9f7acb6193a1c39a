"""What the ledger says in sentences, and the table of the systems: computed, and true of it."""

from fmnist_core.evaluation.ledger.evidence import read_all_evidence
from fmnist_core.evaluation.ledger.rows import ledger
from fmnist_core.evaluation.ledger.sentences import (
    accuracies_sentence,
    ledger_sentences,
    regularisation_sentence,
)
from fmnist_core.evaluation.ledger.systems_table import markdown_table, system_lines
from fmnist_core.papers import systems
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.unit.evaluation.example_evidence import MadeUp

_SEEN = " It is of test images that were the validation images too."
_FEW = " It had fewer than 3 seeds here, and what another seed would do is not in its verdict."


def test_the_sentences_count_the_ledger():
    rows = ledger([MadeUp(accuracy=0.88).evidence()])
    first, second = ledger_sentences(rows)
    assert first.startswith("346 numbers are published: ")
    counts = [int(part.split()[0]) for part in first.split(": ")[1].split(", ")]
    assert sum(counts) == 346
    assert second == "For 14 networks there is none on Fashion-MNIST."


def test_the_sentence_on_accuracies_tells_which_way_they_err():
    assert accuracies_sentence(ledger([])).endswith("could be judged yet.")
    one = ledger([MadeUp(accuracy=0.88).evidence()])
    assert accuracies_sentence(one) == (
        "The one published accuracy that could be judged, on images not trained on, is reproduced, "
        f"in an interval of ±0.6 points.{_SEEN}{_FEW}"
    )
    wrong = ledger([MadeUp("ajani_m2", accuracy=0.85).evidence()])
    assert accuracies_sentence(wrong) == (
        "The one published accuracy that could be judged, on images not trained on, was published "
        f"above what we measure, by 2.7 points.{_SEEN}{_FEW}"
    )
    two = ledger([MadeUp(accuracy=0.88).evidence(), MadeUp("ajani_m2", accuracy=0.85).evidence()])
    assert "1 is reproduced, in an interval of ±0.6 points; 1 was published above what we" in (
        accuracies_sentence(two)
    )
    none = [MadeUp(name, accuracy=0.85).evidence() for name in ("ajani_m1", "ajani_m2")]
    assert "none is reproduced; 2 were published above what we measure, by 2.7 to 2.9 points" in (
        accuracies_sentence(ledger(none))
    )
    seeds = [MadeUp(accuracy=0.88, seed=seed, number=seed).evidence() for seed in range(3)]
    assert accuracies_sentence(ledger(seeds)).endswith(f"in an interval of ±0.6 points.{_SEEN}")
    few = accuracies_sentence(ledger([*seeds, MadeUp("ajani_m2", accuracy=0.85).evidence()]))
    assert few.endswith(
        " 1 of them had fewer than 3 seeds here: how far another would move it is taken from the "
        "networks that have several (standard deviation 0.00 points)."
    )


def test_a_result_printed_several_times_counts_once():
    # Printed as test accuracy, as validation accuracy on the same images, and in a report.
    report = [MadeUp("s003_enhanced", accuracy=0.8929).evidence()]
    assert f"is reproduced, in an interval of ±0.6 points.{_SEEN}{_FEW}" in (
        accuracies_sentence(ledger(report))
    )
    # Two validation accuracies of 002, of which only the later one is ours, and one on test images.
    rows = ledger([MadeUp("s002_ann", accuracy=0.884).evidence()])
    assert accuracies_sentence(rows) == (
        "Of 2 published accuracies that could be judged, on images not trained on and one for each "
        "network and set of images, none is reproduced; 1 was published below what we measure, by "
        "3.4 points; 1 is printed more than once, with numbers that fare differently. All of them "
        "had fewer than 3 seeds here, and what another seed would do is not in their verdict."
    )


def test_nothing_is_called_held_out_that_was_validated_on_and_its_count_is_said():
    seen = [MadeUp(name, accuracy=0.85).evidence() for name in ("ajani_m1", "ajani_m2")]
    assert " All of them are of test images that were the validation images too. " in (
        accuracies_sentence(ledger(seen))
    )
    unseen = MadeUp("s002_ann", accuracy=0.884).evidence()
    mixed = accuracies_sentence(ledger([*seen, unseen]))
    assert mixed.startswith("Of 4 published accuracies that could be judged, on images not trained")
    assert ". 2 of them are of test images that were the validation images too. " in mixed
    alone = accuracies_sentence(ledger([unseen]))
    assert "validation images" not in alone
    assert "held-out" not in mixed + alone


def test_the_table_of_systems_marks_what_is_reduced_or_missing():
    evidence = [
        MadeUp("ajani_m1", accuracy=0.88).evidence(),
        MadeUp("ajani_m2", changes={"epochs": 2}).evidence(),
    ]
    table = markdown_table(system_lines(evidence)).splitlines()
    lines = {line.split("`")[1]: line for line in table if line.startswith("| `")}
    assert set(lines) == {system.id for system in systems()}
    assert lines["ajani_m1"] == (
        "| `ajani_m1` | 004 | 88.00 % | 87.35 to 88.62 | 1 | 109,386 | 10 | 3 min "
        "| test as validation | full |"
    )
    assert "**reduced**: epochs: 2 here, 10 in the source." in lines["ajani_m2"]
    assert "not trained yet" in lines["mcnn18"]
    columns = table[0].count("|")
    assert all(line.count("|") == columns for line in lines.values())


def test_the_table_names_the_split_of_the_run_and_not_of_the_catalogue():
    other = MadeUp("ajani_m1", changes={"protocol": "holdout-80-20"}).evidence()
    table = markdown_table(system_lines([other])).splitlines()
    (line,) = (line for line in table if line.startswith("| `ajani_m1`"))
    assert "| 80/20 | **other recipe**: split: 80/20 of the training set here, " in line


def regularisation(root, plain, regularised):
    for number, (name, accuracy) in enumerate(
        (("awasthi_basic", plain), ("awasthi_enhanced", regularised))
    ):
        of_source = FixtureRun(name, accuracy, number=number, epochs=100, batch_size=512)
        write_fixture_run(root, of_source)
    evidence, _ = read_all_evidence(root)
    return regularisation_sentence(root, system_lines(evidence))


def test_the_claim_of_source_000_is_put_to_the_paired_test(tmp_path):
    for folder, plain, regularised, said in (
        ("better", 0.80, 0.90, "the regularised one is better on the test images. "),
        ("worse", 0.90, 0.80, "the regularised one is worse on the test images. "),
        ("same", 0.90, 0.901, "the two networks cannot be told apart on the test images. "),
    ):
        sentence = regularisation(tmp_path / folder, plain, regularised)
        assert sentence.startswith("Source 000 reports 1.6 points more on its validation images")
        assert said in sentence


def test_without_both_networks_nothing_is_said_of_the_claim(tmp_path):
    assert "no full runs yet of both" in regularisation_sentence(tmp_path, system_lines([]))
    for number, (name, epochs) in enumerate((("awasthi_basic", 100), ("awasthi_enhanced", 3))):
        write_fixture_run(tmp_path, FixtureRun(name, 0.9, number=number, epochs=epochs))
    lines = system_lines(read_all_evidence(tmp_path)[0])
    assert "no full runs yet of both" in regularisation_sentence(tmp_path, lines)
