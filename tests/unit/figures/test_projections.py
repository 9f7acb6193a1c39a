"""Linked projections: one row an image, boxes that name images, sentences that fit the numbers."""

import base64
import io
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from fmnist_core.evaluation.pixel_pca import stored_pixels
from fmnist_core.evaluation.separation_measures import Separation
from fmnist_core.figures.projections.linked import (
    Panel,
    boxed_rows,
    linked_chart,
    linked_columns,
    linked_frame,
    thumbnail,
)
from fmnist_core.figures.projections.pixels import (
    component_picture,
    reconstruction_words,
    variance_takeaway,
)
from fmnist_core.figures.projections.space import REACH, space_content
from fmnist_core.figures.projections.words import (
    Measured,
    box_words,
    neighbour_classes_columns,
    neighbour_classes_frame,
    neighbour_classes_words,
    separation_takeaway,
    shown_words,
    similarity_words,
)

INDICES = np.arange(60_000, 60_004, dtype=np.int32)
LABELS = np.array([0, 0, 6, 9], np.uint8)
PANELS = [
    Panel("pixels", "", np.array([[0.0, 0.0], [1, 0], [0, 1], [4, 1]])),
    Panel("net", "", np.array([[5.0, 5.0], [6, 5], [5, 6], [9, 9]]), np.array([0, 6, 6, 9])),
]
FRAME = linked_frame(PANELS, INDICES, LABELS)


SHARES = {1: {1: 0.9, 6: 0.1}, 6: {1: 0.3, 6: 0.7}}


def measured(label: str, right: float, silhouette: float) -> Measured:
    found = Separation(silhouette, {1: 0.4, 6: -0.1}, right, 10, SHARES)
    return Measured(label, 0.5, found, None, None)


def test_a_box_in_one_panel_names_the_images_it_holds():
    assert boxed_rows(FRAME, {"x0": [-1, 0.5], "y0": [2, 0.5]})["index"].tolist() == [60_002]
    assert boxed_rows(FRAME, {"x1": [4, 6.5], "y1": [4, 5.5]})["index"].tolist() == [60_000, 60_001]
    assert boxed_rows(FRAME, {}).empty
    assert boxed_rows(FRAME, {"x7": [0, 1], "y7": [0, 1]}).empty


def test_a_box_is_put_in_words_with_what_each_network_gets_right_in_it():
    text = box_words(FRAME, {"says1": "net"})
    assert text == "**4 images** in the box: 2 T-shirt/top, 1 Shirt, 1 Ankle boot. Right: net 3."
    assert box_words(FRAME.iloc[:1], {}) == "**1 image** in the box: 1 T-shirt/top."
    assert box_words(FRAME.iloc[:0], {}) == "No image in the box."


def test_every_panel_draws_the_same_rows_in_units_of_one_length():
    spec = linked_chart(FRAME, PANELS, shared_axes=True)
    assert [view["title"]["text"] for view in spec["concat"]] == ["Pixels", "Net"]
    domains = []
    for view in spec["concat"]:
        encoding = view["layer"][0]["encoding"]
        x, y = (encoding[axis]["scale"]["domain"] for axis in "xy")
        assert np.isclose((x[1] - x[0]) / view["width"], (y[1] - y[0]) / view["height"])
        domains.append((x, y))
    assert domains[0] == domains[1]
    apart = linked_chart(FRAME, PANELS, shared_axes=False)
    ranges = [view["layer"][0]["encoding"]["x"]["scale"]["domain"] for view in apart["concat"]]
    assert ranges[0] != ranges[1]


