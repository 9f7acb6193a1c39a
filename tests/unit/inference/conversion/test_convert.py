"""Pictures become what Zalando would have made of them, and every step can be seen."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from fmnist_core.bench.example_uploads import saved
from fmnist_core.data.locations import find_data
from fmnist_core.data.pool import load_pool
from fmnist_core.errors import UploadError
from fmnist_core.inference.conversion.convert import convert
from fmnist_core.inference.conversion.corrections import Corrections, cropped, reoriented, turned
from fmnist_core.inference.files.decode import decode
from tests.unit.inference.garments import floor_of, mask_of, photograph, picture_of

needs_data = pytest.mark.skipif(find_data() is None, reason="needs Fashion-MNIST: make data")


def shop(shape="T-shirt", colour=(60, 60, 160), ground=(253, 253, 253), size=(300, 400)):
    pixels = np.full((size[1], size[0], 3), ground, np.uint8)
    pixels[mask_of(shape, size)] = colour
    return pixels


def extent(image: np.ndarray) -> tuple[int, int]:
    rows, columns = np.flatnonzero((image > 12).any(1)), np.flatnonzero((image > 12).any(0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def agreement(image: np.ndarray, shape: str) -> float:
    """Intersection over union of what is visible and the drawn shape in the 28x28 frame."""
    mask = mask_of(shape, (300, 400))
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = cut.shape
    unit = max(height, width) / 28
    size = (round(width / unit), round(height / unit))
    small = np.asarray(Image.fromarray(cut).convert("L").resize(size, Image.Resampling.BOX)) > 127
    frame = np.zeros((28, 28), bool)
    top, left = (29 - size[1]) // 2, (29 - size[0]) // 2
    frame[top : top + size[1], left : left + size[0]] = small
    visible = image > 25
    return float((visible & frame).sum() / (visible | frame).sum())


def test_a_shop_picture_goes_through_zalandos_steps():
    conversion = convert(picture_of(shop()))
    names = [step.name for step in conversion.steps]
    assert names == [
        "Picture", "Trimmed", "Thumbnail", "Sampled", "Sharpened", "Centred", "Negated", "Grey",
    ]  # fmt: skip
    assert all(step.says.endswith(".") for step in conversion.steps)
    assert (conversion.steps[-1].image == conversion.image).all()
    assert conversion.image.shape == (28, 28)
    assert conversion.image.dtype == np.uint8
    assert conversion.warnings == ()
    assert not conversion.passed_through
    assert conversion.corrections == Corrections(
        invert=False, quarter_turns=0, mirror=False, crop=None, threshold=0.05, separate=False
    )


@pytest.mark.parametrize("shape", ["T-shirt", "trousers", "bag"])
def test_the_longest_side_is_28_and_the_rest_centred(shape):
    image = convert(picture_of(shop(shape))).image
    assert max(extent(image)) == 28
    assert agreement(image, shape) > 0.9
    luma = 60 * 0.299 + 60 * 0.587 + 160 * 0.114
    assert image[14, 14] == pytest.approx(255 - luma, abs=1) or shape == "trousers"


def test_an_odd_rest_goes_to_the_left_and_the_top_as_in_the_training_data():
    tall = np.full((400, 300, 3), 255, np.uint8)
    tall[60:340, 100:210] = 40  # 280 x 110: 28 x 11
    visible = convert(picture_of(tall)).image > 12
    assert np.flatnonzero(visible.any(0))[[0, -1]].tolist() == [9, 19]
    wide = np.ascontiguousarray(tall.transpose(1, 0, 2))
    visible = convert(picture_of(wide)).image > 12
    assert np.flatnonzero(visible.any(1))[[0, -1]].tolist() == [9, 19]


def test_a_grey_negative_on_black_is_inverted_before():
    grey = shop(colour=(70, 70, 70), ground=(255, 255, 255))
    light_on_dark = convert(picture_of(255 - grey))
    assert light_on_dark.corrections.invert
    assert "Inverted" in [step.name for step in light_on_dark.steps]
    difference = light_on_dark.image.astype(int) - convert(picture_of(grey)).image
    assert np.abs(difference).max() <= 3


@pytest.mark.parametrize("ground", [(0, 0, 0), (14, 14, 15), (48, 48, 50), (90, 80, 70)])
def test_a_garment_on_a_dark_ground_is_no_negative(ground):
    on_dark = convert(picture_of(shop(colour=(150, 60, 50), ground=ground)))
    assert not on_dark.corrections.invert
    assert on_dark.corrections.separate
    assert agreement(on_dark.image, "T-shirt") > 0.85
    on_white = convert(picture_of(shop(colour=(150, 60, 50), ground=(255, 255, 255))))
    assert on_dark.image[14, 14] == pytest.approx(on_white.image[14, 14], abs=2)


def test_a_transparent_picture_is_cut_out_by_its_own_mask():
    mask = mask_of("T-shirt", (300, 400))
    for colour in ((255, 255, 255), (40, 60, 130)):
        pixels = np.dstack([np.full((400, 300, 3), colour, np.uint8), 255 * mask.astype(np.uint8)])
        buffer = io.BytesIO()
        Image.fromarray(pixels, "RGBA").save(buffer, "PNG")
        conversion = convert(decode(buffer.getvalue(), "cut-out.png"))
        assert conversion.corrections.separate
        assert conversion.warnings == ()
        assert agreement(conversion.image, "T-shirt") > 0.9
        turned = convert(decode(buffer.getvalue(), "x"), Corrections(quarter_turns=2))
        assert agreement(turned.image[::-1, ::-1], "T-shirt") > 0.85


def test_bars_around_a_picture_are_no_background():
    plain = convert(picture_of(shop()))
    bar = np.full((90, 300, 3), 12, np.uint8)
    letterboxed = convert(picture_of(np.vstack([bar, shop(), bar])))
    assert "Bars cut off" in [step.name for step in letterboxed.steps]
    assert (letterboxed.image == plain.image).all()
    side = np.full((400, 90, 3), 12, np.uint8)
    assert (convert(picture_of(np.hstack([side, shop(), side]))).image == plain.image).all()
    assert "Bars cut off" not in [step.name for step in plain.steps]


def test_a_garment_wider_than_its_picture_is_not_turned_inside_out():
    data, _ = photograph("T-shirt", (110, 70, 40), floor_of("plaid"))
    pixels = decode(data, "x.jpg").pixels[270:450, 150:330].copy()
    floor = floor_of("plaid").astype(np.uint8)
    for rows in (slice(0, 45), slice(-45, None)):
        for columns in (slice(0, 45), slice(-45, None)):
            pixels[rows, columns] = floor[rows, columns]
    conversion = convert(picture_of(pixels))
    shown = [step.image for step in conversion.steps if step.name == "Garment separated"]
    assert all(one[60:120, 60:120].mean() > 127 for one in shown)


def test_the_light_of_a_slightly_grey_background_is_divided_out():
    conversion = convert(picture_of(shop(ground=(236, 234, 230))))
    assert "Background made white" in [step.name for step in conversion.steps]
    assert agreement(conversion.image, "T-shirt") > 0.9
    assert conversion.image[0, 0] == 0


@pytest.mark.parametrize("shape", ["T-shirt", "trousers", "bag"])
@pytest.mark.parametrize("floor", ["wood", "carpet", "plaid", "wall"])
def test_a_garment_is_cut_out_of_an_uneven_background(shape, floor):
    data, mask = photograph(shape, (40, 60, 130), floor_of(floor))
    conversion = convert(decode(data, "photograph.jpg"))
    assert conversion.corrections.separate
    (shown,) = (step.image for step in conversion.steps if step.name == "Garment separated")
    found = shown > 127
    assert (found & mask).sum() / (found | mask).sum() > 0.85
    assert agreement(conversion.image, shape) > 0.8


def test_a_light_garment_on_a_darker_floor_is_made_to_show():
    data, _ = photograph("T-shirt", (235, 232, 225), floor_of("wood"))
    conversion = convert(decode(data, "photograph.jpg"))
    assert conversion.corrections.invert
    assert agreement(conversion.image, "T-shirt") > 0.75
    assert conversion.image[14, 14] > 150


def test_vignetting_and_noise_leave_a_shop_picture_alone():
    data, _ = photograph("bag", (120, 40, 40), floor_of("paper"), vignette=0.2, shadow=False)
    assert agreement(convert(decode(data, "x.jpg")).image, "bag") > 0.85


def test_dust_is_no_part_of_the_garment():
    dusty = shop()
    dusty[5, 5] = dusty[390, 280] = 0
    assert (convert(picture_of(dusty)).image == convert(picture_of(shop())).image).all()


def warned(pixels: np.ndarray, words: str) -> bool:
    return any(words in warning for warning in convert(picture_of(pixels)).warnings)


def test_what_the_training_data_does_not_show_is_said():
    plain = shop()
    for words in ("almost as light", "several things", "border", "stands out", "wear"):
        assert not warned(plain, words)
    assert warned(shop(colour=(228, 228, 230)), "almost as light")
    outlined, mask = shop(colour=(250, 250, 250)), mask_of("T-shirt", (300, 400))
    outlined[mask & ~ndimage.binary_erosion(mask, iterations=3)] = 180
    assert warned(outlined, "almost as light")
    assert warned(np.full((400, 300, 3), 255, np.uint8), "Nothing stands out")
    assert warned(np.hstack([plain, plain]), "several things")
    assert warned(plain[:, 90:], "border (left)")
    worn = shop("trousers")
    worn[20:95, 125:175] = (224, 172, 140)
    worn[80:120, 120:180] = (60, 60, 160)
    assert warned(worn, "wear")


def test_corrections_are_applied_and_reported():
    pixels = shop()
    pixels[mask_of("T-shirt", (300, 400)) & (np.arange(300) < 120)] = (200, 30, 30)
    picture = picture_of(pixels)
    plain = convert(picture).image.astype(int)
    mirrored = convert(picture, Corrections(mirror=True))
    assert np.abs(mirrored.image[:, 1:-1].astype(int) - plain[:, ::-1][:, 1:-1]).mean() < 12
    assert mirrored.corrections.mirror
    turned = convert(picture, Corrections(quarter_turns=5))
    assert turned.corrections.quarter_turns == 1
    assert np.abs(turned.image.astype(int) - np.rot90(plain, -1)).mean() < 20
    inverted = convert(picture, Corrections(invert=True))
    assert inverted.corrections.invert
    assert not (inverted.image == plain).all()
    strict = convert(picture_of(shop(colour=(205, 205, 205))), Corrections(threshold=0.3))
    assert "Nothing stands out" in strict.warnings[0]
    assert strict.corrections.threshold == 0.3
    kept = convert(picture, Corrections(separate=True))
    assert kept.corrections.separate
    assert agreement(kept.image, "T-shirt") > 0.9


def test_cropping_takes_one_of_two_garments():
    two = np.hstack([shop(), shop("bag")])
    left = convert(picture_of(two), Corrections(crop=(0, 0, 0.5, 1)))
    assert left.warnings == ()
    assert (left.image == convert(picture_of(shop())).image).all()


def test_what_a_28x28_image_is_not_given_is_said():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:20] = 180
    picture = decode(saved(Image.fromarray(image), "PNG"), "x")
    asked = Corrections(crop=(0, 0, 0.5, 1), threshold=0.3, separate=True)
    conversion = convert(picture, asked)
    assert (conversion.image == image).all()
    assert conversion.warnings == (
        "A grey 28x28 image is taken whole. Not applied: crop, threshold, separate.",
    )
    assert convert(picture, Corrections(mirror=True, separate=False)).warnings == ()


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("after", range(8))
def test_another_turn_or_mirror_keeps_the_same_part_of_the_picture(before, after):
    pixels = np.arange(200, dtype=np.uint8).reshape(10, 20)
    was = Corrections(quarter_turns=before % 4, mirror=before > 3, crop=(0.2, 0.1, 0.9, 0.4))
    now = reoriented(was, after % 4, after > 3)
    assert (now.quarter_turns, now.mirror) == (after % 4, after > 3)
    one, other = (cropped(turned(pixels, both), both) for both in (was, now))
    assert sorted(one.ravel()) == sorted(other.ravel())
    assert reoriented(now, was.quarter_turns, was.mirror) == was


@pytest.mark.parametrize("crop", [(0.5, 0, 0.5, 1), (0, 0, 2, 1), (0, float("nan"), 1, 1)])
def test_an_impossible_crop_is_refused(crop):
    with pytest.raises(UploadError, match="crop must be"):
        Corrections(crop=crop)


def test_an_impossible_threshold_is_refused():
    with pytest.raises(UploadError, match="threshold must be"):
        Corrections(threshold=float("nan"))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 3), (28, 28), (640, 5)])
def test_odd_sizes_are_converted_too(size):
    generator = np.random.default_rng(0)
    pixels = generator.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    for separate in (None, True, False):
        for turns in (0, 1):
            conversion = convert(
                picture_of(pixels), Corrections(separate=separate, quarter_turns=turns)
            )
            assert conversion.image.shape == (28, 28)


def test_the_same_picture_gives_the_same_image():
    data, _ = photograph("T-shirt", (40, 60, 130), floor_of("plaid"))
    one, other = (convert(decode(data, "x.jpg")) for _ in range(2))
    assert (one.image == other.image).all()


def test_everything_that_was_done_to_a_28x28_image_is_said():
    image = np.full((28, 28), 255, np.uint8)
    image[6:22, 4:24] = 80
    said = convert(picture_of(image), Corrections(quarter_turns=1, mirror=True)).steps[-1].says
    assert said == (
        "A grey 28x28 image: turned by 90 degrees clockwise, mirrored, inverted, not resized."
    )


def test_a_28x28_dark_on_white_image_is_inverted_and_nothing_else():
    image = np.full((28, 28), 255, np.uint8)
    image[6:22, 4:24] = 80
    conversion = convert(picture_of(image))
    assert (conversion.image == 255 - image).all()
    assert conversion.corrections.invert
    assert not conversion.passed_through
    kept = convert(picture_of(image), Corrections(invert=False))
    assert (kept.image == image).all()
    assert kept.passed_through


def test_a_28x28_image_can_be_turned_and_mirrored():
    image = np.zeros((28, 28), np.uint8)
    image[:14, :7] = 200
    conversion = convert(picture_of(image), Corrections(quarter_turns=1, mirror=True))
    assert (conversion.image == np.rot90(image, -1)[:, ::-1]).all()


@needs_data
@pytest.mark.parametrize("part", [slice(60_000, 70_000, 20), slice(0, 60_000, 200)])
def test_dataset_images_pass_through_untouched(part):
    for image in load_pool().images[part]:
        conversion = convert(picture_of(image))
        assert conversion.passed_through
        assert (conversion.image == image).all()


@needs_data
@pytest.mark.slow
def test_every_test_image_passes_through_untouched():
    from fmnist_core.bench.uploads import passes_through

    assert all(passes_through(image) for image in load_pool().images[60_000:])
