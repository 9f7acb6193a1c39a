"""Sentences and tables of the Dataset page, held against the numbers they are made of."""

from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.data import CLASS_NAMES
from fmnist_core.data.statistics import read_statistics, summarise_levels
from fmnist_core.figures.dataset.classes import (
    class_bars,
    class_count_frame,
    class_count_takeaway,
    class_pie,
)
from fmnist_core.figures.dataset.files import copy_frame, copy_takeaway, file_frame
from fmnist_core.figures.dataset.image import (
    Said,
    image_name,
    left_out_words,
    neighbour_frame,
    neighbour_takeaway,
    said_frame,
    said_takeaway,
)
from fmnist_core.figures.dataset.pixels import (
    claim_words,
    histogram_chart,
    histogram_frame,
    histogram_takeaway,
    level_frame,
    spread_frame,
    spread_takeaway,
    variance_picture,
)
from fmnist_core.figures.dataset.shapes import (
    box_frame,
    box_takeaway,
    size_chart,
    size_frame,
    size_takeaway,
)
from fmnist_core.figures.dataset.splits import (
    part_frame,
    split_chart,
    split_frame,
    step_frame,
    step_takeaway,
)
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.papers import contradictions

KEPT = read_statistics()


def test_equal_classes_are_called_balanced_and_others_are_not() -> None:
    counts = class_count_frame(KEPT, "all")
    assert "each of the 10 classes has **7,000** of the 70,000" in class_count_takeaway(
        counts, "all"
    )
    counts.loc[3, "images"] = 6_999
    counts.loc[8, "images"] = 7_001
    words = class_count_takeaway(counts, "all")
    assert "**Bag** has 7,001" in words
    assert "**Dress** 6,999" in words


def test_the_slices_of_the_pie_go_once_around() -> None:
    counts = class_count_frame(KEPT, "test")
    assert counts["angle"].iloc[0] == 0
    assert counts["end_angle"].iloc[-1] == pytest.approx(2 * np.pi)
    assert counts["angle"].iloc[1:].tolist() == pytest.approx(counts["end_angle"].iloc[:-1])


@pytest.mark.parametrize("bins", [16, 64, 256])
def test_a_histogram_counts_every_pixel_once(bins: int) -> None:
    frame = histogram_frame(KEPT.levels("train"), bins=bins, background=True)
    assert len(frame) == bins
    assert frame["pixels"].sum() == 60_000 * 784
    assert frame["share"].sum() == pytest.approx(1)
    without = histogram_frame(KEPT.levels("train"), bins=bins, background=False)
    assert frame["pixels"].sum() - without["pixels"].sum() == KEPT.levels("train")[0]


def test_the_claimed_centre_is_set_beside_the_counted_one() -> None:
    summary = summarise_levels(KEPT.levels("train"))
    words = claim_words(summary)
    assert "the mean is 72.9, so 125 lies 52 levels above it, and the median 0" in words
    assert "3.35 % of the pixels lie between 115 and 135, fewer than the 8.2 %" in words
    assert "**50.2 %** of the pixels of them are exactly 0" in histogram_takeaway(summary, "them")
    (claim,) = (one for one in contradictions() if one.id == "C41")
    assert "125" in claim.one
    assert "72.9" in claim.other  # the register says what the page counts


def test_a_claim_that_held_would_be_said_to_hold() -> None:
    counts = np.zeros(256, np.int64)
    counts[[0, 120, 130]] = 1, 50, 50
    words = claim_words(summarise_levels(counts))
    assert "99.01 % of the pixels lie between 115 and 135, more than" in words


def test_the_table_of_levels_has_three_parts_and_ten_classes() -> None:
    frame = level_frame(KEPT, "test")
    assert len(frame) == 13
    assert frame["what"].iloc[3] == "T-shirt/top, test"
    assert frame["scaled_mean"].iloc[0] == pytest.approx(0.28604, abs=5e-6)
    assert frame["std"].iloc[2] == pytest.approx(90.0001, abs=5e-5)


def test_the_sentence_on_mean_images_names_the_extremes() -> None:
    spread = spread_frame(KEPT, "train")
    words = spread_takeaway(spread)
    assert words.startswith(f"**{spread.loc[spread['variance'].idxmax(), 'class_name']}** varies")
    alike = spread.loc[spread["distance"].idxmin()]
    assert f"**{alike['class_name']}** and **{alike['nearest']}** look most alike" in words
    assert (spread["class_name"] != spread["nearest"]).all()


def test_the_largest_variance_is_white() -> None:
    picture = variance_picture(np.array([[0.0, 5.0], [10.0, 2.5]]), 10.0)
    assert picture.tolist() == [[0, 128], [255, 64]]


def test_boxes_are_described_as_counted() -> None:
    words = box_takeaway(KEPT, "train")
    assert "**98.3 %** of the training images: those touch two opposite borders" in words
    assert "In the others it is at least 26." in words
    assert "63.3 % are 28 pixels high, 35.7 % are 28 wide" in words
    frame = box_frame(KEPT, "train").set_index("class_name")
    assert frame.loc["Sneaker", "median"] == "13 × 28"
    assert frame.loc["Bag", "shortest"] == 26


