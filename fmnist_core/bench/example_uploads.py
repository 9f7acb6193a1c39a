"""Files that people may upload, and files that are made to hurt."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

Pixels = npt.NDArray[np.uint8]

_SHOP_SIZE, _GARMENT_SIDE = (400, 600), 360
_ORIENTATION = 0x0112
_TURNED_LEFT = 6  # has to be turned clockwise to be upright


def dataset_png(image: Pixels) -> bytes:
    """A dataset image as it is: grey, 28x28."""
    return saved(Image.fromarray(image), "PNG")


def shop_picture(image: Pixels, *, dark: bool = False, turned: bool = False) -> bytes:
    """A dataset image as a shop would show it: 400x600, dark on white, RGB, JPEG of quality 90.

    Args:
        image: uint8 (28, 28).
        dark: light on black instead.
        turned: stored on its side, as telephones do, with the EXIF orientation that says so.
    """
    side = (_GARMENT_SIDE, _GARMENT_SIDE)
    garment = Image.fromarray(image if dark else 255 - image)
    garment = garment.resize(side, Image.Resampling.BICUBIC).convert("RGB")
    picture = Image.new("RGB", _SHOP_SIZE, "black" if dark else "white")
    left, top = (_SHOP_SIZE[0] - side[0]) // 2, (_SHOP_SIZE[1] - side[1]) // 2
    picture.paste(garment, (left, top))
    if not turned:
        return saved(picture, "JPEG", quality=90)
    exif = Image.Exif()
    exif[_ORIENTATION] = _TURNED_LEFT
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=90, exif=exif)


def on_ground(image: Pixels, lightness: int = 46) -> bytes:
    """A dataset image as if photographed on a plain ground: JPEG of 400x600, not negated to it.

    Args:
        image: uint8 (28, 28).
        lightness: of the ground, 0..255.
    """
    side = (_GARMENT_SIDE, _GARMENT_SIDE)
    garment = Image.fromarray(255 - image).resize(side, Image.Resampling.BICUBIC)
    solid = ndimage.binary_closing(np.pad(image > 0, 2), iterations=1)[2:-2, 2:-2]
    mask = Image.fromarray((255 * solid).astype(np.uint8)).resize(side, Image.Resampling.BICUBIC)
    picture = Image.new("RGB", _SHOP_SIZE, (lightness, lightness, lightness + 2))
    at = ((_SHOP_SIZE[0] - side[0]) // 2, (_SHOP_SIZE[1] - side[1]) // 2)
    picture.paste(garment.convert("RGB"), at, mask)
    return saved(picture, "JPEG", quality=90)


def saved(picture: Image.Image, file_format: str, **options: Any) -> bytes:
    """The bytes of a picture in a format of Pillow's."""
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def small_files() -> dict[str, bytes]:
    """One small picture in each format and kind of compression."""
    generator = np.random.default_rng(0)
    coarse = generator.integers(0, 255, (10, 15, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((45, 60), Image.Resampling.BICUBIC)
    return {
        "PNG": saved(picture, "PNG"),
        "PNG with a palette": saved(picture.quantize(16), "PNG"),
        "JPEG": saved(picture, "JPEG", quality=85),
        "progressive JPEG": saved(picture, "JPEG", quality=85, progressive=True),
        "WebP": saved(picture, "WEBP"),
        "lossless WebP": saved(picture, "WEBP", lossless=True),
        "animated WebP": saved(
            picture, "WEBP", save_all=True, append_images=[picture.rotate(9), picture.rotate(18)]
        ),
        "GIF": saved(picture.quantize(32), "GIF"),
        "BMP": saved(picture, "BMP"),
    }


def mutations(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """Copies with one to four bytes changed; every second one near the start, where headers are."""
    generator = np.random.default_rng(seed)
    for number in range(count):
        changed = bytearray(data)
        reach = len(data) if number % 2 else min(64, len(data))
        for place in generator.integers(0, reach, generator.integers(1, 5)):
            changed[place] = generator.integers(256)
        yield bytes(changed)


def bombs() -> dict[str, bytes]:
    """Small files that a careless decoder turns into hundreds of megabytes or minutes."""
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    screen = struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    jpeg = bytearray(small_files()["JPEG"])
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 65_535, 65_535)
    progressive = small_files()["progressive JPEG"]
    last_scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    many_scans = progressive[:-2] + last_scan * 5_000 + b"\xff\xd9"
    baseline = small_files()["JPEG"]
    pixels_at = baseline.index(b"\xff\xda") + 14  # behind the header of the only scan
    return {
        "WebP of 25 megapixels": saved(Image.new("RGB", (5_000, 5_000)), "WEBP", lossless=True),
        "PNG of 80 megapixels": png(10_000, 8_000, rows=_rows(10_000, 8_000)),
        "PNG header of 65,535 x 65,535": png(65_535, 65_535),
        "JPEG header of 65,535 x 65,535": bytes(jpeg),
        "JPEG of 5,000 scans": many_scans,
        "JPEG of 8 MB of 0xFF": baseline[:pixels_at] + b"\xff" * 7_900_000 + b"\0",
        "JPEG of 2 MB of fill bytes": baseline[:2] + b"\xff" * 2_000_000 + baseline[2:],
        "GIF of 10,000 frames": b"GIF89a" + screen + frame * 10_000 + b";",
        "file of 100 MB of text": png(28, 28, extra=[(b"tEXt", b"a\0" + b"a" * 1_000_000)] * 100),
        "PNG of 500,000 chunks": png(28, 28, extra=[(b"teSt", b"")] * 500_000),
    }


def burdened() -> dict[str, bytes]:
    """Whole pictures whose files carry what would take half a minute to unpack."""
    packed = zlib.compress(bytes(4 * 1024 * 1024))
    damaged = packed[:-1] + bytes([packed[-1] ^ 1])  # found out when all of it is unpacked
    return {
        name: png(28, 28, extra=[(kind, b"a\0\0" + content)] * 1_900)
        for name, kind, content in (
            ("PNG of 1,900 profiles", b"iCCP", packed),
            ("PNG of 1,900 damaged profiles", b"iCCP", damaged),
            ("PNG of 1,900 texts", b"zTXt", packed),
            ("PNG of 1,900 damaged texts", b"zTXt", damaged),
        )
    }


def png(
    width: int, height: int, rows: bytes = b"", extra: list[tuple[bytes, bytes]] | None = None
) -> bytes:
    """A grey PNG file, chunk by chunk."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        *(extra or []),
        (b"IDAT", rows or zlib.compress(bytes(28 * 29))),
        (b"IEND", b""),
    ]
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, content in chunks:
        checksum = zlib.crc32(kind + content)
        parts += [struct.pack(">I", len(content)), kind, content, struct.pack(">I", checksum)]
    return b"".join(parts)


def _rows(width: int, height: int) -> bytes:
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    return b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
