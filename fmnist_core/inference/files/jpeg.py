"""JPEG (ITU-T T.81): the first picture's segments, without what cameras and editors add."""

import struct

import numpy as np

from fmnist_core.inference.files.exif import orientation_of
from fmnist_core.inference.files.still import (
    MOST_PROFILE_BYTES,
    Still,
    check_parts,
    check_size,
    refuse,
)

SIGNATURE = b"\xff\xd8\xff"
# Each scan of a progressive file goes over all pixels again; encoders use about ten.
MOST_SCANS = 40
_START, _END, _SCAN, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)  # baseline, extended, progressive; Huffman, arithmetic
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF)  # lossless, hierarchical
_SCAN_MARKER = bytes((0xFF, _SCAN))
_TABLES = (0xC4, 0xCC, 0xDB, 0xDD)
# What follows 0xFF inside compressed data, and in no marker that ends them: a stuffed zero, a
# restart, a fill byte.
_FILL = 0xFF
_INSIDE = (0x00, *range(0xD0, 0xD8), _FILL)
_ENDS_DATA = ~np.isin(np.arange(256), _INSIDE)
_BLOCK = 4_096  # bytes that are looked through at once
_LONG_FILL = b"\xff" * 4_096  # the decoder goes over such a run again with every 64 KB it is fed
_PROFILE_PREFIX = b"ICC_PROFILE\0"
_END_MARKER = b"\xff\xd9"
# Where compressed data are missing, the decoder reads on in these, which say something else than
# the zeros that it supplies itself; where none are, it skips them.
_OTHER_DATA = bytes(range(1, 255)) * 4


def read_jpeg(data: bytes) -> Still:
    """Returns the first picture of a JPEG file. Raises `UploadError`."""
    kept: list[bytes] = [b"\xff\xd8"]
    profile: dict[int, bytes] = {}
    size: tuple[int, int] | None = None
    final: set[tuple[int, int]] = set()
    orientation, scans, count, components, at = 1, 0, 0, 0, 2
    ended = False
    while at + 1 < len(data) and data[at] == 0xFF:
        code, start = data[at + 1], at + 2
        count += 1
        check_parts(count)
        if code == _FILL:
            at += 1
            continue
        ended = code == _END
        if ended or code in _INSIDE:
            break
        end = start + (struct.unpack_from(">H", data, start)[0] if start + 2 <= len(data) else 0)
        if end < start + 2 or end > len(data):
            refuse("a JPEG file that is cut off")
        segment, content = b"\xff" + data[start - 1 : end], data[start + 2 : end]
        at = end
        if code in _FRAMES:
            if size is not None or len(content) < 6:
                refuse("a JPEG file with a damaged header")
            size = (int.from_bytes(content[3:5]), int.from_bytes(content[1:3]))
            components = content[5]
            check_size(*size)
            kept.append(segment)
        elif code in _OTHER_FRAMES:
            refuse("a lossless or hierarchical JPEG file")
        elif code == _SCAN:
            scans += 1
            if scans > MOST_SCANS:
                refuse(f"a JPEG file of more than {MOST_SCANS} scans")
            final.update(_final_coefficients(content))
            at = _next_marker(data, end)
            scan = data[end:at].rstrip(b"\xff")  # fill bytes, or the first half of an end marker
            if _LONG_FILL in scan:
                refuse("a JPEG file that is damaged")
            kept.append(segment + scan)
        elif code in _TABLES or code == _APP14 or (code == _APP0 and content[:5] == b"JFIF\0"):
            kept.append(segment)
        elif code == _APP1 and content.startswith(b"Exif\0\0"):
            orientation = orientation_of(content)
        elif code == _APP2 and content.startswith(_PROFILE_PREFIX) and len(content) > 14:
            profile[content[12]] = content[14:]
    if size is None or not scans:
        refuse("a JPEG file that is cut off")
    whole, otherwise = b"".join(kept), b""
    if not ended:
        if at < len(data) or not kept[-1].startswith(_SCAN_MARKER) or len(final) != 64 * components:
            refuse("a JPEG file that is cut off")
        otherwise = whole + _OTHER_DATA + _END_MARKER
    icc = b"".join(profile[part] for part in sorted(profile))
    icc = icc if len(icc) <= MOST_PROFILE_BYTES else b""
    return Still("JPEG", whole + _END_MARKER, *size, orientation, icc, otherwise=otherwise)


def _next_marker(data: bytes, at: int) -> int:
    """Returns where the next marker begins, the file's length where none follows.

    Every byte is looked at once, in blocks: a run of 0xFF costs no more than other bytes.
    """
    for start in range(at, len(data) - 1, _BLOCK):
        count = min(_BLOCK + 1, len(data) - start)
        block = np.frombuffer(data, np.uint8, count, start)
        found = (block[:-1] == 0xFF) & _ENDS_DATA[block[1:]]
        place = int(found.argmax())
        if found[place]:
            return start + place
    return len(data)


def _final_coefficients(scan: bytes) -> set[tuple[int, int]]:
    """Components and coefficients that a scan's header says are exact after it.

    A progressive file that ends between two scans has all its pixels, but coarse ones.
    """
    chosen = scan[1 : 1 + 2 * scan[0] : 2] if scan else b""
    first, last, precision = (scan[1 + 2 * len(chosen) :] + b"\0\0\xff")[:3]
    if precision & 0x0F:  # bits still to come
        return set()
    return {(one, place) for one in chosen for place in range(first, min(last, 63) + 1)}