@pytest.mark.parametrize(("dimension", "least"), [("height", "Sneaker"), ("width", "Trouser")])
def test_sizes_add_up_and_the_smallest_is_named(dimension, least: str) -> None:
    sizes = size_frame(KEPT, "train", dimension)
    assert len(sizes) == 10 * 28
    assert (sizes.groupby("class_name")["images"].sum() == 6_000).all()
    assert f"**{least}** has the smallest median {dimension}" in size_takeaway(sizes, dimension)


def test_batches_an_epoch_are_those_that_sources_print() -> None:
    steps = step_frame()
    printed = steps[steps["published"].notna()]
    assert sorted(printed["published"]) == [94, 938]
    assert (printed["published"] == printed["batches"]).all()
    assert (steps["last_batch"] + (steps["batches"] - 1) * steps["batch_size"]).tolist() == steps[
        "images"
    ].tolist()
    assert "94 to 1,875" in step_takeaway(steps)
    assert "agrees in 2 of 2" in step_takeaway(steps)


def test_the_parts_of_each_split_fill_its_bar_with_different_images() -> None:
    splits = split_frame(KEPT)
    assert splits["training"].tolist() == [48_000, 42_000, 60_000]
    assert splits["validation_per_class"].tolist() == ["1,200", "1,400", "1,000"]
    parts = part_frame(splits)
    assert (parts.groupby("title")["end"].max() == 70_000).all()
    assert (parts.groupby("title")["images"].sum() == 70_000).all()


def test_no_copies_means_the_cleaned_files_and_copies_are_named() -> None:
    clean = copy_frame(KEPT)
    assert "no test image is a training image" in copy_takeaway(clean)
    assert "cleaned files" in copy_takeaway(clean)
    first = copy_frame(replace(KEPT, copies=np.array([43, 1, 10])))
    words = copy_takeaway(first)
    assert "**10** test images are training images as well" in words
    assert "not the cleaned files" in words


def test_every_file_is_listed_with_its_digest() -> None:
    files = file_frame()
    assert files["holds"].tolist() == [
        "60,000 images",
        "60,000 labels",
        "10,000 images",
        "10,000 labels",
    ]
    assert files["sha256"].str.fullmatch(r"[0-9a-f]{64}").all()


def test_what_runs_said_counts_the_right_and_names_the_others() -> None:
    said = [
        Said("a", "test", 6, 0.5, 0.5),
        Said("b", "validation", 0, 0.7, 0.1),
        Said("c", ""),
        Said("d", "test", 0, 0.9, 0.05),
    ]
    frame = said_frame(said, 6, {"a": "Net A"})
    assert frame["run"].tolist() == ["Net A", "b", "d"]
    assert frame["use"].tolist() == ["test image", "validation image", "test image"]
    words = said_takeaway(frame, 6)
    assert words == (
        "**1** of 3 runs with a stored answer say **Shirt**, its label; the others: "
        "T-shirt/top (2)."
    )
    assert left_out_words(said).startswith("1 of 4 have none")
    assert left_out_words(said[:2]) == ""
    assert said_frame([Said("c", "")], 6, {}).empty


def test_neighbours_are_counted_by_label() -> None:
    labels = np.array([0, 6, 6, 4], np.uint8)
    frame = neighbour_frame(np.array([1, 3, 2]), np.array([280, 560, 700], np.float32), labels)
    assert frame["per_pixel"].tolist() == [10, 20, 25]
    words = neighbour_takeaway(frame, 6)
    assert words.startswith("**2** of the 3 nearest training images bear its label, **Shirt**")
    assert "Coat (1)" in words
    assert "image 1, is 280 away: 10 levels a pixel" in words


def test_an_image_is_named_by_its_number_in_the_pool_and_in_its_file() -> None:
    assert image_name(59_999) == "Training image 59,999"
    assert image_name(60_017) == "Test image 60,017 (number 17 of the test file)"


@pytest.mark.parametrize(
    "spec",
    [
        class_bars(class_count_frame(KEPT, "train")),
        class_pie(class_count_frame(KEPT, "train")),
        histogram_chart(
            histogram_frame(KEPT.levels("all"), bins=64, background=False),
            summarise_levels(KEPT.levels("all")),
        ),
        size_chart(size_frame(KEPT, "all", "height"), "height"),
        split_chart(part_frame(split_frame(KEPT))),
    ],
)
def test_every_field_that_a_chart_names_is_in_its_data(spec) -> None:
    made = {
        step["as"] for layer in spec["layer"] for step in layer.get("transform", []) if "as" in step
    }
    for layer in spec["layer"]:
        own = {key for row in layer.get("data", {}).get("values", []) for key in row}
        for channel in layer["encoding"].values():
            for part in channel if isinstance(channel, list) else [channel]:
                assert part.get("field") in {None, *spec["data"].columns, *made, *own}
    assert to_vega_lite(spec).startswith(b"{")


def test_classes_keep_their_order() -> None:
    assert class_count_frame(KEPT, "train")["class_name"].tolist() == list(CLASS_NAMES)
