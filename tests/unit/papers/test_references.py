"""The public results: whole, in agreement with what they say of themselves, honestly marked."""

import subprocess
import sys

import pytest

from fmnist_core.papers import find_system
from fmnist_core.papers.references import GROUPS, TRUST, file_trap, references

EVERY = references()
REFERENCES = {reference.id: reference for reference in EVERY}


def test_all_of_zalandos_list_and_the_other_groups_are_there():
    counts = {group: sum(r.group == group for r in EVERY) for group in GROUPS}
    assert counts == {
        "zalando": 37,
        "human": 1,
        "classical": 5,
        "claim": 12,
        "small": 5,
        "budget": 4,
    }


@pytest.mark.parametrize("reference", EVERY, ids=lambda r: r.id)
def test_a_printed_accuracy_is_its_value(reference):
    digits = reference.printed.split()[-1] if "error" not in reference.printed else ""
    if not digits:
        said = 1 - float(reference.printed.split()[0]) / 100
    elif "/" in digits:
        right, of = digits.split("/")
        said = int(right) / int(of)
    else:
        said = float(digits) / (100 if float(digits) > 1 else 1)
    assert reference.accuracy == pytest.approx(said, abs=6e-5)


@pytest.mark.parametrize("reference", EVERY, ids=lambda r: r.id)
def test_a_result_says_where_it_was_read_and_how_far_to_trust_it(reference):
    assert reference.source
    assert not reference.title.startswith("The same"), "tables are sorted"
    assert reference.trust in TRUST
    if reference.trust == "checked":
        assert reference.images == "clean"


@pytest.mark.parametrize("reference", EVERY, ids=lambda r: r.id)
def test_nothing_on_the_old_files_counts_as_comparable(reference):
    if reference.images in ("old", "likely old"):
        assert reference.trust == "not comparable"
    before = reference.date and reference.date[:10] < file_trap().replaced_on
    if reference.group == "zalando" and before:
        assert reference.images == "likely old"


def test_notes_on_published_numbers_agree_with_the_checked_references():
    checked = [reference for reference in EVERY if reference.trust == "checked"]
    for system_id in ("vijayaraj_cnn", "henrique_dropout3"):
        (number,) = (n for n in find_system(system_id).published if n.note)
        above = [r for r in checked if r.accuracy > number.value]
        if "only residual networks" in number.note:
            assert above
            assert all("ResNet" in r.title and "300 epochs" in r.title + r.note for r in above)
        else:
            assert "More than three points above every checked result" in number.note
            assert number.value - 0.03 > max(r.accuracy for r in checked)


def test_what_is_not_credible_is_above_everything_that_is_trusted():
    trusted = max(r.accuracy for r in EVERY if r.trust in ("checked", "claimed"))
    doubted = [r.accuracy for r in EVERY if r.trust == "not credible"]
    assert min(doubted) > trusted


def test_the_best_checked_result_is_that_of_the_clean_files():
    best = max((r for r in EVERY if r.trust == "checked"), key=lambda r: r.accuracy)
    assert (best.id, best.accuracy) == ("erasing_clean", 0.957)


def test_people_without_knowledge_of_fashion_reach_less_than_most_networks():
    assert REFERENCES["human"].accuracy == 0.835
    assert "1,000" in REFERENCES["human"].note


def test_the_trap_of_the_files_says_when_and_how_much():
    trap = file_trap()
    assert trap.replaced_on == "2017-08-31"
    assert (trap.duplicated_training_images, trap.training_images_in_test) == (43, 10)
    assert trap.worth == 0.004
    assert "0.4 points" in trap.text


def test_reading_them_loads_no_heavy_package():
    program = (
        "import sys; from fmnist_core.papers.references import references; references(); "
        "print([m for m in ('numpy', 'pandas', 'streamlit', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
