"""Words, picture and table of the form on the Train page."""

import io

import numpy as np
import pytest
from PIL import Image

from fmnist_core.architectures import summarize
from fmnist_core.figures.train.form_grid import GRID_COLUMNS, GridRow, grid_frame
from fmnist_core.figures.train.form_preview import SHOWN_AT, preview_png, preview_width
from fmnist_core.figures.train.form_words import (
    Difference,
    duration,
    jobs_in_words,
    label_note,
    memory,
)
from fmnist_core.recipes import Recipe


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (28.4, "28 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (3_540, "59 min"),
        (3_599, "1 h"),
        (4_210, "1 h 10 min"),
        (7_200, "2 h"),
        (86_399, "1 day"),
        (187_200, "2 days 4 h"),
    ],
)
def test_a_duration_is_rounded_to_what_an_estimate_can_say(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_memory_and_jobs_are_said_in_their_units() -> None:
    assert [memory(size) for size in (640e6, 999.6e6, 1.24e9)] == ["640 MB", "1.0 GB", "1.2 GB"]
    assert [jobs_in_words(count) for count in (1, 12, 1_000)] == ["1 job", "12 jobs", "1,000 jobs"]


def test_a_difference_says_whose_value_it_departs_from() -> None:
    stated = Difference("epochs", 3, 100, stated=True)
    assert stated.mark == "differs from the paper: 100"
    assert stated.line == "epochs 3 instead of 100"
    read = Difference("learning_rate", 0.01, 0.001, stated=False)
    assert read.mark == "differs from our reading of the paper: 0.001"
    assert Difference("limit", 22_700, 0, stated=False).line == "limit 22,700 instead of all images"
    assert Difference("augmentation", "", "flip", stated=True).line == (
        "augmentation none instead of flip"
    )


def test_the_preview_draws_every_pixel_as_a_square_and_gaps_transparent() -> None:
    first = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
    picture = Image.open(io.BytesIO(preview_png([first, 255 - first])))
    assert picture.mode == "LA"
    assert picture.width * SHOWN_AT == preview_width(2)
    pixels = np.asarray(picture)
    side = (picture.height - 8) // 2
    scale = side // 28
    assert (pixels[:side, :side, 0][::scale, ::scale] == first[0]).all()
    assert (pixels[:side, :side, 0] == first[0].repeat(scale, 0).repeat(scale, 1)).all()
    assert (pixels[side : side + 8, :, 1] == 0).all()


def test_the_grid_has_a_line_for_each_kind_and_names_its_seeds() -> None:
    row = GridRow(
        network="Small",
        recipe=Recipe(seed=4, learning_rate=0.01),
        summary=summarize("flatten\ndense 10 softmax"),
        train_images=1_000,
        seconds=12.3,
        memory_bytes=700_000_000,
        budget="reduced",
        differences=2,
    )
    frame = grid_frame([row, row], seeds=3)
    assert set(frame.columns) == set(GRID_COLUMNS)
    assert frame["seeds"].tolist() == ["4 to 6"] * 2
    assert frame["params"].tolist() == [7_850] * 2
    assert grid_frame([row], seeds=1)["seeds"].tolist() == ["4"]


def test_a_label_is_explained_for_one_for_all_and_for_some():
    assert label_note([("full", True), ("full", True)], 2) == ""
    assert label_note([("reduced", True)], 1) == (
        "Fewer epochs or images than the paper has. "
        "The run says so, and is never ranked among full ones unasked."
    )
    assert label_note([("varied", False)] * 2, 4).startswith(
        "Layers of your own, which no paper has. Each such run says so"
    )
    mixed = label_note([("varied", True), ("reduced", True), ("full", True)], 3)
    assert "1 of these 3: no less training than the paper has, but under other settings." in mixed
    assert "1 of these 3: fewer epochs or images than the paper has." in mixed
