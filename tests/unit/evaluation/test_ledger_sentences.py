"""What the ledger says in sentences, and the table of the systems: computed, and true of it."""

from fmnist_core.evaluation.ledger import ledger
from fmnist_core.evaluation.ledger_evidence import read_all_evidence
from fmnist_core.evaluation.ledger_sentences import (
    ceiling_sentence,
    held_out_sentence,
    ledger_sentences,
    regularisation_sentence,
)
from fmnist_core.evaluation.systems_table import markdown_table, system_lines
from fmnist_core.papers import systems
from tests.fixture_runs import FixtureRun, write_fixture_run
from tests.unit.evaluation.example_evidence import MadeUp


def test_the_sentences_count_the_ledger():
    rows = ledger([MadeUp(accuracy=0.88).evidence()])
    first, second = ledger_sentences(rows)
    assert first.startswith("The sources print 345 numbers: ")
    counts = [int(part.split()[0]) for part in first.split(": ")[1].split(", ")]
    assert sum(counts) == 345
    assert second == "For 14 networks they print none on Fashion-MNIST."


def test_the_sentence_on_held_out_accuracies_tells_which_way_they_err():
    assert held_out_sentence(ledger([])).endswith("could be judged yet.")
    one = ledger([MadeUp(accuracy=0.88).evidence()])
    assert held_out_sentence(one) == (
        "Of 1 published test or validation accuracy that could be judged, 1 is reproduced."
    )
    two = ledger([MadeUp(accuracy=0.88).evidence(), MadeUp("ajani_m2", accuracy=0.85).evidence()])
    assert held_out_sentence(two).endswith(
        "1 is reproduced; 1 was published above what we measure, by 2.7 points."
    )


def test_the_ceiling_is_set_by_runs_at_full_budget():
    full = MadeUp("ajani_m1", accuracy=0.90)
    reduced = MadeUp("ajani_m2", accuracy=0.95, changes={"epochs": 2})
    evidence = [full.evidence(), reduced.evidence()]
    said = ceiling_sentence(system_lines(evidence), ledger(evidence))
    assert said.startswith("None of the 1 networks trained here at full budget passes 90.00 %")
    assert "99.1%" in said
    assert "henrique_dropout3" in said


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


def regularisation(root, plain, regularised):
    write_fixture_run(root, FixtureRun("awasthi_basic", accuracy=plain, number=1))
    write_fixture_run(root, FixtureRun("awasthi_enhanced", accuracy=regularised, number=2))
    evidence, _ = read_all_evidence(root)
    return regularisation_sentence(root, system_lines(evidence))


def test_the_claim_of_source_000_is_put_to_the_paired_test(tmp_path):
    for folder, plain, regularised, said in (
        ("better", 0.80, 0.90, "the regularised one is better. "),
        ("worse", 0.90, 0.80, "the regularised one is worse. "),
        ("same", 0.90, 0.901, "the two networks cannot be told apart. "),
    ):
        sentence = regularisation(tmp_path / folder, plain, regularised)
        assert sentence.startswith("Source 000 reports 1.6 points more")
        assert said in sentence


def test_without_both_networks_nothing_is_said_of_the_claim(tmp_path):
    assert "not both been trained" in regularisation_sentence(tmp_path, system_lines([]))
