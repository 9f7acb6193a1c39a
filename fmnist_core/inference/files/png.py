"""PNG (ISO/IEC 15948): the chunks that the picture needs, and nothing inflated but one profile."""

import struct
import zlib
from collections.abc import Iterator

from fmnist_core.inference.files.exif import orientation_of
from fmnist_core.inference.files.still import (
    MOST_PROFILE_BYTES,
    Still,
    check_frames,
    check_parts,
    check_size,
    refuse,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = (b"IHDR", b"PLTE", b"tRNS")


def read_png(data: bytes) -> Still:
    """Returns the default picture of a PNG or APNG file. Raises `UploadError`."""
    kept, pixels = [SIGNATURE], []
    profile: bytes | None = None
    size: tuple[int, int] | None = None
    orientation, frames = 1, 1
    for kind, start, end in _chunks(data):
        content = data[start:end]
        if size is None:
            if kind != b"IHDR" or len(content) != 13:
                refuse("a PNG file without a header")
            size = struct.unpack_from(">II", content)
            check_size(*size)
        if kind in _NEEDED:
            kept.append(data[start - 8 : end + 4])
        elif kind == b"IDAT":
            pixels.append(content)
        elif kind == b"iCCP" and profile is None:  # further ones are not inflated
            profile = _inflated(content[content.find(b"\0") + 2 :], MOST_PROFILE_BYTES)
        elif kind == b"eXIf":
            orientation = orientation_of(content)
        elif kind == b"acTL" and len(content) == 8:
            (frames,) = struct.unpack_from(">I", content)
            check_frames(frames)
    if size is None or not pixels:
        refuse("a PNG file that is cut off")
    kept.append(_chunk(b"IDAT", b"".join(pixels)))
    kept.append(_chunk(b"IEND", b""))
    return Still("PNG", b"".join(kept), *size, orientation, profile or b"", max(1, frames))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields the kind of each whole chunk and where its content lies, up to the end chunk."""
    at, count = len(SIGNATURE), 0
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, start, end = data[at + 4 : at + 8], at + 8, at + 8 + length
        if kind == b"IEND":
            return
        if end + 4 > len(data):
            refuse("a PNG file that is cut off")
        yield kind, start, end
        at, count = end + 4, count + 1
        check_parts(count)
    refuse("a PNG file that is cut off")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return b"".join(
        (
            struct.pack(">I", len(content)),
            kind,
            content,
            struct.pack(">I", zlib.crc32(content, zlib.crc32(kind))),
        )
    )


def _inflated(packed: bytes, most: int) -> bytes:
    """Returns the inflated bytes, nothing when they are damaged or longer than `most`."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, most)
    except zlib.error:
        return b""
    return content if inflater.eof else b""
