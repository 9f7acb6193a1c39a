"""What the Architectures page says of the catalogue's networks in words."""

import pytest

from fmnist_core.architectures import check_buildable, summarize
from fmnist_core.architectures.kinds import KINDS
from fmnist_core.figures.architectures.facts import (
    agreement,
    counting_errors,
    insight,
    normalisation_note,
    published_frame,
)
from fmnist_core.figures.architectures.grammar import kinds_frame, snippets, words_frame
from fmnist_core.figures.architectures.totals import TOTALS, printed_total
from fmnist_core.papers import find_system, systems
from fmnist_core.ui.architectures.templates import TEMPLATES

CAPSULE_WORDS = ("capsules", "capsule_length", "decoder")


def said(system_id: str):
    system = find_system(system_id)
    return agreement(system, summarize(system.layers))


@pytest.mark.parametrize("system_id", ["awasthi_basic", "awasthi_enhanced", "s003_enhanced"])
def test_stated_counts_that_agree_are_said_to_agree_exactly(system_id):
    verdict = said(system_id)
    assert verdict.verdict == "agrees"
    assert verdict.text.endswith("these layers give exactly that.")


def test_the_count_of_mcnn9_is_said_not_to_be_obtainable_and_why():
    verdict = said("mcnn9")
    assert verdict.verdict == "differs"
    assert "655,434" in verdict.text
    assert "these layers give 2,219,466 trainable" in verdict.text
    assert "not obtainable" in verdict.text
    assert "searched exhaustively" in verdict.text


@pytest.mark.parametrize(
    ("system_id", "printed", "counted"),
    [("mcnn15", "2,595,91 ", "2,595,914"), ("mcnn18", "3,004,36 ", "3,004,362")],
)
def test_a_lost_digit_is_named(system_id, printed, counted):
    verdict = said(system_id)
    assert verdict.verdict == "agrees"
    assert printed in verdict.text
    assert f"a digit is lost; these layers give {counted}" in verdict.text


def test_a_source_that_counts_only_what_is_trained_is_said_to_do_so():
    assert "with the 2,368 running statistics" in said("mcnn12").text


def test_silence_is_said():
    assert said("kadam_a1").verdict == "silent"


def test_normalisation_is_counted_with_four_values_a_channel():
    note = normalisation_note(summarize(find_system("awasthi_enhanced").layers))
    assert "4 × 224 = 896 parameters, 448 of them trainable" in note
    assert normalisation_note(summarize("flatten\ndense 10 softmax")) == ""


def test_the_wrong_explanations_of_the_parameter_table_are_those_of_the_register():
    assert [e.id for e in counting_errors(find_system("awasthi_enhanced"))] == ["C3", "C4", "C5"]
    assert [e.id for e in counting_errors(find_system("mcnn9"))] == ["C13"]
    assert counting_errors(find_system("ajani_m1")) == ()


def test_the_insight_says_where_parameters_and_work_are():
    text = insight(summarize(find_system("awasthi_enhanced").layers))
    assert "15 layers: dense layers hold 78 % of the parameters" in text
    assert "convolutions do 96 % of the multiply-accumulates" in text
    assert "dense 256 relu" in text
    assert insight(summarize("global_avgpool")) == "1 layer, none of them with parameters."


@pytest.mark.parametrize("system", systems(), ids=lambda system: system.id)
def test_published_numbers_are_shown_or_counted(system):
    frame, more = published_frame(system)
    assert len(frame) + more == len(system.published)
    assert len(frame) <= 25


@pytest.mark.parametrize(
    ("label", "value", "printed"),
    [
        ("Parameters", 1_386_506, "1,386,506"),
        ("MACs", 7_780_096, "7.78 M"),
        ("MACs", 9_999, "9,999"),
        ("Weights", 422_922 * 4, "1.61 MiB"),
        ("MACs", 999_600, "1,000 k"),
        ("Weights", 1000 * 1024, "1,000 KiB"),
        ("Weights", 12, "12 bytes"),
    ],
)
def test_totals_print_in_full_or_in_three_digits(label, value, printed):
    total = next(total for total in TOTALS if total.label == label)
    assert printed_total(total, value) == printed
    assert printed_total(total, value, signed=True) == f"+{printed}"
    assert printed_total(total, -value, signed=True) == f"-{printed}"


def test_the_grammar_has_every_kind_of_layer_and_every_capital_word_is_explained():
    frame = kinds_frame()
    written = " ".join(frame["write"]).split()
    assert set(KINDS) <= set(written)
    capitals = {word.strip("[]…") for word in written if word.strip("[]…").isupper()}
    assert capitals == set(words_frame()["word"])


@pytest.mark.parametrize("word", list(snippets()))
def test_an_inserted_snippet_can_stand_in_a_network(word):
    needs = {"dense": "flatten\n"} | dict.fromkeys(CAPSULE_WORDS, "primary_capsules 4 4 3x3\n")
    summarize("conv 8 3x3 same\n" + needs.get(word, "") + snippets()[word])


@pytest.mark.parametrize("layers", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_can_be_trained(layers):
    check_buildable(layers)
