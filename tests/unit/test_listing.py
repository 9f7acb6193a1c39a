"""Names in a sentence."""

import pytest

from fmnist_core.listing import listed, some


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["", "b"], " and b"),
    ],
)
def test_names_are_joined_as_in_speech(names: list[str], said: str):
    assert listed(names) == said
    assert listed(tuple(names)) == said


def test_names_that_hold_commas_are_kept_apart():
    assert listed(["a, x", "b", "c, z"]) == "a, x; b; and c, z"
    assert listed(["a, x", "b"]) == "a, x and b"
    assert listed(["a (1,000)", "b", "c"]) == "a (1,000), b and c"
    assert some(["a, x", "b", "c"], most=2) == "a, x; b; and 1 more"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and 1 more"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
    ],
)
def test_of_many_the_first_are_named_and_the_others_counted(names: list[str], said: str):
    assert some(names, most=2) == said


def test_six_names_are_all_named_and_seven_are_not():
    assert some("abcdef") == "a, b, c, d, e and f"
    assert some("abcdefg") == "a, b, c, d, e, f and 1 more"
