"""GIF (89a): the first frame and its transparency; the others are counted, never decoded."""

import struct

from fmnist_core.inference.files.still import Still, check_frames, check_parts, check_size, refuse

_EXTENSION, _IMAGE, _TRAILER, _GRAPHIC_CONTROL = 0x21, 0x2C, 0x3B, 0xF9


def read_gif(data: bytes) -> Still:
    """Returns the first frame of a GIF file. Raises `UploadError`."""
    try:
        return _read(data)
    except (struct.error, IndexError):
        refuse("a GIF file that is cut off")


def _read(data: bytes) -> Still:
    size: tuple[int, int] = struct.unpack_from("<HH", data, 6)
    check_size(*size)
    at = 13 + _table_bytes(data[10])
    kept, control, frames, parts = data[:at], b"", 0, 0
    while at < len(data) and data[at] != _TRAILER:
        start = at
        if data[at] == _EXTENSION:
            at, parts = _after_blocks(data, at + 2, parts)
            if data[start + 1] == _GRAPHIC_CONTROL:
                control = data[start:at]
        elif data[at] == _IMAGE:
            frames += 1
            check_frames(frames)
            left, top, width, height = struct.unpack_from("<HHHH", data, at + 1)
            check_size(max(left + width, size[0]), max(top + height, size[1]))
            at, parts = _after_blocks(data, at + 11 + _table_bytes(data[at + 9]), parts)
            if frames == 1:
                kept += control + data[start:at]
        elif frames:
            break  # rubbish after the pictures, as viewers bear it
        else:
            refuse("a GIF file that is damaged")
    if not frames:
        refuse("a GIF file without a picture")
    return Still("GIF", kept + bytes([_TRAILER]), *size, frames=frames)


def _table_bytes(flags: int) -> int:
    """The length of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int, parts: int) -> tuple[int, int]:
    """Returns where a row of sub-blocks ends, and how many parts have been walked so far."""
    while length := data[at]:
        at += length + 1
        parts += 1
        check_parts(parts)
    return at + 1, parts + 1
