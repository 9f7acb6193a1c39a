"""WebP (RFC 9649): canvas and bitstream are measured, the first frame is kept."""

import struct
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

_ALPHA, _ANIMATED = 0x10, 0x02


def read_webp(data: bytes) -> Still:
    """Returns the first picture of a WebP file. Raises `UploadError`."""
    chunks = list(_chunks(data, 12, len(data)))
    if not chunks:
        refuse("a WebP file that is cut off")
    if chunks[0][0] != b"VP8X":
        kind, content = chunks[0]
        size = _bitstream_size(kind, content)
        return Still("WEBP", _riff([(kind, content)]), *size)
    header = chunks[0][1]
    if len(header) < 10:
        refuse("a WebP file with a damaged header")
    canvas = (1 + int.from_bytes(header[4:7], "little"), 1 + int.from_bytes(header[7:10], "little"))
    check_size(*canvas)
    first_of: dict[bytes, bytes] = {}
    for kind, content in chunks:
        first_of.setdefault(kind, content)
    frames = sum(kind == b"ANMF" for kind, _ in chunks)
    check_frames(frames)
    flags = header[0]
    if flags & _ANIMATED and frames:
        frame = first_of[b"ANMF"]
        _check_pictures(list(_chunks(frame, 16, len(frame))))
        parts = [(b"ANIM", first_of.get(b"ANIM", b"\xff\xff\xff\xff\0\0")), (b"ANMF", frame)]
    else:
        parts = [(kind, content) for kind, content in first_of.items() if kind in _PICTURE]
        _check_pictures(parts)
    kept_flags = bytes([flags & (_ALPHA | _ANIMATED)])
    still = _riff([(b"VP8X", kept_flags + header[1:]), *parts])
    profile = first_of.get(b"ICCP", b"")
    return Still(
        "WEBP",
        still,
        *canvas,
        orientation_of(first_of.get(b"EXIF", b"")),
        profile if len(profile) <= MOST_PROFILE_BYTES else b"",
        max(1, frames),
    )


_PICTURE = (b"ALPH", b"VP8 ", b"VP8L")


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Yields kind and content of each whole chunk between two places."""
    at, count = start, 0
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", data, at + 4)
        if at + 8 + length > end:
            refuse("a WebP file that is cut off")
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at, count = at + 8 + length + length % 2, count + 1
        check_parts(count)


def _check_pictures(chunks: list[tuple[bytes, bytes]]) -> None:
    """A frame must not be larger than accepted, whatever its canvas says."""
    bitstreams = [chunk for chunk in chunks if chunk[0] in (b"VP8 ", b"VP8L")]
    if not bitstreams:
        refuse("a WebP file without a picture")
    for kind, content in bitstreams:
        _bitstream_size(kind, content)


def _bitstream_size(kind: bytes, content: bytes) -> tuple[int, int]:
    if kind == b"VP8L" and len(content) >= 5 and content[0] == 0x2F:
        bits = int.from_bytes(content[1:5], "little")
        size = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    elif kind == b"VP8 " and len(content) >= 10 and content[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 6)
        size = (width & 0x3FFF, height & 0x3FFF)
    else:
        refuse("a WebP file with a damaged picture")
    check_size(*size)
    return size


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