def test_a_dead_network_still_has_a_range():
    panel = Panel("dead", "", np.zeros((4, 2)))
    spec = linked_chart(linked_frame([panel], INDICES, LABELS), [panel], shared_axes=False)
    low, high = spec["concat"][0]["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < high


def test_a_thumbnail_is_the_image_in_sixteen_greys():
    image = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
    with Image.open(io.BytesIO(base64.b64decode(thumbnail(image)))) as picture:
        shown = np.asarray(picture.convert("L")).astype(int)
    assert np.abs(shown - image).max() <= 8


def test_spaces_hold_the_same_images_in_the_numbers_that_are_sent():
    points = np.array([[0.0, 0, 0], [3, 0, 0], [0, 4, 0], [3, 4, 5]])
    panels = [Panel("a", "says", points), Panel("b", "", 2 * points, np.array([0, 6, 6, 9]))]
    drawn = space_content(panels, INDICES, LABELS, shared_scale=False, ringed=60_002)
    assert json.loads(json.dumps(drawn)) == drawn
    assert (drawn["indices"], drawn["labels"]) == (INDICES.tolist(), LABELS.tolist())
    assert (drawn["ringed"], drawn["pictures"]) == (60_002, None)
    first, second = (sent_points(panel) for panel in drawn["panels"])
    assert np.array_equal(first, second)
    assert np.linalg.norm(first[3]) == pytest.approx(REACH, abs=2)
    scale = REACH / np.linalg.norm([1.5, 2, 2.5])
    assert first[3] - first[0] == pytest.approx(scale * points[3], abs=2)
    assert [panel["answers"] for panel in drawn["panels"]] == [None, [0, 6, 6, 9]]
    together = space_content(panels, INDICES, LABELS, shared_scale=True)
    small, large = (sent_points(panel) for panel in together["panels"])
    assert large[3] - large[0] == pytest.approx(2 * (small[3] - small[0]), abs=4)


def sent_points(panel: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(panel["points"]), "<i2").reshape(-1, 3).astype(float)


def test_the_table_of_spaces_has_all_three_positions():
    panels = [Panel("net", "", np.arange(12.0).reshape(4, 3), np.array([0, 6, 6, 9]))]
    frame = linked_frame(panels, INDICES, LABELS)
    assert list(frame) == ["index", "class", "x0", "y0", "z0", "says0"]
    assert list(frame) == list(linked_columns(panels))
    assert frame["z0"].tolist() == [2, 5, 8, 11]


def test_the_neighbours_of_a_class_are_counted_by_theirs():
    row = measured("a_b", 0.9, 0.1)
    assert neighbour_classes_words(row) == (
        "In the features of **a\\_b**, 30.0 % of the 10 nearest images of **Shirt** are "
        "**Trouser**, the most of any two classes; the other way round 10.0 %."
    )
    frame = neighbour_classes_frame(row.separation)
    assert frame.to_dict("list") == {
        "class": ["Trouser", "Shirt"],
        "Trouser": [0.9, 0.3],
        "Shirt": [0.1, 0.7],
    }
    assert list(neighbour_classes_columns(row.separation)) == list(frame)
    alone = Measured("a", 0.5, Separation(None, {}, 1.0, 10, {1: {1: 1.0}}), None, None)
    assert "no other class" in neighbour_classes_words(alone)


def test_the_separation_names_the_best_and_the_worst_by_each_measure():
    text = separation_takeaway([measured("a", 0.9, 0.1), measured("b", 0.8, 0.3)])
    assert "In the features of **a**, the 10 nearest images name the class of **90.0 %**" in text
    assert "in those of **b**, of 80.0 %" in text
    assert "The classes are tightest in those of **b**: their silhouette is 0.30" in text
    assert "Trouser lies most apart, Shirt is the most mixed" in text
    alone = separation_takeaway([measured("a", 0.9, 0.1)])
    assert "in those of" not in alone
    assert "Their silhouette is 0.10" in alone


def test_nothing_is_measured_on_one_image():
    row = Measured("a", 0.5, Separation(None, {}, None, 0, {}), None, None)
    assert "nothing can be measured" in separation_takeaway([row])


def test_similarities_name_the_nearest_and_the_farthest_picture():
    text = similarity_words("base", {"near": 0.81, "far": 0.2})
    assert text == (
        "Laid onto **base**, the picture of **near** explains 81 % of its spread, that of **far** "
        "20 %."
    )
    assert similarity_words("base", {"near": 0.81}).endswith("81 % of its spread.")
    assert similarity_words("base", {}) == ""


def test_the_drawn_share_of_the_variance_is_said():
    assert "show **46.79 %** of what varies in the pixels" in shown_words(
        5_000, {"the pixels": 0.46794}
    )
    both = shown_words(733, {"a": 0.2, "b": 0.6}, axes="three")
    assert "733 test images; the three axes show from 20.0 % (**a**) to 60.0 % (**b**)" in both


def test_the_figures_of_the_pixel_pca_stand_in_its_sentence():
    text = variance_takeaway(stored_pixels().pca)
    for figure in ("**29.04 %**", "**17.76 %**", "**46.79 %**", "**52.81 %**", "**84** of 784"):
        assert figure in text


def test_a_reconstruction_says_how_wrong_it_is():
    pca = stored_pixels().pca
    image = np.rint(255 * pca.mean.reshape(28, 28)).astype(np.uint8)
    image[3:20, 5:9] = 250
    words = [
        reconstruction_words(image, pca.reconstruct(image, count), pca, count)
        for count in (0, 1, 84)
    ]
    assert words[0].startswith("No component: the mean")
    assert "**1** component explains 29.0 %" in words[1]
    assert "**84** components explain 90.1 %" in words[2]
    wrong = 255 * np.sqrt(np.square(image / 255 - pca.reconstruct(image, 84)).mean())
    assert f"wrong by **{wrong:.1f}**" in words[2]


def test_a_component_adds_in_one_colour_and_takes_away_in_another():
    direction = np.zeros(784, np.float32)
    direction[:2] = (0.5, -0.25)
    picture = component_picture(direction)
    assert picture[0, 0, 0] > picture[0, 0, 2]
    assert picture[0, 1, 2] > picture[0, 1, 0] > 0
    assert not picture[1:].any()
    assert not component_picture(np.zeros(784, np.float32)).any()


def test_the_frame_holds_what_each_network_says_and_nothing_for_pixels():
    assert list(FRAME) == ["index", "class", "x0", "y0", "x1", "y1", "says1"]
    assert isinstance(FRAME, pd.DataFrame)
    assert FRAME["says1"].tolist() == ["T-shirt/top", "Shirt", "Shirt", "Ankle boot"]
