"""BMP: its pixels must all be there, since nothing in the file guards its header."""

import struct

from fmnist_core.inference.files.still import Still, check_size, refuse

_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_PLAIN, _RLE8, _RLE4, _BITFIELDS = 0, 1, 2, 3
_MOST_RLE_PIXELS, _MOST_RLE_BYTES = 1 << 18, 1 << 16  # Pillow unpacks them in Python


def read_bmp(data: bytes) -> Still:
    """Returns the picture of a BMP file. Raises `UploadError`."""
    try:
        (pixels_at, header) = struct.unpack_from("<II", data, 10)
        if header == 12:
            width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
            compression = _PLAIN
        elif header in _HEADERS:
            width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
        else:
            refuse("a BMP file with a damaged header")
    except struct.error:
        refuse("a BMP file that is cut off")
    height = abs(height)  # negative: from the top down
    check_size(width, height)
    if compression in (_PLAIN, _BITFIELDS):
        row_bytes = (width * bits + 31) // 32 * 4
        if pixels_at + row_bytes * height > len(data):
            refuse("a BMP file that is cut off")
    elif compression in (_RLE8, _RLE4):
        if width * height > _MOST_RLE_PIXELS or len(data) > _MOST_RLE_BYTES:
            refuse("a large compressed BMP file")
    else:
        refuse("a BMP file of an unknown kind")
    return Still("BMP", data, width, height)
