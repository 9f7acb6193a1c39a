"""Every accepted kind of picture is read rightly; everything else gets one sentence."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from fmnist_core.bench.example_uploads import png, saved
from fmnist_core.errors import UploadError
from fmnist_core.inference.files.decode import clean_name, decode
from fmnist_core.inference.files.still import ACCEPTED


@pytest.fixture(scope="module")
def colours() -> Image.Image:
    """Four quarters, red, green, blue and white: a turn or an exchanged channel shows."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30] = (220, 30, 30)
    pixels[:20, 30:] = (30, 200, 40)
    pixels[20:, :30] = (30, 40, 210)
    pixels[20:, 30:] = (255, 255, 255)
    return Image.fromarray(pixels)


def quarters(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return np.array([pixels[y, x] for y in rows for x in columns], int)


def near(one: np.ndarray, other: np.ndarray, most: int = 12) -> bool:
    return bool(np.abs(one - other).max() <= most)


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("WebP", {"quality": 95}),
        ("WebP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
    ],
)
def test_every_accepted_format_gives_its_colours(colours, file_format, options):
    picture = decode(saved(colours, file_format, **options), "x")
    assert picture.format == file_format
    assert picture.original_size == (60, 40)
    assert picture.pixels.shape == (40, 60, 3)
    assert near(quarters(picture.pixels), quarters(np.asarray(colours)))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_that_lacks_only_the_mark_of_its_end_is_read(colours, progressive, missing):
    data = saved(colours, "JPEG", quality=95, progressive=progressive)
    whole, unended = decode(data, "x"), decode(data[:-missing], "x")
    assert (unended.pixels == whole.pixels).all()
    assert unended.notes == ("The mark of the file's end is missing; the picture is whole.",)
    assert whole.notes == ()


def test_a_jpeg_with_erased_memory_for_its_end_is_read(colours):
    data = saved(colours, "JPEG", quality=95)
    recovered = decode(data[:-2] + b"\xff" * 1_000_000, "x")
    assert (recovered.pixels == decode(data, "x").pixels).all()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
def test_a_jpeg_without_its_last_pixels_is_refused(progressive, kept):
    noise = np.random.default_rng(0).integers(0, 256, (1_100, 1_500, 3), dtype=np.uint8)
    data = saved(Image.fromarray(noise), "JPEG", quality=60, progressive=progressive)
    with pytest.raises(UploadError, match="cut off"):
        decode(data[: round(kept * len(data))], "x")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_undone(colours, orientation, file_format):
    stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = colours.transpose(stored[orientation]) if orientation > 1 else colours
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(saved(image, file_format, quality=95, exif=exif), "x")
    assert near(quarters(picture.pixels), quarters(np.asarray(colours)))
    assert picture.original_size == (60, 40)
    assert (orientation > 1) == any("upright" in note for note in picture.notes)


def test_transparent_parts_are_white(colours):
    clear = colours.convert("RGBA")
    clear.paste((255, 0, 0, 0), (0, 0, 30, 20))
    expected = quarters(np.asarray(colours))
    expected[0] = 255
    for file_format in ("PNG", "WEBP"):
        picture = decode(saved(clear, file_format, lossless=True), "x")
        assert near(quarters(picture.pixels), expected)
        assert "Transparent parts are shown white." in picture.notes
    palette = saved(clear.quantize(8), "PNG")
    assert near(quarters(decode(palette, "x").pixels), expected)


def test_palettes_grey_16_bit_and_cmyk_are_read(colours):
    expected = quarters(np.asarray(colours))
    assert near(quarters(decode(saved(colours.quantize(8), "PNG"), "x").pixels), expected)
    assert near(quarters(decode(saved(colours.convert("CMYK"), "JPEG"), "x").pixels), expected, 25)
    grey = np.asarray(colours.convert("L"))
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    for image in (colours.convert("L"), colours.convert("LA"), deep):
        pixels = decode(saved(image, "PNG"), "x").pixels
        assert (pixels == grey[..., None]).all()
    black_and_white = decode(saved(colours.convert("1", dither=0), "PNG"), "x").pixels
    assert set(np.unique(black_and_white)) == {0, 255}


