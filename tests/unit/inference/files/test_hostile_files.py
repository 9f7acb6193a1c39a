"""Damaged and hostile files are refused with a sentence; the benchmark `uploads` says how soon."""

import sys
from functools import partial

import pytest

from fmnist_core.bench.example_memory import megabytes_more
from fmnist_core.bench.example_uploads import bombs, burdened, mutations, small_files
from fmnist_core.bench.uploads import (
    MOST_BOMB_MEGABYTES,
    cpu_seconds,
    refused,
)

MUTATIONS_EACH = 300
MOST_CPU_SECONDS = 1.0  # also on a busy machine; walks that repeat themselves take half a minute


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return bombs()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
def test_bombs_are_refused_without_memory(hostile):
    for name, data in hostile.items():
        more, was_refused = megabytes_more(partial(refused, data))
        assert was_refused, name
        assert more < MOST_BOMB_MEGABYTES, name


def test_bombs_are_refused_without_delay(hostile):
    for name, data in hostile.items():
        assert cpu_seconds(partial(refused, data)) < MOST_CPU_SECONDS, name


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from /proc")
@pytest.mark.parametrize("name", burdened())
def test_a_picture_is_read_without_what_else_its_file_carries(name):
    data = burdened()[name]
    assert 7e6 < len(data) < 8e6
    more, was_refused = megabytes_more(partial(refused, data))
    assert not was_refused
    assert more < MOST_BOMB_MEGABYTES
    assert cpu_seconds(partial(refused, data)) < MOST_CPU_SECONDS


def test_the_bombs_are_as_small_as_they_claim(hostile):
    assert len(hostile["WebP of 25 megapixels"]) < 1_100
    assert len(hostile["PNG of 80 megapixels"]) < 311_000
    assert all(
        name == "file of 100 MB of text" or len(data) < 8e6 for name, data in hostile.items()
    )


@pytest.mark.parametrize("name", small_files())
def test_a_file_cut_off_anywhere_raises_nothing_else(name):
    data = small_files()[name]
    assert not refused(data)
    refusals = [refused(data[:end]) for end in range(len(data))]
    assert all(refusals[: len(data) // 4])  # the first of several frames may be whole by then


@pytest.mark.parametrize("name", small_files())
def test_changed_bytes_raise_nothing_else(name):
    refusals = [refused(data) for data in mutations(small_files()[name], MUTATIONS_EACH)]
    assert any(refusals)
