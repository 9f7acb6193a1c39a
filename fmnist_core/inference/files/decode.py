"""An uploaded file becomes a picture: upright, sRGB, on white, small enough to work with."""

import io
import threading
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from fmnist_core.errors import TransientUploadError, UploadError
from fmnist_core.inference.files.bmp import read_bmp
from fmnist_core.inference.files.gif import read_gif
from fmnist_core.inference.files.jpeg import read_jpeg
from fmnist_core.inference.files.kind import kind_of
from fmnist_core.inference.files.png import read_png
from fmnist_core.inference.files.shrink import shrunk
from fmnist_core.inference.files.still import MOST_BYTES, Still, refuse
from fmnist_core.inference.files.webp import read_webp

Pixels = npt.NDArray[np.uint8]

_MOST_NAME = 80
_DATASET_SIZE = (28, 28)
_MOST_TINT = 8  # a grey picture that JPEG has stored as colours differs by a few levels
_READERS = {
    "PNG": read_png,
    "JPEG": read_jpeg,
    "WebP": read_webp,
    "GIF": read_gif,
    "BMP": read_bmp,
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded upload.

    Attributes:
        pixels: uint8 (h, w, 3), sRGB, upright, transparency on white; at most 1,024 a side.
        name: what the file was called, for display only.
        format: PNG, JPEG, WebP, GIF or BMP, by its content.
        original_size: width and height of the file's picture in pixels, upright.
        notes: what was done to the picture, one sentence each.
        grey28: uint8 (28, 28), the exact values of a file that is a grey 28x28 picture.
        opacity: uint8 (h, w), 0 is transparent; None where the whole picture is opaque.
    """

    pixels: Pixels
    name: str
    format: str
    original_size: tuple[int, int]
    notes: tuple[str, ...]
    grey28: Pixels | None
    opacity: Pixels | None = None


def decode(data: bytes, name: str) -> Picture:
    """Returns the picture in a file. The name is shown, never used.

    Raises:
        TransientUploadError: the machine is too busy, or has too little memory.
        UploadError: the file is none of the accepted pictures, too large, or damaged.
    """
    if not data:
        refuse("an empty file")
    if len(data) > MOST_BYTES:
        refuse(f"a file of {len(data) / 1024 / 1024:,.1f} MB")
    kind = kind_of(data)
    if kind not in _READERS:
        refuse(kind)
    still = _READERS[kind](data)
    with _one_at_a_time:
        try:
            return _picture(still, kind, clean_name(name))
        except UploadError:
            raise
        except MemoryError:
            raise TransientUploadError(
                "A picture must fit into the memory that is free. Received: too little of it. "
                "Give the picture again when the machine is less busy, or give a smaller one."
            ) from None
        # Whatever a decoder raises on bytes from outside, the file is what is wrong.
        except Exception:
            refuse(f"a {kind} file that is damaged or cut off")


def clean_name(name: str) -> str:
    """Returns a name that can be shown: its last part, printable, at most 80 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ").strip()
    return shown[:_MOST_NAME] or "picture"


def _picture(still: Still, kind: str, name: str) -> Picture:
    notes = []
    image = shrunk(still)
    if image.size != (still.width, still.height):
        notes.append(f"Reduced from {still.width:,} x {still.height:,} pixels to work with.")
    if still.otherwise:
        notes.append("The mark of the file's end is missing; the picture is whole.")
    opacity = None
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        if np.asarray(alpha).min() < 255:
            opacity = alpha
            notes.append("Transparent parts are shown white.")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert("RGB")
    if (still.width, still.height) != _DATASET_SIZE:  # whose exact values count
        image = _to_srgb(image, still.profile, notes)
    if still.orientation in _TURNS:
        image = image.transpose(_TURNS[still.orientation])
        opacity = opacity and opacity.transpose(_TURNS[still.orientation])
        notes.append("Turned upright as its EXIF data says.")
    if still.frames > 1:
        notes.append(f"The first of {still.frames:,} frames.")
    pixels = np.asarray(image.convert("RGB"))
    turned = still.orientation >= 5
    width, height = (still.height, still.width) if turned else (still.width, still.height)
    shown = None if opacity is None else np.asarray(opacity)
    return Picture(pixels, name, kind, (width, height), tuple(notes), _grey28(pixels), shown)


def _to_srgb(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image:
    """Applies the embedded colour profile; one that does not fit is left alone."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() == "RGB":  # editors leave it in grey and CMYK files
            image = image.convert("RGB")
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.append("Its colour profile cannot be used and is ignored.")
        return image
    if converted is None:
        return image
    notes.append("Colours converted to sRGB as its colour profile says.")
    return converted


def _grey28(pixels: Pixels) -> Pixels | None:
    if pixels.shape[:2] != _DATASET_SIZE:
        return None
    if (pixels == pixels[..., :1]).all():
        return pixels[..., 0].copy()
    if int(np.ptp(pixels.astype(np.int16), axis=2).max()) > _MOST_TINT:
        return None
    return np.asarray(Image.fromarray(pixels).convert("L"))
