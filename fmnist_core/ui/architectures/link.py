"""A layer text in the address: compressed, and written in characters that addresses allow."""

import base64
import binascii
import zlib

from fmnist_core.architectures.spec import MAX_CHARACTERS
from fmnist_core.errors import LayerTextError

# Every browser and proxy takes an address of 2,000 characters; the rest of it is for the others.
LONGEST = 1_600
_MOST_BYTES = 4 * MAX_CHARACTERS  # of a text in UTF-8


def to_link(text: str) -> str:
    """Returns a text for the address; empty where it would be too long for one."""
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return packed if len(packed) <= LONGEST else ""


def from_link(packed: str) -> str:
    """Returns the text that `to_link` packed; nothing else makes it grow without bound.

    Raises:
        LayerTextError: the address was cut or made up.
    """
    try:
        data = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, _MOST_BYTES)
        if not unpacker.eof:
            raise ValueError
        return text.decode()
    except (ValueError, binascii.Error, zlib.error):
        raise LayerTextError(
            0,
            "The layers in the address must be as this page wrote them. "
            f"Received: {len(packed):,} characters that say nothing. Copy the whole address.",
        ) from None
