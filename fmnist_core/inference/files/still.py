"""One still picture inside a file, found and measured before any decoder sees it.

Each format's reader walks the file's own structure and keeps what the first picture needs: no
text, no colour profile, no further frames. The decoder gets those bytes only, so whatever else a
file carries cannot cost time or memory.
"""

from dataclasses import dataclass
from typing import NoReturn

from fmnist_core.errors import UploadError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 12 * 1024 * 1024  # a "12-megapixel" telephone makes 4032 x 3024 = 12.2 million
MOST_SIDE = 8_192
MOST_FRAMES = 1_000
MOST_PARTS = 50_000  # chunks, segments or blocks that are walked: 30 ms
MOST_PROFILE_BYTES = 4 * 1024 * 1024

ACCEPTED = (
    "a whole PNG, JPEG, WebP, BMP or GIF picture of at most 8 MB, 12 megapixels and "
    f"{MOST_SIDE:,} pixels a side"
)


@dataclass(frozen=True)
class Still:
    """The first picture of a file.

    Attributes:
        format: the name under which Pillow knows it.
        data: a file of that format with this picture alone.
        width: pixels, before the orientation is applied.
        height: pixels, before the orientation is applied.
        orientation: 1..8 as EXIF counts them.
        profile: the embedded ICC profile, empty when there is none.
        frames: how many pictures the file holds.
        otherwise: the same with another ending, where the file lacks its own: the picture is whole
            if and only if both decode to the same pixels.
    """

    format: str
    data: bytes
    width: int
    height: int
    orientation: int = 1
    profile: bytes = b""
    frames: int = 1
    otherwise: bytes = b""


def refuse(received: str) -> NoReturn:
    """Raises the one sentence that says what is accepted."""
    raise UploadError(f"An upload must be {ACCEPTED}. Received: {received}.")


def check_size(width: int, height: int) -> None:
    """Refuses a picture that is empty or larger than accepted; nothing is decoded for it."""
    if width < 1 or height < 1:
        refuse("a picture without pixels")
    if width > MOST_SIDE or height > MOST_SIDE or width * height > MOST_PIXELS:
        refuse(f"{width:,} x {height:,} pixels")


def check_frames(frames: int) -> None:
    """Refuses an animation that is too long."""
    if frames > MOST_FRAMES:
        refuse(f"an animation of more than {MOST_FRAMES:,} frames")


def check_parts(parts: int) -> None:
    """Refuses a file that is cut into so many parts that walking them would take long."""
    if parts > MOST_PARTS:
        refuse("a file cut into too many parts")
