"""The one fact that is needed of EXIF data: which way up the picture is."""

import struct

_ORIENTATION = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12


def orientation_of(data: bytes) -> int:
    """Returns 1..8 from EXIF data (a TIFF file, with or without its `Exif` prefix).

    Anything that cannot be read means 1, upright, as viewers take it.
    """
    data = data.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, start)
        for entry in range(count):
            at = start + 2 + entry * _ENTRY_BYTES
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", data, at)
            if tag == _ORIENTATION:
                return value if kind == _SHORT and 1 <= value <= 8 else 1
    except struct.error:  # it points outside itself
        pass
    return 1
