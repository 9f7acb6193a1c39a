"""A layer text in the address: what goes in comes out, and nothing else does."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.errors import LayerTextError
from fmnist_core.papers import systems
from fmnist_core.ui.architectures.link import LONGEST, from_link, to_link


@given(st.text(max_size=400))
def test_any_text_comes_back_as_it_was(text):
    link = to_link(text)
    assert link.isascii()
    assert set("+/=&?# ").isdisjoint(link)
    assert from_link(link) == text


def test_every_network_of_the_catalogue_fits_into_an_address():
    assert all(0 < len(to_link(system.layers)) <= LONGEST for system in systems() if system.layers)


def test_a_text_too_long_for_an_address_has_no_link():
    noise = "".join(f"conv {n * 7919 % 9973} 3x3\n" for n in range(3_000))
    assert to_link(noise) == ""


@pytest.mark.parametrize(
    "broken", ["abc", "%%%", "ä", to_link("conv 8 3x3")[:-4], to_link("conv 8 3x3")[3:]]
)
def test_a_cut_or_made_up_link_is_refused_in_one_line(broken):
    with pytest.raises(LayerTextError, match="Copy the whole address"):
        from_link(broken)


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"a" * 50_000_000, 9)).decode()
    with pytest.raises(LayerTextError):
        from_link(bomb)
