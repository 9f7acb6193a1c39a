"""The teaching figures say what their numbers are."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist_core.data import CLASS_NAMES
from fmnist_core.figures.learn import convolution as conv
from fmnist_core.figures.learn import dropout as drop
from fmnist_core.figures.learn import histogram as hist
from fmnist_core.figures.learn import pixels as pix
from fmnist_core.figures.learn import pooling as pool
from fmnist_core.figures.learn import softmax as soft
from fmnist_core.figures.learn.maps import layer_rows, maps_picture, maps_say
from fmnist_core.figures.learn.plane import Plane
from fmnist_core.figures.learn.slide import slide_chart
from fmnist_core.figures.svg import to_svgs
from fmnist_core.figures.theme import to_vega_lite
from fmnist_core.inference.layer_outputs import Trace, trace
from fmnist_core.inference.sliding_window import Window
from fmnist_core.runs.read import read_run, read_stored_weights, run_ids

RUNS = Path(__file__).parents[3] / "cached_runs"
ENHANCED = next(name for name in run_ids(RUNS) if name.startswith("awasthi_enhanced-"))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    """A square with a bright corner, uint8 (28, 28)."""
    square = np.zeros((28, 28), np.uint8)
    square[8:20, 8:20] = 100
    square[19, 19] = 250
    return square


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    return read_stored_weights(RUNS, ENHANCED)


@pytest.fixture(scope="module")
def traced(image: np.ndarray, weights: dict[str, np.ndarray]) -> Trace:
    return trace(read_run(RUNS, ENHANCED).layers, weights, image)


@pytest.fixture(scope="module")
def convolution(traced: Trace, weights: dict[str, np.ndarray]) -> conv.Convolution:
    row = conv.first_convolution(traced)
    assert row is not None
    return conv.convolution(traced, weights, row, 4)


def test_the_pixel_matrix_holds_every_number_and_its_sentence_counts_them(
    image: np.ndarray,
) -> None:
    frame = pix.pixel_frame(image)
    assert frame["value"].to_numpy().reshape(28, 28).tolist() == image.tolist()
    said = pix.pixels_say(image)
    assert "**784 whole numbers**" in said
    assert f"{784 - 144} are 0" in said
    assert "the largest is 250, in row 19, column 19" in said
    assert f"mean is {image.mean():.1f}" in said


def test_the_scaling_is_that_of_the_recipe(image: np.ndarray) -> None:
    assert f"{250 / 255:.4f}" in pix.scaling_formula(image, 0.0, 1.0)
    assert f"{(250 / 255 - 0.286) / 0.353:.4f}" in pix.scaling_formula(image, 0.286, 0.353)


def test_binary_has_two_values_and_inverting_twice_gives_the_image(image: np.ndarray) -> None:
    assert set(np.unique(pix.binary(image))) == {0, 255}
    np.testing.assert_array_equal(pix.inverted(pix.inverted(image)), image)


@pytest.mark.parametrize("position", [(0, 0), (19, 19), (27, 27), (5, 13)])
def test_products_and_bias_add_up_to_what_the_network_computed(
    convolution: conv.Convolution, position: tuple[int, int]
) -> None:
    products = conv.product_frame(convolution, position)
    total = products["product"].sum() + convolution.bias
    assert total == pytest.approx(convolution.sums[position], abs=1e-5)
    assert f"that is **{total:.3f}**" in conv.convolution_says(convolution, position)
    assert f"= {total:.3f}" in conv.convolution_formula(convolution, position)


def test_the_chart_carries_the_map_the_kernel_and_a_place_for_the_cursor(
    convolution: conv.Convolution,
) -> None:
    spec = slide_chart(conv.convolution_slide(convolution), (3, 4))
    parts = spec["data"]["part"].value_counts()
    assert parts["input"] == 28 * 28
    assert parts["padding"] == 30 * 30 - 28 * 28
    assert parts["kernel"] == 9
    assert parts["result 0"] == parts["window"] == 28 * 28
    assert parts["target"] == 2 * 28 * 28
    (params,) = (layer["params"] for layer in spec["layer"] if "params" in layer)
    assert params[0]["value"] == [{"row": 3, "column": 4}]
    text = json.dumps(spec["layer"])
    assert f"{convolution.kernel[0, 0]:.6g}, {convolution.kernel[0, 1]:.6g}" in text
    assert json.loads(to_vega_lite(spec))["layer"] == json.loads(text)


@pytest.mark.parametrize("width", [358, 820, 960])
def test_a_sliding_window_has_square_cells_and_is_whole_at_every_width(
    convolution: conv.Convolution, width: int
) -> None:
    slide = conv.convolution_slide(convolution)
    (svg,) = to_svgs([slide_chart(slide, (0, 0))], width=width)
    drawn = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert drawn
    plane = Plane(slide)
    assert float(drawn[1]) == pytest.approx(width, abs=1)
    assert float(drawn[2]) == pytest.approx(width * plane.height / plane.width, abs=2)


def test_the_cells_of_the_plane_are_squares_of_one_size(convolution: conv.Convolution) -> None:
    frame = slide_chart(conv.convolution_slide(convolution), (0, 0))["data"]
    cells = frame[frame["part"].isin(["input", "padding"])]
    sides = np.stack([cells["x2"] - cells["x"], cells["y2"] - cells["y"]])
    np.testing.assert_allclose(sides, 30 / 30, rtol=1e-4)


@pytest.mark.parametrize(
    ("window", "after", "said"),
    [
        (Window((3, 3)), 26, "every position, without a border"),
        (Window((3, 3), (2, 2)), 13, "every second position, without a border"),
        (Window((3, 3), (2, 2), "same"), 14, "with 1 pixel of 0 added after,"),
        (Window((2, 2), padding="same"), 28, "with 1 pixel of 0 added after,"),
        (Window((3, 3), padding="same"), 28, "with 1 pixel of 0 added before and 1 after"),
        (Window((5, 5), padding="same"), 28, "with 2 pixels of 0 added before and 2 after"),
        (Window((7, 7), (7, 7)), 4, "every 7th position"),
    ],
)
def test_stride_and_padding_are_put_in_words_and_drawn_alike(
    window: Window, after: int, said: str, image: np.ndarray
) -> None:
    sentence = conv.size_says(28, window)
    assert f"**{after} × {after}**" in sentence
    assert said in sentence
    assert conv.size_formula(28, window).endswith(f"= {after}")
    slide = conv.size_slide(image.astype(np.float32), window)
    assert slide.results[0].pixels.shape == (after, after)


def test_pooling_keeps_the_peak_or_the_mean() -> None:
    values = np.arange(16, dtype=np.float32).reshape(4, 4)
    slide = pool.pooling_slide("Map", values, Window((2, 2), (2, 2)))
    frame = pool.pooling_frame(slide)
    assert list(frame["maximum"]) == [5, 7, 13, 15]
    assert list(frame["mean"]) == [2.5, 4.5, 10.5, 12.5]
    said = pool.pooling_says(slide)
    assert "4 × 4 becomes **2 × 2**" in said
    assert "max pooling keeps 15.00 and average pooling 12.50." in said
    assert "mean of the map, 7.50, rises to 10.00 under max pooling and stays 7.50 under" in said
    assert "no window reaches" not in said
    assert pool.pooling_formula(slide, (1, 1)).count("15.00") == 3


def test_the_sentence_and_the_formula_of_pooling_are_about_one_window() -> None:
    values = np.full((5, 5), 2.0, np.float32)  # two windows a side leave the last row out
    values[0, 0], values[4, 4] = 4.0, 9.0
    slide = pool.pooling_slide("Map", values, Window((2, 2), (2, 2)))
    assert pool.peak_window(slide) == (0, 0)
    said = pool.pooling_says(slide)
    assert "max pooling keeps 4.00 and average pooling 2.50." in said
    assert "own peak, 9.00, lies where no window reaches" in said
    assert "2.36, falls to" not in said  # 2.36 rises to 2.50 under max pooling
    assert "falls to 2.12 under average pooling" in said
    formula = pool.pooling_formula(slide, pool.peak_window(slide))
    assert "= 4.00" in formula
    assert "= 2.50" in formula


def test_relu_is_counted_and_another_function_is_not_called_so() -> None:
    before = np.array([-2.0, -1.0, 0.5, 3.0], np.float32)
    said = hist.activation_says("dense", "relu", before, np.maximum(before, 0))
    assert "2 (50 %) are below 0 and **become 0**" in said
    assert "smallest was -2.00, the largest is 3.00" in said
    other = hist.activation_says("dense", "tanh", before, np.tanh(before))
    assert "become 0" not in other
    assert "**into -0.96 to 1.00**" in other


def test_both_histograms_count_every_value_over_the_same_bins() -> None:
    before = np.random.default_rng(0).standard_normal(500).astype(np.float32)
    frame = hist.histogram_frame(before, np.maximum(before, 0))
    assert list(frame.groupby("when")["count"].sum()) == [500, 500]
    sides = [frame[frame["when"] == when]["low"].tolist() for when in (hist.BEFORE, hist.AFTER)]
    assert sides[0] == sides[1]


def test_a_layer_of_one_value_still_has_a_histogram() -> None:
    zeros = np.zeros(7, np.float32)
    assert hist.histogram_frame(zeros, zeros)["count"].sum() == 14


def test_batch_normalisation_is_the_straight_line_that_is_stated(
    traced: Trace, weights: dict[str, np.ndarray]
) -> None:
    row = traced.of_type("BatchNormalization")[1]
    of = hist.normalisation(weights, row, 7)
    before, after = traced.before(row)[..., 7], traced.after(row)[..., 7]
    np.testing.assert_allclose(of.factor * before + of.offset, after, atol=1e-4)
    said = hist.normalisation_says(of, before, after)
    assert f"multiplied by **{of.factor:.3f}** and moved by **{of.offset:+.3f}**" in said
    assert hist.normalisation_formula(of, before, after).endswith(f"= {after.max():.3f}")
    channels = hist.channel_frame(traced, weights, row)
    assert channels.loc[7, "mean_after"] == pytest.approx(float(after.mean()))
    assert list(channels["channel"]) == list(range(1, 65))


def test_a_mask_is_counted_and_what_it_keeps_grows(
    traced: Trace, image: np.ndarray, weights: dict[str, np.ndarray]
) -> None:
    masked = trace(read_run(RUNS, ENHANCED).layers, weights, image, dropout_seed=3)
    row = masked.of_type("Dropout")[0]
    mask = masked.masks[row.name]
    frame = drop.dropout_frame(masked.before(row), mask)
    dropped = int((frame["kept"] == "dropped").sum())
    assert f"drops **{dropped} of 256** numbers" in drop.dropout_says(row.name, 0.5, 3, mask)
    kept = frame[frame["kept"] == "kept"]
    np.testing.assert_allclose(kept["after"], 2 * kept["before"])
    assert (frame[frame["kept"] == "dropped"]["after"] == 0).all()
    assert not traced.masks


def test_a_mask_of_more_numbers_than_fit_says_how_many_are_shown() -> None:
    mask = np.ones(12_544, np.float32)
    assert len(drop.dropout_frame(mask, mask)) == 1024
    assert drop.dropout_limits(mask).endswith("image. Shown: the first 1,024 of 12,544.")
    assert drop.dropout_limits(mask[:1024]).endswith("image.")


def test_the_effect_of_masks_is_said_both_ways() -> None:
    sure, other = np.eye(10)[2], np.eye(10)[3]
    assert f"still says **{CLASS_NAMES[2]}**" in drop.dropout_effect(sure, sure, CLASS_NAMES)
    said = drop.dropout_effect(sure, other, CLASS_NAMES)
    assert f"now says **{CLASS_NAMES[3]}**, 100.0 %; without any, {CLASS_NAMES[2]}" in said


def test_softmax_at_one_gives_the_networks_probabilities(traced: Trace) -> None:
    last = traced.rows[-1]
    frame = soft.softmax_frame(traced.sums[last.name], 1.0)
    np.testing.assert_allclose(frame["probability"], traced.after(last), atol=1e-6)


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_a_temperature_changes_how_sure_but_not_the_order(temperature: float) -> None:
    logits = np.array([3.0, 1, 0, -1, -2, 0.5, 2.5, -3, 0.1, -0.2], np.float32)
    frame = soft.softmax_frame(logits, temperature)
    assert frame["probability"].sum() == pytest.approx(1)
    assert list(frame["probability"].rank()) == list(frame["logit"].rank())
    said = soft.softmax_says(frame, temperature)
    assert f"**{CLASS_NAMES[0]}** gets **{100 * frame['probability'][0]:.1f} %**" in said
    assert "larger by 0.50" in said
    assert f"= {frame['probability'][0]:.5f}" in soft.softmax_formula(frame, temperature)


def test_the_second_class_is_that_of_the_second_logit_where_its_probability_is_none() -> None:
    logits = np.array([1, 0, 0, 0, 32, 0, 0, 20, 0, 0], np.float32)
    said = soft.softmax_says(soft.softmax_frame(logits, 0.1), 0.1)
    assert "**Coat** gets **100.0 %** and Sneaker 0.0 %: its logit is larger by 12.00." in said
    assert "leaves 0.00 of 3.32 bits" in said


def test_hot_softmax_leaves_more_bits_open_than_cold() -> None:
    logits = np.linspace(-2, 2, 10).astype(np.float32)
    bits = [
        float(re.search(r"leaves ([\d.]+) of 3.32", soft.softmax_says(frame, t)).group(1))
        for t in (0.5, 5.0)
        for frame in [soft.softmax_frame(logits, t)]
    ]
    assert bits[0] < bits[1] < 3.33


def test_each_layers_sentence_counts_its_zeros_and_silent_maps(traced: Trace) -> None:
    values = np.zeros((4, 4, 3), np.float32)
    values[..., 1] = 2
    said = maps_say(traced.rows[0], values)
    assert "gives 4 × 4 × 3 numbers from 0.00 to 2.00" in said
    assert "67 % of them are 0" in said
    assert "2 of 3 maps are 0 everywhere" in said
    values[0, 0, 0] = 1
    assert "1 of 3 maps is 0 everywhere" in maps_say(traced.rows[0], values)


def test_every_layer_has_a_picture_that_shows_it(traced: Trace) -> None:
    assert len(layer_rows(traced)) == len(traced.rows)
    for row in traced.rows:
        with Image.open(io.BytesIO(maps_picture(traced.after(row), 10))) as picture:
            assert picture.width <= 970
            assert np.asarray(picture)[..., 3].any()


def test_a_picture_shows_the_sign_by_its_colour() -> None:
    values = np.array([-1.0, 0.0, 1.0], np.float32)
    with Image.open(io.BytesIO(maps_picture(values, 3))) as picture:
        pixels = np.asarray(picture)
    blue, grey, orange = (pixels[10, 4 + 18 * place + 7, :3].astype(int) for place in range(3))
    assert blue[2] > blue[0] + 50
    assert orange[0] > orange[2] + 50
    assert np.ptp(grey) < 30