def test_a_colour_profile_is_applied():
    image = Image.new("RGB", (40, 40), (200, 100, 50))
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = decode(saved(image, "JPEG", quality=95, icc_profile=lab_like), "x")
    assert near(same.pixels[20, 20].astype(int), np.array([200, 100, 50]), 4)
    assert any("sRGB" in note for note in same.notes)
    broken = decode(saved(image, "JPEG", quality=95, icc_profile=b"rubbish" * 40), "x")
    assert near(broken.pixels[20, 20].astype(int), np.array([200, 100, 50]), 4)
    assert any("ignored" in note for note in broken.notes)
    for mode in ("L", "CMYK"):  # editors leave the profile of the colours that were there before
        odd = decode(saved(image.convert(mode), "JPEG", quality=95, icc_profile=lab_like), "x")
        assert not any("ignored" in note for note in odd.notes)


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_frame(colours, file_format):
    others = [Image.new("RGB", colours.size, (9, 9, n)) for n in (0, 80, 160)]
    data = saved(colours, file_format, save_all=True, append_images=others, lossless=True)
    picture = decode(data, "x")
    assert near(quarters(picture.pixels), quarters(np.asarray(colours)), 40)
    assert "The first of 4 frames." in picture.notes


def test_a_28x28_grey_picture_keeps_its_exact_values():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    grey = Image.fromarray(image)
    for upload in (grey, grey.convert("RGB"), grey.convert("RGBA"), grey.convert("P")):
        assert (decode(saved(upload, "PNG"), "x").grey28 == image).all()
    deep = Image.fromarray(image.astype(np.uint16) * 257)
    assert (decode(saved(deep, "PNG"), "x").grey28 == image).all()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tagged = saved(grey.convert("RGB"), "PNG", icc_profile=profile)
    assert (decode(tagged, "x").grey28 == image).all()
    colourful = Image.new("RGB", (28, 28), (200, 10, 10))
    assert decode(saved(colourful, "PNG"), "x").grey28 is None
    assert decode(saved(grey.resize((29, 28)), "PNG"), "x").grey28 is None


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_a_12_megapixel_telephone_is_reduced(file_format):
    image = Image.linear_gradient("L").resize((4_032, 3_024)).convert("RGB")
    picture = decode(saved(image, file_format), "x")
    assert picture.original_size == (4_032, 3_024)
    assert picture.pixels.shape == (768, 1_024, 3)
    assert near(quarters(picture.pixels), quarters(np.asarray(image)), 6)


@pytest.mark.parametrize(
    ("data", "received"),
    [
        (b"", "an empty file"),
        (b"a garment, described\n", "a text file"),
        ("ein Kleid, groß und grün".encode(), "a text file"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"></svg>', "an SVG drawing"),
        (b"<!DOCTYPE html><html></html>", "an HTML page"),
        (b"PK\x03\x04\0\0", "a ZIP archive"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a HEIC picture; save it as JPEG"),
        (b"\0\x01\x02\x03", "a file of another kind"),
        (b"\x89PNG\r\n\x1a\n", "a PNG file that is cut off"),
        (b"BM", "a BMP file that is cut off"),
    ],
)
def test_anything_else_gets_one_sentence_that_says_what_is_accepted(data, received):
    with pytest.raises(UploadError) as raised:
        decode(data, "picture.png")
    message = str(raised.value)
    assert ACCEPTED in message
    assert f"Received: {received}" in message
    assert "\n" not in message


def test_a_mislabelled_picture_is_read_as_what_it_is(colours):
    assert decode(saved(colours, "PNG"), "photo.jpg").format == "PNG"


def test_sizes_are_limited():
    for width, height in ((8_193, 10), (10, 8_193), (4_097, 3_072)):
        with pytest.raises(UploadError, match=f"{width:,} x {height:,} pixels"):
            decode(png(width, height), "x")
    with pytest.raises(UploadError, match="without pixels"):
        decode(png(0, 10), "x")
    with pytest.raises(UploadError, match=r"a file of 8\.1 MB"):
        decode(bytes(8_500_000), "x")


def test_names_are_for_display_only(tmp_path, monkeypatch, colours):
    monkeypatch.chdir(tmp_path)
    picture = decode(saved(colours, "PNG"), "../../etc/<b>evil\n\x1b[31m</b>.png")
    assert picture.name == "b>.png"
    assert clean_name("C:\\photos\\shirt.png") == "shirt.png"
    assert clean_name("\u202egnp.exe") == "gnp.exe"
    assert clean_name("a\tb\x00c") == "abc"
    assert len(clean_name("x" * 500)) == 80
    assert clean_name("../") == "picture"
    assert not list(tmp_path.iterdir())


def test_metadata_never_reaches_the_decoder(colours):
    exif = Image.Exif()
    exif[0x010E] = "secret " * 50
    data = saved(colours, "JPEG", quality=95, exif=exif, comment=b"secret")
    assert b"secret" in data
    with io.BytesIO(data) as file, Image.open(file) as opened:
        assert "exif" in opened.info
    from fmnist_core.inference.files.jpeg import read_jpeg

    assert b"secret" not in read_jpeg(data).data
