"""PNG (ISO/IEC 15948): the chunks that the picture needs, and nothing inflated but the profile."""

import struct
import zlib
from collections.abc import Iterator

from fmnist_core.inference.exif import orientation_of
from fmnist_core.inference.still import (
    MOST_PROFILE_BYTES,
    Still,
    check_frames,
    check_parts,
    check_size,
    refuse,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_TEXT_BYTES = 4 * 1024 * 1024  # inflated; descriptions that cameras write take some KB
_NEEDED = (b"IHDR", b"PLTE", b"tRNS")


def read_png(data: bytes) -> Still:
    """Returns the default picture of a PNG or APNG file. Raises `UploadError`."""
    kept, pixels, profile = [SIGNATURE], [], b""
    size: tuple[int, int] | None = None
    orientation, frames, text_bytes = 1, 1, 0
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
        elif kind == b"iCCP":
            profile = _inflated(content[content.find(b"\0") + 2 :], MOST_PROFILE_BYTES)
        elif kind == b"eXIf":
            orientation = orientation_of(content)
        elif kind == b"acTL" and len(content) == 8:
            (frames,) = struct.unpack_from(">I", content)
            check_frames(frames)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            text_bytes += _text_bytes(kind, content, MOST_TEXT_BYTES - text_bytes)
            if text_bytes > MOST_TEXT_BYTES:
                refuse(f"a PNG file with more than {MOST_TEXT_BYTES >> 20} MB of text")
    if size is None or not pixels:
        refuse("a PNG file that is cut off")
    kept.append(_chunk(b"IDAT", b"".join(pixels)))
    kept.append(_chunk(b"IEND", b""))
    return Still("PNG", b"".join(kept), *size, orientation, profile, max(1, frames))


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


def _text_bytes(kind: bytes, content: bytes, most: int) -> int:
    """How much text a chunk holds; inflating stops just above `most`."""
    after_keyword = content.find(b"\0") + 1
    if kind == b"zTXt":  # one byte says how it is compressed
        packed = content[after_keyword + 1 :]
    elif kind == b"iTXt" and content[after_keyword : after_keyword + 1] == b"\1":
        packed = content[after_keyword + 2 :].split(b"\0", 2)[-1]  # language, keyword, text
    else:
        return len(content)
    return len(_inflated(packed, most + 1, keep_part=True))


def _inflated(packed: bytes, most: int, *, keep_part: bool = False) -> bytes:
    """Returns the inflated bytes, nothing when they are damaged or longer than `most`."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, max(1, most))
    except zlib.error:
        return b""
    return content if inflater.eof or keep_part else b""
