"""Splits are stratified, disjoint, nested, and the same for the same protocol and seed."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core import recipes
from fmnist_core.data import PROTOCOLS, binding_limit, describe_split, make_split
from fmnist_core.errors import DataError, RecipeError, UnknownNameError

# The class counts of the real data, in a made-up order.
LABELS = np.concatenate(
    [
        np.random.default_rng(1).permutation(np.repeat(np.arange(10, dtype=np.uint8), count))
        for count in (6_000, 1_000)
    ]
)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_part_has_its_stated_size_and_a_tenth_of_each_class(name):
    protocol, split = PROTOCOLS[name], make_split(name, LABELS, seed=0)
    for part, count in (
        (split.train, protocol.train),
        (split.validation, protocol.validation),
        (split.test, protocol.test),
    ):
        assert part.dtype == np.int32
        assert np.bincount(LABELS[part]).tolist() == [count // 10] * 10


@pytest.mark.parametrize("name", PROTOCOLS)
def test_no_image_is_in_two_parts_unless_the_protocol_says_so(name):
    split = make_split(name, LABELS, seed=0)
    parts = [split.train, split.test]
    if split.test_is_validation:
        assert np.array_equal(split.validation, split.test)
    else:
        parts.append(split.validation)
    everything = np.concatenate(parts)
    assert np.array_equal(np.sort(everything), np.arange(70_000))


def test_only_the_protocol_of_that_name_validates_on_the_test_set():
    validated_on_test = {
        name for name in PROTOCOLS if make_split(name, LABELS, seed=0).test_is_validation
    }
    assert validated_on_test == {"test-as-validation"}


@pytest.mark.parametrize("name", ["holdout-80-20", "test-as-validation"])
def test_the_official_test_set_stays_the_test_set(name):
    split = make_split(name, LABELS, seed=5)
    assert np.array_equal(split.test, np.arange(60_000, 70_000))
    assert split.train.max() < 60_000


@pytest.mark.parametrize("name", PROTOCOLS)
def test_same_seed_same_split_and_another_seed_another(name):
    first, again, other = (make_split(name, LABELS, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.train, again.train)
    assert np.array_equal(first.validation, again.validation)
    assert np.array_equal(first.test, again.test)
    assert not np.array_equal(first.train, other.train)


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("holdout-80-20", "1c0d156041adae64"),
        ("pooled-60-20-20", "2f9896ed06d1c2fe"),
        ("test-as-validation", "d04aa90e459425e3"),
    ],
)
def test_the_split_of_seed_0_never_changes(name, digest):
    """Runs state only protocol and seed, so another order would silently belie all of them."""
    labels = np.tile(np.arange(10, dtype=np.uint8), 7_000)
    split = make_split(name, labels, seed=0)
    content = np.concatenate([split.train, split.validation, split.test]).astype("<i4").tobytes()
    assert hashlib.sha256(content).hexdigest()[:16] == digest


@settings(deadline=None, max_examples=40)
@given(
    name=st.sampled_from(sorted(PROTOCOLS)),
    seed=st.integers(0, 2**31 - 1),
    smaller=st.floats(0.001, 1),
    larger=st.floats(0.001, 1),
    limit=st.integers(0, 70_000),
)
def test_smaller_training_sets_are_stratified_parts_of_larger_ones(
    name, seed, smaller, larger, limit
):
    smaller, larger = sorted((smaller, larger))
    small = make_split(name, LABELS, seed, smaller, limit)
    large = make_split(name, LABELS, seed, larger, limit)
    assert set(small.train) <= set(large.train)
    assert np.array_equal(small.validation, large.validation)
    assert np.array_equal(small.test, large.test)
    counts = np.bincount(LABELS[small.train], minlength=10)
    assert counts.max() - counts.min() <= 1
    assert len(np.unique(small.train)) == len(small.train) > 0
    assert len(small.train) <= (limit or 70_000)


@pytest.mark.parametrize(
    ("fraction", "count"), [(0.25, 12_000), (0.5, 24_000), (0.75, 36_000), (1, 48_000)]
)
def test_a_fraction_is_a_share_of_the_training_images(fraction, count):
    assert len(make_split("holdout-80-20", LABELS, 0, fraction).train) == count


@pytest.mark.parametrize(
    ("fraction", "limit", "binding"),
    [(1.0, 0, 0), (1.0, 47_999, 47_999), (1.0, 48_000, 0), (1.0, 60_000, 0), (0.25, 12_000, 0)],
)
def test_a_limit_that_leaves_no_image_out_is_none(fraction, limit, binding):
    assert binding_limit("holdout-80-20", fraction, limit) == binding


def test_a_limit_caps_what_the_fraction_leaves():
    assert len(make_split("holdout-80-20", LABELS, 0, 0.25, limit=1_000).train) == 1_000
    assert len(make_split("holdout-80-20", LABELS, 0, 0.25, limit=20_000).train) == 12_000


def test_classes_of_unequal_size_keep_their_shares():
    labels = np.repeat(np.arange(2, dtype=np.uint8), (7_000, 63_000))
    split = make_split("pooled-60-20-20", labels, seed=0)
    for part in (split.train, split.validation, split.test):
        assert np.bincount(labels[part])[0] == pytest.approx(len(part) / 10, abs=1)


def test_the_parts_cannot_be_written_to():
    split = make_split("holdout-80-20", LABELS, seed=0)
    for part in (split.train, split.validation, split.test):
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 1


def test_the_description_states_counts_seed_and_warning():
    split = make_split("holdout-80-20", LABELS, seed=7, limit=1_000)
    assert split.description == (
        "1,000 of 48,000 training, 12,000 validation and 10,000 official test images; "
        "stratified by class, seed 7."
    )
    warned = describe_split("test-as-validation", 60_000, 0)
    assert warned.startswith("60,000 training images; the official 10,000 test images serve as")
    assert warned.endswith(PROTOCOLS["test-as-validation"].warning)


def test_a_recipe_knows_the_same_protocols():
    assert set(recipes.PROTOCOL_NAMES) == set(PROTOCOLS)


def test_wrong_input_is_refused():
    with pytest.raises(UnknownNameError, match="holdout-80-20"):
        make_split("holdout-80", LABELS, seed=0)
    with pytest.raises(UnknownNameError, match="holdout-80-20"):
        describe_split("holdout-80", 48_000, 0)
    with pytest.raises(DataError, match=r"\(60000,\)"):
        make_split("holdout-80-20", LABELS[:60_000], seed=0)
    for fraction in (0, -0.5, 1.01, float("nan")):
        with pytest.raises(RecipeError, match="train_fraction"):
            make_split("holdout-80-20", LABELS, 0, fraction)
    with pytest.raises(RecipeError, match="limit"):
        make_split("holdout-80-20", LABELS, 0, limit=-1)
