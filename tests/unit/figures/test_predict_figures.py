"""What the Predict page draws of one picture, and of many."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
from PIL import Image

from fmnist_core.figures.pictures import occlusion_picture, occlusion_scale, tile_png
from fmnist_core.figures.predict.answers import occlusion_words
from fmnist_core.figures.predict.files import FileRow, files_frame
from fmnist_core.figures.predict.likeness import (
    likeness_frame,
    likeness_verdict,
    likeness_words,
)
from fmnist_core.figures.predict.networks import default_networks, networks_words
from fmnist_core.inference.likeness import BANDS, Likeness, Peers
from fmnist_core.prediction.answer import Answers, ImageAnswer
from fmnist_core.prediction.temperature import Calibration

ALIKE = Likeness(
    peers=(Peers(8, 10, 6_000),),
    box_height=28,
    box_width=12,
    box_percentile=98.25,
    mean_intensity=61.24,
    intensity_percentile=40.0,
    border=0.0,
    border_percentile=0.0,
    nearest_distance=3210.4,
    distance_percentile=100.0,
    verdict="unusual",
    words="It looks unusual.",
)


def test_a_tile_keeps_every_pixel_of_a_small_picture() -> None:
    pixels = np.arange(28 * 28, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    with Image.open(io.BytesIO(tile_png(pixels, 104))) as tile:
        shown = np.asarray(tile)[..., 0]
    assert shown.shape == (208, 208)
    inside = shown[6:-6, 6:-6]
    assert (inside[3::7, 3::7] == pixels).all()


def test_a_map_colours_what_speaks_for_and_against() -> None:
    image = np.full((28, 28), 200, np.uint8)
    plain = occlusion_picture(image, np.zeros((28, 28)), 0.05)
    assert (plain == plain[..., :1]).all()
    falls = np.zeros((28, 28))
    falls[0, 0], falls[27, 27] = 0.5, -0.5
    coloured = occlusion_picture(image, falls, occlusion_scale([falls])).astype(int)
    assert coloured[0, 0, 0] > coloured[0, 0, 2] + 100
    assert coloured[27, 27, 2] > coloured[27, 27, 0] + 100


def test_a_map_in_which_no_patch_matters_stays_almost_grey() -> None:
    image = np.full((28, 28), 200, np.uint8)
    falls = np.zeros((28, 28))
    falls[10:14, 10:14] = 0.004  # below this the words say that no single patch matters
    map_ = occlusion_picture(image, falls, occlusion_scale([falls])).astype(int)
    assert np.ptp(map_, axis=2).max() < 20


def test_what_covering_a_patch_changes_is_said_where_it_changes_anything() -> None:
    falls = np.full((28, 28), 0.004)
    assert occlusion_words(falls, "Net", 8, 0.01) == (
        "No single patch matters to **Net**: whichever is covered, its 1.0 % for Bag hardly "
        "changes."
    )
    start = "**Net** gives Bag 1.0 %; on average, covering a patch "
    falls[0, 0] = -0.02
    assert occlusion_words(falls, "Net", 8, 0.01) == start + "around the top left adds 2.0 points."
    falls[14, 14] = 0.04
    assert occlusion_words(falls, "Net", 8, 0.01) == (
        start + "around the centre takes 4.0 points away, and one around the top left adds 2.0 "
        "points."
    )
    falls[0, 0] = -0.001
    assert occlusion_words(falls, "Net", 8, 0.01) == (
        start + "around the centre takes 4.0 points away."
    )


def test_maps_side_by_side_share_the_scale_of_the_strongest() -> None:
    weak, strong = np.full((28, 28), 0.1), np.full((28, 28), -0.4)
    assert occlusion_scale([weak, strong]) == 0.4
    assert occlusion_scale([np.zeros((28, 28))]) == 0.05


def test_the_meter_has_four_measures_with_their_place() -> None:
    frame = likeness_frame(ALIKE)
    assert list(frame["value"]) == ["28 / 12 pixels", "61.2", "0.0", "3,210"]
    assert list(frame["percentile"]) == [98.25, 40.0, 0.0, 100.0]
    assert likeness_words(frame, ALIKE) == (
        "Beside the 6,000 training images of Bag, its height by width (28 / 12 pixels) exceeds "
        "that of 98.2 %; its mean intensity (61.2) exceeds that of 40.0 %; its border (0.0) "
        "exceeds that of none. Beside training images of all classes, its distance (3,210) "
        "exceeds that of all."
    )


def _votes(*labels: int) -> ImageAnswer:
    """What networks say that are each sure of one class."""
    raw = np.zeros((len(labels), 1, 10), np.float32)
    raw[np.arange(len(labels)), 0, labels] = 1
    ids = tuple(str(number) for number in range(len(labels)))
    plain = Calibration(None, 0, None, None, "made up")
    return Answers(ids, (plain,) * len(ids), raw, raw.astype(np.float64), ()).image(0)


def test_networks_without_a_majority_dispute_what_the_measures_allow() -> None:
    usual = replace(ALIKE, verdict="nothing unusual", words="All is well.")
    edge = replace(ALIKE, verdict="at the edge", words="Its distance lies at the edge.")
    for agreed in (_votes(3), _votes(3, 3), _votes(3, 3, 0)):
        assert likeness_verdict(usual, agreed) == ("nothing unusual", "All is well.")
        assert likeness_verdict(edge, agreed) == ("at the edge", edge.words)
    rest = " No class is named by more than half of the networks."
    for divided in (_votes(3, 0), _votes(3, 3, 0, 8), _votes(0, 3, 8)):
        assert likeness_verdict(usual, divided) == ("disputed", "All is well." + rest)
        assert likeness_verdict(edge, divided) == ("disputed", edge.words + rest)
        assert likeness_verdict(ALIKE, divided) == ("unusual", ALIKE.words + rest)


def test_the_meter_shows_the_bands_that_the_verdict_goes_by() -> None:
    frame = likeness_frame(ALIKE)
    assert list(zip(frame["low"], frame["high"], strict=True)) == list(BANDS.values())


def test_the_meter_names_every_class_that_it_places_a_picture_among() -> None:
    mixed = replace(ALIKE, peers=(Peers(3, 7, 6_000), Peers(0, 3, 6_000)))
    words = likeness_words(likeness_frame(mixed), mixed)
    assert words.startswith(
        "Beside the training images of the classes of its nearest (7 Dress, 3 T-shirt/top), "
        "weighted by them, its height"
    )


def test_a_remark_begins_with_what_was_received() -> None:
    frame = files_frame(
        [
            FileRow("a.pdf", "An upload must be a whole PNG. Received: a PDF document. Save it."),
            FileRow("b.png", "There must be a run to ask."),
        ]
    )
    assert list(frame["remarks"]) == [
        "Received: a PDF document. Save it. An upload must be a whole PNG.",
        "There must be a run to ask.",
    ]


def _leaderboard(*runs: tuple[str, str, str, bool]) -> pd.DataFrame:
    return pd.DataFrame(runs, columns=["run_id", "architecture", "budget", "has_model"])


def test_the_first_full_run_of_each_architecture_answers_where_none_is_chosen() -> None:
    frame = _leaderboard(
        ("a1", "a", "full", False),
        ("a2", "a", "full", True),
        ("b1", "b", "reduced", True),
        ("a3", "a", "full", True),
        ("c1", "c", "full", True),
    )
    assert default_networks(frame) == ["a2", "c1"]
    assert default_networks(frame[frame["budget"] == "reduced"]) == ["b1"]
    assert default_networks(frame[~frame["has_model"]]) == []
    assert default_networks(frame, stored=True) == ["a1", "c1"]
    assert default_networks(pd.DataFrame({"run_id": [], "label": []})) == []


def test_networks_without_a_model_do_not_count_as_answering() -> None:
    chosen = "the chosen runs"
    assert networks_words(1, chosen) == "1 network answers: the chosen runs"
    assert networks_words(2, chosen) == "2 networks answer: the chosen runs"
    assert networks_words(1, chosen, ["Net *1*"]) == (
        "1 network answers: the chosen runs; stored without a model: Net \\*1\\*"
    )
    assert networks_words(0, chosen, ["A", "B", "C", "D"]) == (
        "No network answers: the chosen runs; stored without a model: A, B, C and 1 more"
    )


def test_no_architecture_is_left_out_where_there_are_many() -> None:
    frame = _leaderboard(*((f"r{n}", f"a{n}", "full", True) for n in range(60)))
    assert len(default_networks(frame)) == 60
